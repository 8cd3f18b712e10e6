package im.stanzabus.stanza.xml;

import im.stanzabus.stanza.StreamError.Condition;
import im.stanzabus.stanza.StreamErrorException;
import im.stanzabus.stanza.XmlReaders;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/// Reads whole documents so strictly that every other conforming reader understands them the same way.
final class StrictXml {
    static final String BROKEN = "not well-formed by XML 1.0 and its namespaces";

    private StrictXml() {}

    /// Reads a document to its end, and looks at all inside its root.
    ///
    /// @throws StreamErrorException if it is not well-formed or uses what XMPP forbids
    static void checkInside(byte[] bytes, StreamLimits limits) throws StreamErrorException {
        try {
            XMLStreamReader reader = XmlReaders.open(bytes, 0, bytes.length);
            reader.next();
            int event = reader.next();
            while (event != XMLStreamConstants.END_DOCUMENT) {
                check(reader, event, limits);
                event = reader.next();
            }
            reader.close();
        } catch (XMLStreamException | RuntimeException e) { // Aalto throws both
            throw Refusal.notWellFormed(BROKEN);
        }
    }

    /// Looks at the event the reader is at.
    static void check(XMLStreamReader reader, int event, StreamLimits limits) throws StreamErrorException {
        switch (event) {
            case XMLStreamConstants.START_ELEMENT -> startTag(reader, limits);
            case XMLStreamConstants.END_ELEMENT,
                    XMLStreamConstants.CHARACTERS,
                    XMLStreamConstants.CDATA,
                    XMLStreamConstants.SPACE -> {}
            default -> throw Refusal.restricted();
        }
    }

    /// Namespaces count as names: whoever writes an element out again may have to repeat them.
    private static void startTag(XMLStreamReader reader, StreamLimits limits) throws StreamErrorException {
        for (int i = 0; i < reader.getNamespaceCount(); i++) {
            String prefix = reader.getNamespacePrefix(i);
            String uri = reader.getNamespaceURI(i);
            if (uri == null || uri.isEmpty()) {
                if (prefix != null && !prefix.isEmpty()) {
                    throw Refusal.notWellFormed("a prefix for no namespace");
                }
                continue;
            }
            if (uri.length() > limits.maxNameBytes()) {
                throw Refusal.limit("a namespace longer than " + limits.maxNameBytes() + " bytes");
            }
            noWhitespace(uri);
        }
    }

    /// Readers differ in what they make of a tab or a line's end in a namespace, which no URI has.
    private static void noWhitespace(String uri) throws StreamErrorException {
        for (int i = 0; i < uri.length(); i++) {
            if (uri.charAt(i) <= ' ') {
                throw new StreamErrorException(Condition.BAD_FORMAT, "whitespace in a namespace");
            }
        }
    }
}
