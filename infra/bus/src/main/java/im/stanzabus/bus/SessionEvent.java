package im.stanzabus.bus;

import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the owner of an account is told, by gateways and by others that have a stanza for the account. Events of one
/// sender arrive in the order in which they were sent.
public sealed interface SessionEvent extends BusMessage {
    /// The account that the event is about; decides which owner gets it.
    Jid account();

    /// A client asks for a resource (RFC 6120 section 7). Answered with {@link ConnectionEvent.Bound} or
    /// {@link ConnectionEvent.BindRefused}.
    ///
    /// @param account bare JID that logged in
    /// @param resource the wish of the client
    /// @param peer the client's network address, for logs
    record Bind(
            ConnectionId connection, Jid account, @Nullable String resource, String peer) implements SessionEvent {}

    /// A stanza that a bound client sent, `from` stamped with its full JID.
    ///
    /// @param number counts the stanzas of this connection from 1
    record FromClient(ConnectionId connection, Jid client, long number, Stanza stanza) implements SessionEvent {
        @Override
        public Jid account() {
            return client.bare();
        }
    }

    /// All stanzas handed to the connection with a delivery number up to this one have reached the client as far as its
    /// transport can tell.
    record Delivered(ConnectionId connection, Jid client, long number) implements SessionEvent {
        @Override
        public Jid account() {
            return client.bare();
        }
    }

    /// The connection is gone. What was handed to it and did not reach the client comes back here, in order.
    record Gone(ConnectionId connection, Jid client, List<Stanza> undelivered) implements SessionEvent {
        @Override
        public Jid account() {
            return client.bare();
        }
    }

    /// A stanza for the account (`to` is its bare JID or a full JID of it), already stamped with its sender.
    record Inbound(Stanza stanza) implements SessionEvent {
        @Override
        public Jid account() {
            Jid to = stanza.to();
            if (to == null) {
                throw new IllegalArgumentException("a routed stanza has a receiver");
            }
            return to.bare();
        }
    }

    /// The account was removed: its sessions end, its state is forgotten.
    record AccountRemoved(Jid account) implements SessionEvent {}

    /// Many events for one owner in one bus message.
    record Batch(List<SessionEvent> events) implements BusMessage {}
}
