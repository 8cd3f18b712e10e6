package im.stanzabus.bus;

import im.stanzabus.stanza.Jid;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Turns an address into a {@link Route}. Safe from any thread.
public final class Router {
    private final Set<String> hosts;
    private final SlotTable slots;
    private final ServiceRegistry services;

    public Router(Set<String> hosts, SlotTable slots, ServiceRegistry services) {
        this.hosts = Set.copyOf(hosts);
        this.slots = slots;
        this.services = services;
    }

    /// Decides by the domainpart: ours, a service's, or somebody else's.
    public Route route(Jid to) {
        String domain = to.domain();
        if (hosts.contains(domain)) {
            return to.hasLocal() ? new Route.Account(SlotTable.slot(to)) : new Route.Host(domain);
        }
        for (ServiceDescriptor service : services.living()) {
            for (ServiceDescriptor.ServedDomain served : service.domains()) {
                if (served.domain().equals(domain)) {
                    return new Route.Service(Addresses.domain(domain));
                }
            }
        }
        return new Route.Unreachable(domain);
    }

    /// True for a virtual host of this installation.
    public boolean isHost(String domain) {
        return hosts.contains(domain);
    }

    /// The bus address of an account's owner; null while there is none.
    public @Nullable String ownerOf(Jid account) {
        return slots.ownerOf(account);
    }
}
