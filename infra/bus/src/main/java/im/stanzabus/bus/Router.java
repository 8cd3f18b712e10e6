package im.stanzabus.bus;

import im.stanzabus.stanza.Jid;
import java.util.Set;

/// Turns an address into a {@link Route}. Safe from any thread.
public final class Router {
    private final Set<String> hosts;
    private final SlotOwners owners;
    private final ServiceRegistry services;

    public Router(Set<String> hosts, SlotOwners owners, ServiceRegistry services) {
        this.hosts = Set.copyOf(hosts);
        this.owners = owners;
        this.services = services;
    }

    /// Decides by the domainpart: ours, a service's, or somebody else's.
    public Route route(Jid to) {
        String domain = to.domain();
        if (hosts.contains(domain)) {
            return to.hasLocal() ? new Route.Account(owners.addressOf(to)) : new Route.Host(domain);
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

    /// The owner of an account.
    public String ownerOf(Jid account) {
        return owners.addressOf(account);
    }
}
