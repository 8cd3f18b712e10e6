package im.stanzabus.stanza.xml;

import im.stanzabus.stanza.StreamErrorException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The names in tags as their bytes pass by: their length, where the colon stands (in which readers differ), and
/// whether
/// end tags fit their start tags. The latter by a hash, so that an end tag that does not fit is refused when it comes
/// and
/// not only when the whole element has come; the strict reader has the last word on both.
final class TagNames {
    private static final int FIRST_DEPTHS = 8;

    private boolean prefixed;
    private boolean afterColon;
    private int length;
    private int hash;
    private int @Nullable [] open;

    /// A tag begins.
    void start() {
        hash = 0;
    }

    /// Takes the bytes of a name from `from` on, and says where it stopped.
    int add(byte[] bytes, int from, int to, StreamLimits limits) throws StreamErrorException {
        int at = from;
        int sum = hash;
        int kind = Bytes.NAME_START;
        while (at < to) {
            kind = Bytes.kind(bytes[at]);
            if (kind > Bytes.COLON) {
                break;
            }
            if (kind != Bytes.NAME_START) {
                special(kind, length + at - from);
            }
            afterColon = kind == Bytes.COLON;
            sum = 31 * sum + bytes[at++];
        }
        hash = sum;
        length += at - from;
        if (length > limits.maxNameBytes()) {
            throw Refusal.limit("a name longer than " + limits.maxNameBytes() + " bytes");
        }
        return at;
    }

    /// A byte that no name begins with, and no local name after a colon.
    private void special(int kind, int before) throws StreamErrorException {
        if (before == 0 || afterColon) {
            throw Refusal.notWellFormed("not a name");
        }
        if (kind == Bytes.COLON) {
            if (prefixed) {
                throw Refusal.notWellFormed("a name with two colons");
            }
            prefixed = true;
        }
    }

    /// The name, if there is one, ends here.
    void end() throws StreamErrorException {
        if (afterColon) {
            throw Refusal.notWellFormed("a name ends with a colon");
        }
        length = 0;
        prefixed = false;
    }

    /// The start tag's name ends here. The outermost tag needs no remembering: its end tag ends the whole.
    void endOfStart(int depth) throws StreamErrorException {
        end();
        if (depth > 1) {
            if (open == null) {
                open = new int[FIRST_DEPTHS];
            } else if (depth > open.length) {
                open = Arrays.copyOf(open, 2 * open.length);
            }
            open[depth - 1] = hash;
        }
    }

    /// The end tag ends here.
    void endOfEnd(int depth) throws StreamErrorException {
        end();
        if (depth > 1 && open != null && open[depth - 1] != hash) {
            throw Refusal.notWellFormed("an end tag that does not fit its start tag");
        }
    }

    /// Between elements nothing is kept.
    void clear() {
        open = null;
        length = 0;
        prefixed = false;
        afterColon = false;
    }
}
