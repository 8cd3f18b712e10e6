package im.stanzabus.session;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.ConnectionEvent.Deliver;
import im.stanzabus.bus.ConnectionId;
import im.stanzabus.bus.api.LogRequest.ArchivePreference;
import im.stanzabus.bus.api.LogRequest.Standing;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// What owners of one account know of its log, one after the other, while streams come and go, and die with
/// their owner.
class LogRangesTest {
    private static final ConnectionId CONNECTION = new ConnectionId("c2s.0@n1", 1);
    private static final Stanza STANZA = Stanza.message(StanzaType.CHAT, Jid.of("a@b"), Jid.of("c@d"));

    private final Set<Long> received = new TreeSet<>();
    private final Set<Long> confirmed = new HashSet<>();
    private final List<Stream> streams = new ArrayList<>();
    private AccountLog log = new AccountLog();
    private long told;
    private long lastId;

    /// A stream as its owner knows it, and how much of what it was handed its gateway knows.
    private final class Stream {
        private Outbound outbound = new Outbound();

        /// What its present owner has handed over, and the range from before.
        private final List<Deliver> handed = new ArrayList<>();

        private long logSince;
        private long lastLogId;
        private long heard;

        void hand(long id) {
            Deliver deliver =
                    new Deliver(CONNECTION, outbound.last() + 1, false, id, STANZA, log.handed(id, outbound), 0);
            outbound.add(deliver, id);
            handed.add(deliver);
        }

        void confirm(long number) {
            outbound.confirm(number, id -> {
                log.confirmed(id);
                confirmed.add(id);
            });
        }

        /// Its gateway tells the next owner what it has heard of.
        void announce(long upTo) {
            heard = Math.max(heard, upTo);
            List<Deliver> queue = new ArrayList<>();
            for (Deliver deliver : handed) {
                if (deliver.number() <= heard) {
                    queue.add(deliver);
                    if (deliver.logSince() > 0) {
                        logSince = deliver.logSince();
                        lastLogId = deliver.logId();
                    }
                }
            }
            queue.removeIf(deliver -> deliver.number() <= outbound.confirmed());
            outbound = new Outbound(outbound.confirmed(), logSince, lastLogId, queue);
            handed.clear();
            handed.addAll(queue);
        }
    }

    @Property
    void whatNobodyHasConfirmedIsHeldOrWaits(@ForAll long seed, @ForAll @IntRange(min = 1, max = 200) int steps) {
        Random random = new Random(seed);
        begin();
        streams.add(new Stream());
        for (int i = 0; i < steps; i++) {
            switch (random.nextInt(11)) {
                case 0 -> streams.add(new Stream());
                case 1 -> gone(random);
                case 2 -> waits();
                case 3 -> page(random);
                case 4 -> lastId = log.nextId(); // an entry that was sent
                case 5 -> told();
                case 6 -> nextOwner(random);
                case 7, 8 -> streams.forEach(stream -> confirmSome(stream, random));
                default -> hand(random);
            }
            check();
        }
    }

    private void begin() {
        received.clear();
        confirmed.clear();
        streams.clear();
        log = new AccountLog();
        told = 0;
        lastId = 0;
        log.open(1, standing(), List.of());
    }

    private void hand(Random random) {
        List<Stream> takers =
                streams.stream().filter(_ -> random.nextInt(3) > 0).toList();
        if (takers.isEmpty()) {
            waits();
            return;
        }
        long id = entry();
        takers.forEach(taker -> taker.hand(id));
    }

    private long entry() {
        lastId = log.nextId();
        received.add(lastId);
        return lastId;
    }

    private void waits() {
        log.waits(entry());
    }

    private void page(Random random) {
        if (streams.isEmpty() || !log.hasWaiting()) {
            return;
        }
        long upTo = Math.min(log.firstWaiting() + random.nextInt(5), log.lastWaiting());
        long from = log.firstWaiting();
        List<Long> due = received.stream()
                .filter(id -> id >= from && id <= upTo && !log.wasHanded(id))
                .toList();
        log.read(upTo, due.size());
        Stream reader = streams.get(random.nextInt(streams.size()));
        due.forEach(reader::hand);
    }

    private static void confirmSome(Stream stream, Random random) {
        stream.confirm(stream.outbound.confirmed() + random.nextInt(stream.outbound.size() + 1));
    }

    private void gone(Random random) {
        if (streams.isEmpty()) {
            return;
        }
        Stream lost = streams.remove(random.nextInt(streams.size()));
        for (long id : lost.outbound.ids()) {
            if (log.wasHanded(id) && !isHeld(id)) {
                log.returned(id);
            }
        }
    }

    private void told() {
        told = log.mark();
        log.told(told);
    }

    private void nextOwner(Random random) {
        streams.removeIf(_ -> random.nextInt(3) == 0);
        log = new AccountLog();
        for (Stream stream : streams) {
            long heard = stream.outbound.confirmed() + random.nextInt(stream.outbound.size() + 1);
            stream.announce(heard);
        }
        if (random.nextBoolean() && !streams.isEmpty()) {
            confirmSome(streams.getFirst(), random);
        }
        log.open(1, standing(), streams.stream().map(each -> each.outbound).toList());
    }

    /// Clients that get everything, each in its own time: nothing is offered again that one of them has.
    @Test
    void whatALivingStreamHasConfirmedIsNotOfferedAgain() {
        begin();
        Stream phone = new Stream();
        for (int i = 0; i < 3; i++) {
            phone.hand(entry());
        }
        phone.confirm(3);
        told(); // 3
        phone.hand(entry());
        Stream desk = new Stream();
        for (int i = 0; i < 5; i++) {
            long id = entry();
            phone.hand(id);
            desk.hand(id);
        }
        desk.confirm(4);
        desk.announce(5);
        log = new AccountLog();
        log.open(2, standing(), List.of(desk.outbound)); // 5 to 9, 9 not confirmed; the phone is gone
        assertThat(log.firstWaiting()).as("only the phone had it").isEqualTo(4);
        assertThat(log.lastWaiting()).isEqualTo(4);
        assertThat(log.mark()).isEqualTo(3);
        log.read(4, 1);
        desk.hand(4);
        desk.confirm(6);
        assertThat(log.mark()).isEqualTo(9);
    }

    private Standing standing() {
        long waiting = received.stream().filter(id -> id > told).count();
        return new Standing(false, lastId, told, waiting, 100, ArchivePreference.ALWAYS, List.of(), List.of());
    }

    private boolean isHeld(long id) {
        return streams.stream().anyMatch(stream -> stream.outbound.holds(id));
    }

    private void check() {
        for (long id : received) {
            if (!confirmed.contains(id)) {
                boolean waits = id >= log.firstWaiting() && id <= log.lastWaiting() && !log.wasHanded(id);
                assertThat(log.mark()).as("mark").isLessThan(id);
                assertThat(waits || isHeld(id)).as("entry %s", id).isTrue();
            }
        }
    }
}
