package im.stanzabus.bus;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaType;
import io.vertx.core.buffer.Buffer;
import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// How much a stanza may cost on the bus: bytes of the wire, and bytes allocated where it is written, read and routed.
/// Of many rounds the cheapest counts, as loading and compiling classes only adds. Budgets are a third above what was
/// measured, which is the same for interpreted and for compiled code.
class EnvelopeBudgetTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int ROUNDS = 200;
    private static final int STANZAS = 50;
    private static final int ROOM = 64 * 1024;
    private static final Stanza CHAT = Stanza.message(
            StanzaType.CHAT,
            null,
            Jid.of("juliet@localhost"),
            Element.text("body", Namespaces.CLIENT, "But, soft! what light through yonder window breaks?"));

    private final RecordCodec codec = new RecordCodec();
    private Object result;

    /// What clients of their own have sent in one turn.
    private static SessionEvent.Batch batch() {
        List<SessionEvent> events = new ArrayList<>();
        for (int i = 0; i < STANZAS; i++) {
            Jid client = Jid.of("romeo" + i + "@localhost/orchard");
            events.add(new SessionEvent.FromClient(
                    new ConnectionId("c2s.0@n1", i), client, 1000 + i, false, CHAT.withFrom(client)));
        }
        return new SessionEvent.Batch(events);
    }

    private Buffer written(BusMessage message) {
        Buffer buffer = Buffer.buffer(ROOM);
        codec.encodeToWire(buffer, message);
        return buffer;
    }

    /// Bytes for each stanza.
    private static long allocated(Runnable work) {
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            work.run();
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        return least / STANZAS;
    }

    /// The sender's address is there once, though it is that of the client and the stanza's `from`.
    @Test
    void whatStandsBesideThePayloadOnTheWire() {
        int payload = CHAT.payload().bytes().length;
        int address = "romeo00@localhost/orchard".length();
        assertThat(written(batch()).length() / STANZAS - payload - address).isLessThanOrEqualTo(50);
    }

    @Test
    void writing() {
        SessionEvent.Batch batch = batch();
        Deque<Buffer> buffers = new ArrayDeque<>();
        for (int i = 0; i < ROUNDS; i++) {
            buffers.add(Buffer.buffer(ROOM));
        }
        assertThat(allocated(() -> codec.encodeToWire(buffers.remove(), batch))).isLessThanOrEqualTo(160);
    }

    @Test
    void reading() {
        Buffer buffer = written(batch());
        assertThat(allocated(() -> result = codec.decodeFromWire(0, buffer))).isLessThanOrEqualTo(690);
        assertThat(((SessionEvent.Batch) result).events()).hasSize(STANZAS);
    }

    @Test
    void routing() {
        LocalMembership membership = new LocalMembership(new NodeId("n1"), "1");
        membership.offer(Addresses.sessions(0));
        SlotTable slots = new SlotTable(membership);
        Router router = new Router(Set.of("localhost"), slots, new ServiceRegistry(membership));
        Jid client = Jid.of("juliet@localhost/balcony");
        assertThat(allocated(() -> {
                    for (int i = 0; i < STANZAS; i++) {
                        result = router.route(client);
                    }
                }))
                .isLessThanOrEqualTo(24);
        assertThat(result).isEqualTo(new Route.Account(SlotTable.slot(client)));
    }
}
