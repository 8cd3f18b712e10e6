package im.stanzabus.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import im.stanzabus.bus.api.LogRequest;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaType;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What one version of the project makes of the messages of another.
class RecordToleranceTest {
    private static final ConnectionId CONNECTION = new ConnectionId("c2s.0@n1", 7);
    private static final Jid ROMEO = Jid.of("romeo@montague.example/orchard");
    private static final Stanza CHAT = Stanza.message(StanzaType.CHAT, ROMEO, Jid.of("juliet@capulet.example"));

    private final RecordCodec codec = new RecordCodec();

    @Test
    void moreComponentsAreIgnored() {
        ToleranceNew.Delivered sent =
                new ToleranceNew.Delivered(CONNECTION, ROMEO, 5, "why", List.of(new ToleranceNew.Future(ROMEO, "x")));
        assertThat(read(sent)).isEqualTo(new SessionEvent.Delivered(CONNECTION, ROMEO, 5));
    }

    @Test
    void missingComponentsAreNullOrZeroOrFalseOrEmpty() {
        SessionEvent.FromClient read =
                (SessionEvent.FromClient) read(new ToleranceNew.FromClient(CONNECTION, ROMEO, 5));
        assertThat(read.number()).isEqualTo(5);
        assertThat(read.retry()).isFalse();
        assertThat(read).extracting(SessionEvent.FromClient::stanza).isNull();
        SessionEvent.Inbound inbound = (SessionEvent.Inbound) read(new ToleranceNew.Inbound(CHAT));
        assertThat(inbound).isEqualTo(new SessionEvent.Inbound(CHAT));
        ResourceState state = (ResourceState) RecordShape.of(ResourceState.class)
                .make(RecordShape.of(ResourceState.class).absent());
        assertThat(state).isEqualTo(ResourceState.NEW);
    }

    @Test
    void eventsThatAreNotKnownAreLeftOut() {
        ToleranceNew.Future unknown = new ToleranceNew.Future(ROMEO, "a text that comes again");
        ToleranceNew.Batch sent = new ToleranceNew.Batch(
                List.of(
                        new SessionEvent.Detached(CONNECTION, ROMEO),
                        unknown,
                        new ToleranceNew.Delivered(CONNECTION, ROMEO, 1, "a text that comes again", List.of(unknown)),
                        unknown,
                        new SessionEvent.Inbound(CHAT)),
                ToleranceNew.Mood.HAPPY);
        assertThat(read(sent))
                .isEqualTo(new SessionEvent.Batch(List.of(
                        new SessionEvent.Detached(CONNECTION, ROMEO),
                        new SessionEvent.Delivered(CONNECTION, ROMEO, 1),
                        new SessionEvent.Inbound(CHAT))));
    }

    @Test
    void anEventWithAConstantThatIsNotKnownIsLeftOut() {
        SessionEvent.Batch sent = new SessionEvent.Batch(List.of(
                new SessionEvent.Detached(CONNECTION, ROMEO),
                new SessionEvent.Inbound(CHAT.withType(StanzaType.HEADLINE)),
                new SessionEvent.Inbound(CHAT)));
        assertThat(read(sent, "HEADLINE", "FORECAST"))
                .isEqualTo(new SessionEvent.Batch(
                        List.of(new SessionEvent.Detached(CONNECTION, ROMEO), new SessionEvent.Inbound(CHAT))));
    }

    @Test
    void fromAListWhosePlacesCountNothingIsLeftOut() {
        LogRequest.Appended sent =
                new LogRequest.Appended(List.of(LogRequest.Outcome.KEPT, LogRequest.Outcome.REFUSED));
        assertThatThrownBy(() -> read(sent, "REFUSED", "REFUTED")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void fromAMapWhatIsNotKnownIsLeftOut() {
        ServiceDescriptor sent = ServiceDescriptor.internal("x", "1", true)
                .withIqNamespaces(Map.of("a", IqAccess.SUBSCRIBERS, "b", IqAccess.SELF));
        ServiceDescriptor read = (ServiceDescriptor) read(sent, "SUBSCRIBERS", "NEIGHBOURXS");
        assertThat(read.iqNamespaces()).containsOnlyKeys("b");
    }

    @Test
    void aMessageThatIsNotKnownFails() {
        assertThatThrownBy(() -> read(new ToleranceNew.Future(ROMEO, "x")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /// Takes the message over to this version.
    private BusMessage read(BusMessage message) {
        return read(message, "ToleranceNew$", "SessionEvent$");
    }

    private BusMessage read(BusMessage message, String name, String otherName) {
        Buffer buffer = Buffer.buffer();
        codec.encodeToWire(buffer, message);
        String text = new String(buffer.getBytes(), StandardCharsets.ISO_8859_1);
        assertThat(otherName).hasSameSizeAs(name);
        assertThat(text).contains(name);
        byte[] replaced = text.replace(name, otherName).getBytes(StandardCharsets.ISO_8859_1);
        return codec.decodeFromWire(0, Buffer.buffer(replaced));
    }
}
