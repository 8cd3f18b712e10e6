package im.stanzabus.bus.api;

import im.stanzabus.bus.BusMessage;
import im.stanzabus.stanza.Jid;
import org.jspecify.annotations.Nullable;

/// The outcome of one step of a SASL exchange.
public sealed interface SaslReply extends BusMessage {
    /// The exchange goes on.
    ///
    /// @param data for `<challenge/>`
    /// @param state for the next {@link AuthRequest.SaslStep}; any auth-service can go on with it
    record Challenge(byte[] data, byte[] state) implements SaslReply {}

    /// The client is who it says.
    ///
    /// @param account bare JID
    /// @param data additional data for `<success/>`
    record Success(Jid account, byte @Nullable [] data) implements SaslReply {}

    /// The exchange failed.
    ///
    /// @param condition the element's name (RFC 6120 section 6.5), such as `not-authorized`
    record Failure(String condition, @Nullable String text) implements SaslReply {}
}
