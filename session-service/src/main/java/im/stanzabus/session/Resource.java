package im.stanzabus.session;

import im.stanzabus.bus.ConnectionId;
import im.stanzabus.bus.Management;
import im.stanzabus.bus.Origin;
import im.stanzabus.bus.ResourceState;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.delivery.Progress;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A bound stream of an account (RFC 6121: a connected resource; available once it has sent
/// presence, interested once it has asked for the roster). It outlives its connection while it may
/// be resumed (XEP-0198). Confined to its partition's context.
final class Resource {
    /// Of more entities the gateway is not told at once when there is another one: each time all
    /// are told.
    private static final int FEW_DIRECTED = 16;

    /// Entities outside the roster that one resource may show its presence to.
    private static final int MOST_DIRECTED = 1_000;

    /// Whoever has not asked for so long to go on with a stream does not wait for that any more.
    private static final long RESUME_PATIENCE_NANOS = 15_000_000_000L;

    final Account account;
    final Jid jid;
    final long stream;
    final Progress progress;
    final Outbound outbound;
    private final StreamReports reports;

    private ConnectionId connection;
    private @Nullable Management management;
    private boolean attached = true;
    private boolean gone;
    private long detachedSince;

    /// The connection of the client, while another gateway was given the stream to keep; null
    /// otherwise.
    private @Nullable ConnectionId home;

    /// When that gateway was asked to, as long as it has not answered; else 0.
    private long askedToKeep;

    private @Nullable Stanza presence;
    private byte priority;
    private boolean interested;
    private boolean wantsBlockList;
    private boolean carbons;
    private long takesSince;
    private final Set<Jid> directed = new HashSet<>(0);

    /// Where the last unlogged stanzas came in that owners before have handed over.
    private final List<Origin> inherited;

    /// When the connection got the resource, in milliseconds of the clock of the owner that gave
    /// it.
    private long since;

    /// The client did not confirm messages of the log in good time, and is not tried again.
    boolean neverConfirms;

    /// A request to go on with this stream elsewhere, until what is under way here is done.
    SessionEvent.@Nullable Resume resuming;

    /// When that was asked last: a gateway asks again as long as its client is there.
    long resumeAsked;

    /// What its gateway has not said yet that it has: kept by {@link Acceptances}.
    final ArrayDeque<Acceptances.Awaited> awaited = new ArrayDeque<>(0);

    /// What is told to the gateway at the end of the turn: kept by {@link StreamReports}.
    final StreamReports.Notes notes = new StreamReports.Notes();

    /// One that was just bound.
    ///
    /// @param replaced the one that had the resource before
    Resource(StreamReports reports, Account account, SessionEvent.Bind bind, Jid jid, @Nullable Resource replaced) {
        this.reports = reports;
        this.account = account;
        this.jid = jid;
        this.stream = bind.stream();
        this.connection = bind.connection();
        this.progress = new Progress(0);
        this.outbound = new Outbound();
        inherited = List.of();
        since = later(replaced == null ? 0 : replaced.since);
        changed();
    }

    /// One that another owner had.
    Resource(StreamReports reports, Account account, SessionEvent.Announce announce) {
        this.reports = reports;
        this.account = account;
        this.jid = announce.client();
        this.stream = announce.stream();
        this.connection = announce.connection();
        this.management = announce.management();
        this.attached = announce.attached();
        this.detachedSince = System.nanoTime();
        this.progress = new Progress(announce.handled());
        this.outbound =
                new Outbound(announce.delivered(), announce.logSince(), announce.lastLogId(), announce.unconfirmed());
        outbound.announced(announce.announced());
        inherited = announce.origins();
        notes.handledTold = announce.handled();
        ResourceState state = announce.state();
        presence = state.presence();
        priority = presence == null ? 0 : Priority.orZero(presence.payload());
        interested = state.interested();
        wantsBlockList = state.wantsBlockList();
        carbons = state.carbons();
        takesSince = state.takesSince();
        directed.addAll(state.directed());
        since = state.since();
    }

    private static long later(long than) {
        return Math.max(System.currentTimeMillis(), than + 1);
    }

    // ---- the stream ----

    ConnectionId connection() {
        return connection;
    }

    @Nullable
    Management management() {
        return management;
    }

    void manage(Management enabled) {
        management = enabled;
    }

    /// True if an owner before has handed over what came in there.
    boolean hasInherited(Origin origin) {
        return inherited.contains(origin);
    }

    boolean isResumable() {
        return management != null && management.isResumable();
    }

    boolean isAttached() {
        return attached;
    }

    /// True once nothing more can reach the client.
    boolean isGone() {
        return gone;
    }

    void end() {
        gone = true;
        if (resuming != null) {
            reports.touch(this); // whoever waits for it is told
        }
    }

    /// The connection is lost, the stream may be resumed.
    void detach(long now) {
        attached = false;
        detachedSince = now;
    }

    /// The stream goes on.
    void attach(ConnectionId now) {
        if (!now.equals(connection) && !now.equals(home)) {
            since = later(since);
        }
        connection = now;
        attached = true;
        home = null;
        askedToKeep = 0;
    }

    /// A gateway is asked to keep the stream.
    void keptAt(ConnectionId keeper, long now) {
        home = home == null && !connection.equals(keeper) ? connection : home;
        connection = keeper;
        askedToKeep = now == 0 ? 1 : now;
    }

    /// That gateway has the stream.
    void kept() {
        askedToKeep = 0;
    }

    /// When a gateway was asked to keep the stream that has not answered; 0 if all is well.
    long askedToKeep() {
        return askedToKeep;
    }

    /// Where the client was, if the stream is kept elsewhere.
    @Nullable
    ConnectionId home() {
        return home;
    }

    /// True when nobody has resumed the stream in time.
    boolean isOverdue(long now) {
        Management managed = management;
        boolean awaited = resuming != null && now - resumeAsked < RESUME_PATIENCE_NANOS;
        return !attached && !awaited && (managed == null || now - detachedSince > managed.seconds() * 1_000_000_000L);
    }

    /// Something that was begun for a stanza of the client is done.
    void done(long number) {
        if (progress.done(number)) {
            reports.touch(this);
        }
    }

    /// The gateway has not heard that more than this is done.
    void handledFrom(long number) {
        notes.handledTold = Math.min(notes.handledTold, number);
        reports.touch(this);
    }

    /// A stanza of the client that was begun last cannot be handled now.
    ///
    /// @return false if it cannot come again
    boolean takeBack(long number) {
        boolean taken = progress.takeBack(number);
        if (taken) {
            reports.touch(this);
        }
        return taken;
    }

    /// More waits for the client than before.
    void queued() {
        reports.queued(this);
    }

    /// Tells the gateway what it was not told yet.
    void flushReports() {
        reports.flush(this);
    }

    // ---- the state ----

    /// What the gateway keeps for the next owner.
    ResourceState state() {
        return new ResourceState(
                presence, interested, wantsBlockList, carbons, takesSince, List.copyOf(directed), since);
    }

    /// When the connection got the resource; 0 if that is not known.
    long since() {
        return since;
    }

    /// Its gateway is to be told what the next owner must know.
    void changed() {
        notes.stateChanged = true;
        reports.touch(this);
    }

    /// The last presence that was broadcast; null while the resource is not available.
    @Nullable
    Stanza presence() {
        return presence;
    }

    boolean isAvailable() {
        return presence != null;
    }

    void available(Stanza broadcast, byte itsPriority) {
        presence = broadcast;
        priority = itsPriority;
        changed();
    }

    void unavailable() {
        presence = null;
        changed();
    }

    /// True if messages to the bare JID go here (RFC 6121 section 8.5.2.1.1).
    boolean takesMessages() {
        return presence != null && priority >= 0;
    }

    /// The message id from which on the resource has taken what was sent to the bare JID.
    long takesSince() {
        return takesSince;
    }

    void takesSince(long id) {
        takesSince = id;
        changed();
    }

    boolean isInterested() {
        return interested;
    }

    void becomeInterested() {
        if (!interested) {
            interested = true;
            changed();
        }
    }

    boolean wantsBlockList() {
        return wantsBlockList;
    }

    void wantBlockList() {
        if (!wantsBlockList) {
            wantsBlockList = true;
            changed();
        }
    }

    boolean wantsCarbons() {
        return carbons;
    }

    void wantCarbons(boolean want) {
        carbons = want;
        changed();
    }

    /// Remembers that an entity was sent available presence that it gets by no broadcast (RFC 6121
    /// section 4.6).
    ///
    /// @return false if there are too many already
    boolean addDirected(Jid to) {
        int before = directed.size();
        boolean known = directed.contains(to) || (before < MOST_DIRECTED && directed.add(to));
        if (directed.size() > before) {
            directedChanged();
        }
        return known;
    }

    void removeDirected(Jid to) {
        if (directed.remove(to)) {
            directedChanged();
        }
    }

    private void directedChanged() {
        if (directed.size() <= FEW_DIRECTED) {
            changed();
        } else {
            reports.stateIsLate(this);
        }
    }

    /// Those who were sent directed presence and must be told when the resource goes away.
    Set<Jid> directed() {
        return directed;
    }

    /// As {@link #directed()}, and forgets them.
    Set<Jid> takeDirected() {
        Set<Jid> all = Set.copyOf(directed);
        directed.clear();
        return all;
    }
}
