package im.stanzabus.drill.books;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/// A server that keeps the contract is found clean, and one that breaks it once, anywhere, is found out.
class BooksPropertyTest {
    private record Arrival(Label label, String stanzaId) {}

    private static List<Arrival> honest(int pairs, int each) {
        List<Arrival> arrivals = new ArrayList<>();
        for (int number = 0; number < each; number++) {
            for (int pair = 0; pair < pairs; pair++) {
                arrivals.add(new Arrival(new Label("u" + pair + "/a", "r", number), "id" + arrivals.size()));
            }
        }
        return arrivals;
    }

    private static Tally tally(List<Arrival> sent, List<Arrival> arrivals) {
        Books books = new Books();
        sent.forEach(one -> books.sent(one.label(), 0));
        sent.forEach(one -> books.acknowledged(one.label(), 1));
        arrivals.forEach(one -> books.delivered("r/a", one.label().on(1), one.stanzaId(), 2));
        return books.tally();
    }

    @Property(tries = 50)
    void honestyIsFoundClean(
            @ForAll @IntRange(min = 1, max = 8) int pairs, @ForAll @IntRange(min = 1, max = 30) int each) {
        List<Arrival> sent = honest(pairs, each);

        assertThat(tally(sent, sent).isClean()).isTrue();
    }

    @Property(tries = 50)
    void oneLossIsFound(
            @ForAll @IntRange(min = 1, max = 8) int pairs,
            @ForAll @IntRange(min = 2, max = 30) int each,
            @ForAll @IntRange(max = 10_000) int where) {
        List<Arrival> sent = honest(pairs, each);
        List<Arrival> arrivals = new ArrayList<>(sent);
        arrivals.remove(where % arrivals.size());

        Tally tally = tally(sent, arrivals);

        assertThat(tally.lost()).isEqualTo(1);
        assertThat(tally.isClean()).isFalse();
    }

    @Property(tries = 50)
    void oneCopyIsFoundWhereverItComes(
            @ForAll @IntRange(min = 1, max = 8) int pairs,
            @ForAll @IntRange(min = 1, max = 30) int each,
            @ForAll @IntRange(max = 10_000) int what,
            @ForAll @IntRange(max = 10_000) int where) {
        List<Arrival> sent = honest(pairs, each);
        List<Arrival> arrivals = new ArrayList<>(sent);
        int original = what % sent.size();
        int place = original + 1 + where % (sent.size() - original);
        arrivals.add(place, new Arrival(sent.get(original).label(), "another"));

        Tally tally = tally(sent, arrivals);

        assertThat(tally.doubled()).isEqualTo(1);
        assertThat(tally.outOfOrder()).isZero();
        assertThat(tally.isClean()).isFalse();
    }

    @Property(tries = 50)
    void oneThatIsLateIsFound(
            @ForAll @IntRange(min = 1, max = 8) int pairs,
            @ForAll @IntRange(min = 2, max = 30) int each,
            @ForAll @IntRange(max = 10_000) int what) {
        List<Arrival> sent = honest(pairs, each);
        List<Arrival> arrivals = new ArrayList<>(sent);
        int original = what % (sent.size() - pairs);
        arrivals.add(original + pairs, arrivals.remove(original));

        Tally tally = tally(sent, arrivals);

        assertThat(tally.outOfOrder()).isEqualTo(1);
        assertThat(tally.lost()).isZero();
        assertThat(tally.isClean()).isFalse();
    }
}
