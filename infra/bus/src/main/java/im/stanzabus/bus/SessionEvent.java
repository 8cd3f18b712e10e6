package im.stanzabus.bus;

import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the owner of an account is told, by gateways and by others that have a stanza for the
/// account. Events of one sender arrive in the order in which they were sent; any may be lost when
/// the owner changes, so senders keep what matters until it is confirmed and send it again to the
/// next owner.
public sealed interface SessionEvent extends BusMessage {
    /// The account that the event is about; decides which owner gets it. A full JID is possible.
    Jid account();

    /// A client asks for a resource (RFC 6120 section 7). Answered with {@link
    /// ConnectionEvent.Bound} or {@link ConnectionEvent.BindRefused}. Sent again to a new owner
    /// while there is no answer.
    ///
    /// @param account bare JID that logged in
    /// @param resource the wish of the client
    /// @param peer the client's network address, for logs
    /// @param stream a random number that the gateway gave the stream
    record Bind(
            ConnectionId connection, Jid account, @Nullable String resource, String peer, long stream)
            implements SessionEvent {}

    /// A client enables stream management (XEP-0198 section 3). Answered with {@link
    /// ConnectionEvent.Enabled}.
    ///
    /// @param management with the base of what came in; the base of what goes out is the owner's to
    ///     fill
    ///     in
    record Enable(ConnectionId connection, Jid client, Management management) implements SessionEvent {
        @Override
        public Jid account() {
            return client;
        }
    }

    /// A client that logged in anew resumes a stream (XEP-0198 section 5). Answered with {@link
    /// ConnectionEvent.Resumed} or {@link ConnectionEvent.ResumeRefused}. Sent again to a new owner
    /// while there is no answer.
    ///
    /// @param connection the new one
    /// @param account bare JID that logged in
    /// @param h what the client has received on the stream
    record Resume(ConnectionId connection, Jid account, String resumeId, long h, String peer) implements SessionEvent {}

    /// A stanza that a bound client sent, `from` stamped with its full JID. The gateway keeps it
    /// until {@link ConnectionEvent.Handled}.
    ///
    /// @param number counts the stanzas of this stream from 1
    /// @param retry true if it may have been sent before, to this or another owner
    record FromClient(ConnectionId connection, Jid client, long number, boolean retry, Stanza stanza)
            implements SessionEvent {
        @Override
        public Jid account() {
            return client;
        }
    }

    /// A stanza of the client that the gateway has dealt with itself: it only takes its place in
    /// the count.
    ///
    /// @param answer what the client is to be told, through the owner as all that is counted; null
    ///     for
    ///     nothing
    record Answered(
            ConnectionId connection,
            Jid client,
            long number,
            boolean retry,
            @Nullable Stanza answer) implements SessionEvent {
        @Override
        public Jid account() {
            return client;
        }
    }

    /// The client has everything that was handed to the connection with a delivery number up to
    /// this one: it said so (XEP-0198, or a ping), or else its socket has taken it.
    record Delivered(ConnectionId connection, Jid client, long number) implements SessionEvent {
        @Override
        public Jid account() {
            return client;
        }
    }

    /// The gateway holds everything that was handed to the connection with a delivery number up to
    /// this one, and tells the next owner of it: as {@link ConnectionEvent.Deliver#receipt} has
    /// asked for.
    record Received(ConnectionId connection, Jid client, long number) implements SessionEvent {
        @Override
        public Jid account() {
            return client;
        }
    }

    /// The connection is lost; its stream may be resumed.
    record Detached(ConnectionId connection, Jid client) implements SessionEvent {
        @Override
        public Jid account() {
            return client;
        }
    }

    /// The stream is over for good. The client has what was handed over up to this number, and
    /// nothing of the rest.
    record Gone(ConnectionId connection, Jid client, long number) implements SessionEvent {
        @Override
        public Jid account() {
            return client;
        }
    }

    /// A connection lives, or its stream may be resumed: for a new owner of its account, in answer
    /// to a claim. What it has sent and is not handled follows as {@link FromClient} with `retry`.
    ///
    /// @param state what the last owner gave to keep
    /// @param management null without stream management
    /// @param attached false if the connection is lost
    /// @param peer the client's network address
    /// @param stream the random number of the stream
    /// @param handled the stanzas from the client up to this number were handled
    /// @param delivered the client has everything up to this delivery number
    /// @param lastLogId with `logSince`, what {@link ConnectionEvent.Deliver} told last of the log
    /// @param unconfirmed what was handed over after `delivered`, in order
    /// @param logSince each received entry of the account's log from this one up to `lastLogId` was
    ///     handed to
    ///     this stream, or some client has confirmed it; 0 if nothing is known
    /// @param origins those of the last stanzas that were handed over with one, delivered or not,
    ///     at most
    ///     {@link #MOST_ORIGINS}: whoever sends one of these again has not heard that it was
    ///     accepted
    /// @param announced counts the announcements of the stream on this connection; comes back in
    ///     {@link
    ///     ConnectionEvent.Deliver}. 0 from a gateway of an earlier version
    record Announce(
            ConnectionId connection,
            Jid client,
            ResourceState state,
            @Nullable Management management,
            boolean attached,
            String peer,
            long stream,
            long handled,
            long delivered,
            long lastLogId,
            List<ConnectionEvent.Deliver> unconfirmed,
            long logSince,
            List<Origin> origins,
            long announced)
            implements SessionEvent {
        /// How many origins a gateway remembers for each connection. An owner sends the acceptance
        /// of a stanza in the turn in which it hands it over, so that only the last few can be in
        /// doubt.
        public static final int MOST_ORIGINS = 128;

        /// One that is not counted.
        public Announce(
                ConnectionId connection,
                Jid client,
                ResourceState state,
                @Nullable Management management,
                boolean attached,
                String peer,
                long stream,
                long handled,
                long delivered,
                long lastLogId,
                List<ConnectionEvent.Deliver> unconfirmed,
                long logSince,
                List<Origin> origins) {
            this(
                    connection,
                    client,
                    state,
                    management,
                    attached,
                    peer,
                    stream,
                    handled,
                    delivered,
                    lastLogId,
                    unconfirmed,
                    logSince,
                    origins,
                    0);
        }

        /// One to whom nothing was handed over with an origin.
        public Announce(
                ConnectionId connection,
                Jid client,
                ResourceState state,
                @Nullable Management management,
                boolean attached,
                String peer,
                long stream,
                long handled,
                long delivered,
                long lastLogId,
                List<ConnectionEvent.Deliver> unconfirmed,
                long logSince) {
            this(
                    connection,
                    client,
                    state,
                    management,
                    attached,
                    peer,
                    stream,
                    handled,
                    delivered,
                    lastLogId,
                    unconfirmed,
                    logSince,
                    List.of());
        }

        @Override
        public Jid account() {
            return client;
        }
    }

    /// A stanza for the account (`to` is its bare JID or a full JID of it), already stamped with
    /// its sender; in the same way for a virtual host, for a service with a domain of its own, and
    /// for the gateway to other servers.
    ///
    /// @param origin where it came in, or where that came in from which it follows; null if it is
    ///     not known
    /// @param replyTo the address of who waits for {@link Accepted}; null if nobody does
    /// @param sender the account on whose behalf it waits; null as `replyTo`
    /// @param retry true if it may have been sent before
    /// @param epoch that of the receiver's slot by the claim that the sender goes by; 0 if it knows
    ///     none.
    ///     An owner of another epoch drops what somebody waits for: it comes again when the sender
    ///     hears
    ///     the claim, and in order
    record Inbound(
            Stanza stanza,
            @Nullable Origin origin,
            @Nullable String replyTo,
            @Nullable Jid sender,
            boolean retry,
            long epoch,
            long previous)
            implements SessionEvent {
        /// One that nobody waits for.
        public Inbound(Stanza stanza) {
            this(stanza, null, null, null, false, 0, 0);
        }

        /// One whose sender goes by no claim.
        public Inbound(
                Stanza stanza, @Nullable Origin origin, @Nullable String replyTo, @Nullable Jid sender, boolean retry) {
            this(stanza, origin, replyTo, sender, retry, 0, 0);
        }

        /// What tells it from all others; null if nobody sends it again.
        public @Nullable Origin identity() {
            return origin == null || replyTo == null || sender == null
                    ? null
                    : origin.identity(stanza.isPresence() ? stanza.type() : null, sender);
        }

        /// The same, as one that may have been sent before.
        public Inbound again() {
            return retry ? this : new Inbound(stanza, origin, replyTo, sender, true, epoch, previous);
        }

        @Override
        public Jid account() {
            Jid to = stanza.to();
            if (to == null) {
                throw new IllegalArgumentException("a routed stanza has a receiver");
            }
            return to;
        }
    }

    /// The owner of the receiver has taken over an {@link Inbound}: it is durable, delivered or
    /// answered.
    ///
    /// @param account the sender's
    /// @param epoch that of the {@link Inbound}: whoever knows a higher one by now does not go by this
    /// @param type of the presence that was taken over, as one stanza of a client may entail several; null for
    ///     messages and requests
    record Accepted(
            Jid account,
            Origin origin,
            long epoch,
            @Nullable StanzaType type) implements SessionEvent {
        /// Of a stanza that was sent by no claim.
        public Accepted(Jid account, Origin origin) {
            this(account, origin, 0, null);
        }
    }

    /// The account was removed: its sessions end, its state is forgotten.
    record AccountRemoved(Jid account) implements SessionEvent {}

    /// Many events for one owner in one bus message.
    record Batch(List<SessionEvent> events) implements BusMessage {}

    /// A gateway has announced all its connections that a claim asked for. Comes by itself, after
    /// the batches.
    ///
    /// @param gateway its address
    /// @param round that of the claim
    record Announced(String gateway, long round) implements BusMessage {}
}
