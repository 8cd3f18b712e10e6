package im.stanzabus.bus;

import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StreamError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a gateway is told about one of its connections. Events of one owner arrive in order; those of an
/// owner that the gateway does not take for the account's any more are dropped.
public sealed interface ConnectionEvent extends BusMessage {
    ConnectionId connection();

    /// The resource is bound; the connection may send stanzas.
    record Bound(ConnectionId connection, Jid client) implements ConnectionEvent {}

    /// The resource could not be bound; the client may try again.
    record BindRefused(ConnectionId connection, StanzaError error) implements ConnectionEvent {}

    /// Stream management is enabled: what is handed over after this is counted.
    record Enabled(ConnectionId connection, Management management) implements ConnectionEvent {}

    /// The stream goes on on this connection. What the client misses follows as {@link Deliver}, under
    /// the old numbers.
    ///
    /// It may come for a connection that nobody has asked for: the gateway that had the stream is gone or
    /// about to go, and this one is to keep it, without a socket, until the client is back. It answers
    /// with {@link SessionEvent.Detached}, again if it is told again.
    ///
    /// @param client the full JID of the stream
    /// @param stream its random number
    /// @param handled all that came in up to this number was handled
    /// @param delivered the client has everything up to this delivery number
    /// @param lastLogId with `logSince`, what {@link Deliver} has told of the log up to `delivered`
    /// @param logSince 0 for nothing
    /// @param unconfirmed where nobody has asked, what was handed over since, in order
    record Resumed(
            ConnectionId connection,
            Jid client,
            Management management,
            ResourceState state,
            long stream,
            long handled,
            long delivered,
            long lastLogId,
            long logSince,
            List<Deliver> unconfirmed)
            implements ConnectionEvent {
        /// One that was asked for.
        public Resumed(
                ConnectionId connection,
                Jid client,
                Management management,
                ResourceState state,
                long stream,
                long handled,
                long delivered,
                long lastLogId,
                long logSince) {
            this(connection, client, management, state, stream, handled, delivered, lastLogId, logSince, List.of());
        }
    }

    /// The stream cannot be resumed; the client may bind a resource (XEP-0198 section 5).
    ///
    /// @param h what is known to have been handled of the stream; -1 if nothing is known of it
    record ResumeRefused(ConnectionId connection, StanzaError.Condition condition, long h) implements ConnectionEvent {}

    /// A stanza for the client.
    ///
    /// @param number counts what was handed to this stream, from 1; comes back in {@link
    ///     SessionEvent.Delivered}
    /// @param confirm true when the owner wants to be told soon that the client has it
    /// @param logId the received entry of the account's log that it is, or is a copy of; 0 for none
    /// @param logSince each received entry from this one up to `logId` was handed to this stream, or some
    ///     client has confirmed it. Takes the place of what was told of another range before. 0 where
    ///     that stays as it is
    /// @param received when the server took in a message that is not in the log, in milliseconds of the
    ///     clock; 0 for others
    /// @param receipt true when the owner wants to be told that the gateway has it ({@link
    ///     SessionEvent.Received}): before that, somebody else may own the account and the gateway may
    ///     have dropped it
    /// @param origin where it came in, if no log has that and somebody waits to hear that it was
    ///     accepted: for {@link SessionEvent.Announce}; else null
    /// @param announced by which announcement of the stream the owner goes ({@link
    ///     SessionEvent.Announce}), 1 for the beginning. What goes by an earlier one is dropped: it was
    ///     numbered without knowledge of what the gateway had then, and may have been under way for long.
    ///     0 from an owner of an earlier version
    record Deliver(
            ConnectionId connection,
            long number,
            boolean confirm,
            long logId,
            Stanza stanza,
            long logSince,
            long received,
            boolean receipt,
            @Nullable Origin origin,
            long announced)
            implements ConnectionEvent {
        /// The beginning of a stream on a connection, before it is announced.
        public static final long BEGINNING = 1;

        /// One that says nothing of other entries.
        public Deliver(ConnectionId connection, long number, boolean confirm, long logId, Stanza stanza) {
            this(connection, number, confirm, logId, stanza, 0, 0);
        }

        /// One that goes by no announcement.
        public Deliver(
                ConnectionId connection,
                long number,
                boolean confirm,
                long logId,
                Stanza stanza,
                long logSince,
                long received,
                boolean receipt,
                @Nullable Origin origin) {
            this(connection, number, confirm, logId, stanza, logSince, received, receipt, origin, 0);
        }

        /// One that nobody waits for.
        public Deliver(
                ConnectionId connection,
                long number,
                boolean confirm,
                long logId,
                Stanza stanza,
                long logSince,
                long received) {
            this(connection, number, confirm, logId, stanza, logSince, received, false, null);
        }

        /// The same on another connection, where the stream begins.
        public Deliver on(ConnectionId other) {
            return new Deliver(other, number, confirm, logId, stanza, logSince, received, receipt, origin, BEGINNING);
        }

        /// The same by another announcement.
        public Deliver by(long announcement) {
            return new Deliver(
                    connection, number, confirm, logId, stanza, logSince, received, receipt, origin, announcement);
        }
    }

    /// The client's stanzas up to this number are safe: the gateway need not keep them any longer, and
    /// may acknowledge them.
    record Handled(ConnectionId connection, long number) implements ConnectionEvent {}

    /// What the gateway is to keep for the next owner.
    ///
    /// @param announced as in {@link Deliver}
    record Remember(ConnectionId connection, ResourceState state, long announced) implements ConnectionEvent {}

    /// The stream is to be ended with this error. Its owner has forgotten it: {@link SessionEvent.Gone}
    /// is not sent.
    ///
    /// @param error null to end it without one
    record Disconnect(ConnectionId connection, @Nullable StreamError error) implements ConnectionEvent {}

    /// Many events for one gateway in one bus message.
    ///
    /// @param owner the address of the session manager that sends them
    record Batch(String owner, List<ConnectionEvent> events) implements BusMessage {}
}
