package im.stanzabus.stanza.xml;

import im.stanzabus.stanza.StreamError;
import im.stanzabus.stanza.StreamErrorException;
import im.stanzabus.stanza.StreamEvent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads an XML stream (RFC 6120 sections 4 and 11): bytes from a socket go in, {@link StreamEvent}s come out.
/// One parser belongs to one connection and is used by one thread at a time.
///
/// How it works: {@link StreamFramer} finds the end of each top-level element without keeping anything, and when an
/// element is whole, {@link ContentParser} reads it with a strict parser that is not kept either.
///
/// What always holds:
/// - **No two readers.** An element that comes out is well-formed by XML 1.0 and its namespaces, is UTF-8 without
///   overlong forms, surrogates and forbidden characters, and holds no DTD, comment, processing instruction or entity
/// but
///   the predefined ones. So a payload that is forwarded byte for byte means the same to everybody.
/// - **Payloads stand on their own.** Every prefix in a payload is declared in it, and what has no namespace of its own
///   is in `jabber:client`. Where the sender relied on declarations on the stanza or on the header, the payload is
///   written anew. A payload's array holds the payload only.
/// - **Elements only.** Character data directly inside a stanza is dropped, unless it is whitespace between children:
/// no
///   specification gives it a meaning, so it must not reach a receiver that might see one.
/// - **Limits come first.** {@link StreamLimits} are checked on every byte before it is kept. No element is kept that
///   exceeds them, however it is cut in pieces, and no element is scanned twice.
/// - **Nothing when idle.** Between elements the parser holds no array, not even the one it was fed last.
/// - **Errors are final.** After an exception all unread bytes are gone and nothing more comes out.
///
/// The stream errors (RFC 6120 section 4.9.3):
/// - `not-well-formed` for broken XML, a header that is not one included;
/// - `restricted-xml` for what section 11.1 forbids, undefined entities included;
/// - `unsupported-encoding` for bytes that are not UTF-8 and for declarations of another
///   encoding;
/// - `bad-format` for character data between stanzas, for a header that is another element of the
///   stream's namespace, and for whitespace in a namespace's name, which readers treat
///   differently;
/// - `invalid-namespace` and `bad-namespace-prefix` for a header outside the stream's namespace,
///   one with another default namespace than that of the content, and one with another prefix
///   than `stream`;
/// - `unsupported-stanza-type` for an element in the content namespace that is no stanza, and not
///   the handshake of a component;
/// - `policy-violation` for what exceeds the limits.
///
/// Whitespace is allowed before the XML declaration, for some clients end what they send with a line feed.
public final class StreamParser {
    private static final byte[] NONE = {};
    private static final int SMALLEST_BUFFER = 512;
    private static final byte[] STREAM_TAG = "<stream:stream".getBytes(StandardCharsets.US_ASCII);

    private final String contentNamespace;
    private final ContentParser content;
    private final StreamFramer framer;
    private final boolean framed;
    private StreamLimits limits;
    private byte[] input = NONE;
    private int position;
    private byte[] partial = NONE;
    private int partialSize;
    private @Nullable String declarations;
    private boolean closing;
    private boolean over;

    /// @param contentNamespace the namespace of stanzas on this stream, such as `jabber:client`
    public StreamParser(StreamLimits limits, String contentNamespace) {
        this(limits, contentNamespace, false);
    }

    private StreamParser(StreamLimits limits, String contentNamespace, boolean framed) {
        this.limits = limits;
        this.contentNamespace = contentNamespace;
        this.content = ContentParser.of(contentNamespace);
        this.framer = new StreamFramer(limits);
        this.framed = framed;
        restart();
    }

    /// A parser for a transport whose messages hold whole elements and neither header nor end tag (RFC 7395): there
    /// is no {@link StreamEvent.Opened}; `<open/>` and `<close/>` are {@link StreamEvent.Nonza}s.
    /// After a message, {@link #insideElement()} must be false.
    public static StreamParser forFrames(StreamLimits limits, String contentNamespace) {
        return new StreamParser(limits, contentNamespace, true);
    }

    /// Takes the bytes that were read next; they must not be changed afterwards.
    public void feed(byte[] bytes) {
        if (over) {
            return;
        }
        if (position == input.length) {
            input = bytes;
        } else {
            byte[] joined = Arrays.copyOfRange(input, position, input.length + bytes.length);
            System.arraycopy(bytes, 0, joined, input.length - position, bytes.length);
            input = joined;
        }
        position = 0;
    }

    /// The next whole event, or null when more bytes are needed.
    ///
    /// @throws StreamErrorException if the stream must end; nothing more comes out of this parser then
    public @Nullable StreamEvent next() throws StreamErrorException {
        try {
            return read();
        } catch (StreamErrorException e) {
            end();
            throw e;
        }
    }

    private @Nullable StreamEvent read() throws StreamErrorException {
        if (closing) {
            end();
            return new StreamEvent.Closed();
        }
        while (position < input.length) {
            StreamFramer.Token token = framer.scan(input, position, input.length);
            if (token == StreamFramer.Token.NONE) {
                if (framer.insidePart()) {
                    keep(framer.start(), input.length);
                    refuseStreamInside();
                }
                discardInput();
                return null;
            }
            StreamEvent event =
                    partialSize == 0 ? event(token, input, framer.start(), framer.end()) : partialEvent(token);
            position = framer.end();
            if (position == input.length) {
                discardInput();
            }
            if (event != null) {
                return event;
            }
        }
        return null;
    }

    /// A stream header where an element is expected has no end tag to wait for.
    private void refuseStreamInside() throws StreamErrorException {
        int tag = STREAM_TAG.length;
        if (framer.startTagEnd() > tag
                && partialSize > tag
                && Arrays.equals(partial, 0, tag, STREAM_TAG, 0, tag)
                && (partial[tag] == '>' || partial[tag] <= ' ')) {
            throw new StreamErrorException(StreamError.Condition.BAD_FORMAT, "a stream header inside the stream");
        }
    }

    private @Nullable StreamEvent partialEvent(StreamFramer.Token token) throws StreamErrorException {
        keep(framer.start(), framer.end());
        byte[] bytes = partial;
        int size = partialSize;
        partial = NONE;
        partialSize = 0;
        return event(token, bytes, 0, size);
    }

    private @Nullable StreamEvent event(StreamFramer.Token token, byte[] bytes, int from, int to)
            throws StreamErrorException {
        return switch (token) {
            case ELEMENT ->
                content.parse(
                        bytes,
                        from,
                        to,
                        from + framer.startTagEnd(),
                        from + framer.endTagStart(),
                        declarations,
                        limits);
            case HEADER -> opened(bytes, from, to);
            case EMPTY_HEADER -> {
                closing = true;
                yield opened(bytes, from, to);
            }
            case DECLARATION -> {
                XmlDeclaration.check(bytes, from, to);
                yield null;
            }
            case CLOSE -> closed(bytes, from, to);
            case NONE -> null;
        };
    }

    private StreamEvent opened(byte[] bytes, int from, int to) throws StreamErrorException {
        StreamHeader header = StreamHeader.parse(bytes, from, to, contentNamespace, limits);
        declarations = header.declarations();
        return header.opened();
    }

    private StreamEvent closed(byte[] bytes, int from, int to) throws StreamErrorException {
        String tag = new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
        if (framed
                || !tag.startsWith("</stream:stream")
                || !tag.substring("</stream:stream".length(), tag.length() - 1).isBlank()) {
            throw Refusal.notWellFormed("an end tag without a start tag");
        }
        end();
        return new StreamEvent.Closed();
    }

    private void keep(int from, int to) {
        int size = partialSize + to - from;
        if (partial.length < size) {
            int grown = Math.min(Math.max(2 * partial.length, SMALLEST_BUFFER), limits.maxStanzaBytes());
            partial = Arrays.copyOf(partial, Math.max(size, grown));
        }
        System.arraycopy(input, from, partial, partialSize, to - from);
        partialSize = size;
    }

    private void discardInput() {
        input = NONE;
        position = 0;
    }

    private void end() {
        discardInput();
        partial = NONE;
        partialSize = 0;
        closing = false;
        over = true;
    }

    /// What follows is a new stream, because STARTTLS or SASL succeeded; unread bytes belong to it.
    public void restart() {
        if (framed) {
            framer.restartWithoutHeader();
        } else {
            framer.restart();
        }
        declarations = null;
        partial = NONE;
        partialSize = 0;
        closing = false;
        over = false;
    }

    /// True when there are bytes that no event covers yet, whitespace between elements aside.
    public boolean hasUnread() {
        if (framer.insidePart()) {
            return true;
        }
        for (int i = position; i < input.length; i++) {
            byte b = input[i];
            if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                return true;
            }
        }
        return false;
    }

    /// Throws unread bytes away.
    public void discardUnread() {
        discardInput();
    }

    /// Other limits from now on.
    public void limits(StreamLimits changed) {
        limits = changed;
        framer.limits(changed);
    }

    /// How many bytes of arrays are held.
    int retained() {
        return input.length + partial.length;
    }

    /// True while a tag or an element has begun and not ended.
    public boolean insideElement() {
        return framer.insidePart();
    }
}
