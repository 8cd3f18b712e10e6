package im.stanzabus.offline.archive;

import im.stanzabus.bus.BusFailure;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaError.Condition;

/// Words the refusal of a request.
final class Refusal {
    private Refusal() {}

    static BusFailure of(Condition condition, String text) {
        return new BusFailure(StanzaError.of(condition, text), text);
    }

    static BusFailure badRequest(String text) {
        return of(Condition.BAD_REQUEST, text);
    }

    /// For an id that the archive does not have (XEP-0313 sections 4.1.3 and 4.3.2).
    static BusFailure notFound() {
        return of(Condition.ITEM_NOT_FOUND, "the archive has no message with that id");
    }
}
