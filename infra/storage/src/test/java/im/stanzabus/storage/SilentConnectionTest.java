package im.stanzabus.storage;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.storage.testing.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A network that has lost the way to the database: nothing arrives, and nobody says so.
class SilentConnectionTest {
    private static final Duration MARGIN = Duration.ofSeconds(4);

    private final Vertx vertx = Vertx.vertx();
    private final FrozenProxy proxy = new FrozenProxy(vertx, await(TestDatabase.freshConfig(vertx)));
    private final Database database = await(Database.open(vertx, await(proxy.listen())));

    @AfterEach
    void close() {
        await(database.close());
        await(proxy.close());
        await(vertx.close());
    }

    @Test
    void requestsFailSoonAndTheNextOnesFindAnotherConnection() {
        await(Future.all(questions()));
        proxy.freeze();
        long begin = System.nanoTime();
        List<Future<Void>> asked = questions();
        await(Future.join(asked).otherwiseEmpty());
        assertThat(asked).allMatch(Future::failed);
        assertThat(asked).allMatch(question -> DatabaseAway.isCause(question.cause()));
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Database.SILENCE_LIMIT.plus(MARGIN));

        begin = System.nanoTime();
        Future<Void> anew = question();
        await(anew.otherwiseEmpty());
        assertThat(anew.failed()).as("a connection that is not even begun").isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Database.SILENCE_LIMIT.plus(MARGIN));

        proxy.thaw();
        await(Future.all(questions()));
    }

    private List<Future<Void>> questions() {
        return IntStream.range(0, 20).mapToObj(_ -> question()).toList();
    }

    private Future<Void> question() {
        return database.pool().query("SELECT 1").execute().mapEmpty();
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.await(60, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("nothing happened for 60 s", e);
        }
    }
}
