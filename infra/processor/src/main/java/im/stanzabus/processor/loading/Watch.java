package im.stanzabus.processor.loading;

import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Calls a processor and sees to it that its faults stay its own: what it throws goes to the log
/// with its name, and so does a call that takes long. Safe from any thread.
final class Watch {
    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);

    /// An event loop has hundreds of stanzas to handle in that time.
    static final long SLOW_NANOS = 10_000_000;

    private final String processor;
    private final LongSupplier clock;
    private final Seldom faults;
    private final Seldom delays;

    /// @param clock monotonic, in nanoseconds
    Watch(String processor, LongSupplier clock) {
        this.processor = processor;
        this.clock = clock;
        faults = new Seldom(clock.getAsLong());
        delays = new Seldom(clock.getAsLong());
    }

    /// What a call returns; null if it throws, or returns nothing.
    ///
    /// @param place where the processor is asked, for the log
    <T> @Nullable T call(String place, Supplier<? extends @Nullable T> call) {
        long begun = clock.getAsLong();
        try {
            T value = call.get();
            if (value == null) {
                misbehaved(place, "returned null");
            }
            return value;
        } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
            // also what a jar lacks at run time: another stanza of the same turn must not be lost with this one
            int unsaid = faults.due(clock.getAsLong());
            if (unsaid != Seldom.NOT_NOW) {
                LOG.error("processor {} failed ({}); {} other faults since the last line", processor, place, unsaid, e);
            }
            return null;
        } finally {
            long now = clock.getAsLong();
            if (now - begun > SLOW_NANOS) {
                delayed(place, now, now - begun);
            }
        }
    }

    private void delayed(String place, long now, long nanos) {
        int unsaid = delays.due(now);
        if (unsaid != Seldom.NOT_NOW) {
            LOG.warn(
                    "processor {} has kept an event loop for {} ms ({}); {} other times since the last line",
                    processor,
                    nanos / 1_000_000,
                    place,
                    unsaid);
        }
    }

    /// The processor has asked for something that it must not.
    void misbehaved(String place, String what) {
        int unsaid = faults.due(clock.getAsLong());
        if (unsaid != Seldom.NOT_NOW) {
            LOG.error("processor {} {} ({}); {} other faults since the last line", processor, what, place, unsaid);
        }
    }
}
