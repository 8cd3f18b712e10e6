package im.stanzabus.stanza.xml;

import im.stanzabus.stanza.StreamErrorException;
import java.security.SecureRandom;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The names in tags as their bytes pass by: their length, where the colon stands (in which readers differ),
/// and whether end tags fit their start tags. The latter by a hash, so that an end tag that does not fit is
/// refused when it comes and not only when the whole element has come; the strict reader has the last word on
/// both.
///
/// It also refuses elements in which a great many different names occur. The strict reader keeps names in a
/// hash table with a known hash, so names made to collide would cost it time with the square of their number.
/// Here the hash is secret.
final class TagNames {
    private static final int FIRST_DEPTHS = 8;
    /// From so many names on, different ones are counted.
    private static final int UNCOUNTED_NAMES = 256;
    /// As many of 512 bits are set by about 700 different names.
    private static final int MOST_BITS = 384;

    private static final int SECRET = new SecureRandom().nextInt() | 1;

    private boolean prefixed;
    private boolean afterColon;
    private int length;
    private int hash;
    private int names;
    private int bits;
    private int @Nullable [] open;
    private long @Nullable [] seen;

    /// Takes the bytes of a name from `from` on, and says where it stopped.
    int add(byte[] bytes, int from, int to, StreamLimits limits) throws StreamErrorException {
        int at = from;
        int sum = length == 0 ? 0 : hash;
        while (at < to) {
            int kind = Bytes.kind(bytes[at]);
            if (kind > Bytes.COLON) {
                break;
            }
            if (kind != Bytes.NAME_START) {
                special(kind, length + at - from);
            }
            afterColon = kind == Bytes.COLON;
            sum = SECRET * (sum ^ (bytes[at++] + 1));
        }
        if (at == from) {
            return at; // whitespace before the end of an end tag
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
        if (length > 0 && ++names > UNCOUNTED_NAMES) {
            count();
        }
        length = 0;
        prefixed = false;
    }

    private void count() throws StreamErrorException {
        if (seen == null) {
            seen = new long[8];
        }
        int place = hash >>> 23;
        long bit = 1L << (place & 63);
        if ((seen[place >>> 6] & bit) == 0) {
            seen[place >>> 6] |= bit;
            if (++bits > MOST_BITS) {
                throw Refusal.limit("too many different names in one element");
            }
        }
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
        seen = null;
        names = 0;
        bits = 0;
        length = 0;
        prefixed = false;
        afterColon = false;
    }
}
