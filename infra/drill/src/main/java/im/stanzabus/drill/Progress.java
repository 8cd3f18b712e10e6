package im.stanzabus.drill;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Tells the user what goes on, with the time since the beginning.
final class Progress {
    private final Consumer<String> out;
    private final long origin;

    Progress(Consumer<String> out, long originNanos) {
        this.out = out;
        this.origin = originNanos;
    }

    void say(String text) {
        double seconds = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - origin) / 1000.0;
        out.accept(String.format(Locale.ROOT, "[%7.1f s] %s", seconds, text));
    }
}
