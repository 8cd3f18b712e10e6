package im.stanzabus.bench.load.measure;

import java.util.Arrays;

/// How much was done in each quarter of a second. To be used by one thread.
public final class Timeline {
    /// Nanoseconds of a step.
    public static final long STEP = 250_000_000;

    private static final double STEPS_PER_SECOND = 4;
    private static final int SOME = 256;

    private final long begin;
    private int[] counts = new int[SOME];
    private int used;

    /// @param begin when it begins, in nanoseconds
    public Timeline(long begin) {
        this.begin = begin;
    }

    public void add(long now) {
        int step = Math.toIntExact((now - begin) / STEP);
        if (step >= counts.length) {
            counts = Arrays.copyOf(counts, Math.max(step + 1, 2 * counts.length));
        }
        used = Math.max(used, step + 1);
        counts[step]++;
    }

    /// Per second, in each step that is complete.
    public double[] perSecond() {
        double[] rates = new double[Math.max(0, used - 1)];
        for (int i = 0; i < rates.length; i++) {
            rates[i] = counts[i] * STEPS_PER_SECOND;
        }
        return rates;
    }

    /// The ends of the steps of {@link #perSecond}, in seconds.
    public double[] seconds() {
        double[] ends = new double[Math.max(0, used - 1)];
        for (int i = 0; i < ends.length; i++) {
            ends[i] = (i + 1) / STEPS_PER_SECOND;
        }
        return ends;
    }
}
