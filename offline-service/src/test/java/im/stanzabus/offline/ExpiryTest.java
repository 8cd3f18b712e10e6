package im.stanzabus.offline;

import static im.stanzabus.offline.LogServer.JULIET;
import static im.stanzabus.offline.LogServer.ROMEO;
import static im.stanzabus.offline.LogServer.await;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.api.LogRequest.Entry;
import im.stanzabus.bus.api.LogRequest.Mark;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ExpiryTest {
    private static final OfflineConfig HOUR = new OfflineConfig(10_000, Duration.ofHours(1));
    private final LogServer log = new LogServer(HOUR);

    @AfterEach
    void close() {
        log.close();
    }

    private void append(im.stanzabus.stanza.Jid owner, long first, long last, Duration age) {
        Instant received = Instant.now().minus(age);
        List<Entry> entries = LogServer.entries(owner, first, last).stream()
                .map(entry -> new Entry(owner, entry.id(), received, entry.stanza()))
                .toList();
        assertThat(await(log.appendSoon(entries))).doesNotContain(false);
    }

    private long expire() {
        Expiry expiry = new Expiry(log.vertx, new LogTable(log.database.pool(), HOUR), new OfflineMetrics(log.metrics));
        expiry.stop();
        return await(expiry.removeAll(0));
    }

    @Test
    void skipsWhatHasWaitedTooLong() {
        append(JULIET, 1, 2, Duration.ofMinutes(61));
        append(JULIET, 3, 4, Duration.ofMinutes(59));
        assertThat(log.undelivered(JULIET)).containsExactly(3L, 4L);
    }

    @Test
    void removesItInSeveralStepsAndGivesTheRoomBack() {
        append(JULIET, 1, 1200, Duration.ofHours(2));
        append(JULIET, 1201, 1203, Duration.ZERO);
        append(ROMEO, 1, 5, Duration.ofHours(2));
        assertThat(expire()).isEqualTo(1205);
        assertThat(log.mark(JULIET)).isEqualTo(new Mark(1203, 3));
        assertThat(log.mark(ROMEO)).isEqualTo(new Mark(5, 0));
        assertThat(log.number("SELECT count(*) FROM log_entry")).isEqualTo(3);
        assertThat(log.metrics.get("stanzabus.log.expired").counter().count()).isEqualTo(1205);
        assertThat(expire()).isZero();
    }

    @Test
    void keepsEverythingWhenNoTimeIsSet() {
        log.stop();
        log.start(LogServer.CONFIG, Duration.ofSeconds(9));
        append(JULIET, 1, 2, Duration.ofDays(3650));
        assertThat(expire()).isZero();
        assertThat(log.undelivered(JULIET)).containsExactly(1L, 2L);
    }
}
