package im.stanzabus.bus;

import java.util.List;
import java.util.Set;

/// One living process on the bus and what it offers.
///
/// @param node its name, another one after each start
/// @param version of Stanzabus
/// @param services the services in it
/// @param names what it serves, each at {@link Addresses#at}
/// @param leaving true when it is about to stop: it finishes what it has and should be given nothing new
public record Member(NodeId node, String version, List<ServiceDescriptor> services, Set<String> names, boolean leaving)
        implements BusMessage {
    public Member {
        services = List.copyOf(services);
        names = Set.copyOf(names);
    }
}
