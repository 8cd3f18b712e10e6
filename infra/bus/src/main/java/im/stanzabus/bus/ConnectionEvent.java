package im.stanzabus.bus;

import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StreamError;
import java.util.List;

/// What a gateway is told about one of its connections. Events of one sender arrive in order.
public sealed interface ConnectionEvent extends BusMessage {
    ConnectionId connection();

    /// The resource is bound; the connection may send stanzas.
    record Bound(ConnectionId connection, Jid client) implements ConnectionEvent {}

    /// The resource could not be bound; the client may try again.
    record BindRefused(ConnectionId connection, StanzaError error) implements ConnectionEvent {}

    /// A stanza for the client.
    ///
    /// @param number counts what was handed to this connection, from 1; comes back in
    ///     {@link SessionEvent.Delivered}
    /// @param confirm true when the owner wants to be told soon that the client has it
    record Deliver(ConnectionId connection, long number, boolean confirm, Stanza stanza) implements ConnectionEvent {}

    /// The owner has dealt with the client's stanzas up to this number; the gateway need not keep them any longer.
    record Handled(ConnectionId connection, long number) implements ConnectionEvent {}

    /// The stream is to be ended with this error.
    record Disconnect(ConnectionId connection, StreamError error) implements ConnectionEvent {}

    /// Many events for one gateway in one bus message.
    record Batch(List<ConnectionEvent> events) implements BusMessage {}
}
