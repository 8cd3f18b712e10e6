package im.stanzabus.launcher.config;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads and writes times and sizes with their units.
final class Units {
    private static final Pattern TIME = Pattern.compile("([0-9]{1,9}) ?(ms|s|min|h|d)|0");
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,10})(?: ?(B|KiB|MiB|GiB))?");

    private Units() {}

    /// The time that a text such as `5 min` means, or null if it is none.
    static @Nullable Duration time(String text) {
        Matcher matcher = TIME.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        String unit = matcher.group(2);
        if (unit == null) {
            return Duration.ZERO;
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (unit) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "min" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    /// A time in the largest unit in which it is a whole number.
    static String write(Duration time) {
        long millis = time.toMillis();
        if (millis == 0) {
            return "0";
        }
        if (millis % 1000 != 0) {
            return millis + " ms";
        }
        long seconds = millis / 1000;
        if (seconds % 86_400 == 0) {
            return seconds / 86_400 + " d";
        }
        if (seconds % 3600 == 0) {
            return seconds / 3600 + " h";
        }
        return seconds % 60 == 0 ? seconds / 60 + " min" : seconds + " s";
    }

    /// The bytes that a text such as `256 KiB` means, or null if it is no size.
    static @Nullable Long size(String text) {
        Matcher matcher = SIZE.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        long amount = Long.parseLong(matcher.group(1));
        String unit = matcher.group(2);
        if (unit == null) {
            return amount;
        }
        return switch (unit) {
            case "KiB" -> amount << 10;
            case "MiB" -> amount << 20;
            case "GiB" -> amount << 30;
            default -> amount;
        };
    }

    /// A size in the largest unit in which it is a whole number.
    static String write(long bytes) {
        if (bytes == 0 || bytes % 1024 != 0) {
            return Long.toString(bytes);
        }
        if (bytes % (1 << 20) != 0) {
            return (bytes >> 10) + " KiB";
        }
        return bytes % (1 << 30) != 0 ? (bytes >> 20) + " MiB" : (bytes >> 30) + " GiB";
    }
}
