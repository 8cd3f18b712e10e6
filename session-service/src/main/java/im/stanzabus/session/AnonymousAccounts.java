package im.stanzabus.session;

import im.stanzabus.bus.Bus;
import im.stanzabus.bus.ServiceDescriptor;
import im.stanzabus.bus.ServiceRegistry;
import im.stanzabus.bus.api.Done;
import im.stanzabus.bus.api.Purge;
import im.stanzabus.stanza.Jid;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Accounts of SASL ANONYMOUS that are here now (XEP-0175). They exist as long as they are connected. Safe
/// from any thread.
final class AnonymousAccounts {
    private static final Logger LOG = LoggerFactory.getLogger(AnonymousAccounts.class);

    private final Bus bus;
    private final ServiceRegistry services;
    private final Set<String> hosts;
    private final Set<Jid> accounts = ConcurrentHashMap.newKeySet();

    /// @param hosts virtual hosts that offer ANONYMOUS
    AnonymousAccounts(Bus bus, ServiceRegistry services, Set<String> hosts) {
        this.bus = bus;
        this.services = services;
        this.hosts = Set.copyOf(hosts);
    }

    boolean arePossibleAt(Jid account) {
        return hosts.contains(account.domain());
    }

    void add(Jid account) {
        accounts.add(account);
    }

    boolean contains(Jid account) {
        return accounts.contains(account.bare());
    }

    /// The last connection is gone: every service forgets what it kept.
    void forget(Jid account) {
        accounts.remove(account);
        for (ServiceDescriptor service : services.living()) {
            if (service.purge()) {
                bus.request(service.purgeAddress(), new Purge(account), Done.class)
                        .onFailure(failure -> LOG.warn(
                                "{} keeps data of the anonymous account {}: {}",
                                service.name(),
                                account,
                                failure.getMessage()));
            }
        }
    }
}
