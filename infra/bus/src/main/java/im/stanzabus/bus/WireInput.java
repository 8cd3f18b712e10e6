package im.stanzabus.bus;

import im.stanzabus.stanza.Jid;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Reads what {@link WireOutput} wrote.
///
/// Every method throws {@link IllegalArgumentException} if the bytes are not such a message.
final class WireInput {
    private final byte[] bytes;
    private final List<String> texts = new ArrayList<>();
    private int position;

    WireInput(byte[] bytes) {
        this.bytes = bytes;
    }

    WireTag tag() {
        return WireTag.of(octet());
    }

    long unsigned() {
        long number = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte octet = octet();
            number |= (octet & 0x7FL) << shift;
            if (octet >= 0) {
                return number;
            }
        }
        throw broken();
    }

    long signed() {
        long number = unsigned();
        return (number >>> 1) ^ -(number & 1);
    }

    int signedInt() {
        return Math.toIntExact(signed());
    }

    /// A number of things that are to follow, of an octet or more each.
    int count() {
        long count = unsigned();
        if (count < 0 || count > bytes.length - position) {
            throw broken();
        }
        return (int) count;
    }

    /// A place in a table of what came before; 0 for something new.
    int reference(int size) {
        long reference = unsigned();
        if (reference < 0 || reference > size) {
            throw broken();
        }
        return (int) reference;
    }

    String text() {
        int reference = reference(texts.size());
        if (reference > 0) {
            return texts.get(reference - 1);
        }
        int size = count();
        String text = RecentTexts.text(bytes, position, size);
        passed(size, text);
        return text;
    }

    /// An address, which is written as a text.
    Jid jid() {
        int reference = reference(texts.size());
        if (reference > 0) {
            return Jid.of(texts.get(reference - 1));
        }
        int size = count();
        Jid jid = RecentTexts.jid(bytes, position, size);
        passed(size, jid.toString());
        return jid;
    }

    private void passed(int size, String text) {
        position += size;
        if (text.length() <= WireOutput.LONGEST_SHARED) {
            texts.add(text);
        }
    }

    byte[] bytes() {
        int size = count();
        byte[] read = Arrays.copyOfRange(bytes, position, position + size);
        position += size;
        return read;
    }

    private byte octet() {
        if (position >= bytes.length) {
            throw broken();
        }
        return bytes[position++];
    }

    static IllegalArgumentException broken() {
        return new IllegalArgumentException("broken bus message");
    }
}
