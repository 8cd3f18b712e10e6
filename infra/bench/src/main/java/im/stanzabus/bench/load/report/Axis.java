package im.stanzabus.bench.load.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;

/// One axis of a plot: what it shows, and where values are on it.
///
/// @param label what it shows, with its unit
/// @param scale evens out the distances: the identity, or a logarithm
/// @param ticks at least two, in rising order; the first and the last are its ends
record Axis(String label, DoubleUnaryOperator scale, List<Tick> ticks) {
    private static final double[] STEPS = {1, 2, 5, 10};
    private static final int MOST_TICKS = 8;
    private static final double TEN = 10;
    private static final int MOST_NINES = 5;
    private static final double ALL = 100;

    /// A value that is written beside the axis.
    record Tick(double value, String text) {}

    /// From 0 to a round number that is not less than `max`.
    static Axis linear(String label, double max) {
        double step = step(max);
        List<Tick> ticks = new ArrayList<>();
        for (int i = 0; i == 0 || step * (i - 1) < max; i++) {
            ticks.add(new Tick(step * i, text(step * i)));
        }
        return new Axis(label, DoubleUnaryOperator.identity(), List.copyOf(ticks));
    }

    private static double step(double max) {
        double power = Math.pow(TEN, Math.floor(Math.log10(Math.max(max, 1) / MOST_TICKS)));
        for (double each : STEPS) {
            if (max / (power * each) <= MOST_TICKS) {
                return power * each;
            }
        }
        return power * TEN;
    }

    /// The powers of ten around `min` and `max`, which are above 0.
    static Axis logarithmic(String label, double min, double max) {
        int first = (int) Math.floor(Math.log10(min));
        int last = Math.max(first + 1, (int) Math.ceil(Math.log10(max)));
        List<Tick> ticks = new ArrayList<>();
        for (int i = first; i <= last; i++) {
            double value = Math.pow(TEN, i);
            ticks.add(new Tick(value, text(value)));
        }
        return new Axis(label, Math::log10, List.copyOf(ticks));
    }

    /// Parts of a whole, from 0, with as much room for the last hundredth as for the last tenth.
    static Axis nines(String label) {
        List<Tick> ticks = new ArrayList<>();
        for (int i = 0; i <= MOST_NINES; i++) {
            double part = 1 - Math.pow(TEN, -i);
            ticks.add(new Tick(part, text(part * ALL) + " %"));
        }
        return new Axis(label, part -> -Math.log10(1 - part), List.copyOf(ticks));
    }

    private static String text(double value) {
        String text = String.format(Locale.ROOT, "%.6f", value);
        return text.replaceAll("\\.?0+$", "");
    }

    /// Where a value is, from 0 at the axis's beginning to 1 at its end.
    double position(double value) {
        double low = scale.applyAsDouble(ticks.getFirst().value());
        double high = scale.applyAsDouble(ticks.getLast().value());
        return Math.clamp((scale.applyAsDouble(value) - low) / (high - low), 0, 1);
    }
}
