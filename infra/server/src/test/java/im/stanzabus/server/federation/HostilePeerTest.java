package im.stanzabus.server.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import im.stanzabus.testkit.Connection;
import im.stanzabus.testkit.Connection.Event;
import im.stanzabus.testkit.EmbeddedServer;
import im.stanzabus.testkit.Spec;
import im.stanzabus.testkit.TestServer;
import im.stanzabus.testkit.TestStream;
import im.stanzabus.testkit.TlsClient;
import im.stanzabus.testkit.Xml;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Somebody connects as a server and is none, or not the one that he says.
@Timeout(90)
class HostilePeerTest {
    private static final String HERE = "montague.example";

    /// That of a component, which is not connected.
    private static final String COMPONENT = "rooms.montague.example";

    /// Its server may be without TLS, and asks nobody.
    private static final String PARIS = "paris.example";

    /// Nobody is there.
    private static final String TYBALT = "tybalt.example";

    private static final int MOST_CONNECTIONS = 30;
    private static final int MOST_STREAMS = 5;
    private static final int MOST_REFUSALS = 50;

    private static final String SPOOFED =
            "<message from='county@paris.example/here' to='romeo@montague.example' type='chat'><body>forged</body></message>";

    private static ScriptedServer paris;
    private static EmbeddedServer server;

    @BeforeAll
    static void start() throws Exception {
        paris = new ScriptedServer(PARIS);
        server = new EmbeddedServer(
                """
                hosts: [{domain: %s}]
                http: {port: 0}
                c2s-gateway: {host: 127.0.0.1, port: 0, direct-tls: {port: 0}}
                s2s-gateway:
                  host: 127.0.0.1
                  port: 0
                  direct-tls: {port: 0}
                  instances: 1
                  timeouts: {authentication: 4 s, dialback: 2 s}
                  limits: {connections-per-address: %d, streams-per-pair: %d, failed-dialbacks: %d}
                  policies:
                    - {domain: %s, tls: optional, host: 127.0.0.1, port: %d}
                    - {domain: blocked.example, blocked: true}
                    - {domain: '*', host: 127.0.0.1, port: 9}
                  components: {port: 0, domains: [{domain: %s, secret: s3cr3t-of-rooms}]}
                """.formatted(HERE, MOST_CONNECTIONS, MOST_STREAMS, MOST_REFUSALS, PARIS, paris.port(), COMPONENT));
        server.createUser("romeo", HERE);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
        paris.close();
    }

    private static InetSocketAddress address(String key) {
        return new InetSocketAddress(
                InetAddress.getLoopbackAddress(), server.running().port("s2s-gateway." + key));
    }

    private static String header(String from, String to) {
        return "<stream:stream xmlns='jabber:server' xmlns:db='jabber:server:dialback'"
                + " xmlns:stream='http://etherx.jabber.org/streams' version='1.0'"
                + (from.isEmpty() ? "" : " from='" + from + "'") + (to.isEmpty() ? "" : " to='" + to + "'") + ">";
    }

    /// A stream without TLS, after its features.
    private static Connection plain(String from) {
        Connection connection = Connection.plain(address("port"), HERE);
        connection.openStream(header(from, HERE));
        connection.header();
        assertThat(connection.element().name()).isEqualTo("features");
        return connection;
    }

    /// A stream with TLS and without a certificate, after its features.
    private static Connection secured(String from) {
        Connection connection =
                Connection.tls(address("direct-tls.port"), HERE, TlsClient.DEFAULT.withProtocols("xmpp-server"));
        connection.openStream(header(from, HERE));
        connection.header();
        assertThat(connection.element().name()).isEqualTo("features");
        return connection;
    }

    private static void endsWith(String condition, Connection connection) {
        List<Event> rest = connection.rest();
        assertThat(rest.toString()).contains("error", condition);
        assertThat(rest.toString()).contains("StreamClosed");
    }

    /// What romeo gets while somebody does something, and what somebody whom he trusts says at the end.
    private static void romeoHearsNothingOf(Runnable attack) {
        try (TestStream romeo = TestStream.secured(server, HERE)) {
            romeo.login("romeo", TestServer.PASSWORD);
            romeo.bind("here");
            romeo.connection().send("<presence/>");
            attack.run();
            romeo.connection().send("<message to='romeo@montague.example' type='chat'><body>mine</body></message>");
            Xml next = romeo.connection().element();
            while (!next.name().equals("message")) {
                next = romeo.connection().element();
            }
            assertThat(next.child("body").text()).isEqualTo("mine");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {PARIS, TYBALT, ""})
    @Spec(doc = "RFC6120", section = "4.9.3.9")
    void nobodySendsBeforeHeIsAuthorized(String from) {
        romeoHearsNothingOf(() -> {
            try (Connection peer = secured(from)) {
                peer.send(SPOOFED);
                endsWith("invalid-from", peer);
            }
        });
    }

    @Test
    void nobodySendsInPlainText() {
        romeoHearsNothingOf(() -> {
            try (Connection peer = plain(PARIS)) {
                peer.send(SPOOFED);
                endsWith("invalid-from", peer);
            }
        });
    }

    @Test
    @Spec(doc = "XEP-0220", section = "2.1.1")
    void aWrongKeyIsNoKey() {
        paris.answer = "invalid";
        romeoHearsNothingOf(() -> {
            try (Connection peer = secured(PARIS)) {
                peer.send("<db:result from='paris.example' to='montague.example'>guessed</db:result>" + SPOOFED);
                endsWith("invalid-from", peer); // the stanza came before the answer
            }
            try (Connection peer = secured(PARIS)) {
                peer.send("<db:result from='paris.example' to='montague.example'>guessed again</db:result>");
                Xml answer = peer.element();
                assertThat(answer.attribute("type")).isEqualTo("invalid");
                assertThat(peer.rest()).isNotEmpty();
            }
        });
        assertThat(paris.asked).contains("guessed again");
    }

    @Test
    @Spec(doc = "XEP-0220", section = "2.2.1")
    void aRightKeyIsForOnePairOnly() {
        paris.answer = "valid";
        romeoHearsNothingOf(() -> {
            try (Connection peer = secured(PARIS)) {
                peer.send("<db:result from='paris.example' to='montague.example'>right</db:result>");
                assertThat(peer.element().attribute("type")).isEqualTo("valid");
                peer.send(SPOOFED.replace("county@paris.example", "nurse@capulet.example"));
                endsWith("invalid-from", peer);
            }
        });
    }

    @Test
    void whoIsAuthorizedIsHeard() {
        paris.answer = "valid";
        try (TestStream romeo = TestStream.secured(server, HERE);
                Connection peer = secured(PARIS)) {
            romeo.login("romeo", TestServer.PASSWORD);
            romeo.bind("here");
            romeo.connection().send("<presence/>");
            peer.send("<db:result from='paris.example' to='montague.example'>right</db:result>");
            assertThat(peer.element().attribute("type")).isEqualTo("valid");
            peer.send(SPOOFED);
            Xml next = romeo.connection().element();
            while (!next.name().equals("message")) {
                next = romeo.connection().element();
            }
            assertThat(next.child("body").text()).isEqualTo("forged");
        }
    }

    @Test
    @Spec(doc = "XEP-0220", section = "2.1.2")
    void answersThatNobodyAskedForGrantNothing() {
        romeoHearsNothingOf(() -> {
            try (Connection peer = secured(PARIS)) {
                peer.send("<db:result from='montague.example' to='paris.example' type='valid'/>"
                        + "<db:result from='paris.example' to='montague.example' type='valid'/>"
                        + "<db:verify from='paris.example' to='montague.example' id='s1' type='valid'/>" + SPOOFED);
                endsWith("invalid-from", peer);
            }
        });
    }

    @Test
    void aServerThatCannotBeAskedIsNotBelieved() {
        try (Connection peer = secured(TYBALT)) {
            peer.send("<db:result from='tybalt.example' to='montague.example'>key</db:result>");
            Xml answer = peer.element();
            assertThat(answer.attribute("type")).isEqualTo("error");
            assertThat(answer.toString()).contains("remote-connection-failed");
        }
    }

    @Test
    void aServerThatDoesNotAnswerIsNotBelieved() {
        paris.answer = "";
        try (Connection peer = secured(PARIS)) {
            peer.send("<db:result from='paris.example' to='montague.example'>key</db:result>");
            assertThat(peer.element().toString()).contains("remote-server-timeout");
        }
    }

    @Test
    void dialbackNeedsTlsWhereItIsRequired() {
        try (Connection peer = plain(TYBALT)) {
            peer.send("<db:result from='tybalt.example' to='montague.example'>key</db:result>");
            assertThat(peer.element().toString()).contains("policy-violation");
        }
    }

    @Test
    void whoIsBlockedIsToldSo() {
        Connection peer = Connection.plain(address("port"), HERE);
        peer.openStream(header("blocked.example", HERE));
        peer.header();
        endsWith("policy-violation", peer);
    }

    @Test
    @Spec(doc = "RFC6120", section = "4.9.3.6")
    void ourDomainsAreOurs() {
        for (String ours : List.of(HERE, COMPONENT)) {
            Connection peer = Connection.plain(address("port"), HERE);
            peer.openStream(header(ours, HERE));
            peer.header();
            endsWith("invalid-from", peer);
        }
        Connection other = Connection.plain(address("port"), HERE);
        other.openStream(header(PARIS, "elsewhere.example"));
        other.header();
        endsWith("host-unknown", other);
        try (Connection third = secured("")) {
            third.send("<db:result from='montague.example' to='montague.example'>key</db:result>");
            assertThat(third.element().toString()).contains("not-acceptable");
            third.send("<db:result from='rooms.montague.example' to='montague.example'>key</db:result>");
            assertThat(third.element().toString()).contains("not-acceptable");
        }
    }

    @Test
    void whoSaysTooMuchBeforeHeIsAuthorizedIsCutOff() {
        try (Connection peer = secured(PARIS)) {
            peer.send("<x xmlns='urn:x'>" + "x".repeat(20_000));
            endsWith("policy-violation", peer);
        }
    }

    @Test
    void whoWaitsForeverIsCutOff() {
        try (Connection peer = secured(PARIS)) {
            Event event = peer.poll(Duration.ofSeconds(10));
            assertThat(String.valueOf(event)).contains("connection-timeout");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
                "<enabled xmlns='urn:xmpp:sm:3'/>",
                "<a xmlns='urn:xmpp:sm:3' h='7'/>",
                "<iq from='county@paris.example' type='get' id='1'><ping xmlns='urn:xmpp:ping'/></iq>",
                "<db:result from='a@paris.example' to='montague.example'>key</db:result>",
                "<db:verify from='paris.example' to='montague.example'>key</db:verify>",
                "<stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>",
                "<!DOCTYPE x><x/>",
                "<message"
            })
    void nonsenseEndsTheStreamAndNothingElse(String nonsense) {
        try (Connection peer = secured(PARIS)) {
            peer.send(nonsense.equals("<message") ? "<message <" : nonsense);
            assertThat(peer.rest().toString()).contains("stream");
        }
        whoIsAuthorizedIsHeard();
    }

    @Test
    @Spec(doc = "XEP-0185", section = "2")
    void keysThatAreNotOursAreInvalid() {
        try (Connection peer = secured(PARIS)) {
            peer.send("<db:verify from='paris.example' to='montague.example' id='abc'>0123</db:verify>");
            Xml answer = peer.element();
            assertThat(answer.name()).isEqualTo("verify");
            assertThat(answer.attribute("type")).isEqualTo("invalid");
            assertThat(answer.attribute("id")).isEqualTo("abc");
        }
    }

    /// {@link LinkTimesTest} has those who flood and do not read.
    @Test
    void whoFloodsHoldsUpNobody() throws Exception {
        paris.answer = "valid";
        try (TestStream romeo = TestStream.secured(server, HERE);
                Connection peer = authorized()) {
            romeo.login("romeo", TestServer.PASSWORD);
            romeo.bind("here");
            String flood = "<message from='county@paris.example' to='nobody@montague.example'><body>x</body></message>"
                    .repeat(500);
            AtomicInteger sent = new AtomicInteger();
            Thread flooding = Thread.ofVirtual().start(() -> {
                while (sent.get() < 100) {
                    peer.send(flood);
                    sent.incrementAndGet();
                }
            });
            int answers = 0;
            while (flooding.isAlive()) {
                answers++;
                romeo.connection().send("<iq type='get' id='q" + answers + "'><query xmlns='jabber:iq:roster'/></iq>");
                assertThat(romeo.connection().element().attribute("id")).isEqualTo("q" + answers);
            }
            assertThat(sent).hasValue(100);
            assertThat(answers).isPositive();
        }
    }

    private static Connection authorized() {
        Connection peer = secured(PARIS);
        peer.send("<db:result from='paris.example' to='montague.example'>right</db:result>");
        assertThat(peer.element().attribute("type")).isEqualTo("valid");
        return peer;
    }

    /// Some of other tests may still be there.
    @Test
    void oneAddressHasSoManyConnections() {
        List<Connection> connections = new ArrayList<>();
        try {
            do {
                connections.add(Connection.plain(address("port"), HERE));
                connections.getLast().openStream(header(PARIS, HERE));
            } while (connections.getLast().next() instanceof Event.Header);
            assertThat(connections).hasSizeBetween(2, MOST_CONNECTIONS + 1);
        } finally {
            connections.forEach(Connection::close);
        }
        await().atMost(Duration.ofSeconds(10)).pollInSameThread().until(HostilePeerTest::isTakenIn);
    }

    private static boolean isTakenIn() {
        try (Connection connection = Connection.plain(address("port"), HERE)) {
            connection.openStream(header(PARIS, HERE));
            return connection.next() instanceof Event.Header;
        }
    }

    @Test
    void oneDomainHasSoManyStreams() {
        paris.answer = "valid";
        List<Connection> streams = new ArrayList<>();
        for (int i = 0; i < MOST_STREAMS; i++) {
            streams.add(authorized());
        }
        endsWith("resource-constraint", authorized());
        streams.getFirst().send(SPOOFED.replace("romeo", "nobody") + "<x xmlns='urn:x'/>");
        endsWith("unsupported-stanza-type", streams.getFirst());
        streams.forEach(Connection::close);
    }

    @Test
    void whoShowsWrongKeysAgainAndAgainIsCutOff() {
        try (Connection peer = secured(PARIS)) {
            for (int i = 0; i < MOST_REFUSALS + 5; i++) {
                peer.send("<db:result from='paris.example' to='nowhere" + i + ".example'>key</db:result>");
            }
            List<Event> rest = peer.rest();
            assertThat(rest)
                    .filteredOn(event -> event.toString().contains("item-not-found"))
                    .hasSize(MOST_REFUSALS);
            assertThat(rest.toString()).contains("policy-violation", "StreamClosed");
        }
    }

    @Test
    void whoSaysTooMuchLittleByLittleIsCutOff() {
        String question = "<db:verify from='paris.example' to='montague.example' id='abc'>0123</db:verify>";
        try (Connection peer = secured(PARIS)) {
            for (int sent = 0; sent <= 65_536; sent += question.length()) {
                peer.send(question);
            }
            List<Event> rest = peer.rest();
            assertThat(rest.getFirst().toString()).contains("invalid");
            assertThat(rest.toString()).contains("policy-violation", "StreamClosed");
        }
    }
}
