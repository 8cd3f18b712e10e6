package im.stanzabus.bench.load.scenario;

import im.stanzabus.bench.load.client.Stamp;
import java.nio.charset.StandardCharsets;

/// Builds stanzas whose text begins with a stamp, in one buffer. To be used by one thread.
final class StampedText {
    private static final int LETTERS = 26;
    private static final int WORD = 8;

    private final byte[] pad;
    private final byte[] tail;
    private byte[] buffer;
    private int length;

    /// @param text length of the text, not less than that of a stamp
    /// @param tail what follows the text
    StampedText(int text, String tail) {
        pad = new byte[text - Stamp.LENGTH];
        for (int i = 0; i < pad.length; i++) {
            pad[i] = (byte) (i % WORD == WORD - 1 ? ' ' : 'a' + i % LETTERS);
        }
        this.tail = utf8(tail);
        buffer = new byte[0];
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// Builds a stanza, in place of the one before.
    ///
    /// @param heads what comes before the text, in parts
    StampedText build(Stamp stamp, byte[]... heads) {
        int whole = Stamp.LENGTH + pad.length + tail.length;
        for (byte[] head : heads) {
            whole += head.length;
        }
        if (buffer.length < whole) {
            buffer = new byte[whole];
        }
        length = 0;
        for (byte[] head : heads) {
            put(head);
        }
        length = stamp.write(buffer, length);
        put(pad);
        put(tail);
        return this;
    }

    private void put(byte[] part) {
        System.arraycopy(part, 0, buffer, length, part.length);
        length += part.length;
    }

    byte[] bytes() {
        return buffer;
    }

    int length() {
        return length;
    }
}
