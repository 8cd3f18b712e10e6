package im.stanzabus.offline;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import im.stanzabus.bus.api.LogRequest.Appended;
import im.stanzabus.bus.api.LogRequest.Entry;
import im.stanzabus.offline.stored.Retention;
import im.stanzabus.stanza.Jid;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What a hundred messages may cost on their way into the log: statements, counted where they leave the service, and
/// memory. Nothing here depends on time: the database answers when it is told to.
class LogBudgetTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int HUNDRED = 100;

    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final List<Future<Appended>> answers = new ArrayList<>();

    @AfterEach
    void close() {
        LogServer.await(vertx.close());
    }

    private AppendQueue queue(HeldDatabase database) {
        Retention retention = new Retention(List.of(LogServer.HOST), () -> LogServer.NOW);
        return new AppendQueue(
                context,
                new LogTable(database.pool(), 1_000, retention),
                retention,
                new Retry(vertx, Duration.ofSeconds(60)),
                new OfflineMetrics(new SimpleMeterRegistry()));
    }

    /// Does something in a turn of the context, and waits until what it has put off is done too.
    private <T> T inATurn(Supplier<T> work) throws Exception {
        CompletableFuture<T> done = new CompletableFuture<>();
        context.runOnContext(_ -> {
            try {
                T result = work.get();
                context.runOnContext(_ -> done.complete(result));
            } catch (RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        return done.get(60, TimeUnit.SECONDS);
    }

    private static List<Entry> entriesOfHundredAccounts() {
        return IntStream.range(0, HUNDRED)
                .mapToObj(i -> LogServer.archived(Jid.of("mercutio" + i + "@example.org"), 1))
                .toList();
    }

    private void answerFirst(HeldDatabase database) throws Exception {
        inATurn(() -> {
            database.answerFirst();
            return true;
        });
    }

    @Test
    void aHundredMessagesOfATurnAreOneStatement() throws Exception {
        HeldDatabase database = HeldDatabase.holding();
        AppendQueue queue = queue(database);
        List<Entry> entries = entriesOfHundredAccounts();
        inATurn(() -> {
            entries.forEach(entry -> answers.add(queue.append(List.of(entry))));
            return answers.size();
        });
        assertThat(database.statements()).isEqualTo(1);
        assertThat(database.entries()).isEqualTo(HUNDRED);
        answerFirst(database);
        assertThat(answers).hasSize(HUNDRED).allMatch(Future::succeeded);
    }

    /// Two statements run at a time; what comes meanwhile goes together when one of them has ended.
    @Test
    void whatComesWhileTheDatabaseIsBusyIsOneStatementMore() throws Exception {
        HeldDatabase database = HeldDatabase.holding();
        AppendQueue queue = queue(database);
        inATurn(() -> queue.append(List.of(LogServer.archived(LogServer.ROMEO, 1))));
        inATurn(() -> queue.append(List.of(LogServer.archived(LogServer.JULIET, 1))));
        for (Entry entry : entriesOfHundredAccounts()) {
            inATurn(() -> answers.add(queue.append(List.of(entry))));
        }
        assertThat(database.statements()).isEqualTo(2);
        answerFirst(database);
        assertThat(database.statements()).isEqualTo(3);
        assertThat(database.entries()).isEqualTo(2 + HUNDRED);
        answerFirst(database);
        answerFirst(database);
        assertThat(answers).hasSize(HUNDRED).allMatch(Future::succeeded);
    }

    /// Of one account, which may be in one statement at a time only.
    @Test
    void aHundredMessagesOfAnAccountAreTwoStatements() throws Exception {
        HeldDatabase database = HeldDatabase.holding();
        AppendQueue queue = queue(database);
        for (long id = 1; id <= HUNDRED; id++) {
            Entry entry = LogServer.archived(LogServer.JULIET, id);
            inATurn(() -> answers.add(queue.append(List.of(entry))));
        }
        answerFirst(database);
        answerFirst(database);
        assertThat(database.statements()).isEqualTo(2);
        assertThat(answers).hasSize(HUNDRED).allMatch(Future::succeeded);
    }

    /// Of many rounds the cheapest counts, as loading and compiling classes only adds. The budget is a third
    /// above what was measured, which is the same for interpreted and for compiled code. The driver of the
    /// database is not in it.
    @Test
    void memoryForEachMessage() throws Exception {
        AppendQueue queue = queue(HeldDatabase.quick());
        List<List<Entry>> requests =
                entriesOfHundredAccounts().stream().map(List::of).toList();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 100; round++) {
            answers.clear();
            long before = inATurn(THREADS::getCurrentThreadAllocatedBytes);
            inATurn(() -> {
                requests.forEach(request -> answers.add(queue.append(request)));
                return answers.size();
            });
            least = Math.min(least, inATurn(THREADS::getCurrentThreadAllocatedBytes) - before);
            assertThat(answers).hasSize(HUNDRED).allMatch(Future::succeeded);
        }
        assertThat(least / HUNDRED).isLessThanOrEqualTo(2_200);
    }
}
