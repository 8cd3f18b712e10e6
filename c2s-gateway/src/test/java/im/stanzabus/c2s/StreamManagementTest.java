package im.stanzabus.c2s;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.bus.Management;
import im.stanzabus.bus.SessionEvent;
import java.util.Arrays;
import java.util.Collections;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// XEP-0198 sections 3, 4 and 6: enabling, acknowledgements, errors.
class StreamManagementTest {
    private static final String UNEXPECTED = "<failed xmlns='urn:xmpp:sm:3'>"
            + "<unexpected-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>";

    private TestGateway gateway;
    private TestClient client;

    @BeforeEach
    void start() throws Exception {
        gateway = TestGateway.plain("""
                limits: {unconfirmed-stanzas: 64, outgoing-bytes: 1 MiB}
                timeouts: {close: 200 ms}
                stream-management: {location: "gateway.example:5222"}
                """);
        client = gateway.bound("romeo", "orchard");
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
    }

    @Test
    void withoutResumptionThereIsNothingToSay() throws Exception {
        assertThat(client.enable("")).isEqualTo("<enabled xmlns='urn:xmpp:sm:3'/>");
        SessionEvent.Enable enable = gateway.owner.next(SessionEvent.Enable.class);
        assertThat(enable.management().isResumable()).isFalse();
        assertThat(enable.client()).isEqualTo(client.jid);
        assertThat(gateway.gauge("stanzabus.c2s.streams.managed")).isEqualTo(1);
        assertThat(client.enableAgainFails()).startsWith(UNEXPECTED).contains("<policy-violation");
        gateway.owner.next(SessionEvent.Gone.class);
        assertThat(gateway.gauge("stanzabus.c2s.streams.managed")).isZero();
    }

    @Test
    void aResumableStreamHasAnIdNobodyCanGuess() throws Exception {
        String enabled = client.enable("resume='1'");
        assertThat(enabled)
                .contains(" resume='true'")
                .contains(" max='300'")
                .contains(" location='gateway.example:5222'");
        String id = TestClient.attribute(enabled, "id");
        assertThat(id).hasSizeGreaterThanOrEqualTo(22);
        TestClient other = gateway.bound("juliet", "balcony");
        assertThat(other.enableResumption()).isNotEqualTo(id);
    }

    @ParameterizedTest
    @CsvSource({"20, 20", "900, 900", "901, 900", "99999999999999999999, 300", "0, 300", "x, 300", "-5, 300"})
    void theTimeIsTheClientsWishWithinBounds(String max, String granted) throws Exception {
        assertThat(client.enable("resume='true' max='" + max + "'")).contains(" max='" + granted + "'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<enable xmlns='urn:xmpp:sm:3'/>",
                "<resume xmlns='urn:xmpp:sm:3' previd='x' h='0'/>",
            })
    void nothingIsPossibleBeforeLogin(String element) throws Exception {
        TestClient stranger = gateway.connect();
        stranger.open(TestGateway.ALPHA);
        stranger.send(element);
        assertThat(stranger.until("</failed>")).isEqualTo(UNEXPECTED);
        stranger.auth("romeo", FakeAuth.PASSWORD);
        stranger.until("<success");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<enable xmlns='urn:xmpp:sm:3' resume='true'/>",
                "<r xmlns='urn:xmpp:sm:3'/>",
                "<a xmlns='urn:xmpp:sm:3' h='0'/>",
            })
    void onlyResumptionIsPossibleBeforeAResourceIsBound(String element) throws Exception {
        TestClient unbound = gateway.login("juliet");
        unbound.send(element);
        assertThat(unbound.until("</failed>")).isEqualTo(UNEXPECTED);
        assertThat(unbound.bind("balcony")).contains("type='result'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<resume xmlns='urn:xmpp:sm:3' previd='x' h='0'/>",
                "<r xmlns='urn:xmpp:sm:3'/>",
                "<a xmlns='urn:xmpp:sm:3' h='0'/>",
            })
    void nothingIsCountedBeforeItIsEnabled(String element) throws Exception {
        client.send(element);
        assertThat(client.until("</failed>")).isEqualTo(UNEXPECTED);
        client.sync();
    }

    @Test
    void anUnknownElementOfStreamManagementEndsTheStream() throws Exception {
        client.enable("");
        client.send("<t xmlns='urn:xmpp:sm:3'/>");
        client.expectStreamError("unsupported-stanza-type");
    }

    @Test
    void theClientsStanzasAreCountedFromEnablingOn() throws Exception {
        client.send("<presence/><message id='before'/>");
        client.enable("");
        SessionEvent.Enable enable = gateway.owner.next(SessionEvent.Enable.class);
        assertThat(enable.management().inBase()).isEqualTo(2);
        assertThat(client.asksForAck()).isZero();
        client.send("<presence/><message id='m'/><iq type='get' id='i'><query xmlns='jabber:iq:roster'/></iq>");
        assertThat(client.asksForAck()).isEqualTo(3);
    }

    /// What the gateway answers itself is counted in both directions, as the client counts it.
    @Test
    void whatTheGatewayAnswersIsCountedToo() throws Exception {
        gateway.owner.deliver(client, false, "before");
        client.until("</message>");
        client.enable("");
        client.send("<iq type='set' id='s'><session xmlns='urn:ietf:params:xml:ns:xmpp-session'/></iq>"
                + "<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>"
                + "<presence type='nonsense' id='p'/><message type='error' id='e' to='@'/>");
        assertThat(client.until("</presence>"))
                .contains("<iq type='result' id='s'", "<not-allowed", "<presence type='error' id='p'")
                .contains("to='romeo@alpha.test/orchard'");
        assertThat(client.asksForAck()).isEqualTo(4);
        assertThat(IntStream.range(0, 4)
                        .mapToObj(_ -> answered().answer() != null)
                        .toList())
                .containsExactly(true, true, true, false);
        client.acks(3);
        assertThat(gateway.owner.next(SessionEvent.Delivered.class).number()).isEqualTo(4);
    }

    private SessionEvent.Answered answered() {
        try {
            return gateway.owner.next(SessionEvent.Answered.class);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void theOwnerMayRefuseResumption() throws Exception {
        gateway.owner.answering = false;
        client.send("<enable xmlns='urn:xmpp:sm:3' resume='true'/>");
        SessionEvent.Enable enable = gateway.owner.next(SessionEvent.Enable.class);
        gateway.owner.send(new ConnectionEvent.Enabled(enable.connection(), new Management("", 0, 0, 0)));
        assertThat(client.until("/>")).isEqualTo("<enabled xmlns='urn:xmpp:sm:3'/>");
        client.drop();
        gateway.owner.next(SessionEvent.Gone.class);
    }

    /// A ping that was under way when counting began: its answer is a stanza of the client.
    @Test
    void theAnswerToAnEarlierPingIsCounted() throws Exception {
        gateway.owner.deliver(client, true, "page");
        String id = TestClient.attribute(client.until("<ping"), "id");
        client.enable("");
        client.send("<iq type='result' id='" + id + "'/>");
        assertThat(client.asksForAck()).isEqualTo(1);
        assertThat(answered().answer()).isNull();
        assertThat(gateway.owner.next(SessionEvent.Delivered.class).number()).isEqualTo(1);
    }

    private void handled(long number) {
        gateway.owner.send(new ConnectionEvent.Handled(gateway.owner.connection(client), number));
    }

    @Test
    void onlyWhatIsHandledIsAcknowledged() throws Exception {
        client.enable("");
        gateway.owner.confirming = false;
        client.send("<message id='1'/><message id='2'/><r xmlns='urn:xmpp:sm:3'/><message id='3'/>");
        for (int i = 0; i < 3; i++) {
            gateway.owner.next(SessionEvent.FromClient.class);
        }
        handled(1);
        handled(2);
        assertThat(client.ack()).isEqualTo(2);
        client.send("<r xmlns='urn:xmpp:sm:3'/><message id='4'/><r xmlns='urn:xmpp:sm:3'/>");
        gateway.owner.next(SessionEvent.FromClient.class);
        handled(3);
        assertThat(client.ack()).isEqualTo(3);
        handled(4);
        assertThat(client.ack()).isEqualTo(4);
    }

    /// An answer is not put off for ever, and what it lacks follows by itself.
    @Test
    void aRequestIsAnsweredWithinASecond() throws Exception {
        client.enable("");
        gateway.owner.confirming = false;
        long start = System.nanoTime();
        client.send("<message id='1'/><message id='2'/><message id='3'/>");
        assertThat(client.asksForAck()).isZero();
        assertThat(System.nanoTime() - start).isBetween(800_000_000L, 4_000_000_000L);
        handled(2);
        assertThat(client.ack()).isEqualTo(2);
        handled(3);
        assertThat(client.ack()).isEqualTo(3);
        client.send("<message id='4'/>");
        gateway.owner.next(SessionEvent.FromClient.class);
        handled(4);
        gateway.owner.deliver(client, false, "mark");
        assertThat(client.until("</message>")).doesNotContain("<a ");
    }

    @Test
    void theClientIsAskedBehindWhatItWasSentAndAgainAfterSixteenMore() throws Exception {
        client.enable("");
        gateway.owner.deliver(client, false, "1", "2");
        assertThat(client.untilAsked()).contains("<body>1</body>", "<body>2</body>");
        for (int i = 3; i <= 17; i++) {
            gateway.owner.deliver(client, false, String.valueOf(i));
            assertThat(client.until("</message>")).doesNotContain("<r ");
        }
        gateway.owner.deliver(client, false, "18");
        assertThat(client.untilAsked()).contains("<body>18</body>");
        client.acks(18);
        assertThat(gateway.owner.next(SessionEvent.Delivered.class).number()).isEqualTo(18);
        gateway.owner.deliver(client, true, "19");
        // no ping, though the owner wants to be sure
        assertThat(client.untilAsked()).contains("<body>19</body>").doesNotContain("<iq");
        client.acks(19);
        assertThat(gateway.owner.next(SessionEvent.Delivered.class).number()).isEqualTo(19);
        assertThat(gateway.count("stanzabus.c2s.acks")).isEqualTo(2);
    }

    /// The bus has lost what the owner began to count behind, or its first answer: it begins anew.
    @Test
    void bothSidesCountFromTheSameStanzaOn() throws Exception {
        gateway.owner.answering = false;
        client.send("<enable xmlns='urn:xmpp:sm:3' resume='true'/>");
        SessionEvent.Enable first = gateway.owner.next(SessionEvent.Enable.class);
        gateway.owner.deliver(client, false, "meanwhile");
        client.until("</message>");
        gateway.owner.answering = true;
        gateway.owner.send(new ConnectionEvent.Enabled(first.connection(), first.management()));
        String id = TestClient.attribute(client.until("<enabled xmlns='urn:xmpp:sm:3'") + client.until(">"), "id");
        SessionEvent.Enable second = gateway.owner.next(SessionEvent.Enable.class);
        assertThat(second.management().resumeId())
                .isEqualTo(id)
                .isNotEqualTo(first.management().resumeId());
        gateway.owner.deliver(client, false, "counted");
        client.untilAsked();
        client.acks(1);
        assertThat(gateway.owner.next(SessionEvent.Delivered.class).number()).isEqualTo(2);
    }

    @Test
    void acknowledgementsDoNotGoBack() throws Exception {
        client.enable("");
        gateway.owner.deliver(client, false, "1", "2", "3");
        client.untilAsked();
        client.send("<a xmlns='urn:xmpp:sm:3' h='2'/><a xmlns='urn:xmpp:sm:3' h='1'/>");
        assertThat(gateway.owner.next(SessionEvent.Delivered.class).number()).isEqualTo(2);
        client.asksForAck();
        client.acks(3);
        assertThat(gateway.owner.next(SessionEvent.Delivered.class).number()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(longs = {2, 10, 1L << 31, (1L << 31) + 2, (1L << 32) - 1})
    void whatWasNotSentCannotBeAcknowledged(long h) throws Exception {
        gateway.owner.deliver(client, false, "before");
        client.until("</message>");
        client.enable("resume='true'");
        gateway.owner.deliver(client, false, "1");
        client.untilAsked();
        client.send("<a xmlns='urn:xmpp:sm:3' h='" + h + "'/>");
        assertThat(client.untilEnd())
                .contains("<undefined-condition xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>")
                .contains("<handled-count-too-high xmlns='urn:xmpp:sm:3' h='" + h + "' send-count='1'/>")
                .endsWith("</stream:error></stream:stream>");
        gateway.owner.next(SessionEvent.Gone.class);
    }

    @Test
    void anAcknowledgementWithoutACountIsABadRequest() throws Exception {
        client.enable("");
        client.send("<a xmlns='urn:xmpp:sm:3'/>");
        assertThat(client.until("</failed>")).contains("<bad-request");
        assertThat(client.asksForAck()).isZero();
    }

    /// However many requests come, they get one answer in a turn, and wait in no queue.
    @Test
    void aFloodOfRequestsCostsLittle() throws Exception {
        client.enable("");
        int requests = 20_000;
        client.send(String.join("", Collections.nCopies(requests, "<r xmlns='urn:xmpp:sm:3'/>")));
        client.send("<message id='last'/>");
        gateway.owner.next(SessionEvent.FromClient.class);
        gateway.owner.deliver(client, false, "mark");
        String answers = client.until("</message>");
        assertThat(gateway.count("stanzabus.c2s.ack.requests")).isEqualTo(requests);
        assertThat(Arrays.stream(answers.split("<a ")).count()).isLessThan(requests / 10);
    }

    @Test
    void aFloodOfAcknowledgementsIsNotPassedOn() throws Exception {
        client.enable("");
        gateway.owner.deliver(client, false, "1");
        client.untilAsked();
        client.send(String.join("", Collections.nCopies(20_000, "<a xmlns='urn:xmpp:sm:3' h='1'/>")));
        assertThat(gateway.owner.next(SessionEvent.Delivered.class).number()).isEqualTo(1);
        client.send("<message id='last'/>");
        gateway.owner.next(SessionEvent.FromClient.class);
        assertThat(gateway.count("stanzabus.c2s.acks")).isEqualTo(20_000);
        assertThat(gateway.owner.rest()).isEmpty();
    }

    /// Answers to elements that are out of place wait for a client that does not read; they are bounded too.
    @Test
    void aFloodOfWhatFailsEndsWithTheClientsRoom() throws Exception {
        String flood = String.join("", Collections.nCopies(2_000, "<r xmlns='urn:xmpp:sm:3'/>"));
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    client.send(flood);
                }
            } catch (java.io.IOException e) {
                // the gateway has had enough
            }
        });
        gateway.owner.next(SessionEvent.Gone.class);
        assertThat(gateway.count("stanzabus.c2s.stream.errors", "condition", "resource-constraint"))
                .isEqualTo(1);
    }
}
