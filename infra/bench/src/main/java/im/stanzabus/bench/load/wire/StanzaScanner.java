package im.stanzabus.bench.load.wire;

import org.jspecify.annotations.Nullable;

/// Cuts a stream of bytes into its header, the elements one level below it and its end, and builds nothing of them. It
/// trusts the server to send well-formed XML (RFC 6120 section 11). To be used by one thread.
public final class StanzaScanner {
    /// The receiver wanted nothing of what follows.
    public static final int STOPPED = -1;

    private static final int NONE = -1;

    private State state = State.TEXT;
    private int depth;
    private int start = NONE;
    private boolean isEndTag;
    private boolean hasTagEnded;
    private byte quote;
    private byte last;
    private byte lastButOne;

    /// What was found.
    public enum Kind {
        /// The start tag of the stream.
        HEADER,
        /// A stanza, or another element below the stream.
        ELEMENT,
        /// The end tag of the stream.
        END
    }

    private enum State {
        TEXT,
        MARKUP,
        TAG,
        QUOTED,
        DECLARATION,
        CDATA
    }

    /// Takes what was found.
    public interface Receiver {
        /// @return false if what follows in these bytes is not to be looked at
        boolean received(Kind kind, byte[] bytes, int from, int to);
    }

    /// Looks at the bytes from `from` to `to`. Those before `from` are what the last call wanted to be kept.
    ///
    /// @return where the bytes begin that are to be kept for the next call, `to` for none; or {@link #STOPPED}
    public int scan(byte[] bytes, int from, int to, Receiver receiver) {
        start = from > 0 ? 0 : NONE;
        int at = from;
        while (at < to) {
            at = switch (state) {
                case TEXT -> text(bytes, at, to);
                case MARKUP -> markup(bytes[at], at);
                case TAG -> tag(bytes, at, to);
                case QUOTED -> quoted(bytes, at, to);
                case DECLARATION -> declaration(bytes, at, to);
                case CDATA -> cdata(bytes, at, to);
            };
            if (hasTagEnded) {
                hasTagEnded = false;
                Kind found = found();
                int begin = start;
                if (found != null) {
                    start = NONE;
                    if (!receiver.received(found, bytes, begin, at)) {
                        return STOPPED;
                    }
                }
            }
        }
        return start == NONE ? to : start;
    }

    private int text(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && bytes[at] != '<') {
            at++;
        }
        if (at == to) {
            return to;
        }
        if (depth <= 1) {
            start = at;
        }
        state = State.MARKUP;
        return at + 1;
    }

    private int markup(byte first, int at) {
        isEndTag = first == '/';
        last = first;
        lastButOne = 0;
        state = switch (first) {
            case '?' -> State.DECLARATION;
            case '!' -> State.CDATA;
            default -> State.TAG;
        };
        return at + 1;
    }

    private int tag(byte[] bytes, int from, int to) {
        for (int at = from; at < to; at++) {
            byte each = bytes[at];
            if (each == '>') {
                state = State.TEXT;
                hasTagEnded = true;
                return at + 1;
            }
            last = each;
            if (each == '\'' || each == '"') {
                quote = each;
                state = State.QUOTED;
                return at + 1;
            }
        }
        return to;
    }

    private int quoted(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && bytes[at] != quote) {
            at++;
        }
        if (at == to) {
            return to;
        }
        state = State.TAG;
        return at + 1;
    }

    private int declaration(byte[] bytes, int from, int to) {
        for (int at = from; at < to; at++) {
            if (bytes[at] == '>' && last == '?') {
                return endOfOther(at);
            }
            last = bytes[at];
        }
        return to;
    }

    private int cdata(byte[] bytes, int from, int to) {
        for (int at = from; at < to; at++) {
            if (bytes[at] == '>' && last == ']' && lastButOne == ']') {
                return endOfOther(at);
            }
            lastButOne = last;
            last = bytes[at];
        }
        return to;
    }

    private int endOfOther(int at) {
        state = State.TEXT;
        if (depth <= 1) {
            start = NONE;
        }
        return at + 1;
    }

    /// What the tag that has just ended completes.
    private @Nullable Kind found() {
        if (isEndTag) {
            depth--;
            if (depth <= 0) {
                return Kind.END;
            }
            return depth == 1 ? Kind.ELEMENT : null;
        }
        if (last == '/') {
            return depth == 1 ? Kind.ELEMENT : null;
        }
        depth++;
        return depth == 1 ? Kind.HEADER : null;
    }

    /// A new stream begins on the same connection (RFC 6120 section 4.3.3), or on another one.
    public void reset() {
        state = State.TEXT;
        depth = 0;
        start = NONE;
    }
}
