package im.stanzabus.offline;

import static im.stanzabus.offline.LogServer.JULIET;
import static im.stanzabus.offline.LogServer.ROMEO;
import static im.stanzabus.offline.LogServer.await;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.BusFailure;
import im.stanzabus.bus.api.IqRequest;
import im.stanzabus.bus.api.LogRequest.Outcome;
import im.stanzabus.offline.archive.Archive;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaType;
import im.stanzabus.storage.DatabaseConfig;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// One user asks and asks for what takes long; the others must not notice. What takes long is what waits for a
/// table that somebody has locked.
class ArchiveFloodTest {
    private static final int FLOOD = 100;

    /// Much less than what the flood takes.
    private static final Duration SOON = Duration.ofSeconds(3);

    private static final Element BY_TIME = Element.builder("query", Archive.NAMESPACE)
            .child(ArchiveClient.form(Map.of("start", "2026-01-01T00:00:00Z")))
            .build();
    private static final Element EVERYTHING = Element.of("query", Archive.NAMESPACE);
    private static final Element PREFERENCES = Element.of("prefs", Archive.NAMESPACE);

    private final LogServer log = new LogServer();

    @AfterEach
    void close() {
        log.close();
    }

    private Future<IqRequest.Answer> ask(Jid account, StanzaType type, Element payload) {
        Stanza iq = Stanza.iq(type, "i1", Jid.of(account + "/r"), null, payload);
        return log.bus.request(
                Addresses.iq(Archive.NAMESPACE), new IqRequest(account, true, iq), IqRequest.Answer.class);
    }

    private List<Future<IqRequest.Answer>> flood(StanzaType type, Element payload) {
        return IntStream.range(0, FLOOD)
                .mapToObj(_ -> ask(ROMEO, type, payload))
                .toList();
    }

    /// On a connection that is not the pool's.
    private SqlConnection lock(String table) {
        DatabaseConfig place = log.database.config();
        SqlConnection locker = await(PgConnection.connect(
                log.vertx,
                new PgConnectOptions()
                        .setHost(place.host())
                        .setPort(place.port())
                        .setDatabase(place.name())
                        .setUser(place.user())
                        .setPassword(place.password())));
        await(locker.query("BEGIN").execute());
        await(locker.query("LOCK TABLE " + table + " IN ACCESS EXCLUSIVE MODE").execute());
        return locker;
    }

    private static void assertTryLater(Future<IqRequest.Answer> refused) {
        assertThat(refused.cause()).isInstanceOfSatisfying(BusFailure.class, failure -> {
            assertThat(failure.error().condition()).isEqualTo(StanzaError.Condition.RESOURCE_CONSTRAINT);
            assertThat(failure.error().type()).isEqualTo(StanzaError.Type.WAIT);
        });
    }

    private void othersNoticeNothing() {
        long begin = System.nanoTime();
        for (long id = 2; id < 12; id++) {
            assertThat(log.append(LogServer.archived(JULIET, id))).containsExactly(Outcome.KEPT);
            assertThat(await(ask(JULIET, StanzaType.SET, EVERYTHING)).before()).hasSize((int) id);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(SOON);
    }

    @Test
    void queriesOfOneUserKeepNobodyFromTheLog() {
        log.append(LogServer.archived(JULIET, 1));
        SqlConnection locker = lock("log_retention");
        List<Future<IqRequest.Answer>> flood = flood(StanzaType.SET, BY_TIME);
        othersNoticeNothing();

        await(Future.join(flood).otherwiseEmpty());
        assertThat(flood).hasSize(FLOOD).allSatisfy(ArchiveFloodTest::assertTryLater);
        await(locker.close());
        assertThat(await(ask(ROMEO, StanzaType.SET, BY_TIME)).before()).isEmpty();
    }

    @Test
    void preferencesCountToo() {
        log.append(LogServer.archived(JULIET, 1));
        SqlConnection locker = lock("archive_preference");
        List<Future<IqRequest.Answer>> flood = flood(StanzaType.GET, PREFERENCES);
        othersNoticeNothing();

        await(locker.close());
        await(Future.join(flood).otherwiseEmpty());
        List<Future<IqRequest.Answer>> refused =
                flood.stream().filter(Future::failed).toList();
        assertThat(refused).isNotEmpty().allSatisfy(ArchiveFloodTest::assertTryLater);
        assertThat(refused.size()).as("some are answered").isLessThan(FLOOD);
    }
}
