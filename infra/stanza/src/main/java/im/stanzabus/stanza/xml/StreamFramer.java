package im.stanzabus.stanza.xml;

import im.stanzabus.stanza.StreamError.Condition;
import im.stanzabus.stanza.StreamErrorException;

/// Finds where the top-level parts of a stream end, byte by byte and with nothing kept but a few numbers, and
/// refuses what must not be buffered: more than {@link StreamLimits} allow, and XML that RFC 6120 section 11.1
/// forbids. It does not judge attributes and namespaces; the strict reader that gets the whole part does that. The two
/// agree on every part's end, because a part in which they differ is not well-formed for the strict reader.
///
/// Not thread-safe.
final class StreamFramer {
    /// What a scan found.
    enum Token {
        /// The part goes on behind the bytes there are, or there is none.
        NONE,
        /// The XML declaration.
        DECLARATION,
        /// The stream's start tag.
        HEADER,
        /// The stream's start tag, closed at once.
        EMPTY_HEADER,
        /// A whole top-level element.
        ELEMENT,
        /// The stream's end tag.
        CLOSE
    }

    private enum State {
        BEFORE_HEADER,
        BETWEEN,
        TEXT,
        OPEN_BRACKET,
        TAG_NAME,
        IN_TAG,
        EMPTY_TAG,
        VALUE,
        REFERENCE,
        END_TAG,
        BANG,
        CDATA,
        DECLARATION
    }

    private static final byte[] CDATA_START = {'[', 'C', 'D', 'A', 'T', 'A', '['};

    private final TagNames names = new TagNames();
    private StreamLimits limits;
    private State state = State.BEFORE_HEADER;
    private State afterReference = State.TEXT;
    private boolean header = true;
    private boolean declared;
    private byte quote;
    private int attributes;
    private int depth;
    private int matched;
    private long reference;
    private int earlier;
    private int start;
    private int end;
    private int startTagEnd;
    private int endTagStart;

    StreamFramer(StreamLimits limits) {
        this.limits = limits;
    }

    void limits(StreamLimits changed) {
        limits = changed;
    }

    /// A new stream follows.
    void restart() {
        state = State.BEFORE_HEADER;
        header = true;
        declared = false;
        depth = 0;
        earlier = 0;
        names.clear();
    }

    /// A new stream follows that has no header: elements only.
    void restartWithoutHeader() {
        restart();
        state = State.BETWEEN;
        header = false;
    }

    /// True when a part has begun and not ended.
    boolean insidePart() {
        return state != State.BEFORE_HEADER && state != State.BETWEEN;
    }

    /// Where the part that was found, or that goes on, begins in the bytes of the last scan.
    int start() {
        return start;
    }

    /// Where the last scan stopped: behind the part that was found.
    int end() {
        return end;
    }

    /// How far the element's start tag reaches, counted from the element's first byte; -1 for an empty element.
    int startTagEnd() {
        return startTagEnd;
    }

    /// Where the element's end tag begins, counted from the element's first byte; -1 for an empty element.
    int endTagStart() {
        return endTagStart;
    }

    /// Reads on from where the last scan stopped.
    ///
    /// @throws StreamErrorException if what was read must end the stream
    Token scan(byte[] bytes, int from, int to) throws StreamErrorException {
        start = from;
        int at = from;
        if (!insidePart()) {
            at = skipWhitespace(bytes, from, to);
            start = at;
            if (at == to) {
                end = to;
                return Token.NONE;
            }
            begin(bytes[at++]);
        }
        int allowed = Math.max(0, limits.maxStanzaBytes() - earlier);
        int stop = to - start > allowed ? start + allowed : to;
        Token token = part(bytes, at, stop);
        if (token == Token.NONE) {
            if (stop < to) {
                throw Refusal.tooLong(limits);
            }
            earlier += to - start;
            end = to;
        } else {
            partEnded(token == Token.DECLARATION);
        }
        return token;
    }

    private static int skipWhitespace(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && Bytes.kind(bytes[at]) == Bytes.WHITESPACE) {
            at++;
        }
        return at;
    }

    private void begin(byte first) throws StreamErrorException {
        if (first != '<') {
            if (!header) {
                throw new StreamErrorException(Condition.BAD_FORMAT, "character data outside of a stanza");
            }
            boolean utf16 = first == 0 || first == (byte) 0xfe || first == (byte) 0xff;
            throw utf16 ? Refusal.encoding() : Refusal.notWellFormed("a stream begins with its start tag");
        }
        state = State.OPEN_BRACKET;
        startTagEnd = -1;
        endTagStart = -1;
    }

    private void partEnded(boolean declaration) {
        earlier = 0;
        depth = 0;
        names.clear();
        declared = declaration;
        header = declaration;
        state = declaration ? State.BEFORE_HEADER : State.BETWEEN;
    }

    private Token part(byte[] bytes, int from, int to) throws StreamErrorException {
        int at = from;
        while (at < to) {
            switch (state) {
                case TEXT -> at = text(bytes, at, to);
                case VALUE -> at = value(bytes, at, to);
                case TAG_NAME -> at = tagName(bytes, at, to);
                case IN_TAG -> at = inTag(bytes, at, to);
                case OPEN_BRACKET -> at = openBracket(bytes, at, to);
                case END_TAG -> at = endTag(bytes, at, to);
                case EMPTY_TAG -> emptyTag(bytes[at++]);
                case REFERENCE -> reference(bytes[at++]);
                case BANG -> bang(bytes[at++]);
                case CDATA -> at = cdata(bytes, at, to);
                case DECLARATION -> at = declaration(bytes, at, to);
                case BEFORE_HEADER -> throw new IllegalStateException("no part has begun");
                case BETWEEN -> throw new IllegalStateException("the part has ended");
            }
            if (!insidePart()) {
                end = at;
                return ended();
            }
        }
        return Token.NONE;
    }

    private Token ended() {
        if (state == State.BEFORE_HEADER) {
            return Token.DECLARATION;
        }
        if (header) {
            return depth == 0 ? Token.EMPTY_HEADER : Token.HEADER;
        }
        return depth < 0 ? Token.CLOSE : Token.ELEMENT;
    }

    private int text(byte[] bytes, int from, int to) throws StreamErrorException {
        for (int at = from; at < to; at++) {
            int kind = Bytes.kind(bytes[at]);
            if (kind >= Bytes.AMPERSAND) {
                switch (kind) {
                    case Bytes.OPEN -> {
                        state = State.OPEN_BRACKET;
                        return at + 1 == to ? to : openBracket(bytes, at + 1, to);
                    }
                    case Bytes.AMPERSAND -> startReference(State.TEXT);
                    default -> throw Refusal.controlCharacter();
                }
                return at + 1;
            }
        }
        return to;
    }

    private int value(byte[] bytes, int from, int to) throws StreamErrorException {
        for (int at = from; at < to; at++) {
            int kind = Bytes.kind(bytes[at]);
            if (kind >= Bytes.QUOTE) {
                switch (kind) {
                    case Bytes.QUOTE -> {
                        if (bytes[at] != quote) {
                            continue;
                        }
                        state = State.IN_TAG;
                    }
                    case Bytes.AMPERSAND -> startReference(State.VALUE);
                    case Bytes.OPEN -> throw Refusal.notWellFormed("< in an attribute's value");
                    default -> throw Refusal.controlCharacter();
                }
                return at + 1;
            }
        }
        return to;
    }

    private int tagName(byte[] bytes, int from, int to) throws StreamErrorException {
        int at = names.add(bytes, from, to, limits);
        if (at == to) {
            return to;
        }
        names.endOfStart(depth);
        state = State.IN_TAG;
        return inTag(bytes, at, to);
    }

    private int inTag(byte[] bytes, int from, int to) throws StreamErrorException {
        int at = from;
        while (at < to) {
            byte b = bytes[at];
            int kind = Bytes.kind(b);
            if (kind <= Bytes.COLON) {
                at = names.add(bytes, at, to, limits);
                continue;
            }
            names.end();
            at++;
            switch (kind) {
                case Bytes.WHITESPACE, Bytes.EQUALS -> {}
                case Bytes.SLASH -> {
                    state = State.EMPTY_TAG;
                    return at;
                }
                case Bytes.QUOTE -> {
                    startValue(b);
                    at = value(bytes, at, to);
                    if (state != State.IN_TAG) {
                        return at;
                    }
                }
                case Bytes.END -> {
                    endStartTag(at);
                    return at;
                }
                default -> throw Refusal.notWellFormed("a character that no tag has");
            }
        }
        return to;
    }

    private void startValue(byte b) throws StreamErrorException {
        if (++attributes > limits.maxAttributes()) {
            throw Refusal.limit("more than " + limits.maxAttributes() + " attributes in one element");
        }
        quote = b;
        state = State.VALUE;
    }

    private void endStartTag(int at) {
        state = header ? State.BETWEEN : State.TEXT;
        if (depth == 1) {
            startTagEnd = earlier + at - start;
        }
    }

    private int openBracket(byte[] bytes, int at, int to) throws StreamErrorException {
        switch (bytes[at]) {
            case '/' -> {
                if (header) {
                    throw Refusal.notWellFormed("an end tag without a start tag");
                }
                if (depth == 1) {
                    endTagStart = earlier + at - 1 - start;
                }
                state = State.END_TAG;
                return endTag(bytes, at + 1, to);
            }
            case '!' -> {
                if (depth == 0) {
                    throw Refusal.restricted();
                }
                state = State.BANG;
                matched = 0;
            }
            case '?' -> {
                if (!header || declared) {
                    throw Refusal.restricted();
                }
                state = State.DECLARATION;
                matched = 0;
            }
            default -> {
                openElement(bytes[at]);
                return tagName(bytes, at, to);
            }
        }
        return at + 1;
    }

    private void openElement(byte first) throws StreamErrorException {
        if (first == 0 && header) {
            throw Refusal.encoding();
        }
        if (Bytes.kind(first) != Bytes.NAME_START) {
            throw Refusal.notWellFormed("< without a name");
        }
        if (++depth > limits.maxDepth()) {
            throw Refusal.limit("elements nested deeper than " + limits.maxDepth());
        }
        state = State.TAG_NAME;
        attributes = 0;
    }

    private void emptyTag(byte b) throws StreamErrorException {
        if (b != '>') {
            throw Refusal.notWellFormed("/ in a tag");
        }
        depth--;
        state = depth == 0 ? State.BETWEEN : State.TEXT;
    }

    private int endTag(byte[] bytes, int from, int to) throws StreamErrorException {
        int at = names.add(bytes, from, to, limits);
        if (at == to) {
            return to;
        }
        switch (Bytes.kind(bytes[at])) {
            case Bytes.WHITESPACE -> names.end();
            case Bytes.END -> {
                names.endOfEnd(depth);
                depth--;
                state = depth <= 0 ? State.BETWEEN : State.TEXT;
            }
            default -> throw Refusal.notWellFormed("an end tag is more than a name");
        }
        return at + 1;
    }

    private void startReference(State after) {
        afterReference = after;
        state = State.REFERENCE;
        reference = EntityReference.EMPTY;
    }

    private void reference(byte b) throws StreamErrorException {
        if (b == ';') {
            EntityReference.end(reference);
            state = afterReference;
        } else {
            reference = EntityReference.plus(reference, b);
        }
    }

    private void bang(byte b) throws StreamErrorException {
        if (b != CDATA_START[matched]) {
            throw matched == 0 ? Refusal.restricted() : Refusal.notWellFormed("not a CDATA section");
        }
        if (++matched == CDATA_START.length) {
            state = State.CDATA;
            matched = 0;
        }
    }

    private int cdata(byte[] bytes, int from, int to) throws StreamErrorException {
        for (int at = from; at < to; at++) {
            byte b = bytes[at];
            if (b == ']') {
                matched = Math.min(2, matched + 1);
            } else if (b == '>' && matched == 2) {
                state = State.TEXT;
                return at + 1;
            } else {
                matched = 0;
                if (Bytes.kind(b) == Bytes.FORBIDDEN) {
                    throw Refusal.controlCharacter();
                }
            }
        }
        return to;
    }

    private int declaration(byte[] bytes, int from, int to) throws StreamErrorException {
        for (int at = from; at < to; at++) {
            byte b = bytes[at];
            if (b == '>' && matched == 1) {
                state = State.BEFORE_HEADER;
                return at + 1;
            }
            matched = b == '?' ? 1 : 0;
            if (Bytes.kind(b) == Bytes.FORBIDDEN) {
                throw Refusal.controlCharacter();
            }
        }
        return to;
    }
}
