package im.stanzabus.offline;

import static im.stanzabus.bus.api.LogRequest.Outcome.KEPT;
import static im.stanzabus.bus.api.LogRequest.Outcome.REFUSED;
import static im.stanzabus.offline.LogServer.JULIET;
import static im.stanzabus.offline.LogServer.ROMEO;
import static im.stanzabus.offline.LogServer.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import im.stanzabus.bus.BusFailure;
import im.stanzabus.bus.IqAccess;
import im.stanzabus.bus.api.Done;
import im.stanzabus.bus.api.LogRequest.Entry;
import im.stanzabus.bus.api.LogRequest.Outcome;
import im.stanzabus.bus.api.Purge;
import im.stanzabus.stanza.Jid;
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

    private void assertStanding(Jid owner, long last, long waiting) {
        assertThat(log.standing(owner).lastId()).isEqualTo(last);
        assertThat(log.standing(owner).waiting()).isEqualTo(waiting);
    }

    private static List<Entry> asRead(List<Entry> entries) {
        return entries.stream().map(entry -> Change.of(entry).epoch(0).entry()).toList();
    }

    @Test
    void givesBackWhatWasAppendedInOrder() {
        assertThat(log.append(JULIET, 1, 3)).containsExactly(KEPT, KEPT, KEPT);
        assertThat(log.append(ROMEO, 7, 7)).containsExactly(KEPT);
        assertThat(log.append(JULIET, 4, 5)).containsExactly(KEPT, KEPT);
        assertThat(log.page(JULIET, 0, 100)).isEqualTo(asRead(LogServer.entries(JULIET, 1, 5)));
        assertStanding(JULIET, 5, 5);
        assertStanding(ROMEO, 7, 1);
    }

    @Test
    void answersForOneRequestOfManyAccounts() {
        List<Entry> mixed = List.of(
                LogServer.entry(JULIET, 1),
                LogServer.entry(ROMEO, 1),
                LogServer.entry(JULIET, 2),
                LogServer.entry(ROMEO, 2));
        assertThat(await(log.appendSoon(mixed))).containsExactly(KEPT, KEPT, KEPT, KEPT);
        assertThat(log.undelivered(JULIET)).containsExactly(1L, 2L);
        assertThat(log.undelivered(ROMEO)).containsExactly(1L, 2L);
        assertThat(await(log.appendSoon(List.of()))).isEmpty();
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
        assertThat(log.append(JULIET, 2, 4)).containsExactly(KEPT, KEPT, KEPT);
        assertThat(log.undelivered(JULIET)).containsExactly(1L, 2L, 3L, 4L);
        assertStanding(JULIET, 4, 4);
        List<Entry> twice = List.of(LogServer.entry(JULIET, 5), LogServer.entry(JULIET, 5));
        assertThat(await(log.appendSoon(twice))).containsExactly(KEPT, KEPT);
        assertStanding(JULIET, 5, 5);
    }

    @Test
    void forgetsWhatWasUnderWayWhenTheAccountWasRemoved() {
        List<Future<List<Outcome>>> appends = new ArrayList<>();
        for (int i = 1; i <= 500; i++) {
            appends.add(log.appendSoon(List.of(LogServer.entry(JULIET, i))));
        }
        await(log.bus.request("purge:offline-service", new Purge(JULIET), Done.class));
        appends.forEach(LogServer::await);
        assertThat(log.undelivered(JULIET)).isEmpty();
        assertStanding(JULIET, 0, 0);
    }

    @Test
    void doesNotBringBackARepeatedEntryThatWasDelivered() {
        log.append(JULIET, 1, 3);
        log.delivered(JULIET, 2);
        assertThat(log.append(JULIET, 1, 3)).containsExactly(KEPT, KEPT, KEPT);
        assertThat(log.undelivered(JULIET)).containsExactly(3L);
        assertStanding(JULIET, 3, 1);
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
        assertThat(log.number("SELECT count(*) FROM message_log")).isZero();
    }

    @Test
    void neverMovesAMarkBack() {
        log.append(JULIET, 1, 5);
        log.delivered(JULIET, 4);
        log.delivered(JULIET, 2);
        assertThat(log.append(JULIET, 3, 4)).containsExactly(KEPT, KEPT);
        assertThat(log.undelivered(JULIET)).containsExactly(5L);
        assertStanding(JULIET, 5, 1);
    }

    @Test
    void doesNotKeepWhatReachedItsUserBeforeItWasWritten() {
        log.append(JULIET, 1, 1);
        log.delivered(JULIET, 3);
        assertThat(log.append(JULIET, 3, 4)).containsExactly(KEPT, KEPT);
        assertThat(log.undelivered(JULIET)).containsExactly(4L);
        assertStanding(JULIET, 4, 1);
        assertThat(log.number("SELECT count(*) FROM message_log")).isEqualTo(1);
    }

    /// Its account may have been removed and made anew, with ids from 1 on.
    @Test
    void doesNotMoveTheMarkOfAnAccountWithoutALog() {
        log.delivered(JULIET, 3);
        log.append(JULIET, 1, 2);
        assertThat(log.undelivered(JULIET)).containsExactly(1L, 2L);
    }

    @Test
    void takesTheMarkAlongWithAnEntry() {
        log.append(JULIET, 1, 5);
        log.append(Change.of(LogServer.entry(JULIET, 6)).delivered(4).entry());
        assertThat(log.undelivered(JULIET)).containsExactly(5L, 6L);
        assertThat(log.number("SELECT count(*) FROM message_log")).isEqualTo(2);
        log.append(Change.of(LogServer.entry(JULIET, 7)).delivered(2).entry());
        assertThat(log.standing(JULIET).deliveredId()).isEqualTo(4);
    }

    @Test
    void keepsWhatIsArchivedAfterDelivery() {
        log.append(
                LogServer.archived(JULIET, 1),
                LogServer.entry(JULIET, 2),
                Change.of(LogServer.entry(JULIET, 3)).sent().entry(),
                LogServer.archived(JULIET, 4));
        log.delivered(JULIET, 4);
        assertThat(log.undelivered(JULIET)).isEmpty();
        assertThat(log.number("SELECT sum(id)::bigint FROM message_log")).isEqualTo(8);
        assertThat(log.append(LogServer.archived(JULIET, 1), LogServer.entry(JULIET, 2)))
                .containsExactly(KEPT, KEPT);
        assertThat(log.number("SELECT count(*) FROM message_log")).isEqualTo(3);
    }

    @Test
    void readsReceivedEntriesOnly() {
        log.append(
                Change.of(LogServer.archived(JULIET, 1)).sent().entry(),
                LogServer.archived(JULIET, 2),
                Change.of(LogServer.archived(JULIET, 3)).sent().entry());
        assertThat(log.undelivered(JULIET)).containsExactly(2L);
        assertStanding(JULIET, 3, 1);
    }

    /// Its first attempt failed, and the one behind it did not.
    @Test
    void writesAnEntryThatWasOvertaken() {
        log.append(LogServer.archived(JULIET, 1), LogServer.entry(JULIET, 4));
        assertThat(log.append(LogServer.entry(JULIET, 2), LogServer.archived(JULIET, 3), LogServer.entry(JULIET, 4)))
                .containsExactly(KEPT, KEPT, KEPT);
        assertThat(log.undelivered(JULIET)).containsExactly(1L, 2L, 3L, 4L);
        assertThat(log.number("SELECT count(*) FROM message_log")).isEqualTo(4);
    }

    @Test
    void refusesAnImpossibleEntryOnly() {
        assertThat(log.append(LogServer.entry(JULIET, 0), LogServer.entry(ROMEO, 1), LogServer.entry(JULIET, 1)))
                .containsExactly(REFUSED, KEPT, KEPT);
        assertThat(log.undelivered(JULIET)).containsExactly(1L);
    }

    @Test
    void takesTheLongestAddresses() {
        Jid owner = Jid.of("a".repeat(1023) + "@example.org");
        Jid peer = Jid.of("b".repeat(1023) + "@" + "c".repeat(63) + ".example.org");
        assertThat(log.append(Change.of(LogServer.archived(owner, 1)).peer(peer).entry()))
                .containsExactly(KEPT);
        assertThat(log.page(owner, 0, 1).getFirst().peer()).isEqualTo(peer);
    }

    @Test
    void neverGivesAnIdTwiceEvenIfNothingWaits() {
        log.append(JULIET, 1, 9);
        log.delivered(JULIET, 9);
        assertStanding(JULIET, 9, 0);
    }

    @Test
    void forgetsAPurgedAccountOnly() {
        log.append(JULIET, 1, 3);
        log.append(ROMEO, 1, 1);
        String address = log.services.living().getFirst().purgeAddress();
        await(log.bus.request(address, new Purge(JULIET), Done.class));
        await(log.bus.request(address, new Purge(JULIET), Done.class));
        assertStanding(JULIET, 0, 0);
        assertThat(log.undelivered(JULIET)).isEmpty();
        assertThat(log.undelivered(ROMEO)).containsExactly(1L);
        assertThat(log.append(JULIET, 1, 1)).containsExactly(KEPT);
    }

    @Test
    void announcesItselfWhileItLives() {
        assertThat(log.services.living()).singleElement().satisfies(service -> {
            assertThat(service.name()).isEqualTo("offline-service");
            assertThat(service.purge()).isTrue();
            assertThat(service.accountFeatures()).contains("urn:xmpp:mam:2", "urn:xmpp:mam:2#extended");
            assertThat(service.iqNamespaces())
                    .containsExactly(java.util.Map.entry("urn:xmpp:mam:2", IqAccess.SUBSCRIBERS));
            assertThat(service.serverFeatures()).containsExactly("msgoffline");
        });
        log.stop();
        assertThat(log.services.living()).isEmpty();
    }

    @Test
    void leavesOutAnEntryThatCannotBeRead() {
        log.append(JULIET, 1, 3);
        log.execute("UPDATE message_log SET stanza = 'broken' WHERE id = 2");
        assertThat(log.undelivered(JULIET)).containsExactly(1L, 3L);
    }

    @Test
    void finishesWhatItHasBeforeItStops() {
        Future<List<Outcome>> answer = log.appendSoon(LogServer.entries(JULIET, 1, 500));
        log.stop();
        assertThat(await(answer)).hasSize(500).containsOnly(KEPT);
        assertThat(log.number("SELECT count(*) FROM message_log")).isEqualTo(500);
    }

    /// A page shorter than asked for would look like the last one.
    @Test
    void fillsAPageInSpiteOfEntriesThatCannotBeRead() {
        log.append(JULIET, 1, 9);
        log.execute("UPDATE message_log SET stanza = 'broken' WHERE id IN (2, 3, 4)");
        assertThat(log.page(JULIET, 0, 4).stream().map(Entry::id)).containsExactly(1L, 5L, 6L, 7L);
        assertThat(log.page(JULIET, 7, 4).stream().map(Entry::id)).containsExactly(8L, 9L);
    }

    @Test
    void removesALargeLogStepByStep() {
        for (int i = 0; i < 11; i++) {
            log.append(JULIET, 1 + i * 1000, 1000 + i * 1000);
        }
        log.append(ROMEO, 1, 1);
        await(log.bus.request("purge:offline-service", new Purge(JULIET), Done.class));
        assertThat(log.number("SELECT count(*) FROM message_log")).isEqualTo(1);
        assertThat(log.number("SELECT count(*) FROM log_standing")).isEqualTo(1);
    }
}
