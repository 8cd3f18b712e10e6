package im.stanzabus.offline.stored;

import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.ElementName;
import im.stanzabus.stanza.FragmentReader;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Payload;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaType;
import im.stanzabus.stanza.xml.StanzaWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A stanza as it lies in the database: XML that stands on its own, the payload byte for byte as it came.
public final class StoredStanza {
    private StoredStanza() {}

    /// The stanza as XML with its own namespace declaration; its attributes are in the order of {@link
    /// StanzaWriter}.
    public static byte[] write(Stanza stanza) {
        return new StanzaWriter().stanzaWithNamespace(stanza).toBytes();
    }

    /// The stanza that the bytes were made of.
    ///
    /// @throws IllegalArgumentException if the bytes are not what {@link #write} made
    public static Stanza read(byte[] bytes) {
        Element root = FragmentReader.element(bytes);
        Stanza.Kind kind = Stanza.Kind.valueOf(root.name().toUpperCase(Locale.ROOT));
        StanzaType type = StanzaType.parse(kind, root.attribute("type"));
        if (type == null) {
            throw new IllegalArgumentException("stored stanza of unknown type");
        }
        return new Stanza(
                kind,
                type,
                root.attribute("id"),
                jid(root.attribute("from")),
                jid(root.attribute("to")),
                root.attribute("xml:lang"),
                payload(bytes, root.children()));
    }

    private static @Nullable Jid jid(@Nullable String text) {
        return text == null ? null : Jid.of(text);
    }

    private static Payload payload(byte[] bytes, List<Element> children) {
        int start = endOfStartTag(bytes);
        if (bytes[start - 2] == '/') {
            return Payload.EMPTY;
        }
        int end = bytes.length;
        do {
            end--;
        } while (bytes[end] != '<');
        ElementName[] names = children.stream()
                .map(child -> new ElementName(child.namespace(), child.name()))
                .toArray(ElementName[]::new);
        return new Payload(Arrays.copyOfRange(bytes, start, end), names);
    }

    /// A `>` may stand in an attribute's value.
    private static int endOfStartTag(byte[] bytes) {
        byte quote = 0;
        for (int i = 0; i < bytes.length; i++) {
            byte b = bytes[i];
            if (quote != 0) {
                quote = b == quote ? 0 : quote;
            } else if (b == '\'' || b == '"') {
                quote = b;
            } else if (b == '>') {
                return i + 1;
            }
        }
        throw new IllegalArgumentException("stored stanza without a start tag");
    }
}
