package im.stanzabus.auth.sasl;

import im.stanzabus.bus.api.SaslReply;
import io.vertx.core.Future;

/// A family of mechanisms. Refusals are thrown or are failed futures of {@link SaslRefusal}. Safe from any
/// thread.
interface SaslLogin {
    /// The client's first message.
    Future<SaslReply> first(Attempt attempt, byte[] data);

    /// The client's next message.
    ///
    /// @param state what this class gave to {@link StateSeal} with the last challenge
    default Future<SaslReply> next(Attempt attempt, byte[] state, byte[] data) {
        throw SaslRefusal.malformed("the exchange has no such step");
    }
}
