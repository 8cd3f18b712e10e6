package im.stanzabus.session;

import im.stanzabus.bus.api.LogRequest;
import java.util.List;

/// What the owner of an account knows of the account's log: the ids to give, what of it has reached the
/// user, and what waits there.
///
/// A received entry is *handed* when some client was sent it, *confirmed* when a client has it, and *waits*
/// when it was handed to nobody. Entries that wait are read from the log in order ({@link OfflineDelivery}).
/// The delivered mark is the highest id such that every received entry up to it is confirmed.
///
/// Confined to the partition's context.
final class AccountLog {
    private static final long NONE = Long.MAX_VALUE;

    private final HandedIds handed = new HandedIds();
    private final OpenAppends appends = new OpenAppends();
    private ArchivePreferences preferences = ArchivePreferences.NONE;
    private long epoch;
    private long nextId = 1;
    private int quota;

    /// Every received entry up to this one was handed or waits.
    private long seen;

    /// The mark that the log has.
    private long told;

    private long firstWaiting = NONE;
    private long lastWaiting;
    private long waiting;

    /// Those on their way into the log that will wait there if nobody comes.
    private int expected;

    /// Takes over where another owner, or an earlier time, has left it.
    ///
    /// @param announced the highest id that any client of the account was ever handed, 0 for none
    /// @param unconfirmed ids that clients were handed and did not confirm
    void open(long claimed, LogRequest.Standing standing, long announced, List<Long> unconfirmed) {
        epoch = claimed;
        nextId = Math.max(standing.lastId(), announced) + 1;
        told = standing.deliveredId();
        seen = Math.max(told, announced);
        unconfirmed.stream().sorted().filter(id -> id > told).forEach(handed::add);
        if (standing.waiting() > 0 && standing.lastId() > seen) {
            firstWaiting = seen + 1;
            lastWaiting = standing.lastId();
            waiting = standing.waiting();
        }
        configure(standing);
    }

    /// Takes over what may change at any time.
    void configure(LogRequest.Standing standing) {
        quota = standing.quota();
        preferences = ArchivePreferences.of(standing);
    }

    long epoch() {
        return epoch;
    }

    ArchivePreferences preferences() {
        return preferences;
    }

    // ---- ids ----

    long nextId() {
        return nextId++;
    }

    /// The id that the next message will get.
    long upcomingId() {
        return nextId;
    }

    // ---- appends ----

    /// @return by which it is ended
    long beginAppend() {
        return appends.begin();
    }

    void endAppend(long append) {
        appends.end(append);
    }

    /// How many entries are on their way into the log.
    int appending() {
        return appends.size();
    }

    /// Tells once, perhaps at once, when every entry that was begun before is in the log, or will never be.
    ///
    /// @return takes the wish back
    Runnable whenSettled(Runnable then) {
        return appends.whenSettled(then);
    }

    // ---- entries that wait ----

    boolean hasWaiting() {
        return firstWaiting != NONE;
    }

    /// The lowest id that may wait.
    long firstWaiting() {
        return firstWaiting;
    }

    /// The highest id that may wait.
    long lastWaiting() {
        return lastWaiting;
    }

    /// True if a message for a user who is away is one too many (XEP-0160 section 2). Those before it count
    /// from the moment they are on their way, or a burst of messages would get past the quota.
    boolean isFull() {
        return waiting + expected >= quota;
    }

    /// An entry that nobody can be handed now is on its way into the log.
    void expect() {
        expected++;
    }

    /// An entry that was expected is there, or will never be.
    void expectedCame() {
        expected--;
    }

    /// An entry was written and can be handed to nobody now.
    void waits(long id) {
        firstWaiting = Math.min(firstWaiting, id);
        lastWaiting = Math.max(lastWaiting, id);
        seen = Math.max(seen, id);
        waiting++;
    }

    /// A client that was handed an entry is gone, and nobody else has it: it waits again.
    void returned(long id) {
        if (handed.removeUnconfirmed(id)) {
            waits(id);
        }
    }

    /// What waited up to an id was handed to somebody, or is not to be handed to anybody.
    void read(long upTo, int count) {
        seen = Math.max(seen, upTo);
        waiting = Math.max(0, waiting - count);
        if (upTo >= lastWaiting) {
            firstWaiting = NONE;
            waiting = 0;
        } else {
            firstWaiting = upTo + 1;
        }
        handed.trim(firstWaiting);
    }

    // ---- entries that were handed over ----

    /// An entry was handed to a client.
    ///
    /// @return the id that the hand-over may carry: 0 while older entries wait, for a new owner takes all
    ///     up to the highest such id for handed
    long handed(long id) {
        handed.add(id);
        seen = Math.max(seen, id);
        return hasWaiting() ? 0 : id;
    }

    /// True if some client was handed the entry, as far as is still known.
    boolean wasHanded(long id) {
        return handed.contains(id);
    }

    /// A client has the entry.
    void confirmed(long id) {
        handed.confirm(id);
        handed.trim(firstWaiting);
    }

    // ---- the delivered mark ----

    long mark() {
        long mark = Math.min(seen, firstWaiting - 1);
        if (!handed.isEmpty()) {
            mark = Math.min(mark, handed.first() - 1);
        }
        return Math.max(mark, told);
    }

    /// The log has a mark.
    void told(long mark) {
        told = Math.max(told, mark);
    }

    boolean isMarkBehind() {
        return mark() > told;
    }
}
