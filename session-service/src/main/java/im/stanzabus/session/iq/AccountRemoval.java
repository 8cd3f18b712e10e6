package im.stanzabus.session.iq;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.BusFailure;
import im.stanzabus.bus.api.AuthRequest;
import im.stanzabus.bus.api.Done;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.StanzaError.Condition;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Removes accounts at their own wish. The client gets its result first and loses its stream then
/// (XEP-0077 section 3.2), so the result cannot wait for the removal; what can fail beforehand is tried
/// beforehand, and the removal itself is repeated until it is done or clearly cannot be.
final class AccountRemoval {
    private static final Logger LOG = LoggerFactory.getLogger(AccountRemoval.class);
    static final int ATTEMPTS = 6;
    static final long FIRST_PAUSE_MILLIS = 1_000;

    private final Bus bus;
    private final long firstPauseMillis;
    private final Map<Jid, Promise<Void>> underWay = new ConcurrentHashMap<>();

    /// @param firstPauseMillis before the second attempt; doubles with each further one
    AccountRemoval(Bus bus, long firstPauseMillis) {
        this.bus = bus;
        this.firstPauseMillis = firstPauseMillis;
    }

    /// Completes, for the empty result, when the account can be removed; the removal starts after the
    /// handlers of the returned future have run.
    Future<@Nullable Element> begin(Jid account) {
        return bus.request(Addresses.AUTH, new AuthRequest.AccountExists(account), AuthRequest.Exists.class)
                .compose(answer -> {
                    if (!answer.exists()) {
                        return Requests.refuse(Condition.REGISTRATION_REQUIRED, "not registered here");
                    }
                    if (underWay.putIfAbsent(account, Promise.promise()) == null) {
                        bus.vertx().runOnContext(_ -> remove(account, 1));
                    }
                    return Future.succeededFuture();
                });
    }

    /// Completes when no removal of the account is under way.
    Future<Void> underWay(Jid account) {
        Promise<Void> removal = underWay.get(account);
        return removal == null ? Future.succeededFuture() : removal.future();
    }

    private void end(Jid account) {
        Promise<Void> removal = underWay.remove(account);
        if (removal != null) {
            removal.complete();
        }
    }

    private void remove(Jid account, int attempt) {
        bus.request(Addresses.AUTH, new AuthRequest.RemoveAccount(account), Done.class)
                .onSuccess(_ -> {
                    LOG.info("account removed at its own wish account={}", account);
                    end(account);
                })
                .onFailure(failure -> retry(account, attempt, failure));
    }

    private void retry(Jid account, int attempt, Throwable failure) {
        if (BusFailure.toStanzaError(failure).condition() == Condition.ITEM_NOT_FOUND) {
            end(account); // an earlier attempt, or somebody else, has removed it
            return;
        }
        if (attempt == ATTEMPTS) {
            LOG.error("account not removed; remove it by command account={} failure={}", account, failure.getMessage());
            end(account);
            return;
        }
        LOG.warn("account not removed yet account={} failure={}", account, failure.getMessage());
        bus.vertx().setTimer(firstPauseMillis << (attempt - 1), _ -> remove(account, attempt + 1));
    }
}
