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
/// For the next owner, each stream has a *range* of the log ({@link Outbound#logSince}), with the invariant:
/// every received entry in it was handed to this stream, or is confirmed. So what is in a stream's range and
/// not in its queue is confirmed; what is in a queue will be, or comes back when its stream ends. Every other
/// entry above the mark may be known to nobody who lives: it waits again. That is once too often for one
/// that was confirmed by a stream of which nothing is left, and never once too few. A range goes on with an
/// entry if no other lies between that the stream does not have, else it begins anew behind that one.
///
/// Confined to the partition's context.
final class AccountLog {
    private static final long NONE = Long.MAX_VALUE;

    private final HandedIds handed = new HandedIds();
    private final OpenAppends appends = new OpenAppends();

    /// What clients have confirmed as the last owner's streams know it, as long as entries of then wait.
    private final IdRanges inherited = new IdRanges();

    private ArchivePreferences preferences = ArchivePreferences.NONE;
    private boolean opened;
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

    /// The highest entry that waits in memory behind those of the log; 0 for none.
    private long lastHeld;

    /// Those on their way into the log that will wait there if nobody comes.
    private int expected;

    /// Takes over where another owner, or an earlier time, has left it.
    ///
    /// @param announced what is known of the account's streams
    void open(long claimed, LogRequest.Standing standing, List<Outbound> announced) {
        epoch = claimed;
        told = standing.deliveredId();
        announced.forEach(this::inheritConfirmed);
        IdRanges known = new IdRanges();
        long lastId = standing.lastId();
        for (Outbound stream : announced) {
            inheritHanded(stream);
            known.add(stream.logSince(), stream.lastLogId());
            stream.ids().forEach(id -> known.add(id, id));
            lastId = Math.max(lastId, stream.lastLogId());
        }
        nextId = lastId + 1;
        seen = standing.waiting() > 0 ? standing.lastId() : told;
        long first = known.nextOutside(told + 1);
        if (standing.waiting() > 0 && standing.lastId() >= first) {
            firstWaiting = first;
            lastWaiting = known.lastOutside(standing.lastId());
            waiting = standing.waiting();
        } else {
            inherited.clear();
        }
        opened = true;
        handed.trim(firstWaiting);
        configure(standing);
    }

    /// Takes over what is known of a stream of which nothing was known when the account was opened.
    void inherit(Outbound stream) {
        if (hasWaiting()) {
            inheritConfirmed(stream);
        }
        inheritHanded(stream);
    }

    private void inheritConfirmed(Outbound stream) {
        if (stream.logSince() > 0) {
            inherited.addWithout(
                    stream.logSince(),
                    stream.lastLogId(),
                    stream.ids().stream().sorted().toList());
        }
    }

    private void inheritHanded(Outbound stream) {
        long mark = mark();
        stream.ids().stream().filter(id -> id > mark && !inherited.contains(id)).forEach(handed::add);
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

    /// An entry was written and waits in memory behind those that wait in the log.
    void holds(long id) {
        lastHeld = id;
    }

    /// What was held is now handed over, or left to wait in the log.
    void holdsNothing() {
        lastHeld = 0;
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
            inherited.clear();
        } else {
            firstWaiting = upTo + 1;
        }
        handed.trim(firstWaiting);
    }

    // ---- entries that were handed over ----

    /// An entry is handed to a client.
    ///
    /// @return where the stream's range begins that ends with the entry; 0 if its range stays as it is
    long handed(long id, Outbound stream) {
        handed.add(id);
        seen = Math.max(seen, id);
        long since = stream.logSince();
        long last = stream.lastLogId();
        if (since > 0 && id >= since && id <= last) {
            return 0;
        }
        boolean follows = since > 0 && id > last;
        long missed = missedBelow(id, follows ? last : 0, stream);
        return follows && missed == last ? since : missed + 1;
    }

    /// An id below an entry, such that the stream has, or some client has confirmed, every received entry
    /// between the two; not below `above`.
    private long missedBelow(long id, long above, Outbound stream) {
        long missed = Math.max(above, Math.min(lastHeld, id - 1));
        if (hasWaiting() && firstWaiting < id) {
            missed = Math.max(missed, Math.min(lastWaiting, id - 1));
        }
        return handed.unconfirmedBelow(id, missed, stream::holds);
    }

    /// True if some client was handed the entry, as far as is still known.
    boolean wasHanded(long id) {
        return handed.contains(id) || inherited.contains(id);
    }

    /// A client has the entry.
    void confirmed(long id) {
        if (opened) {
            handed.confirm(id);
            handed.trim(firstWaiting);
        } else {
            handed.add(id); // kept for then
            handed.confirm(id);
        }
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
