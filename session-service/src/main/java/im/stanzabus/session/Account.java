package im.stanzabus.session;

import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.bus.ConnectionId;
import im.stanzabus.bus.Management;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.SlotTable;
import im.stanzabus.bus.delivery.StreamTurns;
import im.stanzabus.processor.AccountView;
import im.stanzabus.stanza.Jid;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The soft state of one account at its owner. Confined to its partition's context. While something
/// is awaited that later events depend on (its roster, a change of it), events wait in a queue of
/// bounded length.
final class Account {
    private static final int MAX_WAITING = 10_000;
    private static final int MAX_WAITING_BYTES = 8 << 20;
    private static final int MOST_ENDED = 8;

    /// What is known of the account's log.
    final AccountLog log = new AccountLog();

    /// Stanzas for the account that wait for others to be in the log.
    final ArrivalOrder arrivals = new ArrivalOrder();

    final int slot;
    private final Jid jid;
    private final Map<String, Resource> resources = new LinkedHashMap<>(2);

    /// Streams that are over, by the ids that they could be resumed under, the oldest first; null
    /// for none.
    private @Nullable Map<String, Resource> ended;

    private @Nullable Roster roster;
    private boolean exists;
    private boolean stale;
    private boolean dropped;
    private int holds;
    private @Nullable WaitingEvents waiting;

    /// True while events of the account are handled: its slot is open.
    boolean open;

    /// True for one that came in by SASL ANONYMOUS: nothing of it outlives its last connection.
    boolean anonymous;

    /// True from the moment the account is removed: nothing is kept for it any more.
    boolean removed;

    /// Messages of the log that are being delivered; null when none are.
    @Nullable
    OfflineDelivery offline;

    /// What is to be done for connections as soon as the account is loaded.
    private @Nullable Map<ConnectionId, Runnable> whenLoaded;

    /// Streams that are over, and what their gateways are told when what they leave is safe.
    final Map<Long, ConnectionEvent.Disconnect> ending = new HashMap<>(0);

    /// Monotonic clock of the last event, for forgetting accounts that are not used.
    long lastUsedNanos;

    /// Stands for the account in ids that clients see; 0 until it is needed.
    long idTag;

    private @Nullable StreamTurns turns;

    Account(Jid jid) {
        this.jid = jid;
        slot = SlotTable.slot(jid);
    }

    Jid jid() {
        return jid;
    }

    /// How far others' streams have come here.
    StreamTurns turns() {
        StreamTurns known = turns;
        if (known == null) {
            known = new StreamTurns();
            turns = known;
        }
        return known;
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

    /// True if messages may be put in its log.
    boolean hasLog() {
        return exists && !removed && !anonymous;
    }

    /// Has something done for a connection when the account is loaded.
    void whenLoaded(ConnectionId connection, Runnable then) {
        if (whenLoaded == null) {
            whenLoaded = new LinkedHashMap<>();
        }
        whenLoaded.putIfAbsent(connection, then);
    }

    /// The account is loaded, and its events are about to be handled.
    void runWhenLoaded() {
        Map<ConnectionId, Runnable> due = whenLoaded;
        whenLoaded = null;
        if (due != null) {
            due.values().forEach(Runnable::run);
        }
    }

    /// The roster or the preferences are not known for sure and are to be read again.
    void markStale() {
        stale = true;
    }

    boolean isStale() {
        return stale;
    }

    void reloaded(Roster current) {
        roster = current;
        stale = false;
    }

    Roster roster() {
        Roster known = roster;
        if (known == null) {
            throw new IllegalStateException("roster of " + jid + " is not loaded");
        }
        return known;
    }

    /// Somebody else owns the account: nothing more is done for it here.
    void drop() {
        dropped = true;
        open = false;
        waiting = null;
        arrivals.clear();
        resources.values().forEach(Resource::end);
        resources.clear();
        OfflineDelivery running = offline;
        offline = null;
        if (running != null) {
            running.abandon();
        }
    }

    boolean isDropped() {
        return dropped;
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
            waiting = new WaitingEvents(MAX_WAITING, MAX_WAITING_BYTES);
        }
        return waiting.add(event);
    }

    boolean hasWaiting() {
        return waiting != null;
    }

    @Nullable
    SessionEvent nextWaiting() {
        SessionEvent next = waiting == null ? null : waiting.poll();
        if (next == null) {
            waiting = null;
        }
        return next;
    }

    /// Takes some of the waiting events out; the others keep their order.
    List<SessionEvent> takeWaiting(Predicate<SessionEvent> chosen) {
        List<SessionEvent> taken = new ArrayList<>();
        List<SessionEvent> others = new ArrayList<>();
        for (SessionEvent next = nextWaiting(); next != null; next = nextWaiting()) {
            (chosen.test(next) ? taken : others).add(next);
        }
        others.forEach(this::await);
        return taken;
    }

    /// True if nothing is under way for it.
    boolean isQuiet() {
        return holds == 0 && waiting == null && arrivals.isEmpty() && log.appending() == 0;
    }

    /// True if nothing but memory would be lost with this object.
    boolean isForgettable() {
        return resources.isEmpty() && isQuiet() && offline == null && !log.isMarkBehind();
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
        return resource != null && resource.connection().equals(connection) ? resource : null;
    }

    /// The resource whose stream may be resumed under that id, or might have been before it ended.
    @Nullable
    Resource resumable(String resumeId) {
        for (Resource resource : resources.values()) {
            if (resource.isResumable()
                    && resource.management() != null
                    && resource.management().resumeId().equals(resumeId)) {
                return resource;
            }
        }
        return ended == null ? null : ended.get(resumeId);
    }

    /// A stream is over, and what its client was sent has found another way. A few are remembered
    /// as long as the account is, for their clients ask how much was handled (XEP-0198 section 5).
    void ended(Resource resource) {
        Management management = resource.management();
        if (management == null || !resource.isResumable() || !isLoaded()) {
            return;
        }
        resource.outbound.clear();
        if (ended == null) {
            ended = new LinkedHashMap<>(2);
        }
        ended.remove(management.resumeId());
        ended.put(management.resumeId(), resource);
        if (ended.size() > MOST_ENDED) {
            ended.remove(ended.keySet().iterator().next());
        }
    }

    void add(Resource resource) {
        String part = resource.jid.resource();
        if (part == null) {
            throw new IllegalArgumentException("a bound resource has a full JID");
        }
        resources.put(part, resource);
    }

    void remove(Resource resource) {
        resource.end();
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

    /// What processors may know of it now.
    AccountView view() {
        List<Jid> available = resources.values().stream()
                .filter(Resource::isAvailable)
                .map(resource -> resource.jid)
                .toList();
        return new AccountView(jid, anonymous, available);
    }
}
