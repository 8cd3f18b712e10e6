package im.stanzabus.offline;

import static im.stanzabus.offline.LogServer.JULIET;
import static im.stanzabus.offline.LogServer.ROMEO;
import static im.stanzabus.offline.LogServer.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import im.stanzabus.bus.BusFailure;
import im.stanzabus.bus.api.LogRequest.Entry;
import im.stanzabus.bus.api.LogRequest.Outcome;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.storage.EmbeddedPostgres;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.sqlclient.SqlConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// With a PostgreSQL of its own that writes durably, and that is stopped and killed.
class OutageTest {
    /// One for all tests: making it takes seconds.
    @TempDir
    static Path folder;

    private EmbeddedPostgres postgres;

    @BeforeEach
    void start() {
        postgres = EmbeddedPostgres.start(folder, 0);
        try (LogServer log = new LogServer(postgres.config(), Duration.ofSeconds(9))) {
            log.execute("TRUNCATE message_log, log_standing");
        }
    }

    @AfterEach
    void stop() {
        postgres.close();
    }

    private void restart() {
        int port = postgres.config().port();
        postgres.close();
        postgres = EmbeddedPostgres.start(folder, port);
    }

    /// What `kill -9` does to the server of this test's folder.
    private void kill() throws Exception {
        long pid = Long.parseLong(Files.readAllLines(folder.resolve("data/postmaster.pid"))
                .getFirst()
                .strip());
        ProcessHandle server = ProcessHandle.of(pid).orElseThrow();
        server.destroyForcibly();
        server.onExit().join();
    }

    /// Clients that go on and on: each acknowledged entry is followed by the next of its account.
    @Test
    void hasEverythingThatWasAcknowledgedAfterTheServerWasKilled() throws Exception {
        try (LogServer log = new LogServer(postgres.config(), Duration.ofSeconds(9))) {
            Writers writers = new Writers(log, 40);
            writers.awaitAcknowledged(2000);
            kill();
            int before = writers.acknowledged();
            restart();
            writers.awaitAcknowledged(before + 2000);
            writers.stop();
            for (Jid account : writers.last.keySet()) {
                long last = writers.last.get(account);
                assertThat(log.undelivered(account))
                        .containsExactlyElementsOf(
                                LongStream.rangeClosed(1, last).boxed().toList());
                assertThat(log.standing(account).lastId()).isEqualTo(last);
                assertThat(log.standing(account).waiting()).isEqualTo(last);
            }
        }
    }

    private static final class Writers {
        final Map<Jid, Long> last = new ConcurrentHashMap<>();
        private final LogServer log;
        private final Semaphore acknowledgements = new Semaphore(0);
        private final AtomicInteger total = new AtomicInteger();
        private final List<Promise<Void>> ended = new ArrayList<>();
        private volatile boolean stopped;

        Writers(LogServer log, int count) {
            this.log = log;
            for (int i = 0; i < count; i++) {
                Promise<Void> end = Promise.promise();
                ended.add(end);
                write(Jid.of("writer" + i + "@example.org"), 1, end);
            }
        }

        private void write(Jid account, long id, Promise<Void> end) {
            log.appendSoon(List.of(LogServer.entry(account, id)))
                    .onComplete(
                            kept -> {
                                if (kept.getFirst() == Outcome.KEPT) {
                                    last.put(account, id);
                                    total.incrementAndGet();
                                    acknowledgements.release();
                                }
                                if (stopped || kept.getFirst() != Outcome.KEPT) {
                                    end.complete();
                                } else {
                                    write(account, id + 1, end);
                                }
                            },
                            end::fail);
        }

        int acknowledged() {
            return total.get();
        }

        void awaitAcknowledged(int count) throws InterruptedException {
            assertThat(acknowledgements.tryAcquire(count - taken, 30, TimeUnit.SECONDS))
                    .isTrue();
            taken = count;
        }

        private int taken;

        void stop() {
            stopped = true;
            await(Future.all(ended.stream().map(Promise::future).toList()));
        }
    }

    @Test
    void refusesAtOnceWhatTheQueueCannotHoldWhileTheDatabaseHangs() {
        try (LogServer log = new LogServer(postgres.config(), Duration.ofMillis(300))) {
            log.append(JULIET, 1, 1);
            SqlConnection blocker = await(log.database.pool().getConnection());
            await(blocker.query("BEGIN").execute());
            await(blocker.query("LOCK TABLE log_standing IN ACCESS EXCLUSIVE MODE")
                    .execute());
            Future<List<Outcome>> waiting = log.appendSoon(LogServer.entries(ROMEO, 1, AppendQueue.MAX_PENDING - 100));
            Future<List<Outcome>> tooMany = log.appendSoon(LogServer.entries(JULIET, 2, 200));
            assertThatThrownBy(() -> await(tooMany)).isInstanceOf(BusFailure.class);
            assertThat(waiting.isComplete()).isFalse();
            await(blocker.query("ROLLBACK").execute());
            await(blocker.close());
            // The first group gave up or got through; what it says holds either way.
            await(waiting.otherwiseEmpty());
            if (waiting.succeeded()) {
                assertThat(waiting.result().stream()
                                .filter(kept -> kept == Outcome.KEPT)
                                .count())
                        .isEqualTo(log.standing(ROMEO).waiting());
            }
            assertThat(log.append(JULIET, 2, 2)).containsExactly(Outcome.KEPT);
        }
    }

    @Test
    void acknowledgesNothingWhileTheDatabaseIsAwayAndGoesOnAfterwards() {
        try (LogServer log = new LogServer(postgres.config(), Duration.ofMillis(400))) {
            assertThat(log.append(JULIET, 1, 3)).containsOnly(Outcome.KEPT);
            int port = postgres.config().port();
            postgres.close();
            long begin = System.nanoTime();
            Future<List<Outcome>> lost = log.appendSoon(LogServer.entries(JULIET, 4, 5));
            assertThatThrownBy(() -> await(lost))
                    .isInstanceOf(BusFailure.class)
                    .extracting(e -> ((BusFailure) e).error())
                    .satisfies(error -> {
                        StanzaError refusal = (StanzaError) error;
                        assertThat(refusal.condition()).isEqualTo(StanzaError.Condition.RESOURCE_CONSTRAINT);
                        assertThat(refusal.type()).isEqualTo(StanzaError.Type.WAIT);
                    });
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
            assertThatThrownBy(() -> log.standing(JULIET)).isInstanceOf(BusFailure.class);
            assertThat(ArchiveClient.refusal(() -> new ArchiveClient(log).query()))
                    .isEqualTo(StanzaError.Condition.RESOURCE_CONSTRAINT);
            assertThatThrownBy(() -> log.delivered(JULIET, 1)).isInstanceOf(BusFailure.class);

            postgres = EmbeddedPostgres.start(folder, port);
            assertThat(log.undelivered(JULIET)).containsExactly(1L, 2L, 3L);
            assertThat(log.append(JULIET, 4, 5)).containsExactly(Outcome.KEPT, Outcome.KEPT);
            assertThat(log.undelivered(JULIET)).containsExactly(1L, 2L, 3L, 4L, 5L);
        }
    }

    @Test
    void survivesARestartOfTheServerWithoutAnError() {
        try (LogServer log = new LogServer(postgres.config(), Duration.ofSeconds(9))) {
            assertThat(log.append(JULIET, 1, 3)).containsOnly(Outcome.KEPT);
            int port = postgres.config().port();
            postgres.close();
            Future<List<Outcome>> during = log.appendSoon(LogServer.entries(ROMEO, 1, 400));
            postgres = EmbeddedPostgres.start(folder, port);
            assertThat(await(during)).hasSize(400).containsOnly(Outcome.KEPT);
            assertThat(log.page(ROMEO, 0, 1000).stream().map(Entry::id).collect(Collectors.toSet()))
                    .hasSize(400);
            log.delivered(JULIET, 2);
            assertThat(log.undelivered(JULIET)).containsExactly(3L);
        }
    }
}
