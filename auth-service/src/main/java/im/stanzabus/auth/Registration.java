package im.stanzabus.auth;

import com.github.benmanes.caffeine.cache.Ticker;
import im.stanzabus.auth.account.AccountService;
import im.stanzabus.auth.throttle.PeerAddress;
import im.stanzabus.auth.throttle.WindowCounter;
import im.stanzabus.bus.BusFailure;
import im.stanzabus.bus.api.AuthRequest.Register;
import im.stanzabus.launcher.VirtualHost;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.JidSyntaxException;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaError.Condition;
import io.vertx.core.Future;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Registration by unknown clients (XEP-0077 section 3.1) on the hosts that allow it, a few for each
/// address. Every try counts, for the answer to one tells whether a name is taken. Safe from any thread.
final class Registration {
    private static final Logger LOG = LoggerFactory.getLogger(Registration.class);

    private final Set<String> openHosts;
    private final AccountService accounts;
    private final AuthMetrics metrics;
    private final WindowCounter<PeerAddress> tries;

    Registration(
            List<VirtualHost> hosts, AccountService accounts, AuthMetrics metrics, AuthConfig config, Ticker ticker) {
        this.openHosts = hosts.stream()
                .filter(VirtualHost::registration)
                .map(VirtualHost::domain)
                .collect(Collectors.toUnmodifiableSet());
        this.accounts = accounts;
        this.metrics = metrics;
        this.tries = new WindowCounter<>(ticker, config.registrationWindow(), config.registrationsPerAddress());
    }

    boolean isOpen(String host) {
        return openHosts.contains(host);
    }

    /// Creates the account. Fails with `not-allowed`, `resource-constraint` after too many tries, or as
    /// {@link AccountService#create} does.
    Future<Void> register(Register request) {
        return tryRegister(request).onComplete(outcome -> metrics.registration(outcome.succeeded()));
    }

    private Future<Void> tryRegister(Register request) {
        if (!isOpen(request.host())) {
            return refused(Condition.NOT_ALLOWED, "registration is closed");
        }
        Jid account;
        try {
            account = Jid.prepared(request.username(), request.host(), null);
        } catch (JidSyntaxException e) {
            return refused(Condition.NOT_ACCEPTABLE, e.getMessage());
        }
        if (!tries.tryAdd(PeerAddress.of(request.peerAddress()))) {
            return refused(Condition.RESOURCE_CONSTRAINT, "too many registrations from your address, try again later");
        }
        return accounts.create(account, request.password(), request.creation())
                .onSuccess(_ -> LOG.info("registered {} from {}", account, request.peerAddress()));
    }

    private static Future<Void> refused(Condition condition, @Nullable String text) {
        String reason = text == null ? "" : text;
        return Future.failedFuture(new BusFailure(StanzaError.of(condition, reason), reason));
    }
}
