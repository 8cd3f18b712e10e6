package im.stanzabus.bench.load.report;

import im.stanzabus.bench.load.measure.Window;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// One figure over all windows: its median, least and most.
record Spread(double median, double least, double most) {
    private static final double MANY = 100;
    private static final double SOME = 10;

    static Spread of(List<Window> windows, ToDoubleFunction<Window> figure) {
        double[] values = windows.stream().mapToDouble(figure).sorted().toArray();
        if (values.length == 0) {
            return new Spread(0, 0, 0);
        }
        int middle = values.length / 2;
        double median = values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
        return new Spread(median, values[0], values[values.length - 1]);
    }

    /// With three digits, and the spread where there is one.
    String text() {
        String text = number(median);
        return least == most ? text : text + " (" + number(least) + "–" + number(most) + ")";
    }

    static String number(double value) {
        String format = value >= MANY ? "%.0f" : value >= SOME ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, value);
    }
}
