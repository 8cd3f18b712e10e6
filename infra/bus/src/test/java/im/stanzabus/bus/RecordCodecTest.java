package im.stanzabus.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import im.stanzabus.bus.api.AuthRequest;
import im.stanzabus.bus.api.Done;
import im.stanzabus.bus.api.LastSeen;
import im.stanzabus.bus.api.LogRequest;
import im.stanzabus.bus.api.RosterItem;
import im.stanzabus.bus.api.RosterRequest;
import im.stanzabus.bus.api.SaslReply;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaType;
import im.stanzabus.stanza.StreamError;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RecordCodecTest {
    private static final ConnectionId CONNECTION = new ConnectionId("c2s.0@n1", 7);
    private static final Jid ROMEO = Jid.of("romeo@montague.example/orchard");
    private static final Stanza CHAT = new Stanza(
            Stanza.Kind.MESSAGE,
            StanzaType.CHAT,
            "m&1",
            ROMEO,
            Jid.of("jülïet@capulet.example"),
            "it",
            im.stanzabus.stanza.Payload.of(
                    Element.text("body", Namespaces.CLIENT, "Ecco — 😀 <&>"),
                    Element.of("active", Namespaces.CHAT_STATES)));

    private final RecordCodec codec = new RecordCodec();

    static Stream<BusMessage> messages() {
        return Stream.of(
                Done.DONE,
                new SessionEvent.Batch(List.of(
                        new SessionEvent.Bind(CONNECTION, ROMEO.bare(), null, "192.0.2.1", -5),
                        new SessionEvent.FromClient(CONNECTION, ROMEO, Long.MAX_VALUE, true, CHAT),
                        new SessionEvent.Gone(CONNECTION, ROMEO, 9),
                        new SessionEvent.Delivered(CONNECTION, ROMEO, -1),
                        new SessionEvent.Inbound(CHAT),
                        new SessionEvent.AccountRemoved(ROMEO))),
                new ConnectionEvent.Batch(
                        "sm.0@n1",
                        List.of(
                                new ConnectionEvent.Bound(CONNECTION, ROMEO),
                                new ConnectionEvent.BindRefused(
                                        CONNECTION, StanzaError.of(StanzaError.Condition.CONFLICT, "x")),
                                new ConnectionEvent.Deliver(
                                        CONNECTION, 1, true, 7, CHAT, 3, 1L << 40, true, new Origin(9, 5)),
                                new ConnectionEvent.Handled(CONNECTION, 2),
                                new ConnectionEvent.Disconnect(
                                        CONNECTION, StreamError.of(StreamError.Condition.RESET)))),
                new RosterRequest.Snapshot(
                        "7",
                        List.of(new RosterItem(
                                ROMEO.bare(), null, List.of("a", ""), RosterItem.Subscription.BOTH, true, false)),
                        List.of(ROMEO),
                        List.of(CHAT)),
                new RosterRequest.Outcome(List.of(), true, List.of(CHAT), RosterRequest.Sharing.ENDED),
                new LogRequest.Append(List.of(new LogRequest.Entry(
                        ROMEO.bare(),
                        3,
                        1,
                        Instant.EPOCH.plusNanos(1),
                        CHAT.to(),
                        LogRequest.Direction.SENT,
                        true,
                        new Origin(Long.MIN_VALUE, 1),
                        false,
                        0,
                        CHAT))),
                new LastSeen(ROMEO, Instant.MAX, ""),
                new AuthRequest.Mechanisms(List.of("PLAIN"), List.of()),
                ServiceDescriptor.internal("x", "1", true)
                        .withIqNamespaces(Map.of("vcard-temp", IqAccess.SUBSCRIBERS)));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void whatIsWrittenIsRead(BusMessage message) {
        assertThat(roundTrip(message)).isEqualTo(message);
    }

    @Test
    void bytesSurvive() {
        SaslReply.Challenge challenge =
                (SaslReply.Challenge) roundTrip(new SaslReply.Challenge(new byte[] {0, -1, 127}, new byte[0]));
        assertThat(challenge.data()).containsExactly(0, -1, 127);
        assertThat(challenge.state()).isEmpty();
    }

    @Test
    void thePayloadKeepsItsBytesAndNames() {
        SessionEvent.Inbound read = (SessionEvent.Inbound) roundTrip(new SessionEvent.Inbound(CHAT));
        assertThat(read.stanza().payload().bytes()).isEqualTo(CHAT.payload().bytes());
        assertThat(read.stanza().payload().has("active", Namespaces.CHAT_STATES))
                .isTrue();
        assertThat(read.stanza().payload().children()).isEqualTo(CHAT.payload().children());
    }

    @Test
    void aMessageOfAnotherVersionIsRefusedClearly() {
        Buffer buffer = Buffer.buffer();
        codec.encodeToWire(buffer, Done.DONE);
        buffer.setByte(0, (byte) 9);
        assertThatThrownBy(() -> codec.decodeFromWire(0, buffer)).hasMessageContaining("version 9");
    }

    @Test
    void noClassFromElsewhereIsMade() {
        WireOutput out = new WireOutput();
        out.tag(WireTag.RECORD);
        out.unsigned(0);
        out.text("java.lang.String");
        out.unsigned(0);
        Buffer buffer = Buffer.buffer(new byte[] {RecordCodec.VERSION});
        out.appendTo(buffer);
        assertThatThrownBy(() -> codec.decodeFromWire(0, buffer)).hasMessageContaining("not a bus message");
    }

    @Test
    void noClassOfThisProjectIsMadeThatIsNotARecord() {
        WireOutput out = new WireOutput();
        out.tag(WireTag.RECORD);
        out.unsigned(0);
        out.text("im.stanzabus.bus.Bus");
        out.unsigned(0);
        Buffer buffer = Buffer.buffer(new byte[] {RecordCodec.VERSION});
        out.appendTo(buffer);
        assertThatThrownBy(() -> codec.decodeFromWire(0, buffer)).hasMessageContaining("does not travel");
    }

    @Test
    void whatComesAgainIsWrittenOnce() {
        SessionEvent event = new SessionEvent.FromClient(CONNECTION, ROMEO, 1, false, CHAT);
        int one = length(new SessionEvent.Batch(List.of(event)));
        int two = length(new SessionEvent.Batch(List.of(event, event)));
        assertThat(two - one).isLessThan(CHAT.payload().bytes().length + 60);
    }

    private int length(BusMessage message) {
        Buffer buffer = Buffer.buffer();
        codec.encodeToWire(buffer, message);
        return buffer.length();
    }

    private BusMessage roundTrip(BusMessage message) {
        Buffer buffer = Buffer.buffer("before");
        codec.encodeToWire(buffer, message);
        return codec.decodeFromWire(6, buffer);
    }
}
