package im.stanzabus.bus.api;

import im.stanzabus.bus.BusMessage;
import im.stanzabus.stanza.Jid;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// What auth-service is asked, at {@link im.stanzabus.bus.Addresses#AUTH}.
public sealed interface AuthRequest extends BusMessage {

    /// Which SASL mechanisms a virtual host offers on a stream. Answered with {@link Mechanisms}.
    ///
    /// @param secure the stream runs over TLS
    /// @param bindings channel-binding types that the stream's TLS layer can give, best first
    /// @param certificate true if the client presented a certificate that passed the check
    record OfferMechanisms(String host, boolean secure, List<String> bindings, boolean certificate)
            implements AuthRequest {}

    /// Names for `<mechanisms/>`, in the order of preference; channel-binding types for XEP-0440.
    record Mechanisms(List<String> names, List<String> bindings) implements BusMessage {}

    /// One step of a SASL exchange (RFC 6120 section 6). Answered with {@link SaslReply}.
    ///
    /// @param host the virtual host of the stream
    /// @param mechanism the mechanism's name
    /// @param data the decoded initial response or response; null when the client sent none
    /// @param state what the last {@link SaslReply.Challenge} carried; null in the first step
    /// @param channel what the auth-service must know of the stream
    record SaslStep(String host, String mechanism, byte @Nullable [] data, byte @Nullable [] state, SaslChannel channel)
            implements AuthRequest {}

    /// The stream under a SASL exchange.
    ///
    /// @param peerAddress the client's IP address, for throttling
    /// @param secure true over TLS
    /// @param bindings channel-binding data by type, such as `tls-exporter`; empty when there is none
    /// @param certificateJids addresses (`id-on-xmppAddr`, RFC 6120 13.7.1.4) of the client's checked certificate
    record SaslChannel(String peerAddress, boolean secure, List<ChannelBinding> bindings, List<String> certificateJids)
            implements BusMessage {}

    /// Channel-binding data of a TLS connection (RFC 5929, RFC 9266).
    record ChannelBinding(String type, byte[] data) implements BusMessage {}

    /// Whether an account exists. Answered with {@link Exists}.
    record AccountExists(Jid account) implements AuthRequest {}

    record Exists(boolean exists) implements BusMessage {}

    /// Creates an account. Answered with {@link Done}; fails with `conflict` if it exists, `not-acceptable` if the name
    /// or password cannot be used.
    ///
    /// @param creation a random number by which a repetition of this request is recognised; 0 for none
    record CreateAccount(Jid account, String password, long creation) implements AuthRequest {
        public CreateAccount(Jid account, String password) {
            this(account, password, ThreadLocalRandom.current().nextLong());
        }
    }

    /// Registration by an unknown client (XEP-0077 section 3.1), as far as the host allows it. Answered with {@link
    /// Done}.
    ///
    /// @param creation a random number by which a repetition of this request is recognised; 0 for none
    record Register(String host, String username, String password, String peerAddress, long creation)
            implements AuthRequest {
        public Register(String host, String username, String password, String peerAddress) {
            this(host, username, password, peerAddress, 0);
        }
    }

    /// Whether the host lets unknown clients register. Answered with {@link Exists}.
    record RegistrationOpen(String host) implements AuthRequest {}

    /// Sets a new password. Answered with {@link Done}; fails with `item-not-found`.
    record ChangePassword(Jid account, String password) implements AuthRequest {}

    /// Removes an account with all it owns in every service, and ends its sessions. Answered with {@link Done} when
    /// nothing is left; fails with `item-not-found`.
    record RemoveAccount(Jid account) implements AuthRequest {}

    /// The accounts of a host by name, a page at a time. Answered with {@link Accounts}.
    ///
    /// @param after the last name of the page before, empty for the first page
    record ListAccounts(String host, String after, int limit) implements AuthRequest {}

    record Accounts(List<Jid> accounts) implements BusMessage {}
}
