package im.stanzabus.bus;

import im.stanzabus.stanza.Jid;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Turns an address into a {@link Route}. Safe from any thread.
public final class Router {
    private final Set<String> hosts;
    private final SlotTable slots;
    private final ServiceRegistry services;
    private final List<RouteRule> rules;

    public Router(Set<String> hosts, SlotTable slots, ServiceRegistry services) {
        this(hosts, slots, services, List.of());
    }

    /// @param rules in their order: the first that is about a domain decides
    public Router(Set<String> hosts, SlotTable slots, ServiceRegistry services, List<RouteRule> rules) {
        this.rules = List.copyOf(rules);
        this.hosts = Set.copyOf(hosts);
        this.slots = slots;
        this.services = services;
    }

    /// Decides by the domainpart: ours, one that a rule is about, a service's, or somebody else's.
    public Route route(Jid to) {
        String domain = to.domain();
        if (hosts.contains(domain)) {
            return to.hasLocal() ? new Route.Account(SlotTable.slot(to)) : new Route.Host(domain);
        }
        for (RouteRule rule : rules) {
            Route route = rule.route(domain);
            if (route != null) {
                return route;
            }
        }
        for (ServiceDescriptor service : services.living()) {
            for (ServiceDescriptor.ServedDomain served : service.domains()) {
                if (served.domain().equals(domain)) {
                    return new Route.Service(Addresses.domain(domain));
                }
            }
        }
        return new Route.Remote(domain);
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
