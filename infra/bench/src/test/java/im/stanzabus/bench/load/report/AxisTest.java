package im.stanzabus.bench.load.report;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bench.load.report.Axis.Tick;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;

class AxisTest {
    @Property(tries = 300)
    void roundStepsReachTheHighestValue(@ForAll @DoubleRange(min = 0.01, max = 1e9) double max) {
        Axis axis = Axis.linear("x", max);

        assertThat(axis.ticks()).hasSizeBetween(2, 10);
        assertThat(axis.ticks().getFirst().value()).isZero();
        assertThat(axis.ticks().getLast().value()).isGreaterThanOrEqualTo(max);
        assertThat(axis.position(0)).isZero();
        assertThat(axis.position(max)).isBetween(0.0, 1.0);
    }

    @Property(tries = 300)
    void powersOfTenEncloseTheValues(
            @ForAll @DoubleRange(min = 0.01, max = 1e6) double a,
            @ForAll @DoubleRange(min = 0.01, max = 1e6) double b) {
        Axis axis = Axis.logarithmic("ms", Math.min(a, b), Math.max(a, b));

        assertThat(axis.ticks()).hasSizeGreaterThanOrEqualTo(2);
        assertThat(axis.ticks().getFirst().value()).isLessThanOrEqualTo(Math.min(a, b) * 1.000001);
        assertThat(axis.ticks().getLast().value()).isGreaterThanOrEqualTo(Math.max(a, b) * 0.999999);
    }

    @Example
    void ticksAreWrittenShortly() {
        assertThat(Axis.logarithmic("ms", 0.05, 40).ticks())
                .extracting(Tick::text)
                .containsExactly("0.01", "0.1", "1", "10", "100");
        assertThat(Axis.linear("s", 25).ticks())
                .extracting(Tick::text)
                .containsExactly("0", "5", "10", "15", "20", "25");
    }

    @Example
    void eachNineHasTheSameRoom() {
        Axis axis = Axis.nines("part");

        assertThat(axis.ticks()).extracting(Tick::text).startsWith("0 %", "90 %", "99 %", "99.9 %");
        assertThat(axis.position(0.9)).isBetween(0.199, 0.201);
        assertThat(axis.position(0.999)).isBetween(0.599, 0.601);
        assertThat(axis.position(1)).isEqualTo(1);
    }
}
