package im.stanzabus.session;

import im.stanzabus.bus.ConnectionEvent.Deliver;
import im.stanzabus.bus.ConnectionId;
import im.stanzabus.bus.Origin;
import im.stanzabus.stanza.Stanza;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// What was handed to one resource and its client has not confirmed yet, in order. Confined to the
/// partition's context.
final class Outbound {
    private static final int MOST_BYTES = 4 << 20;

    /// What a stanza costs beside its payload.
    private static final int OVERHEAD = 256;

    private @Nullable Deliver[] events = new @Nullable Deliver[8];

    /// The message id of each; 0 for what is no message of the account.
    private long[] ids = new long[8];

    private int first;
    private int size;
    private long confirmed;
    private long lastLogId;
    private long logSince;
    private int bytes;

    /// By which announcement of the stream this goes ({@link Deliver#announced}).
    private long announced = Deliver.BEGINNING;

    /// What was handed over up to this number was so by another owner.
    private final long takenOver;

    Outbound() {
        this(0, 0, 0, List.of());
    }

    /// @param delivered the client has everything up to this number
    /// @param logSince with `lastLogId`, what was told of the log ({@link Deliver#logSince})
    /// @param unconfirmed what was handed over since
    Outbound(long delivered, long logSince, long lastLogId, List<Deliver> unconfirmed) {
        this.confirmed =
                unconfirmed.isEmpty() ? delivered : unconfirmed.getFirst().number() - 1;
        this.logSince = logSince;
        this.lastLogId = logSince == 0 ? 0 : lastLogId;
        for (Deliver deliver : unconfirmed) {
            if (deliver.number() == last() + 1) {
                add(deliver, deliver.logId());
            }
        }
        takenOver = last();
    }

    /// The number of the last stanza that was handed over.
    long last() {
        return confirmed + size;
    }

    /// The client has everything up to this number.
    long confirmed() {
        return confirmed;
    }

    /// The end of the range of the account's log that is accounted for; 0 for none ({@link AccountLog}).
    long lastLogId() {
        return lastLogId;
    }

    /// Its beginning.
    long logSince() {
        return logSince;
    }

    /// The end of the part of it that does not need what is not confirmed; lower than its beginning for none.
    long lastConfirmedLogId() {
        return ids().stream().mapToLong(id -> id - 1).reduce(lastLogId, Math::min);
    }

    long announced() {
        return announced;
    }

    /// Its gateway has announced the stream once more.
    void announced(long announcement) {
        announced = announcement;
    }

    int size() {
        return size;
    }

    int bytes() {
        return bytes;
    }

    boolean isTooLarge(int most) {
        return size > most || bytes > MOST_BYTES;
    }

    /// Adds a stanza; its number must be the one after {@link #last}.
    ///
    /// @param id of the message in the account's sequence; 0 for none
    void add(Deliver deliver, long id) {
        int more = bytes(deliver.stanza());
        if (size == events.length) {
            makeRoom();
        }
        int at = index(size);
        events[at] = deliver;
        ids[at] = id;
        size++;
        bytes += more;
        if (deliver.logSince() > 0) {
            logSince = deliver.logSince();
            lastLogId = deliver.logId();
        }
    }

    /// The client has everything up to a number.
    ///
    /// @param idsOfConfirmed told the message ids among what was not confirmed before
    void confirm(long number, LongConsumer idsOfConfirmed) {
        while (size > 0 && confirmed < number) {
            Deliver deliver = events[first];
            long id = ids[first];
            events[first] = null;
            first = index(1);
            size--;
            confirmed++;
            if (deliver != null) {
                bytes -= bytes(deliver.stanza());
            }
            if (id > 0) {
                idsOfConfirmed.accept(id);
            }
        }
    }

    /// What is not confirmed is somebody else's care.
    void clear() {
        confirmed += size;
        size = 0;
        bytes = 0;
        events = new @Nullable Deliver[1];
        ids = new long[1];
        first = 0;
    }

    /// A stanza that was handed over, with its message id.
    ///
    /// @param received as in {@link Deliver}
    /// @param origin as there
    record Unconfirmed(
            Stanza stanza, long id, long received, @Nullable Origin origin) {}

    /// Everything that is not confirmed, in order.
    List<Unconfirmed> unconfirmed() {
        return unconfirmed(0);
    }

    /// What was handed over here, and by no owner before, and is not confirmed.
    List<Unconfirmed> added() {
        return unconfirmed(takenOver);
    }

    private List<Unconfirmed> unconfirmed(long after) {
        List<Unconfirmed> all = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            Deliver deliver = events[index(i)];
            if (deliver != null && deliver.number() > after) {
                all.add(new Unconfirmed(deliver.stanza(), ids[index(i)], deliver.received(), deliver.origin()));
            }
        }
        return all;
    }

    /// The stream goes on on another connection: what is not confirmed, as it is sent there.
    List<Deliver> movedTo(ConnectionId connection) {
        announced = Deliver.BEGINNING;
        List<Deliver> all = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            Deliver old = events[index(i)];
            if (old != null) {
                Deliver moved = old.on(connection);
                events[index(i)] = moved;
                all.add(moved);
            }
        }
        return all;
    }

    /// The message ids of what is not confirmed, in order.
    List<Long> ids() {
        List<Long> all = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            if (ids[index(i)] > 0) {
                all.add(ids[index(i)]);
            }
        }
        return all;
    }

    /// True if a message is among what is not confirmed.
    boolean holds(long id) {
        for (int i = 0; i < size; i++) {
            if (ids[index(i)] == id) {
                return true;
            }
        }
        return false;
    }

    /// What was handed over after a number.
    List<Deliver> after(long number) {
        List<Deliver> all = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            Deliver deliver = events[index(i)];
            if (deliver != null && deliver.number() > number) {
                all.add(deliver);
            }
        }
        return all;
    }

    /// What was handed over by an owner before, and is not confirmed.
    List<Deliver> inherited() {
        return after(0).stream()
                .filter(deliver -> deliver.number() <= takenOver)
                .toList();
    }

    private int index(int offset) {
        return (first + offset) & (events.length - 1);
    }

    private static int bytes(Stanza stanza) {
        return stanza.payload().bytes().length + OVERHEAD;
    }

    private void makeRoom() {
        @Nullable Deliver[] more = Arrays.copyOf(events, events.length * 2);
        long[] moreIds = new long[more.length];
        for (int i = 0; i < size; i++) {
            more[i] = events[index(i)];
            moreIds[i] = ids[index(i)];
        }
        Arrays.fill(more, size, more.length, null);
        events = more;
        ids = moreIds;
        first = 0;
    }
}
