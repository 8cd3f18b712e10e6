package im.stanzabus.stanza.xml;

import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Payload;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.XmlEscape;
import im.stanzabus.stanza.XmlText;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A growing buffer of bytes for the wire, to which stanzas and elements are written one after the other.
/// A stanza's payload is copied as it is. Not thread-safe.
public final class StanzaWriter {
    private static final int INITIAL = 512;
    private static final int KEPT = 64 * 1024;

    private static final boolean[] PLAIN = new boolean[0x80];

    static {
        for (char c = ' '; c < PLAIN.length; c++) {
            PLAIN[c] = XmlEscape.inValue(c) == null;
        }
    }

    private byte[] bytes = new byte[INITIAL];
    private int size;

    /// Writes a stanza into a stream, whose content namespace is in force.
    public StanzaWriter stanza(Stanza stanza) {
        return stanza(stanza, false);
    }

    /// Writes a stanza that stands on its own, as WebSocket frames need it (RFC 7395 section 3.3.3).
    public StanzaWriter stanzaWithNamespace(Stanza stanza) {
        return stanza(stanza, true);
    }

    private StanzaWriter stanza(Stanza stanza, boolean withNamespace) {
        String name = stanza.kind().wire();
        ascii("<").ascii(name);
        if (withNamespace) {
            ascii(" xmlns='").ascii(Namespaces.CLIENT).ascii("'");
        }
        Jid from = stanza.from();
        Jid to = stanza.to();
        String type = stanza.type().wire();
        if (type != null) {
            ascii(" type='").ascii(type).ascii("'");
        }
        attribute(" id='", stanza.id());
        attribute(" from='", from == null ? null : from.toString());
        attribute(" to='", to == null ? null : to.toString());
        attribute(" xml:lang='", stanza.lang());
        Payload payload = stanza.payload();
        if (payload.isEmpty()) {
            return ascii("/>");
        }
        ascii(">");
        append(payload.bytes());
        return ascii("</").ascii(name).ascii(">");
    }

    /// Writes an element into a stream, where the content namespace and the prefix `stream` are
    /// declared. Elements of the stream itself, such as its features, get that prefix, as RFC
    /// 6120 section 4.8.5 wants it. Those of Server Dialback get the prefix `db` (XEP-0220
    /// section 2), declared once more, for not all headers declare it.
    public StanzaWriter element(Element element) {
        StringBuilder text = new StringBuilder();
        if (element.namespace().equals(Namespaces.STREAMS)) {
            String name = "stream:" + element.name();
            XmlText.rest(text.append('<').append(name), element, name, Namespaces.CLIENT);
        } else if (element.namespace().equals(Namespaces.DIALBACK)) {
            String name = "db:" + element.name();
            XmlText.attribute(text.append('<').append(name), "xmlns:db", Namespaces.DIALBACK);
            XmlText.rest(text, element, name, Namespaces.CLIENT);
        } else {
            text.append(XmlText.write(List.of(element), Namespaces.CLIENT));
        }
        append(text.toString().getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /// Writes ASCII text as it is.
    public StanzaWriter raw(String ascii) {
        return ascii(ascii);
    }

    /// How many bytes have been written since the last reset.
    public int size() {
        return size;
    }

    /// A copy of what has been written.
    public byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    /// Starts anew.
    public void reset() {
        size = 0;
        if (bytes.length > KEPT) {
            bytes = new byte[INITIAL];
        }
    }

    private void attribute(String start, @Nullable String value) {
        if (value == null) {
            return;
        }
        ascii(start);
        escaped(value);
        ascii("'");
    }

    private void escaped(String value) {
        int plain = 0;
        while (plain < value.length() && isPlain(value.charAt(plain))) {
            plain++;
        }
        if (plain == value.length()) {
            ascii(value);
        } else {
            escapedOneByOne(value);
        }
    }

    /// ASCII that stands for itself in an attribute's value: most ids and addresses are nothing else.
    private static boolean isPlain(char c) {
        return c < PLAIN.length && PLAIN[c];
    }

    private void escapedOneByOne(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            String escape = XmlEscape.inValue(c);
            if (escape != null) {
                ascii(escape);
            } else if (c < 0x80) {
                room(1);
                bytes[size++] = (byte) c;
            } else {
                i += encode(value, i) - 1;
            }
        }
    }

    private int encode(String value, int at) {
        int chars = Character.charCount(value.codePointAt(at));
        append(value.substring(at, at + chars).getBytes(StandardCharsets.UTF_8));
        return chars;
    }

    @SuppressWarnings("deprecation") // the low bytes of ASCII text are the text
    private StanzaWriter ascii(String text) {
        int length = text.length();
        room(length);
        text.getBytes(0, length, bytes, size);
        size += length;
        return this;
    }

    private void append(byte[] more) {
        room(more.length);
        System.arraycopy(more, 0, bytes, size, more.length);
        size += more.length;
    }

    private void room(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), 2 * bytes.length));
        }
    }
}
