package im.stanzabus.s2s.dialback;

import im.stanzabus.stanza.StanzaError;
import java.util.Locale;

/// Why a pair is not authorized though nobody has said that its key is wrong (XEP-0220 section
/// 2.5). They are stanza errors (RFC 6120 section 8.3.3), and one that is only used here.
public enum DialbackCondition {
    /// The domain in `to` is not served here.
    ITEM_NOT_FOUND(StanzaError.Type.CANCEL),
    /// There is no connection to the authoritative server.
    REMOTE_CONNECTION_FAILED(StanzaError.Type.CANCEL),
    /// There is no authoritative server, or it does not serve the domain.
    REMOTE_SERVER_NOT_FOUND(StanzaError.Type.CANCEL),
    /// The authoritative server has not answered.
    REMOTE_SERVER_TIMEOUT(StanzaError.Type.WAIT),
    /// The domain is not spoken with, or not without TLS.
    POLICY_VIOLATION(StanzaError.Type.MODIFY),
    /// The domain has to prove itself by its certificate.
    NOT_AUTHORIZED(StanzaError.Type.AUTH),
    /// The authoritative server has said that the key is invalid, and the stream goes on for
    /// other pairs.
    FORBIDDEN(StanzaError.Type.AUTH),
    /// There is no way to establish who the sender is.
    NOT_ACCEPTABLE(StanzaError.Type.MODIFY),
    /// There are too many pairs on this stream; another stream may have place.
    RESOURCE_CONSTRAINT(StanzaError.Type.WAIT),
    INTERNAL_SERVER_ERROR(StanzaError.Type.CANCEL),
    /// Any other, when a peer says it.
    UNDEFINED_CONDITION(StanzaError.Type.CANCEL);

    private final StanzaError.Type type;
    private final String wire = name().toLowerCase(Locale.ROOT).replace('_', '-');

    DialbackCondition(StanzaError.Type type) {
        this.type = type;
    }

    /// What the peer may do about it.
    StanzaError.Type type() {
        return type;
    }

    /// The element's name.
    public String wire() {
        return wire;
    }

    static DialbackCondition read(String name) {
        for (DialbackCondition condition : values()) {
            if (condition.wire.equals(name)) {
                return condition;
            }
        }
        return UNDEFINED_CONDITION;
    }
}
