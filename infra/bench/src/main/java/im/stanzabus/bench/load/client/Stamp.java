package im.stanzabus.bench.load.client;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// What a stanza says about itself: the first characters of its text, `@`, hexadecimal digits, and `@`.
///
/// @param run tells the stanzas of this run from older ones that the server may have kept
/// @param time when it was sent, or should have been: nanoseconds of this process's clock
/// @param number counts the stanzas of a scenario, from 0
/// @param meant for whom (or from whom) it is: an index in the crowd
public record Stamp(int run, long time, int number, int meant) {
    /// Characters of a stamp.
    public static final int LENGTH = 42;

    private static final int INT_DIGITS = 8;
    private static final int LONG_DIGITS = 16;
    private static final int BITS_PER_DIGIT = 4;
    private static final int LOWEST_DIGIT = 15;
    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    /// Writes it.
    ///
    /// @return where it ends
    public int write(byte[] bytes, int at) {
        bytes[at] = '@';
        int end = write(run, INT_DIGITS, bytes, at + 1);
        end = write(time, LONG_DIGITS, bytes, end);
        end = write(number, INT_DIGITS, bytes, end);
        end = write(meant, INT_DIGITS, bytes, end);
        bytes[end] = '@';
        return end + 1;
    }

    private static int write(long value, int digits, byte[] bytes, int at) {
        long rest = value;
        for (int i = digits - 1; i >= 0; i--) {
            bytes[at + i] = DIGITS[(int) (rest & LOWEST_DIGIT)];
            rest >>>= BITS_PER_DIGIT;
        }
        return at + digits;
    }

    /// The first stamp at the beginning of a text, null if there is none.
    public static @Nullable Stamp find(byte[] bytes, int from, int to) {
        for (int at = from; at < to - LENGTH; at++) {
            if (bytes[at] == '>' && bytes[at + 1] == '@' && bytes[at + LENGTH] == '@') {
                return read(bytes, at + 2);
            }
        }
        return null;
    }

    private static Stamp read(byte[] bytes, int at) {
        int time = at + INT_DIGITS;
        int number = time + LONG_DIGITS;
        int meant = number + INT_DIGITS;
        return new Stamp((int) read(bytes, at, time), read(bytes, time, number), (int) read(bytes, number, meant), (int)
                read(bytes, meant, meant + INT_DIGITS));
    }

    private static long read(byte[] bytes, int from, int to) {
        long value = 0;
        for (int at = from; at < to; at++) {
            value = value << BITS_PER_DIGIT | Character.digit(bytes[at], 1 << BITS_PER_DIGIT);
        }
        return value;
    }
}
