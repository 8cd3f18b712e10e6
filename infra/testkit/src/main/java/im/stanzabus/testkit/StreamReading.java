package im.stanzabus.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/// Reads one XML stream strictly, from its header to its end or to where another one takes its place. Runs on
/// a thread of its own.
final class StreamReading implements Runnable {
    private final InputStream source;
    private final Queue<Connection.Event> events;

    StreamReading(InputStream source, Queue<Connection.Event> events) {
        this.source = source;
        this.events = events;
    }

    @Override
    public void run() {
        try {
            XMLStreamReader reader = Streams.FACTORY.createXMLStreamReader(source, "UTF-8");
            reader.nextTag();
            events.add(new Connection.Event.Header(header(reader)));
            boolean restarts = false;
            while (!restarts) {
                int event = reader.next();
                if (event == XMLStreamReader.START_ELEMENT) {
                    Xml element = Xml.read(reader);
                    restarts = element.is("proceed", Streams.TLS) || element.is("success", Streams.SASL);
                    events.add(new Connection.Event.Element(element));
                } else if (event == XMLStreamReader.END_ELEMENT) {
                    events.add(new Connection.Event.StreamClosed());
                    drain();
                    return;
                } else if (event != XMLStreamReader.CHARACTERS && event != XMLStreamReader.SPACE) {
                    throw new XMLStreamException("XML that RFC 6120 section 11.1 forbids");
                }
            }
        } catch (XMLStreamException | IOException e) {
            events.add(new Connection.Event.Disconnected(String.valueOf(e.getMessage())));
        }
    }

    private void drain() throws IOException {
        int more = source.read();
        events.add(new Connection.Event.Disconnected(more < 0 ? "in good order" : "bytes after the end of the stream"));
    }

    private static Xml header(XMLStreamReader reader) {
        Map<String, String> attributes = new LinkedHashMap<>();
        for (int i = 0; i < reader.getAttributeCount(); i++) {
            String prefix = reader.getAttributePrefix(i);
            String name = reader.getAttributeLocalName(i);
            attributes.put(
                    prefix == null || prefix.isEmpty() ? name : prefix + ":" + name, reader.getAttributeValue(i));
        }
        String content = String.valueOf(reader.getNamespaceURI(""));
        attributes.put("xmlns", content);
        return new Xml(String.valueOf(reader.getNamespaceURI()), reader.getLocalName(), attributes, List.of());
    }
}
