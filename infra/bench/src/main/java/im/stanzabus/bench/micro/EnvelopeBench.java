package im.stanzabus.bench.micro;

import im.stanzabus.bus.BusMessage;
import im.stanzabus.bus.ConnectionId;
import im.stanzabus.bus.RecordCodec;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// What a stanza of a client costs on its way between two processes, for each stanza: alone in its bus message, and
/// with others of the same turn, of clients of their own.
@State(Scope.Thread)
public class EnvelopeBench {
    private static final int MANY = 32;

    private final RecordCodec codec = new RecordCodec();
    private final BusMessage one = batch(1);
    private final BusMessage many = batch(MANY);
    private final Buffer oneOnTheWire = written(one, 0);
    private final Buffer manyOnTheWire = written(many, 0);

    private static BusMessage batch(int size) {
        List<SessionEvent> events = new ArrayList<>();
        Stanza chat = Samples.CHAT.stanza();
        for (int i = 0; i < size; i++) {
            Jid client = Jid.of("romeo" + i + "@localhost/orchard");
            events.add(new SessionEvent.FromClient(
                    new ConnectionId("c2s.0@n1", i), client, 1000 + i, false, chat.withFrom(client)));
        }
        return new SessionEvent.Batch(events);
    }

    private Buffer written(BusMessage message, int room) {
        Buffer buffer = Buffer.buffer(room);
        codec.encodeToWire(buffer, message);
        return buffer;
    }

    @Benchmark
    public Buffer writeAlone() {
        return written(one, oneOnTheWire.length());
    }

    @Benchmark
    @OperationsPerInvocation(MANY)
    public Buffer writeAmongMany() {
        return written(many, manyOnTheWire.length());
    }

    @Benchmark
    public BusMessage readAlone() {
        return codec.decodeFromWire(0, oneOnTheWire);
    }

    @Benchmark
    @OperationsPerInvocation(MANY)
    public BusMessage readAmongMany() {
        return codec.decodeFromWire(0, manyOnTheWire);
    }
}
