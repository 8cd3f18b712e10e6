package im.stanzabus.launcher.http;

import im.stanzabus.bus.BusFailure;
import im.stanzabus.stanza.StanzaError;

/// A request for administration that cannot be carried out, in words for the administrator. No stack trace:
/// it is no fault of the server.
public final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    /// @param status as HTTP has it
    public Refused(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    /// What a service answered.
    static Refused of(BusFailure failure) {
        StanzaError error = failure.error();
        int status = switch (error.condition()) {
            case CONFLICT -> 409;
            case ITEM_NOT_FOUND -> 404;
            case NOT_ACCEPTABLE, BAD_REQUEST, JID_MALFORMED, POLICY_VIOLATION -> 422;
            case NOT_ALLOWED, FORBIDDEN, NOT_AUTHORIZED -> 403;
            case RESOURCE_CONSTRAINT, SERVICE_UNAVAILABLE -> 503;
            default -> 500;
        };
        return new Refused(status, words(error));
    }

    public int status() {
        return status;
    }

    private static String words(StanzaError error) {
        String text = error.text();
        if (text != null) {
            return text;
        }
        return switch (error.condition()) {
            case CONFLICT -> "the account exists already";
            case ITEM_NOT_FOUND -> "there is no such account";
            case NOT_ACCEPTABLE -> "the name or the password cannot be used";
            case INTERNAL_SERVER_ERROR -> "the request failed; the server's log says why";
            default -> error.condition().wire();
        };
    }
}
