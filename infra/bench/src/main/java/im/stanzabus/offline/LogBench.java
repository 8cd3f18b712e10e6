package im.stanzabus.offline;

import im.stanzabus.bench.micro.EventLoop;
import im.stanzabus.bench.micro.Samples;
import im.stanzabus.bus.Origin;
import im.stanzabus.bus.api.LogRequest.Direction;
import im.stanzabus.bus.api.LogRequest.Entry;
import im.stanzabus.launcher.VirtualHost;
import im.stanzabus.offline.stored.Retention;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// Group commit, for each entry of the log: from the requests of one turn to the arguments of a statement, and from its
/// answer to the answers of the requests. The database takes no time.
@State(Scope.Benchmark)
public class LogBench {
    private static final int TURNS = 16;

    /// As large as a group may be.
    private static final int IN_A_TURN = AppendQueue.MAX_BATCH;

    private final EventLoop loop = new EventLoop();
    private final AppendQueue queue = queue(loop);
    private final List<List<Entry>> oneByOne = new ArrayList<>();
    private final List<Entry> together = new ArrayList<>();
    private long answered;

    public LogBench() {
        Stanza chat = Samples.CHAT.stanza().withFrom(Jid.of("romeo@localhost/orchard"));
        for (int i = 0; i < IN_A_TURN; i++) {
            Entry entry = entry(Jid.of("juliet" + i + "@localhost"), i, chat);
            together.add(entry);
            oneByOne.add(List.of(entry));
        }
    }

    private static AppendQueue queue(EventLoop loop) {
        Retention retention = new Retention(List.of(VirtualHost.of("localhost")), Clock.systemUTC());
        return new AppendQueue(
                loop.context(),
                new LogTable(QuickDatabase.pool(), 1_000, retention),
                retention,
                new Retry(loop.vertx(), Duration.ofSeconds(9)),
                new OfflineMetrics(new SimpleMeterRegistry()));
    }

    private static Entry entry(Jid owner, int number, Stanza chat) {
        return new Entry(
                owner,
                1,
                1_000 + number,
                Clock.systemUTC().instant(),
                Jid.of("romeo@localhost"),
                Direction.RECEIVED,
                true,
                new Origin(number, 1),
                false,
                0,
                chat.withTo(owner));
    }

    /// Each entry has a request of its own.
    @Benchmark
    @OperationsPerInvocation(TURNS * IN_A_TURN)
    public long requestsOfOne() {
        return written(() -> oneByOne.forEach(this::append));
    }

    /// One request has all entries of the turn, as session managers ask.
    @Benchmark
    @OperationsPerInvocation(TURNS * IN_A_TURN)
    public long requestsOfMany() {
        return written(() -> append(together));
    }

    private void append(List<Entry> entries) {
        queue.append(entries)
                .onSuccess(appended -> answered += appended.outcomes().size());
    }

    private long written(Runnable turn) {
        long before = answered;
        loop.turns(TURNS, turn);
        if (answered - before != TURNS * IN_A_TURN) {
            throw new IllegalStateException("only " + (answered - before) + " entries were written");
        }
        return answered;
    }

    @TearDown
    public void close() {
        loop.close();
    }
}
