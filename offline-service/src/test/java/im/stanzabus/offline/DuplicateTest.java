package im.stanzabus.offline;

import static im.stanzabus.offline.LogServer.JULIET;
import static im.stanzabus.offline.LogServer.ROMEO;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.api.LogRequest.Entry;
import im.stanzabus.bus.api.LogRequest.Outcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A message that comes again, from whoever does not know that it is there.
class DuplicateTest {
    private final LogServer log = new LogServer();

    @AfterEach
    void close() {
        log.close();
    }

    private static Entry again(long id, long stream, long number) {
        return Change.of(LogServer.archived(JULIET, id))
                .origin(stream, number)
                .retry()
                .entry();
    }

    @Test
    void writesAMessageOfAnOriginOnce() {
        log.append(Change.of(LogServer.archived(JULIET, 1)).origin(9, 5).entry());
        assertThat(log.append(again(2, 9, 5), again(3, 9, 6), again(4, 8, 5)))
                .containsExactly(Outcome.DUPLICATE, Outcome.KEPT, Outcome.KEPT);
        assertThat(log.undelivered(JULIET)).containsExactly(1L, 3L, 4L);
    }

    @Test
    void givesTheSameAnswerWhenTheRequestIsRepeated() {
        log.append(Change.of(LogServer.archived(JULIET, 1)).origin(9, 5).entry());
        for (int i = 0; i < 3; i++) {
            assertThat(log.append(again(2, 9, 5), again(3, 9, 6))).containsExactly(Outcome.DUPLICATE, Outcome.KEPT);
        }
        assertThat(log.undelivered(JULIET)).containsExactly(1L, 3L);
    }

    @Test
    void tellsTheTwoSidesOfAMessageApart() {
        log.append(Change.of(LogServer.archived(JULIET, 1)).origin(9, 5).sent().entry());
        assertThat(log.append(again(2, 9, 5))).containsExactly(Outcome.KEPT);
        assertThat(log.append(Change.of(again(3, 9, 5)).sent().entry())).containsExactly(Outcome.DUPLICATE);
    }

    @Test
    void looksInTheSameAccountOnly() {
        log.append(Change.of(LogServer.archived(ROMEO, 1)).origin(9, 5).entry());
        assertThat(log.append(again(1, 9, 5))).containsExactly(Outcome.KEPT);
    }

    @Test
    void findsItInTheSameRequest() {
        assertThat(log.append(
                        Change.of(LogServer.archived(JULIET, 1)).origin(9, 5).entry(), again(2, 9, 5), again(3, 9, 5)))
                .containsExactly(Outcome.KEPT, Outcome.DUPLICATE, Outcome.DUPLICATE);
        assertThat(log.undelivered(JULIET)).containsExactly(1L);
    }

    /// What a stale owner was refused is not there.
    @Test
    void doesNotTakeARefusedOneForTheMessage() {
        log.claim(JULIET, 2);
        Entry stale = Change.of(LogServer.archived(JULIET, 1)).origin(9, 5).entry();
        assertThat(log.append(stale, Change.of(again(1, 9, 5)).epoch(2).entry()))
                .containsExactly(Outcome.STALE, Outcome.KEPT);
        assertThat(log.undelivered(JULIET)).containsExactly(1L);
    }

    @Test
    void doesNotLookWithoutBeingAsked() {
        log.append(Change.of(LogServer.archived(JULIET, 1)).origin(9, 5).entry());
        assertThat(log.append(
                        Change.of(LogServer.archived(JULIET, 2)).origin(9, 5).entry()))
                .containsExactly(Outcome.KEPT);
    }

    /// Whatever has been written since, by whomever.
    @Test
    void findsItHoweverLongTheLogIs() {
        log.append(Change.of(LogServer.archived(JULIET, 1)).origin(9, 5).entry());
        log.append(Change.of(LogServer.archived(JULIET, 2)).origin(9, 6).sent().entry());
        log.execute("INSERT INTO message_log SELECT owner, id + n, peer, false, true, received_at, expires_on, 77, n,"
                + " stanza FROM message_log, generate_series(2, 20000) n WHERE id = 1");
        log.execute("UPDATE log_standing SET last_id = 20001, received_id = 20001");
        assertThat(log.append(
                        again(20_002, 9, 5),
                        Change.of(again(20_003, 9, 6)).sent().entry(),
                        again(20_004, 9, 6)))
                .containsExactly(Outcome.DUPLICATE, Outcome.DUPLICATE, Outcome.KEPT);
    }
}
