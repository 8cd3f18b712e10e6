package im.stanzabus.drill.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import im.stanzabus.drill.books.Tally;
import im.stanzabus.drill.client.PretendServer.Sin;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The clients with a server that keeps the contract, and with servers that break it.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PopulationTest {
    private static final int CLIENTS = 12;
    private static final int ENOUGH = 300;

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));

    @AfterEach
    void stop() throws Exception {
        get(vertx.close());
    }

    private static <T> T get(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }

    private Population talking(PretendServer... servers) {
        Population population = new Population(
                vertx,
                List.of(servers).stream().map(PretendServer::address).toList(),
                "drill.test",
                "secret",
                CLIENTS,
                50,
                System.nanoTime(),
                new Random(1));
        get(population.start());
        until(population, state -> state.absent() == 0);
        get(population.talk(true));
        return population;
    }

    private static void until(Population population, java.util.function.Predicate<Population.State> condition) {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> condition.test(get(population.state())));
    }

    private static Tally conclude(Population population) {
        long so = get(population.state()).sent();
        until(population, state -> state.sent() > so + ENOUGH);
        get(population.talk(false));
        until(population, state -> state.absent() == 0 && state.unsettled() == 0);
        return get(population.tally());
    }

    @Test
    void aServerThatKeepsTheContractIsFoundClean() throws Exception {
        Population population = talking(PretendServer.start(vertx, Sin.NONE));

        Tally tally = conclude(population);

        assertThat(tally.isClean()).as(tally.toString()).isTrue();
        assertThat(get(population.severedSince(0, Set.of()))).isEmpty();
        assertThat(tally.acknowledged()).isGreaterThan(ENOUGH).isEqualTo(tally.sent());
        assertThat(tally.knownCopies()).isZero();
        assertThat(tally.sentAgain()).isZero();
        assertThat(tally.withoutStanzaId()).isZero();
    }

    @Test
    void streamsThatAreResumedLoseAndDoubleNothing() throws Exception {
        PretendServer server = PretendServer.start(vertx, Sin.NONE);
        Population population = talking(server);
        for (int times = 1; times <= 4; times++) {
            long so = get(population.state()).sent();
            until(population, state -> state.sent() > so + 50);
            vertx.runOnContext(then -> server.breakAll(true));
        }

        Tally tally = conclude(population);

        assertThat(tally.lost()).isZero();
        assertThat(tally.doubled()).isZero();
        assertThat(tally.outOfOrder()).isZero();
        assertThat(tally.unacknowledged()).isZero();
        assertThat(get(population.ends()).get("closed by the server")).isGreaterThan(4 * CLIENTS);
        assertThat(get(population.severedSince(0, Set.of()))).hasSizeGreaterThan(4 * CLIENTS);
    }

    @Test
    void clientsThatCannotResumeSendAgainAndOwnUpToTheirCopies() throws Exception {
        PretendServer server = PretendServer.start(vertx, Sin.NONE);
        Population population = talking(server);
        for (int times = 1; times <= 10; times++) {
            long so = get(population.state()).sent();
            until(population, state -> state.sent() > so + 20);
            vertx.runOnContext(then -> server.breakAll(false));
            until(population, state -> state.absent() == 0);
        }

        Tally tally = conclude(population);

        assertThat(tally.unacknowledged()).isZero();
        assertThat(tally.doubled()).isZero();
        assertThat(tally.sentAgain()).isGreaterThanOrEqualTo(tally.ownCopies());
    }

    @Test
    void aServerThatForgetsIsFoundOut() throws Exception {
        Tally tally = conclude(talking(PretendServer.start(vertx, Sin.FORGETS)));

        assertThat(tally.lost()).isBetween(ENOUGH / 30L, tally.sent() / 15);
        assertThat(tally.isClean()).isFalse();
    }

    @Test
    void aServerThatRepeatsIsFoundOut() throws Exception {
        Tally tally = conclude(talking(PretendServer.start(vertx, Sin.REPEATS)));

        assertThat(tally.doubled()).isGreaterThan(ENOUGH / 30);
        assertThat(tally.lost()).isZero();
        assertThat(tally.isClean()).isFalse();
    }

    @Test
    void copiesThatTheStanzaIdGivesAwayAreForgiven() throws Exception {
        Tally tally = conclude(talking(PretendServer.start(vertx, Sin.STUTTERS)));

        assertThat(tally.knownCopies()).isGreaterThan(ENOUGH / 30);
        assertThat(tally.isClean()).isTrue();
    }

    @Test
    void aServerThatSwapsIsFoundOut() throws Exception {
        Tally tally = conclude(talking(PretendServer.start(vertx, Sin.SWAPS)));

        assertThat(tally.outOfOrder()).isPositive();
        assertThat(tally.isClean()).isFalse();
    }
}
