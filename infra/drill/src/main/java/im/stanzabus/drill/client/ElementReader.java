package im.stanzabus.drill.client;

import com.fasterxml.aalto.AsyncByteArrayFeeder;
import com.fasterxml.aalto.AsyncXMLStreamReader;
import com.fasterxml.aalto.stax.InputFactoryImpl;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/// Reads the top-level elements of one XML stream as its bytes come.
final class ElementReader {
    private static final InputFactoryImpl FACTORY = new InputFactoryImpl();

    private record Open(
            String name,
            String namespace,
            Map<String, String> attributes,
            List<Element> children,
            StringBuilder text) {}

    /// Elements that were completed by the bytes of one call, and whether the stream ended.
    record Read(List<Element> elements, boolean ended) {}

    private final AsyncXMLStreamReader<AsyncByteArrayFeeder> reader = FACTORY.createAsyncForByteArray();
    private final Deque<Open> open = new ArrayDeque<>();
    private boolean started;

    /// @throws XMLStreamException if the stream is not well-formed
    Read feed(byte[] bytes) throws XMLStreamException {
        List<Element> complete = new ArrayList<>();
        boolean ended = false;
        reader.getInputFeeder().feedInput(bytes, 0, bytes.length);
        for (int event = reader.next(); event != AsyncXMLStreamReader.EVENT_INCOMPLETE; event = reader.next()) {
            switch (event) {
                case XMLStreamReader.START_ELEMENT -> start();
                case XMLStreamReader.CHARACTERS -> {
                    if (!open.isEmpty()) {
                        open.peek().text().append(reader.getText());
                    }
                }
                case XMLStreamReader.END_ELEMENT -> {
                    if (open.isEmpty()) {
                        return new Read(complete, true);
                    }
                    end(complete);
                }
                case XMLStreamReader.END_DOCUMENT -> {
                    return new Read(complete, true);
                }
                default -> {}
            }
        }
        return new Read(complete, ended);
    }

    /// The first element is the stream itself, which stays open.
    private void start() {
        if (!started) {
            started = true;
            return;
        }
        Map<String, String> attributes = new HashMap<>();
        for (int i = 0; i < reader.getAttributeCount(); i++) {
            attributes.put(reader.getAttributeLocalName(i), reader.getAttributeValue(i));
        }
        String namespace = reader.getNamespaceURI();
        open.push(new Open(
                reader.getLocalName(),
                namespace == null ? "" : namespace,
                attributes,
                new ArrayList<>(),
                new StringBuilder()));
    }

    private void end(List<Element> complete) {
        Open done = open.pop();
        Element element = new Element(
                done.name(),
                done.namespace(),
                done.attributes(),
                List.copyOf(done.children()),
                done.text().toString());
        if (open.isEmpty()) {
            complete.add(element);
        } else {
            open.peek().children().add(element);
        }
    }
}
