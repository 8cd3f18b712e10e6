package im.stanzabus.offline;

import static im.stanzabus.offline.LogServer.JULIET;
import static im.stanzabus.offline.LogServer.await;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.api.LogRequest.Entry;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/// Whoever pages through the archive gets every message of the result exactly once, in order.
class ArchivePagingTest {
    private static final int MESSAGES = 260;
    private static final List<Jid> PEERS = Stream.of("romeo@example.org", "nurse@example.org", "tybalt@example.com")
            .map(Jid::of)
            .toList();
    private static final List<Entry> ALL = new ArrayList<>();
    private static LogServer log;

    /// What a query asks for, in its words and in ours.
    record Filter(Map<String, String> fields, Predicate<Entry> matches) {
        Filter and(Filter other) {
            Map<String, String> both = new LinkedHashMap<>(fields);
            both.putAll(other.fields);
            return new Filter(both, matches.and(other.matches));
        }

        @Override
        public String toString() {
            return fields.toString();
        }
    }

    /// Ids have gaps, some messages are not archived, some have the same time.
    @BeforeContainer
    static void fill() {
        log = new LogServer();
        long id = 1;
        for (int i = 0; i < MESSAGES; i++) {
            id += 1 + i % 3;
            Entry entry = entry(i, id);
            await(log.appendSoon(List.of(entry)));
            if (entry.archived()) {
                ALL.add(entry);
            }
        }
    }

    @AfterContainer
    static void close() {
        log.close();
    }

    private static Entry entry(int i, long id) {
        Jid peer = PEERS.get(i % 3);
        Jid far = Jid.of(peer + "/" + (i % 2 == 0 ? "phone" : "desk"));
        Jid near = Jid.of(JULIET + "/" + (i % 5 == 0 ? "balcony" : "chamber"));
        boolean sent = i % 4 == 1;
        Element body = Element.text("body", Namespaces.CLIENT, "from='romeo@example.org/phone' " + i);
        Change change = Change.of(LogServer.entry(JULIET, id))
                .peer(peer)
                .received(time(i))
                .stanza(Stanza.message(StanzaType.CHAT, sent ? near : far, sent ? far : near, body));
        if (i % 11 != 0) {
            change = change.archived();
        }
        return (sent ? change.sent() : change).entry();
    }

    private static Instant time(int i) {
        return LogServer.NOW.plus(Duration.ofHours(7L * (i / 2)));
    }

    @Provide
    Arbitrary<Filter> filters() {
        Filter everything = new Filter(Map.of(), entry -> true);
        Arbitrary<Filter> with = Arbitraries.of(
                everything,
                everything,
                with("romeo@example.org"),
                with("tybalt@example.com"),
                with("romeo@example.org/phone"),
                with("nurse@example.org/desk"),
                with("juliet@example.org/balcony"),
                with("nobody@example.org"),
                with("juliet@example.org"));
        Arbitrary<Filter> start = Arbitraries.integers()
                .between(-2, MESSAGES)
                .map(i -> i < 0
                        ? everything
                        : new Filter(
                                Map.of("start", time(i).toString()),
                                entry -> !entry.received().isBefore(time(i))));
        Arbitrary<Filter> end = Arbitraries.integers()
                .between(-2, MESSAGES)
                .map(i -> i < 0
                        ? everything
                        : new Filter(
                                Map.of("end", time(i).toString()),
                                entry -> !entry.received().isAfter(time(i))));
        Arbitrary<Filter> after = Arbitraries.integers()
                .between(-100, MESSAGES / 2)
                .map(i -> i < 0
                        ? everything
                        : new Filter(
                                Map.of("after-id", ArchiveClient.id(ALL.get(i).id())),
                                entry -> entry.id() > ALL.get(i).id()));
        return net.jqwik.api.Combinators.combine(with, start, end, after)
                .as((a, b, c, d) -> a.and(b).and(c).and(d));
    }

    /// A bare address stands for its resources; our own stands for messages to ourselves.
    private static Filter with(String address) {
        Jid jid = Jid.of(address);
        return new Filter(
                Map.of("with", address),
                entry -> jid.isBare()
                        ? entry.peer().equals(jid)
                        : jid.equals(entry.stanza().from())
                                || jid.equals(entry.stanza().to()));
    }

    @Property(tries = 150)
    void givesEachMessageOnceForwards(
            @ForAll("filters") Filter filter, @ForAll @IntRange(min = 1, max = 130) int max, @ForAll boolean flip) {
        List<Long> found = new ArrayList<>();
        String after = null;
        for (boolean complete = false; !complete; ) {
            ArchiveClient.Answer page = page(filter, max, flip, after == null ? "" : "after", after);
            List<Long> ids = flip ? page.ids().reversed() : page.ids();
            assertThat(ids).hasSizeLessThanOrEqualTo(Math.min(max, 100));
            assertEnds(page, ids);
            found.addAll(ids);
            after = page.set("last");
            complete = page.complete();
            assertThat(complete || after != null).isTrue();
        }
        assertThat(found).isEqualTo(expected(filter));
    }

    @Property(tries = 150)
    void givesEachMessageOnceBackwards(
            @ForAll("filters") Filter filter, @ForAll @IntRange(min = 1, max = 130) int max, @ForAll boolean flip) {
        List<Long> found = new ArrayList<>();
        String before = "";
        for (boolean complete = false; !complete; ) {
            ArchiveClient.Answer page = page(filter, max, flip, "before", before);
            List<Long> ids = flip ? page.ids().reversed() : page.ids();
            assertEnds(page, ids);
            found.addAll(0, ids);
            before = page.set("first");
            complete = page.complete();
            assertThat(complete || before != null).isTrue();
        }
        assertThat(found).isEqualTo(expected(filter));
    }

    @Property(tries = 50)
    void countsWhatItWouldGive(@ForAll("filters") Filter filter) {
        ArchiveClient.Answer answer =
                new ArchiveClient(log).query(ArchiveClient.form(filter.fields()), ArchiveClient.set("max", "0"));
        assertThat(answer.messages()).isEmpty();
        assertThat(answer.set("count")).isEqualTo("" + expected(filter).size());
        assertThat(answer.complete()).isEqualTo(expected(filter).isEmpty());
    }

    private static void assertEnds(ArchiveClient.Answer page, List<Long> ids) {
        assertThat(page.set("first")).isEqualTo(ids.isEmpty() ? null : ArchiveClient.id(ids.getFirst()));
        assertThat(page.set("last")).isEqualTo(ids.isEmpty() ? null : ArchiveClient.id(ids.getLast()));
    }

    private static ArchiveClient.Answer page(Filter filter, int max, boolean flip, String side, String id) {
        Element set = side.isEmpty()
                ? ArchiveClient.set("max", "" + max)
                : ArchiveClient.set("max", "" + max, side, String.valueOf(id));
        Element form = ArchiveClient.form(filter.fields());
        ArchiveClient client = new ArchiveClient(log);
        return flip ? client.query(form, set, ArchiveClient.flip()) : client.query(form, set);
    }

    private static List<Long> expected(Filter filter) {
        return ALL.stream().filter(filter.matches()).map(Entry::id).toList();
    }
}
