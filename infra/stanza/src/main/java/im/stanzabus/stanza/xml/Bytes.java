package im.stanzabus.stanza.xml;

/// What a byte means in markup. All bytes of characters beyond ASCII count as letters: whether they may stand in a name
/// is the strict reader's matter.
final class Bytes {
    static final int NAME_START = 0;
    static final int NAME = 1;
    static final int COLON = 2;
    static final int WHITESPACE = 3;
    static final int EQUALS = 4;
    static final int SLASH = 5;
    static final int END = 6;
    static final int OTHER = 7;
    static final int QUOTE = 8;
    static final int AMPERSAND = 9;
    static final int OPEN = 10;
    static final int FORBIDDEN = 11;

    private static final byte[] KINDS = kinds();

    private Bytes() {}

    /// One of the constants. Those from `QUOTE` on mean something in a value, those from `AMPERSAND` on in text.
    static int kind(byte b) {
        return KINDS[b & 0xff];
    }

    /// Whether the bytes are a text.
    ///
    /// @param text in ASCII
    static boolean are(String text, byte[] bytes, int from, int to) {
        if (to - from != text.length()) {
            return false;
        }
        for (int i = from; i < to; i++) {
            if (bytes[i] != text.charAt(i - from)) {
                return false;
            }
        }
        return true;
    }

    private static byte[] kinds() {
        byte[] kinds = new byte[256];
        for (int i = 0; i < 0x80; i++) {
            boolean letter = (i >= 'A' && i <= 'Z') || (i >= 'a' && i <= 'z') || i == '_';
            boolean inName = (i >= '0' && i <= '9') || i == '-' || i == '.';
            kinds[i] = (byte) (letter ? NAME_START : inName ? NAME : i < ' ' ? FORBIDDEN : OTHER);
        }
        kinds[':'] = COLON;
        kinds[' '] = WHITESPACE;
        kinds['\t'] = WHITESPACE;
        kinds['\r'] = WHITESPACE;
        kinds['\n'] = WHITESPACE;
        kinds['='] = EQUALS;
        kinds['/'] = SLASH;
        kinds['>'] = END;
        kinds['"'] = QUOTE;
        kinds['\''] = QUOTE;
        kinds['&'] = AMPERSAND;
        kinds['<'] = OPEN;
        return kinds;
    }
}
