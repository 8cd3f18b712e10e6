package im.stanzabus.session;

import im.stanzabus.bus.BusFailure;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaError.Condition;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Who waits for the sessions of removed accounts to end. Confined to the partition's context.
final class Removals {
    private final Map<Jid, List<Promise<Void>>> waiting = new HashMap<>();

    /// Completes when the account's sessions have ended here; fails if somebody else owns it.
    Future<Void> ended(Jid account) {
        Promise<Void> promise = Promise.promise();
        waiting.computeIfAbsent(account, _ -> new ArrayList<>()).add(promise);
        return promise.future();
    }

    void done(Jid account) {
        take(account).forEach(Promise::tryComplete);
    }

    void lost(Jid account) {
        BusFailure failure = new BusFailure(
                StanzaError.of(Condition.RESOURCE_CONSTRAINT, "the account has another owner"),
                account + " has another owner");
        take(account).forEach(promise -> promise.tryFail(failure));
    }

    private List<Promise<Void>> take(Jid account) {
        List<Promise<Void>> taken = waiting.remove(account);
        return taken == null ? List.of() : taken;
    }
}
