package im.stanzabus.bus;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The bytes of one bus message as they are written. Numbers are short where they are small; a text that
/// comes again is written as its place among those that were written in full.
final class WireOutput {
    /// Longer texts hardly come again.
    static final int LONGEST_SHARED = 256;

    private static final int FIRST_ROOM = 4_096;
    private static final int MOST_ROOM_KEPT = 65_536;

    private final Places texts = new Places();
    private byte[] bytes = new byte[FIRST_ROOM];
    private int length;

    void tag(WireTag tag) {
        octet(tag.ordinal());
    }

    /// A number that is not negative, seven bits an octet, the lowest first.
    void unsigned(long number) {
        long rest = number;
        while ((rest & ~0x7FL) != 0) {
            octet((int) (rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        octet((int) rest);
    }

    /// Any number; those near zero are short.
    void signed(long number) {
        unsigned((number << 1) ^ (number >> 63));
    }

    void text(String text) {
        if (text.length() <= LONGEST_SHARED) {
            int known = texts.put(text);
            if (known > 0) {
                unsigned(known);
                return;
            }
        }
        inFull(text);
    }

    /// A text of which somebody else sees to it that it is written but once.
    void once(String text) {
        if (text.length() <= LONGEST_SHARED) {
            texts.skip();
        }
        inFull(text);
    }

    private void inFull(String text) {
        octet(0);
        bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    void bytes(byte[] more) {
        unsigned(more.length);
        room(more.length);
        System.arraycopy(more, 0, bytes, length, more.length);
        length += more.length;
    }

    private void octet(int value) {
        room(1);
        bytes[length++] = (byte) value;
    }

    private void room(int more) {
        if (more > bytes.length - length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, Math.addExact(length, more)));
        }
    }

    void appendTo(Buffer buffer) {
        buffer.appendBytes(bytes, 0, length);
    }

    /// Makes ready for the next message.
    void clear() {
        length = 0;
        texts.clear();
        if (bytes.length > MOST_ROOM_KEPT) {
            bytes = new byte[FIRST_ROOM];
        }
    }
}
