package im.stanzabus.bus;

import im.stanzabus.stanza.StanzaError;
import java.util.Objects;

/// A request on the bus that got no answer, or an answer that says it could not be met. Carries what to
/// tell the client.
public class BusFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient StanzaError error;

    public BusFailure(StanzaError error, String message) {
        super(message, null, false, false);
        this.error = Objects.requireNonNull(error);
    }

    /// The stanza error for whoever is waiting for the request.
    public StanzaError error() {
        return error;
    }

    /// The stanza error for any failure of a bus request: what the callee or the bus said, else
    /// `internal-server-error`.
    public static StanzaError toStanzaError(Throwable failure) {
        return failure instanceof BusFailure bus
                ? bus.error
                : StanzaError.of(StanzaError.Condition.INTERNAL_SERVER_ERROR);
    }
}
