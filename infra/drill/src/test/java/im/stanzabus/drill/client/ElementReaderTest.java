package im.stanzabus.drill.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLStreamException;
import org.junit.jupiter.api.Test;

class ElementReaderTest {
    private static final String STREAM = "<?xml version='1.0'?><stream:stream xmlns='jabber:client'"
            + " xmlns:stream='http://etherx.jabber.org/streams' id='1'>"
            + "<message from='u1@x/a' type='chat'><body>gr\u00fc\u00df &amp; \ud83d\ude00</body>"
            + "<stanza-id xmlns='urn:xmpp:sid:0' by='u2@x' id='7'/></message>"
            + " <r xmlns='urn:xmpp:sm:3'/>";

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void readsElementsWhateverThePiecesAre() throws Exception {
        for (int size : List.of(1, 3, 7, 10_000)) {
            ElementReader reader = new ElementReader();
            List<Element> elements = new ArrayList<>();
            byte[] all = bytes(STREAM);
            for (int from = 0; from < all.length; from += size) {
                byte[] piece = java.util.Arrays.copyOfRange(all, from, Math.min(all.length, from + size));
                elements.addAll(reader.feed(piece).elements());
            }

            assertThat(elements).extracting(Element::name).containsExactly("message", "r");
            Element message = elements.getFirst();
            assertThat(message.isStanza()).isTrue();
            assertThat(message.attribute("type")).isEqualTo("chat");
            assertThat(message.child("body", "jabber:client").orElseThrow().text())
                    .isEqualTo("gr\u00fc\u00df & \ud83d\ude00");
            assertThat(message.child("stanza-id", "urn:xmpp:sid:0")
                            .orElseThrow()
                            .attribute("id"))
                    .isEqualTo("7");
            assertThat(reader.feed(bytes("</stream:stream>")).ended()).isTrue();
        }
    }

    @Test
    void noticesWhatIsNotWellFormed() throws Exception {
        ElementReader reader = new ElementReader();
        reader.feed(bytes(STREAM));

        assertThatThrownBy(() -> reader.feed(bytes("<a <b/>"))).isInstanceOf(XMLStreamException.class);
    }
}
