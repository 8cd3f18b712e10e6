package im.stanzabus.s2s.component;

import static im.stanzabus.s2s.component.TestGateway.ECHO;
import static im.stanzabus.s2s.component.TestGateway.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.Origin;
import im.stanzabus.bus.ServiceDescriptor;
import im.stanzabus.bus.ServiceDescriptor.ServedDomain;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.testkit.Xml;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// One component that connects to us: who is let in, and what it may send.
@Timeout(30)
class AcceptedComponentTest {
    private static final String HELLO = "<message from='%s' to='romeo@localhost'><body>hello</body></message>";

    private TestGateway gateway;

    @BeforeEach
    void start() throws Exception {
        gateway = new TestGateway("""
                components:
                  port: 0
                  domains:
                    - {domain: echo.localhost, secret: s3cr3t-of-echo, title: Echo of Verona, category: automation, type: echo}
                    - {domain: rooms.localhost, secret: s3cr3t-of-rooms, connect: '127.0.0.1:1'}
                limits: {unconfirmed-stanzas: 64, stanza-bytes: 20000, stanza-bytes-before-authentication: 4096}
                timeouts: {authentication: 2 s}
                """);
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
    }

    // ---- who is let in ----

    @Test
    void whoKnowsTheSecretAnswersTheDomain() throws Exception {
        assertThat(gateway.domains()).isEmpty();
        assertThat(gateway.isServed()).isFalse();

        gateway.join();

        assertThat(gateway.domains()).containsExactly(new ServedDomain(ECHO, "automation", "echo", "Echo of Verona"));
    }

    @Test
    void whoDoesNotKnowItDoesNot() throws Exception {
        TestComponent component = gateway.connect();
        String id = component.open(ECHO).attribute("id");
        component.handshake(id, "s3cr3t-of-rooms");
        component.failsWith("not-authorized");
        assertThat(gateway.isServed()).isFalse();
    }

    @Test
    void aHandshakeIsForOneStream() throws Exception {
        TestComponent first = gateway.connect();
        String id = first.open(ECHO).attribute("id");
        TestComponent second = gateway.connect();
        assertThat(second.open(ECHO).attribute("id")).isNotEqualTo(id).hasSizeGreaterThanOrEqualTo(20);
        second.handshake(id, SECRET);
        second.failsWith("not-authorized");
    }

    @Test
    void anUnknownDomainIsRefused() {
        for (String domain : List.of("stranger.localhost", "localhost", "x@echo.localhost", "rooms.localhost")) {
            TestComponent component = gateway.connect();
            assertThat(component.open(domain).attribute("xmlns")).isEqualTo(TestComponent.NAMESPACE);
            component.failsWith("host-unknown");
        }
    }

    @Test
    void anotherProtocolIsRefused() {
        TestComponent component = gateway.connect();
        component.connection().openStream(TestComponent.header("jabber:client", ECHO));
        component.connection().header();
        component.failsWith("invalid-namespace");
    }

    @Test
    void theDomainOfAServiceIsRefused() throws Exception {
        ServiceDescriptor service = ServiceDescriptor.internal("dice", "test", false)
                .withDomains(List.of(new ServedDomain(ECHO, "component", "generic", "Dice")));
        gateway.services.announce(service);
        TestComponent component = gateway.connect();
        component.handshake(component.open(ECHO).attribute("id"), SECRET);
        component.failsWith("conflict");
        assertThat(gateway.isServed()).isFalse();

        gateway.services.withdraw(service);
        gateway.join();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            <handshake xmlns='jabber:client'>%s</handshake>                   | unsupported-stanza-type
            <handshake xmlns='jabber:component:connect'>%s</handshake>        | unsupported-stanza-type
            <handshake><hash>%s</hash></handshake>                            | not-authorized
            <handshake/>                                                      | not-authorized
            <handshake>%s&amp;</handshake>                                    | not-authorized
            <handshake>%s&lt;                                                 | connection-timeout
            <handshake>%s</handshaken>                                        | not-well-formed
            <handshake>&hash;</handshake>                                     | restricted-xml
            <stream:stream to='echo.localhost'><handshake>%s</handshake>      | bad-format
            """)
    void anotherHandshakeIsNone(String text, String condition) throws Exception {
        TestComponent component = gateway.connect();
        component.send(text.formatted(Handshake.of(component.open(ECHO).attribute("id"), SECRET)));
        component.failsWith(condition);
        assertThat(gateway.isServed()).isFalse();
    }

    @Test
    void theHashIsInLowerCase() throws Exception {
        TestComponent component = gateway.connect();
        String hash = Handshake.of(component.open(ECHO).attribute("id"), SECRET);
        component.send("<handshake>" + hash.toUpperCase(java.util.Locale.ROOT) + "</handshake>");
        component.failsWith("not-authorized");
    }

    @Test
    void aStreamHasOneHandshake() throws Exception {
        TestComponent component = gateway.join();
        component.send("<handshake/>");
        component.failsWith("unsupported-stanza-type");
    }

    @Test
    void aHandshakeComesAfterTheHeader() {
        TestComponent component = gateway.connect();
        component.connection().openStream("<handshake>" + Handshake.of("", SECRET) + "</handshake>");
        component.connection().header();
        component.failsWith("invalid-namespace");
    }

    @Test
    void nothingIsTakenBeforeTheHandshake() throws Exception {
        TestComponent component = gateway.connect();
        component.open(ECHO);
        component.send(HELLO.formatted(ECHO));
        component.failsWith("not-authorized");
        assertThat(gateway.rest()).isEmpty();
    }

    @Test
    void littleIsReadBeforeTheHandshake() {
        TestComponent component = gateway.connect();
        component.open(ECHO);
        component.send("<handshake>" + "0".repeat(5_000));
        component.failsWith("policy-violation");
    }

    @Test
    void nobodyIsWaitedForForEver() {
        TestComponent component = gateway.connect();
        component.open(ECHO);
        component.failsWith("connection-timeout");
    }

    // ---- what it may send ----

    @Test
    void stanzasGoBothWays() throws Exception {
        TestComponent component = gateway.join();
        component.send(HELLO.formatted("verona@echo.localhost/square"));
        Stanza hello = gateway.stanza();
        assertThat(hello.from()).isEqualTo(Jid.of("verona@echo.localhost/square"));
        assertThat(hello.to()).isEqualTo(Jid.of("romeo@localhost"));
        assertThat(hello.payload()).hasToString("<body>hello</body>");

        long number = gateway.says("verona@echo.localhost", "who is there?");
        Xml heard = component.stanza();
        assertThat(heard.is("message", TestComponent.NAMESPACE)).isTrue();
        assertThat(heard.attribute("from")).isEqualTo("romeo@localhost/orchard");
        assertThat(heard.attribute("to")).isEqualTo("verona@echo.localhost");
        assertThat(heard.child("body").is("body", TestComponent.NAMESPACE)).isTrue();
        assertThat(heard.child("body").text()).isEqualTo("who is there?");
        assertThat(gateway.next(SessionEvent.Accepted.class).origin()).isEqualTo(new Origin(3, number));
    }

    @Test
    void aStanzaThatComesAgainIsNotSentTwice() throws Exception {
        TestComponent component = gateway.join();
        long number = gateway.says(ECHO, "once");
        assertThat(component.body()).isEqualTo("once");
        gateway.next(SessionEvent.Accepted.class);
        gateway.saysAgain(number, ECHO, "once");
        gateway.next(SessionEvent.Accepted.class);
        gateway.says(ECHO, "twice");
        assertThat(component.body()).isEqualTo("twice");
    }

    @Test
    void theNameOfAnotherEndsTheStream() throws Exception {
        for (String other : List.of("juliet@localhost", "localhost", "rooms.localhost", "x.echo.localhost")) {
            TestComponent component = gateway.join();
            component.send(HELLO.formatted(other));
            component.failsWith("invalid-from");
        }
        assertThat(gateway.rest()).isEmpty();
    }

    @Test
    void bothAddressesMustBeThere() throws Exception {
        TestComponent component = gateway.join();
        component.send("<message from='echo.localhost'><body>to nobody</body></message>");
        component.failsWith("improper-addressing");
        component = gateway.join();
        component.send("<message to='romeo@localhost'><body>from nobody</body></message>");
        component.failsWith("improper-addressing");
        assertThat(gateway.rest()).isEmpty();
    }

    @Test
    void whatIsTooLargeEndsTheStream() throws Exception {
        TestComponent component = gateway.join();
        component.send("<message from='echo.localhost' to='romeo@localhost'><body>" + "o".repeat(20_000));
        component.failsWith("policy-violation");
    }

    @Test
    void whatNobodyTakesComesBack() throws Exception {
        TestComponent component = gateway.join();
        component.send("<message from='echo.localhost' to='juliet@far.example' id='m'><body>hello</body></message>");
        Xml error = component.stanza();
        assertThat(error.attribute("type")).isEqualTo("error");
        assertThat(error.attribute("from")).isEqualTo("juliet@far.example");
        assertThat(error.attribute("id")).isEqualTo("m");
        assertThat(error.child("error").children().getFirst().name()).isEqualTo("remote-server-not-found");
    }

    @Test
    void whatCannotBeReadIsAnswered() throws Exception {
        TestComponent component = gateway.join();
        component.send("<iq type='get' from='echo.localhost' to='romeo@localhost' id='q'/>");
        Xml error = component.stanza();
        assertThat(error.attribute("id")).isEqualTo("q");
        assertThat(error.child("error").children().getFirst().name()).isEqualTo("bad-request");

        component.send("<message from='juliet@echo.localhost' to='@localhost' id='m'/>");
        error = component.stanza();
        assertThat(error.attribute("id")).isEqualTo("m");
        assertThat(error.attribute("from")).isEqualTo(ECHO);
        assertThat(error.attribute("to")).isEqualTo("juliet@echo.localhost");
        assertThat(error.child("error").children().getFirst().name()).isEqualTo("jid-malformed");

        component.send("<message from='juliet@localhost' to='@localhost'/>");
        component.failsWith("invalid-from");
        assertThat(gateway.rest()).isEmpty();
    }

    @Test
    void itAnswersAsWhomARouteBringsToIt() throws Exception {
        TestComponent component = gateway.join();
        component.send(HELLO.formatted("verona@old.example"));
        assertThat(gateway.stanza().from()).isEqualTo(Jid.of("verona@old.example"));
    }

    /// The window bounds what is on its way, and what was read before the component died is handed
    /// on nevertheless.
    @Test
    void whatAComponentHasSentIsNotLostWithIt() throws Exception {
        gateway.accepting = false;
        TestComponent component = gateway.join();
        StringBuilder all = new StringBuilder();
        List<String> expected = new ArrayList<>();
        IntStream.rangeClosed(1, 500).forEach(i -> {
            all.append("<message from='echo.localhost' to='romeo@localhost'><body>" + i + "</body></message>");
            expected.add("<body>" + i + "</body>");
        });
        component.send(all.toString());
        component.close();
        List<SessionEvent.Inbound> taken = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            taken.add(gateway.next(SessionEvent.Inbound.class));
        }
        assertThat(gateway.rest()).isEmpty();

        gateway.accepting = true;
        taken.forEach(gateway::accept);
        while (taken.size() < 500) {
            taken.add(gateway.next(SessionEvent.Inbound.class));
        }
        assertThat(taken)
                .extracting(inbound -> inbound.stanza().payload().toString())
                .isEqualTo(expected);
        assertThat(taken).extracting(SessionEvent.Inbound::origin).doesNotHaveDuplicates();
        gateway.awaitServed(true); // it may come back
    }

    @Test
    void theStreamEndsInGoodOrder() throws Exception {
        TestComponent component = gateway.join();
        component.send("</stream:stream>");
        assertThat(component.connection().rest()).hasSize(2);
    }

    @Test
    void aProcessThatStopsTakesLeave() throws Exception {
        TestComponent component = gateway.join();
        gateway.stop();
        component.failsWith("system-shutdown");
        assertThat(gateway.isServed()).isFalse();
        assertThat(gateway.domains()).isEmpty();
    }

    @Test
    void aProcessThatIsCutOffServesNobody() throws Exception {
        TestComponent component = gateway.join();
        gateway.isolated(true);
        component.failsWith("system-shutdown");
        gateway.awaitServed(false);
        gateway.isolated(false);
        gateway.join();
    }
}
