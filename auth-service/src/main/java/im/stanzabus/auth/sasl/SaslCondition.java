package im.stanzabus.auth.sasl;

import java.util.Locale;

/// The SASL errors that this service answers (RFC 6120 section 6.5). The others concern the stream, such
/// as `aborted` and `incorrect-encoding`, and are the gateway's.
public enum SaslCondition {
    ENCRYPTION_REQUIRED,
    INVALID_AUTHZID,
    INVALID_MECHANISM,
    MALFORMED_REQUEST,
    NOT_AUTHORIZED,
    TEMPORARY_AUTH_FAILURE;

    /// The element's name.
    public String wire() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
