package im.stanzabus.bus;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One living process on the bus and what it offers.
///
/// @param node its name, another one after each start
/// @param version of Stanzabus
/// @param services the services in it
/// @param names what it serves, each at {@link Addresses#at}
/// @param leaving true when it is about to stop: it finishes what it has and should be given nothing new
/// @param routing stands for its hosts and routes, which all members need the same; null if it does not tell
public record Member(
        NodeId node,
        String version,
        List<ServiceDescriptor> services,
        Set<String> names,
        boolean leaving,
        @Nullable String routing)
        implements BusMessage {
    public Member {
        services = List.copyOf(services);
        names = Set.copyOf(names);
    }

    /// One that does not tell of its hosts and routes.
    public Member(NodeId node, String version, List<ServiceDescriptor> services, Set<String> names, boolean leaving) {
        this(node, version, services, names, leaving, null);
    }

    /// With what stands for its hosts and routes.
    public Member withRouting(String digest) {
        return new Member(node, version, services, names, leaving, digest);
    }

    Member withName(String name) {
        Set<String> more = new HashSet<>(names);
        more.add(name);
        return new Member(node, version, services, more, leaving, routing);
    }

    Member withoutName(String name) {
        Set<String> fewer = new HashSet<>(names);
        fewer.remove(name);
        return new Member(node, version, services, fewer, leaving, routing);
    }

    Member withService(ServiceDescriptor descriptor) {
        if (services.contains(descriptor)) {
            return this;
        }
        List<ServiceDescriptor> more = new ArrayList<>(services);
        more.add(descriptor);
        return new Member(node, version, more, names, leaving, routing);
    }

    Member withoutService(ServiceDescriptor descriptor) {
        List<ServiceDescriptor> fewer = new ArrayList<>(services);
        fewer.remove(descriptor);
        return new Member(node, version, fewer, names, leaving, routing);
    }

    Member aboutToLeave() {
        return new Member(node, version, services, names, true, routing);
    }
}
