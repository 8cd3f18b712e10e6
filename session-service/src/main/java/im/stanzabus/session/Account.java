package im.stanzabus.session;

import im.stanzabus.bus.ConnectionId;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.session.iq.AccountView;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.StanzaType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The soft state of one account at its owner. Confined to its partition's context. While something is
/// awaited that
/// later events depend on (its roster, a change of it), events wait in a queue of bounded length.
final class Account implements AccountView {
    private static final int MAX_WAITING = 10_000;
    private static final int MAX_WAITING_BYTES = 8 << 20;

    private final Jid jid;
    private final Map<String, Resource> resources = new LinkedHashMap<>(2);
    private @Nullable Roster roster;
    private boolean exists;
    private boolean rosterStale;
    private int holds;
    private @Nullable Queue<SessionEvent> waiting;
    private int waitingBytes;
    private long nextLogId;

    /// True for one that came in by SASL ANONYMOUS: nothing of it outlives its last connection.
    boolean anonymous;

    /// True from the moment the account is removed: nothing is kept for it any more.
    boolean removed;

    /// Messages of the log that are being delivered; null when none are.
    @Nullable
    OfflineDelivery offline;

    private @Nullable TreeSet<Long> appending;

    /// The log was not told yet that the user has everything up to {@link #deliveredLogId}.
    boolean markBehind;

    /// The last log entry that is known to have reached the user.
    long deliveredLogId;

    /// Entries wait in the log.
    boolean hasLogged;

    /// Monotonic clock of the last event, for forgetting accounts that are not used.
    long lastUsedNanos;

    Account(Jid jid) {
        this.jid = jid;
    }

    @Override
    public Jid jid() {
        return jid;
    }

    // ---- life ----

    /// True once the account's state was loaded.
    boolean isLoaded() {
        return roster != null;
    }

    void loaded(Roster loadedRoster, boolean accountExists) {
        roster = loadedRoster;
        exists = accountExists;
    }

    /// False for an address that is no account.
    boolean exists() {
        return exists;
    }

    /// The roster is not known for sure and is to be read again.
    void markRosterStale() {
        rosterStale = true;
    }

    boolean isRosterStale() {
        return rosterStale;
    }

    void reloaded(Roster current) {
        roster = current;
        rosterStale = false;
    }

    Roster roster() {
        Roster known = roster;
        if (known == null) {
            throw new IllegalStateException("roster of " + jid + " is not loaded");
        }
        return known;
    }

    /// Later events wait until {@link #release()}.
    void hold() {
        holds++;
    }

    void release() {
        holds--;
    }

    boolean isHeld() {
        return holds > 0;
    }

    /// Queues an event behind what is awaited.
    ///
    /// @return false if it may be refused and the queue is full
    boolean await(SessionEvent event) {
        if (waiting == null) {
            waiting = new ArrayDeque<>();
            waitingBytes = 0;
        }
        int bytes = bytes(event);
        if (isRefusable(event) && (waiting.size() >= MAX_WAITING || waitingBytes + bytes > MAX_WAITING_BYTES)) {
            return false;
        }
        waitingBytes += bytes;
        return waiting.add(event);
    }

    /// Requests can be refused. What only tells of something that has happened, and answers, are bounded by
    /// what
    /// they tell of.
    private static boolean isRefusable(SessionEvent event) {
        return switch (event) {
            case SessionEvent.Bind _, SessionEvent.FromClient _ -> true;
            case SessionEvent.Inbound inbound ->
                !inbound.stanza().isError() && inbound.stanza().type() != StanzaType.RESULT;
            case SessionEvent.Delivered _, SessionEvent.Gone _, SessionEvent.AccountRemoved _ -> false;
        };
    }

    private static int bytes(SessionEvent event) {
        return switch (event) {
            case SessionEvent.FromClient from -> from.stanza().payload().bytes().length;
            case SessionEvent.Inbound inbound -> inbound.stanza().payload().bytes().length;
            default -> 0;
        };
    }

    boolean hasWaiting() {
        return waiting != null;
    }

    @Nullable
    SessionEvent nextWaiting() {
        SessionEvent next = waiting == null ? null : waiting.poll();
        if (next == null) {
            waiting = null;
        } else {
            waitingBytes -= bytes(next);
        }
        return next;
    }

    /// True if nothing but memory would be lost with this object.
    boolean isForgettable() {
        return resources.isEmpty()
                && holds == 0
                && waiting == null
                && offline == null
                && appending() == 0
                && !markBehind;
    }

    // ---- resources ----

    Collection<Resource> resources() {
        return resources.values();
    }

    @Nullable
    Resource resource(@Nullable String resourcepart) {
        return resourcepart == null ? null : resources.get(resourcepart);
    }

    /// The resource of a connection; null if another connection has taken its place.
    @Nullable
    Resource resource(Jid full, ConnectionId connection) {
        Resource resource = resource(full.resource());
        return resource != null && resource.connection.equals(connection) ? resource : null;
    }

    void add(Resource resource) {
        String part = resource.jid.resource();
        if (part == null) {
            throw new IllegalArgumentException("a bound resource has a full JID");
        }
        resources.put(part, resource);
    }

    void remove(Resource resource) {
        resources.remove(resource.jid.resource(), resource);
    }

    /// The resources that messages to the bare JID go to.
    List<Resource> messageResources() {
        List<Resource> found = new ArrayList<>(resources.size());
        for (Resource resource : resources.values()) {
            if (resource.takesMessages()) {
                found.add(resource);
            }
        }
        return found;
    }

    boolean hasAvailable() {
        for (Resource resource : resources.values()) {
            if (resource.isAvailable()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public List<Jid> availableResources() {
        return resources.values().stream()
                .filter(Resource::isAvailable)
                .map(resource -> resource.jid)
                .toList();
    }

    // ---- message ids ----

    /// Ids go on after the highest that was ever given.
    void seedLogIds(long last) {
        nextLogId = Math.max(nextLogId, last + 1);
    }

    long nextLogId() {
        return nextLogId++;
    }

    /// The id that the next message will get.
    long upcomingLogId() {
        return nextLogId;
    }

    /// A message is on its way into the log.
    void beginAppend(long id) {
        if (appending == null) {
            appending = new TreeSet<>();
        }
        appending.add(id);
    }

    void endAppend(long id) {
        if (appending != null) {
            appending.remove(id);
            if (appending.isEmpty()) {
                appending = null;
            }
        }
    }

    /// How many messages are on their way into the log.
    int appending() {
        return appending == null ? 0 : appending.size();
    }

    /// The least id of those; higher than any id when there are none.
    long oldestAppending() {
        return appending == null ? Long.MAX_VALUE : appending.first();
    }
}
