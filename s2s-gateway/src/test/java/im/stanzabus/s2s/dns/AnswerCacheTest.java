package im.stanzabus.s2s.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerCacheTest {
    private static final String NAME = "xmpp.capulet.example";
    private static final ResourceRecord ADDRESS = new ResourceRecord.Address(InetAddress.ofLiteral("192.0.2.1"));

    private final FakeDns dns = new FakeDns();
    private Duration now = Duration.ZERO;
    private final AnswerCache cache = cache(1 << 20);

    private AnswerCache cache(int bytes) {
        DnsConfig config =
                new DnsConfig(List.of(), Duration.ofSeconds(3), 2, Duration.ofHours(1), Duration.ofSeconds(30), bytes);
        return new AnswerCache(dns, config, () -> now.toNanos());
    }

    private boolean isRemembered(Duration after) {
        int before = dns.asked.size();
        cache.ask(NAME, RecordType.A);
        assertThat(dns.asked).hasSize(before + 1);
        now = now.plus(after);
        cache.ask(NAME, RecordType.A);
        return dns.asked.size() == before + 1;
    }

    @Test
    void anAnswerIsRememberedAsLongAsItSays() {
        dns.says(NAME, RecordType.A, 60, ADDRESS);

        assertThat(isRemembered(Duration.ofSeconds(59))).isTrue();
        now = now.plusSeconds(2);
        assertThat(isRemembered(Duration.ofSeconds(60))).isFalse();
    }

    @Test
    void butNotForEver() {
        dns.says(NAME, RecordType.A, 1_000_000, ADDRESS);

        assertThat(isRemembered(Duration.ofMinutes(59))).isTrue();
        now = now.plusMinutes(2);
        assertThat(isRemembered(Duration.ofMinutes(61))).isFalse();
    }

    @Test
    void anAnswerMayForbidIt() {
        dns.says(NAME, RecordType.A, 0, ADDRESS);

        assertThat(isRemembered(Duration.ZERO)).isFalse();
    }

    @Test
    void thatThereIsNothingIsRememberedForAShortTime() {
        dns.says(NAME, RecordType.A, 10);
        assertThat(isRemembered(Duration.ofSeconds(9))).isTrue();
        now = now.plusSeconds(2);

        dns.says(NAME, RecordType.A, 1_000);
        assertThat(isRemembered(Duration.ofSeconds(29))).isTrue();
        now = now.plusSeconds(2);
        assertThat(isRemembered(Duration.ofSeconds(31))).isFalse();
    }

    @Test
    void failuresAreNotRemembered() {
        dns.fails(NAME, RecordType.A, "down");
        assertThat(cache.ask(NAME, RecordType.A).failed()).isTrue();

        dns.says(NAME, RecordType.A, 60, ADDRESS);

        assertThat(cache.ask(NAME, RecordType.A).result().records()).containsExactly(ADDRESS);
    }

    @Test
    void whoAsksTheSameSharesTheAnswer() {
        Promise<Answer> answer = dns.waits(NAME, RecordType.A);
        Future<Answer> first = cache.ask(NAME, RecordType.A);
        Future<Answer> second = cache.ask(NAME, RecordType.A);
        Future<Answer> other = cache.ask(NAME, RecordType.AAAA);

        assertThat(dns.asked).containsExactly("A " + NAME, "AAAA " + NAME);
        assertThat(other.isComplete()).isTrue();
        answer.complete(new Answer(List.of(ADDRESS), 60));

        assertThat(first.result()).isEqualTo(second.result());
        assertThat(cache.ask(NAME, RecordType.A).result().records()).containsExactly(ADDRESS);
        assertThat(dns.asked).hasSize(2);
    }

    /// Whoever has many domains looked up cannot fill the memory.
    @Test
    void itIsBounded() {
        AnswerCache small = cache(1 << 16);
        for (int i = 0; i < 2_000; i++) {
            dns.says("host" + i + ".example", RecordType.A, 3_600, ADDRESS);
            small.ask("host" + i + ".example", RecordType.A);
        }
        dns.asked.clear();
        for (int i = 0; i < 2_000; i++) {
            small.ask("host" + i + ".example", RecordType.A);
        }

        assertThat(dns.asked).hasSizeGreaterThan(1_700);
    }
}
