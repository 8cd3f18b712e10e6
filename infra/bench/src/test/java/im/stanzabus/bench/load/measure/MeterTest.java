package im.stanzabus.bench.load.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class MeterTest {
    private static final CpuUse TWO_SECONDS = new CpuUse(2, Map.of(), 0, 0);

    @Test
    void aWindowHoldsWhatCameSinceTheLastReset() {
        Meter meter = new Meter();
        long now = System.nanoTime();
        meter.sent(0);
        meter.done(now, now - 9_000_000_000L);
        meter.reset();
        for (int i = 1; i <= 100; i++) {
            meter.sent(i);
            meter.done(now, now - i * 1_000_000L);
        }

        Window window = meter.window(TWO_SECONDS);
        meter.reset();

        assertThat(window.sent()).isEqualTo(100);
        assertThat(window.done()).isEqualTo(100);
        assertThat(window.perSecond()).isEqualTo(50);
        assertThat(window.latencies().getTotalCount()).isEqualTo(100);
        assertThat(window.latencies().getValueAtPercentile(50) / 1e6).isBetween(49.9, 50.1);
        assertThat(window.latencies().getValueAtPercentile(99) / 1e6).isBetween(98.9, 99.2);
        assertThat(window.latencies().getMaxValue() / 1e6).isBetween(99.9, 100.2);
        assertThat(window.lateness().getMaxValue()).isEqualTo(100);
        assertThat(meter.window(TWO_SECONDS).done()).isZero();
    }

    @Test
    void aClockThatIsReadInTheWrongOrderCountsAsNothing() {
        Meter meter = new Meter();
        long now = System.nanoTime();

        meter.done(now, now + 5);

        assertThat(meter.window(TWO_SECONDS).latencies().getMaxValue()).isZero();
    }

    @Test
    void aTimelineHasEachStepThatIsOver() {
        Timeline timeline = new Timeline(0);
        timeline.add(0);
        timeline.add(Timeline.STEP - 1);
        timeline.add(1000 * Timeline.STEP);
        timeline.add(1001 * Timeline.STEP);

        assertThat(timeline.perSecond()).hasSize(1001).startsWith(8, 0).endsWith(0, 4);
        assertThat(timeline.seconds()).hasSize(1001).startsWith(0.25, 0.5);
        assertThat(new Timeline(0).perSecond()).isEmpty();
    }
}
