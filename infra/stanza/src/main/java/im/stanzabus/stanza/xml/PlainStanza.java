package im.stanzabus.stanza.xml;

import static java.nio.charset.StandardCharsets.UTF_8;

import im.stanzabus.stanza.ElementName;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Payload;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StreamEvent;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads a stanza of the plain form that nearly all have, in one pass and without keeping anything: names in
/// ASCII without prefixes, but for `xml:lang`; values without references and line breaks; text without
/// character references and CDATA; few attributes, and not deep. For these it is as strict as XML 1.0 and its
/// namespaces are. Of everything else it says nothing, not even that it is wrong, so that the strict reader
/// alone judges it.
///
/// It relies on what was checked before: {@link StreamFramer} has refused control characters, `<` in values and
/// references that are not among the predefined; {@link Utf8} has refused what is no character. Each thread has one.
final class PlainStanza {
    private static final ThreadLocal<PlainStanza> OF_THREAD = ThreadLocal.withInitial(PlainStanza::new);
    private static final int MOST_DEPTH = 12;
    private static final int MOST_ATTRIBUTES = 12;
    private static final ElementName[] NO_NAMES = {};
    private static final byte[] NOTHING = {};
    private static final Stanza.Kind[] KINDS = Stanza.Kind.values();

    /// The attributes that mean something for stanzas.
    private static final String[] NAMES = {"to", "from", "id", "type"};

    private static final String XMLNS = "xmlns";
    private static final String LANG = "xml:lang";

    /// XML's own, which may not be declared, begin so.
    private static final String RESERVED = "http://www.w3.org/";

    private byte[] bytes = NOTHING;
    private int to;
    private int longestName;

    /// Where the names of the elements that are open begin and end.
    private final int[] open = new int[2 * MOST_DEPTH];

    private int depth;
    private int at;

    /// The start tag that was read last: where its name, and the name and value of each attribute begin and end.
    private int nameStart;

    private int nameEnd;
    private final int[] attributes = new int[4 * MOST_ATTRIBUTES];
    private int attributeCount;
    private boolean isEmpty;

    /// Where the value of its `xmlns` begins and ends; -1 without one.
    private int namespaceStart;

    private int namespaceEnd;

    private PlainStanza() {}

    /// The stanza that is the whole of these bytes; null if this is for the strict reader.
    ///
    /// @param inner where its start tag ends, -1 for an empty element
    /// @param innerEnd where its end tag begins, -1 for an empty element
    static @Nullable StreamEvent read(
            byte[] bytes, int from, int to, int inner, int innerEnd, String contentNamespace, StreamLimits limits) {
        PlainStanza reader = OF_THREAD.get();
        reader.bytes = bytes;
        reader.at = from;
        reader.to = to;
        reader.depth = 0;
        reader.longestName = limits.maxNameBytes();
        StreamEvent event = reader.read(inner, innerEnd, contentNamespace);
        reader.bytes = NOTHING;
        return event;
    }

    private @Nullable StreamEvent read(int inner, int innerEnd, String contentNamespace) {
        StanzaBuilder stanza = stanza(contentNamespace);
        if (stanza == null) {
            return null;
        }
        ElementName[] names = isEmpty ? NO_NAMES : children(contentNamespace);
        if (names == null || at != to) {
            return null;
        }
        return stanza.build(
                names.length == 0 ? Payload.EMPTY : new Payload(Arrays.copyOfRange(bytes, inner, innerEnd), names));
    }

    /// The stanza's start tag.
    private @Nullable StanzaBuilder stanza(String contentNamespace) {
        at++; // the framer has seen what opens it
        if (!startTag()) {
            return null;
        }
        Stanza.Kind kind = kind();
        boolean isClient = contentNamespace.equals(Namespaces.CLIENT);
        // on other streams, children would have the namespace from there, which they must not name
        if (kind == null
                || (namespaceStart >= 0 && !(isClient && is(contentNamespace, namespaceStart, namespaceEnd)))) {
            return null;
        }
        StanzaBuilder stanza = new StanzaBuilder(kind);
        for (int i = 0; i < attributeCount; i++) {
            attribute(i, stanza);
        }
        if (!isEmpty) {
            push();
        }
        return stanza;
    }

    private Stanza.@Nullable Kind kind() {
        for (Stanza.Kind kind : KINDS) {
            if (is(kind.wire(), nameStart, nameEnd)) {
                return kind;
            }
        }
        return null;
    }

    /// Those that no stanza has mean nothing.
    private void attribute(int index, StanzaBuilder stanza) {
        int start = attributes[4 * index];
        int end = attributes[4 * index + 1];
        int value = attributes[4 * index + 2];
        int valueEnd = attributes[4 * index + 3];
        if (is(LANG, start, end)) {
            stanza.lang(text(value, valueEnd));
            return;
        }
        for (String name : NAMES) {
            if (is(name, start, end)) {
                stanza.attribute(name, text(value, valueEnd));
            }
        }
    }

    /// The names of the children, when everything up to the end of the stanza is plain.
    private ElementName @Nullable [] children(String contentNamespace) {
        boolean isClient = contentNamespace.equals(Namespaces.CLIENT);
        ElementName[] names = NO_NAMES;
        int count = 0;
        while (depth > 0) {
            if (!characters() || at == to) {
                return null;
            }
            if (bytes[at] == '/') {
                at++;
                if (!endTag()) {
                    return null;
                }
                continue;
            }
            if (!startTag() || depth == MOST_DEPTH) {
                return null;
            }
            boolean isChild = depth == 1;
            if (namespaceStart >= 0 && (isChild || !isClient) && is(contentNamespace, namespaceStart, namespaceEnd)) {
                return null; // it must be written anew
            }
            if (isChild) {
                if (count == names.length) {
                    names = Arrays.copyOf(names, Math.max(2, 2 * count));
                }
                names[count++] = name();
            }
            if (!isEmpty) {
                push();
            }
        }
        return count == names.length ? names : Arrays.copyOf(names, count);
    }

    private void push() {
        open[2 * depth] = nameStart;
        open[2 * depth + 1] = nameEnd;
        depth++;
    }

    private ElementName name() {
        return namespaceStart < 0
                ? ElementNames.of(Namespaces.CLIENT, text(nameStart, nameEnd))
                : ElementNames.of(bytes, namespaceStart, namespaceEnd, nameStart, nameEnd);
    }

    /// Everything up to behind the next `<`. Directly in the stanza that may be whitespace only.
    private boolean characters() {
        for (; at < to; at++) {
            byte b = bytes[at];
            if (b == '<') {
                at++;
                return true;
            }
            boolean isSpecial = (b == '&' && bytes[at + 1] == '#') || (b == '>' && endsCdata());
            if (isSpecial || (depth == 1 && Bytes.kind(b) != Bytes.WHITESPACE)) {
                return false;
            }
        }
        return false;
    }

    private boolean endsCdata() {
        return bytes[at - 1] == ']' && bytes[at - 2] == ']';
    }

    private boolean endTag() {
        int start = open[2 * depth - 2];
        int length = open[2 * depth - 1] - start;
        if (at + length >= to || !Arrays.equals(bytes, at, at + length, bytes, start, start + length)) {
            return false;
        }
        at += length;
        skipWhitespace();
        depth--;
        return at < to && bytes[at++] == '>';
    }

    private boolean startTag() {
        nameStart = at;
        if (!plainName()) {
            return false;
        }
        nameEnd = at;
        attributeCount = 0;
        namespaceStart = -1;
        while (true) {
            boolean isSeparated = skipWhitespace();
            if (at + 1 >= to) {
                isEmpty = false;
                return at < to && bytes[at++] == '>';
            }
            byte b = bytes[at];
            if (b == '>' || (b == '/' && bytes[at + 1] == '>')) {
                isEmpty = b == '/';
                at += isEmpty ? 2 : 1;
                return true;
            }
            if (!isSeparated || !attribute()) {
                return false;
            }
        }
    }

    private boolean attribute() {
        int start = at;
        if (attributeCount == MOST_ATTRIBUTES || !attributeName()) {
            return false;
        }
        int end = at;
        skipWhitespace();
        if (at >= to || bytes[at++] != '=') {
            return false;
        }
        skipWhitespace();
        if (at >= to || (bytes[at] != '\'' && bytes[at] != '"')) {
            return false;
        }
        byte quote = bytes[at++];
        int valueStart = at;
        while (at < to && bytes[at] != quote) {
            byte b = bytes[at++];
            if (b == '&' || (b >= 0 && b < ' ')) {
                return false;
            }
        }
        if (isRepeated(start, end)) {
            return false;
        }
        int place = 4 * attributeCount++;
        attributes[place] = start;
        attributes[place + 1] = end;
        attributes[place + 2] = valueStart;
        attributes[place + 3] = at;
        if (is(XMLNS, start, end)) {
            namespaceStart = valueStart;
            namespaceEnd = at;
        }
        return at++ < to && (namespaceStart != valueStart || isPlainNamespace());
    }

    private boolean attributeName() {
        int start = at;
        if (!plainName()) {
            return false;
        }
        if (at < to && bytes[at] == ':') {
            at = start + LANG.length();
            return at < to && is(LANG, start, at) && Bytes.kind(bytes[at]) > Bytes.COLON;
        }
        return true;
    }

    private boolean isRepeated(int start, int end) {
        for (int i = 0; i < attributeCount; i++) {
            if (Arrays.equals(bytes, start, end, bytes, attributes[4 * i], attributes[4 * i + 1])) {
                return true;
            }
        }
        return false;
    }

    private boolean isPlainNamespace() {
        int length = namespaceEnd - namespaceStart;
        for (int i = namespaceStart; i < namespaceEnd; i++) {
            if (bytes[i] == ' ') {
                return false;
            }
        }
        return length > 0
                && length <= longestName
                && (length < RESERVED.length() || !is(RESERVED, namespaceStart, namespaceStart + RESERVED.length()));
    }

    /// A name in ASCII, up to what is not of a name.
    private boolean plainName() {
        int start = at;
        while (at < to && bytes[at] >= 0 && Bytes.kind(bytes[at]) <= Bytes.NAME) {
            at++;
        }
        return at > start && Bytes.kind(bytes[start]) == Bytes.NAME_START && at < to && bytes[at] >= 0;
    }

    private boolean skipWhitespace() {
        int start = at;
        while (at < to && Bytes.kind(bytes[at]) == Bytes.WHITESPACE) {
            at++;
        }
        return at > start;
    }

    /// @param text in ASCII
    private boolean is(String text, int start, int end) {
        return Bytes.are(text, bytes, start, end);
    }

    private String text(int start, int end) {
        return new String(bytes, start, end - start, UTF_8);
    }
}
