package im.stanzabus.session;

import static im.stanzabus.session.FakeServices.await;
import static im.stanzabus.session.FakeServices.body;
import static im.stanzabus.session.FakeServices.chat;
import static im.stanzabus.session.FakeServices.stanza;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.bus.ConnectionId;
import im.stanzabus.bus.Management;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stamps;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaType;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Messages of a user with two clients: one gets messages at its own address, the other is away and
/// its copies (XEP-0280) wait for it.
@Timeout(60)
class RedeliveryTest {
    private static final Jid ROMEO = Jid.of("romeo@localhost/orchard");
    private static final Jid DESK = Jid.of("juliet@localhost/desk");
    private static final Jid PHONE = Jid.of("juliet@localhost/phone");

    private Vertx vertx;
    private FakeServices services;
    private ConnectionId phone;
    private ConnectionId desk;

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        services = new FakeServices(vertx, true);
        services.startPartition(0);
        phone = services.available(PHONE, 1);
        services.send(new SessionEvent.Enable(phone, PHONE, new Management("id", 300, 1, 0)));
        services.next(ConnectionEvent.Enabled.class);
        Element enable = Element.of("enable", Namespaces.CARBONS);
        services.send(stanza(phone, PHONE, 2, Stanza.iq(StanzaType.SET, "c", PHONE, null, enable)));
        assertThat(services.nextStanza().type()).isEqualTo(StanzaType.RESULT);
        desk = services.bind("juliet@localhost", "desk", 2);
        services.send(stanza(desk, DESK, 1, Stanza.presence(StanzaType.AVAILABLE, DESK, null)));
        for (int i = 0; i < 3; i++) {
            assertThat(services.nextStanza().isPresence()).isTrue(); // each of both
        }
        services.send(new SessionEvent.Detached(phone, PHONE));
    }

    @AfterEach
    void stop() throws Exception {
        FakeServices.get(vertx.close());
    }

    @Test
    void aCopyThatWaitsForAClientThatNeverComesBackIsNoDelivery() throws Exception {
        ConnectionEvent.Deliver message = say("1");
        ConnectionEvent.Deliver copy = services.next(ConnectionEvent.Deliver.class);
        assertThat(copy.connection()).isEqualTo(phone);
        assertThat(copy.logId()).isEqualTo(message.logId()).isPositive();
        services.send(new SessionEvent.Gone(desk, DESK, message.number() - 1));
        assertThat(services.nextStanza().type()).isEqualTo(StanzaType.UNAVAILABLE);
        services.send(new SessionEvent.Gone(phone, PHONE, copy.number() - 1));

        ConnectionId tablet = services.available(Jid.of("juliet@localhost/tablet"), 3);
        ConnectionEvent.Deliver again = services.next(ConnectionEvent.Deliver.class);
        assertThat(again.connection()).isEqualTo(tablet);
        assertThat(body(again.stanza())).isEqualTo("1");
        assertThat(again.logId()).isEqualTo(message.logId());
    }

    @Test
    void aCopyThatItsClientHasIsADelivery() throws Exception {
        ConnectionEvent.Deliver message = say("1");
        long copy = services.next(ConnectionEvent.Deliver.class).number();
        services.send(new SessionEvent.Delivered(phone, PHONE, copy));
        services.send(new SessionEvent.Gone(desk, DESK, message.number() - 1));
        assertThat(services.nextStanza().type()).isEqualTo(StanzaType.UNAVAILABLE);
        await(() -> services.log.mark(DESK.bare()) == message.logId());
        services.send(new SessionEvent.Gone(phone, PHONE, copy + 1));
        await(() -> services.log.waiting(DESK.bare()).isEmpty());
        services.available(Jid.of("juliet@localhost/tablet"), 3);
        services.send(new SessionEvent.Inbound(chat(ROMEO, DESK.bare(), "2")));
        assertThat(body(services.nextStanza())).as("and not 1").isEqualTo("2");
    }

    @Test
    void whoHasTheMessageNeedsNoCopyOfAnotherToHaveArrived() throws Exception {
        ConnectionEvent.Deliver message = say("1");
        long copy = services.next(ConnectionEvent.Deliver.class).number();
        services.send(new SessionEvent.Delivered(desk, DESK, message.number()));
        services.send(new SessionEvent.Gone(phone, PHONE, copy - 1));
        assertThat(services.nextStanza().type()).isEqualTo(StanzaType.UNAVAILABLE);
        services.send(new SessionEvent.Inbound(chat(ROMEO, DESK, "2")));
        assertThat(body(services.nextStanza())).as("and not 1 again").isEqualTo("2");
        await(() -> services.log.mark(DESK.bare()) == message.logId());
    }

    /// XEP-0198 section 4: with the time of the first attempt, once.
    @Test
    void whatIsNotInTheLogSaysWhenItCameIfItIsRedelivered() throws Exception {
        services.send(new SessionEvent.Inbound(fleeting(DESK)));
        ConnectionEvent.Deliver message = services.next(ConnectionEvent.Deliver.class);
        assertThat(delays(message.stanza())).isEmpty();
        assertThat(message.logId()).isZero();
        String time = Stamps.time(Instant.ofEpochMilli(message.received()));

        services.send(new SessionEvent.Gone(desk, DESK, message.number() - 1));
        assertThat(services.nextStanza().type()).isEqualTo(StanzaType.UNAVAILABLE);
        ConnectionEvent.Deliver second = services.next(ConnectionEvent.Deliver.class);
        assertThat(second.connection()).isEqualTo(phone);
        assertThat(delays(second.stanza())).containsExactly(time);

        services.send(new SessionEvent.Gone(phone, PHONE, second.number() - 1));
        await(() -> services.log.of(DESK.bare()).size() == 1);
        services.available(Jid.of("juliet@localhost/tablet"), 3);
        assertThat(delays(services.nextStanza())).as("from the log").containsExactly(time);
    }

    /// XEP-0198 section 5: it is the same stanza still.
    @Test
    void whatIsSentAgainOnAResumedStreamIsSentAsItWas() throws Exception {
        services.send(new SessionEvent.Inbound(fleeting(PHONE)));
        ConnectionEvent.Deliver message = services.next(ConnectionEvent.Deliver.class);
        ConnectionId next = new ConnectionId(FakeServices.OTHER_GATEWAY, 9);
        services.send(new SessionEvent.Resume(next, PHONE.bare(), "id", message.number() - 2, "::1"));
        services.next(ConnectionEvent.Disconnect.class);
        services.next(ConnectionEvent.Resumed.class);
        assertThat(services.next(ConnectionEvent.Deliver.class)).isEqualTo(message.on(next));
    }

    private static Stanza fleeting(Jid to) {
        Stanza message = chat(ROMEO, to, "1");
        return message.withPayload(message.payload()
                .plus(Element.of("no-permanent-store", Namespaces.HINTS))
                .plus(Element.of("no-copy", Namespaces.HINTS)));
    }

    private static List<String> delays(Stanza stanza) {
        return stanza.payload().children().stream()
                .filter(child -> child.is("delay", Namespaces.DELAY))
                .map(delay -> delay.attribute("stamp"))
                .toList();
    }

    /// To the address of the client at the desk.
    private ConnectionEvent.Deliver say(String body) throws Exception {
        services.send(new SessionEvent.Inbound(chat(ROMEO, DESK, body)));
        ConnectionEvent.Deliver message = services.next(ConnectionEvent.Deliver.class);
        assertThat(message.connection()).isEqualTo(desk);
        return message;
    }
}
