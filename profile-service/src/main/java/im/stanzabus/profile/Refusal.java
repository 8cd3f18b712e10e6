package im.stanzabus.profile;

import im.stanzabus.bus.BusFailure;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaError.Condition;
import io.vertx.core.Future;

/// Words the refusal of a request.
final class Refusal {
    private Refusal() {}

    static <T> Future<T> of(Condition condition, String text) {
        return Future.failedFuture(new BusFailure(StanzaError.of(condition, text), text));
    }
}
