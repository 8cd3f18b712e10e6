package im.stanzabus.offline;

import static im.stanzabus.offline.LogServer.JULIET;
import static im.stanzabus.offline.LogServer.ROMEO;
import static im.stanzabus.offline.LogServer.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import im.stanzabus.bus.BusFailure;
import im.stanzabus.bus.api.Done;
import im.stanzabus.bus.api.LogRequest.Entry;
import im.stanzabus.bus.api.LogRequest.Mark;
import im.stanzabus.bus.api.Purge;
import im.stanzabus.stanza.StanzaError;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MessageLogTest {
    private final LogServer log = new LogServer();

    @AfterEach
    void close() {
        log.close();
    }

    @Test
    void givesBackWhatWasAppendedInOrder() {
        assertThat(log.append(JULIET, 1, 3)).containsExactly(true, true, true);
        assertThat(log.append(ROMEO, 7, 7)).containsExactly(true);
        assertThat(log.append(JULIET, 4, 5)).containsExactly(true, true);
        assertThat(log.page(JULIET, 0, 100)).isEqualTo(LogServer.entries(JULIET, 1, 5));
        assertThat(log.mark(JULIET)).isEqualTo(new Mark(5, 5));
        assertThat(log.mark(ROMEO)).isEqualTo(new Mark(7, 1));
    }

    @Test
    void answersForOneRequestOfManyAccounts() {
        List<Entry> mixed = List.of(
                LogServer.entry(JULIET, 1),
                LogServer.entry(ROMEO, 1),
                LogServer.entry(JULIET, 2),
                LogServer.entry(ROMEO, 2));
        assertThat(await(log.appendSoon(mixed))).containsExactly(true, true, true, true);
        assertThat(log.undelivered(JULIET)).containsExactly(1L, 2L);
        assertThat(log.undelivered(ROMEO)).containsExactly(1L, 2L);
        assertThat(await(log.appendSoon(List.of()))).isEmpty();
    }

    @Test
    void knowsNothingOfAnEmptyAccount() {
        assertThat(log.mark(JULIET)).isEqualTo(new Mark(0, 0));
        assertThat(log.undelivered(JULIET)).isEmpty();
    }

    @Test
    void givesPagesByKey() {
        log.append(JULIET, 1, 250);
        List<Long> all = new ArrayList<>();
        long after = 0;
        for (List<Entry> page = log.page(JULIET, after, 100); !page.isEmpty(); page = log.page(JULIET, after, 100)) {
            page.forEach(entry -> all.add(entry.id()));
            after = all.getLast();
        }
        assertThat(all).hasSize(250).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void refusesAPageThatIsTooLong() {
        assertThatThrownBy(() -> log.page(JULIET, 0, 1001))
                .isInstanceOf(BusFailure.class)
                .extracting(e -> ((BusFailure) e).error().condition())
                .isEqualTo(StanzaError.Condition.BAD_REQUEST);
    }

    @Test
    void writesARepeatedEntryOnce() {
        log.append(JULIET, 1, 3);
        assertThat(log.append(JULIET, 2, 4)).containsExactly(true, true, true);
        assertThat(log.undelivered(JULIET)).containsExactly(1L, 2L, 3L, 4L);
        assertThat(log.mark(JULIET)).isEqualTo(new Mark(4, 4));
        List<Entry> twice = List.of(LogServer.entry(JULIET, 5), LogServer.entry(JULIET, 5));
        assertThat(await(log.appendSoon(twice))).containsExactly(true, true);
        assertThat(log.mark(JULIET)).isEqualTo(new Mark(5, 5));
    }

    @Test
    void forgetsWhatWasUnderWayWhenTheAccountWasRemoved() {
        List<Future<List<Boolean>>> appends = new ArrayList<>();
        for (int i = 1; i <= 500; i++) {
            appends.add(log.appendSoon(List.of(LogServer.entry(JULIET, i))));
        }
        await(log.bus.request("purge:offline-service", new Purge(JULIET), Done.class));
        appends.forEach(LogServer::await);
        assertThat(log.undelivered(JULIET)).isEmpty();
        assertThat(log.mark(JULIET)).isEqualTo(new Mark(0, 0));
    }

    @Test
    void doesNotBringBackARepeatedEntryThatWasDelivered() {
        log.append(JULIET, 1, 3);
        log.delivered(JULIET, 2);
        assertThat(log.append(JULIET, 1, 3)).containsExactly(true, true, true);
        assertThat(log.undelivered(JULIET)).containsExactly(3L);
        assertThat(log.mark(JULIET)).isEqualTo(new Mark(3, 1));
    }

    @Test
    void deliversTheRestAgainAfterAPartialMark() {
        log.append(JULIET, 1, 5);
        assertThat(log.undelivered(JULIET)).hasSize(5);
        log.delivered(JULIET, 2);
        assertThat(log.undelivered(JULIET)).containsExactly(3L, 4L, 5L);
        assertThat(log.undelivered(JULIET)).containsExactly(3L, 4L, 5L);
        log.delivered(JULIET, 5);
        assertThat(log.undelivered(JULIET)).isEmpty();
        assertThat(log.number("SELECT count(*) FROM log_entry")).isZero();
    }

    @Test
    void neverMovesAMarkBack() {
        log.append(JULIET, 1, 5);
        log.delivered(JULIET, 4);
        log.delivered(JULIET, 2);
        assertThat(log.append(JULIET, 3, 4)).containsExactly(true, true);
        assertThat(log.undelivered(JULIET)).containsExactly(5L);
        assertThat(log.mark(JULIET)).isEqualTo(new Mark(5, 1));
    }

    @Test
    void doesNotKeepWhatReachedItsUserBeforeItWasWritten() {
        log.delivered(JULIET, 3);
        assertThat(log.append(JULIET, 3, 4)).containsExactly(true, true);
        assertThat(log.undelivered(JULIET)).containsExactly(4L);
        assertThat(log.mark(JULIET)).isEqualTo(new Mark(4, 1));
    }

    @Test
    void neverGivesAnIdTwiceEvenIfNothingWaits() {
        log.append(JULIET, 1, 9);
        log.delivered(JULIET, 9);
        assertThat(log.mark(JULIET)).isEqualTo(new Mark(9, 0));
    }

    @Test
    void forgetsAPurgedAccountOnly() {
        log.append(JULIET, 1, 3);
        log.append(ROMEO, 1, 1);
        String address = log.services.living().getFirst().purgeAddress();
        await(log.bus.request(address, new Purge(JULIET), Done.class));
        await(log.bus.request(address, new Purge(JULIET), Done.class));
        assertThat(log.mark(JULIET)).isEqualTo(new Mark(0, 0));
        assertThat(log.undelivered(JULIET)).isEmpty();
        assertThat(log.undelivered(ROMEO)).containsExactly(1L);
        assertThat(log.append(JULIET, 1, 1)).containsExactly(true);
    }

    @Test
    void announcesItselfWhileItLives() {
        assertThat(log.services.living()).singleElement().satisfies(service -> {
            assertThat(service.name()).isEqualTo("offline-service");
            assertThat(service.purge()).isTrue();
            assertThat(service.serverFeatures()).containsExactly("msgoffline");
        });
        log.stop();
        assertThat(log.services.living()).isEmpty();
    }

    @Test
    void leavesOutAnEntryThatCannotBeRead() {
        log.append(JULIET, 1, 3);
        log.execute("UPDATE log_entry SET stanza = 'broken' WHERE id = 2");
        assertThat(log.undelivered(JULIET)).containsExactly(1L, 3L);
    }

    @Test
    void finishesWhatItHasBeforeItStops() {
        Future<List<Boolean>> answer = log.appendSoon(LogServer.entries(JULIET, 1, 500));
        log.stop();
        assertThat(await(answer)).hasSize(500).doesNotContain(false);
        assertThat(log.number("SELECT count(*) FROM log_entry")).isEqualTo(500);
    }
}
