package im.stanzabus.c2s;

import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.bus.ConnectionId;
import im.stanzabus.bus.Management;
import im.stanzabus.bus.Origin;
import im.stanzabus.bus.ResourceState;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The stream of a bound resource as its owner and the next owner need it, with a socket or without: who
/// the owner is, the numbers of both directions, and what is on its way.
///
/// Invariants:
/// - `unhandled` holds what the client sent with the numbers up to `number` that the owner has not
///   confirmed, in order and without gaps; null for nothing.
/// - `unconfirmed` holds what was handed over after `confirmed`, in order and without gaps; null for
///   nothing.
///
/// What the bus has lost in either direction is made up for: announced again, the session gets what it
/// misses, and the owner what it has not handled. Confined to its gateway.
final class Session {
    private static final int FEW = 2;

    /// Owners hold less for one resource, so more is a mistake of theirs.
    private static final int MOST_UNCONFIRMED = 20_000;

    /// What became of a stanza that the owner handed over.
    enum Handover {
        TAKEN,
        /// It was handed over before.
        KNOWN,
        /// Others before it are missing: the bus has lost them.
        GAP
    }

    final ConnectionId id;
    final Jid client;
    final String peer;
    final long stream;
    private String owner;
    private ResourceState state;
    private @Nullable Management management;
    private @Nullable ArrayDeque<SessionEvent> unhandled;
    private @Nullable ArrayDeque<ConnectionEvent.Deliver> unconfirmed;
    private @Nullable LastOrigins origins;
    private long number;

    /// Up to here, stanzas of the client may have been sent to an owner before.
    private long sentBefore;

    private long confirmed;
    private long lastLogId;
    private long logSince;
    private long announced = ConnectionEvent.Deliver.BEGINNING;

    /// How many stanzas the client has of which the owner does not know it yet.
    byte unreported;

    /// True while stanzas of the owner are missing, and it was told.
    private boolean missing;

    private Session(
            ConnectionId id,
            Jid client,
            String peer,
            String owner,
            long stream,
            ResourceState state,
            @Nullable Management management) {
        this.id = id;
        this.client = client;
        this.peer = peer;
        this.owner = owner;
        this.stream = stream;
        this.state = state;
        this.management = management;
    }

    /// A resource that was just bound.
    static Session bound(ConnectionId id, Jid client, String peer, String owner, long stream) {
        return new Session(id, client, peer, owner, stream, ResourceState.NEW, null);
    }

    /// A stream that goes on.
    ///
    /// @param window how many stanzas its last gateway may have sent to the owner that are not handled: the
    ///     client sends them again now, as if they were new
    static Session resumed(ConnectionEvent.Resumed resumed, String peer, String owner, int window) {
        Session session = new Session(
                resumed.connection(),
                resumed.client(),
                peer,
                owner,
                resumed.stream(),
                resumed.state(),
                resumed.management());
        session.number = resumed.handled();
        session.sentBefore = resumed.handled() + window + 1;
        session.confirmed = resumed.delivered();
        session.lastLogId = resumed.lastLogId();
        session.logSince = resumed.logSince();
        resumed.unconfirmed().forEach(session::deliver);
        return session;
    }

    /// A stanza for the owner, with the next number.
    SessionEvent fromClient(Stanza stanza) {
        return kept(new SessionEvent.FromClient(id, client, ++number, number <= sentBefore, stanza));
    }

    /// Only its place in the count is for the owner, and the answer.
    SessionEvent answered(@Nullable Stanza answer) {
        return kept(new SessionEvent.Answered(id, client, ++number, false, answer));
    }

    private SessionEvent kept(SessionEvent event) {
        ArrayDeque<SessionEvent> queue = unhandled;
        if (queue == null) {
            queue = new ArrayDeque<>(FEW);
            unhandled = queue;
        }
        queue.add(event);
        return event;
    }

    /// The owner has dealt with what the client sent up to this number.
    ///
    /// @return true if that is news
    boolean handled(long upTo) {
        ArrayDeque<SessionEvent> queue = unhandled;
        long done = Math.min(upTo, number) - handled();
        if (queue == null || done <= 0) {
            return false;
        }
        if (done == queue.size()) {
            unhandled = null;
        } else {
            for (long i = 0; i < done; i++) {
                queue.remove();
            }
        }
        return true;
    }

    /// It is announced once more: what an owner has handed over before does not count from here on,
    /// unless it does so again.
    ///
    /// @return how often it was, and one
    long announce() {
        return ++announced;
    }

    /// Takes what the owner hands over.
    Handover deliver(ConnectionEvent.Deliver deliver) {
        long last = delivered();
        if (isOutdated(deliver.announced())) {
            missing |= deliver.number() > last; // the announcement may be lost: it is repeated
            return Handover.KNOWN;
        }
        if (deliver.number() != last + 1) {
            return deliver.number() <= last ? Handover.KNOWN : Handover.GAP;
        }
        missing = false;
        ArrayDeque<ConnectionEvent.Deliver> queue = unconfirmed;
        if (queue == null) {
            queue = new ArrayDeque<>(FEW);
            unconfirmed = queue;
        }
        queue.add(deliver);
        if (deliver.logSince() > 0) {
            logSince = deliver.logSince();
            lastLogId = deliver.logId();
        }
        if (deliver.origin() != null) {
            remember(deliver.origin());
        }
        return Handover.TAKEN;
    }

    private boolean isOutdated(long announcement) {
        return announcement != 0 && announcement != announced;
    }

    private void remember(Origin origin) {
        LastOrigins last = origins;
        if (last == null) {
            last = new LastOrigins();
            origins = last;
        }
        last.add(origin);
    }

    /// Stanzas of the owner are missing.
    ///
    /// @return false if it was told before
    boolean miss() {
        boolean news = !missing;
        missing = true;
        return news;
    }

    boolean isMissing() {
        return missing;
    }

    boolean isOverfull() {
        return unconfirmed != null && unconfirmed.size() > MOST_UNCONFIRMED;
    }

    /// The client has everything up to `known`. Its socket has taken everything up to `taken`, which is
    /// enough for what is not counted by stream management nor to be confirmed by the client.
    ///
    /// @return true if that is news
    boolean confirm(long known, long taken) {
        ArrayDeque<ConnectionEvent.Deliver> queue = unconfirmed;
        if (queue == null) {
            return false;
        }
        long enough = management == null ? taken : Math.min(taken, management.outBase());
        long before = confirmed;
        ConnectionEvent.Deliver next = queue.peek();
        while (next != null && (next.number() <= known || (next.number() <= enough && !next.confirm()))) {
            confirmed = next.number();
            queue.remove();
            next = queue.peek();
        }
        if (next == null) {
            unconfirmed = null;
        }
        return confirmed > before;
    }

    /// What the owner gave to keep.
    ResourceState state() {
        return state;
    }

    /// The end of the range of the log that the owner told of last; 0 for none.
    long lastLogId() {
        return lastLogId;
    }

    /// The beginning of that range.
    long logSince() {
        return logSince;
    }

    /// Where the last stanzas came in that the owner wants to be remembered.
    List<Origin> origins() {
        return origins == null ? List.of() : origins.inOrder();
    }

    /// What the client sent and no owner has confirmed, in order.
    Collection<SessionEvent> unhandled() {
        return unhandled == null ? List.of() : Collections.unmodifiableCollection(unhandled);
    }

    /// The last of these; null if there is none.
    @Nullable
    SessionEvent lastUnhandled() {
        return unhandled == null ? null : unhandled.peekLast();
    }

    /// What was handed over and the client is not known to have, in order.
    Collection<ConnectionEvent.Deliver> unconfirmed() {
        return unconfirmed == null ? List.of() : Collections.unmodifiableCollection(unconfirmed);
    }

    /// The number of the last stanza from the client.
    long number() {
        return number;
    }

    long handled() {
        return unhandled == null ? number : number - unhandled.size();
    }

    boolean isHandled() {
        return unhandled == null;
    }

    /// The number of the last stanza that was handed over.
    long delivered() {
        return unconfirmed == null ? confirmed : confirmed + unconfirmed.size();
    }

    long confirmed() {
        return confirmed;
    }

    String owner() {
        return owner;
    }

    void owner(String next) {
        owner = next;
    }

    void remember(ConnectionEvent.Remember next) {
        if (isOutdated(next.announced())) {
            return;
        }
        state = next.state();
        if (next.announced() != 0) {
            missing = false; // the announcement has arrived, and what was missing was told before this
        }
    }

    @Nullable
    Management management() {
        return management;
    }

    void manage(Management enabled) {
        management = enabled;
    }

    boolean isResumable() {
        return management != null && management.isResumable();
    }
}
