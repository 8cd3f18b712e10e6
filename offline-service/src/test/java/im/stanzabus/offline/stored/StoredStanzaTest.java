package im.stanzabus.offline.stored;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Payload;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaType;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StoredStanzaTest {
    private static final Jid FROM = Jid.of("römeo@example.org/a>b'\"c");
    private static final Jid TO = Jid.of("juliet@example.org");

    private static Stanza stored(Stanza stanza) {
        return StoredStanza.read(StoredStanza.write(stanza));
    }

    @Test
    void comesBackWithAllItsAttributes() {
        Stanza stanza = new Stanza(
                Stanza.Kind.MESSAGE,
                StanzaType.CHAT,
                "id <&>'\" 1",
                FROM,
                TO,
                "de-CH",
                Payload.of(
                        Element.text("body", Namespaces.CLIENT, "Ü > \uD83D\uDE00 <&>]]>"),
                        Element.of("active", Namespaces.CHAT_STATES)));
        assertThat(stored(stanza)).isEqualTo(stanza);
        assertThat(stored(stanza).payload().has("active", Namespaces.CHAT_STATES))
                .isTrue();
    }

    @Test
    void comesBackWithoutPayloadAndAttributes() {
        Stanza empty = Stanza.message(StanzaType.NORMAL, null, null);
        assertThat(stored(empty)).isEqualTo(empty);
        Stanza subscription = Stanza.presence(StanzaType.SUBSCRIBE, FROM, TO);
        assertThat(stored(subscription)).isEqualTo(subscription);
    }

    @Test
    void keepsTheBytesOfThePayload() {
        byte[] odd = "<body >a&#62;b</body ><p:x xmlns:p='urn:x' p:y=\">\"/>".getBytes(StandardCharsets.UTF_8);
        Payload payload = new Payload(odd, new im.stanzabus.stanza.ElementName[] {
            new im.stanzabus.stanza.ElementName(Namespaces.CLIENT, "body"),
            new im.stanzabus.stanza.ElementName("urn:x", "x")
        });
        Stanza stanza = new Stanza(Stanza.Kind.MESSAGE, StanzaType.CHAT, null, FROM, TO, null, payload);
        assertThat(stored(stanza).payload().bytes()).isEqualTo(odd);
        assertThat(stored(stanza).payload().has("x", "urn:x")).isTrue();
    }

    @Test
    void refusesWhatIsNoStanza() {
        assertThatThrownBy(() -> StoredStanza.read("<message".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> StoredStanza.read("<a xmlns='b'/>".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
