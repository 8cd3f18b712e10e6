package im.stanzabus.bus;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The living services, wherever they run. Safe from any thread.
public final class ServiceRegistry {
    private final Membership membership;
    private volatile List<ServiceDescriptor> living;

    public ServiceRegistry(Membership membership) {
        this.membership = membership;
        living = services(membership.view());
        membership.listen(view -> living = services(view));
    }

    /// Makes a service of this process known.
    public void announce(ServiceDescriptor descriptor) {
        membership.announce(descriptor);
    }

    /// Takes that back.
    public void withdraw(ServiceDescriptor descriptor) {
        membership.withdraw(descriptor);
    }

    /// All services that live now, in no particular order; one entry for a service of several instances.
    public List<ServiceDescriptor> living() {
        return living;
    }

    private static List<ServiceDescriptor> services(View view) {
        Set<ServiceDescriptor> all = new LinkedHashSet<>();
        view.members().forEach(member -> all.addAll(member.services()));
        return List.copyOf(all);
    }
}
