package im.stanzabus.stream;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StreamEvent;
import im.stanzabus.stream.testing.CertificateRequest;
import im.stanzabus.stream.testing.TestCertificates;
import im.stanzabus.stream.tls.AnyCertificate;
import im.stanzabus.stream.tls.HostCertificates;
import im.stanzabus.stream.tls.HostFiles;
import im.stanzabus.stream.tls.PeerCertificate;
import im.stanzabus.stream.tls.PeerCertificates;
import im.stanzabus.stream.tls.PeerTls;
import im.stanzabus.stream.tls.TlsContexts;
import im.stanzabus.stream.tls.TlsEngine;
import im.stanzabus.stream.tls.TlsHandlers;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// TLS between servers: who opens the connection, and who accepts it (RFC 6120 sections 5 and
/// 13.7, XEP-0178 section 3, XEP-0368).
class PeerTlsTest {
    private static final TestCertificates ROOT = TestCertificates.authority("CN=Root");
    private static final byte[] PROCEED = ("<proceed xmlns='" + Namespaces.TLS + "'/>").getBytes(US_ASCII);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    private PeerCertificates authorities;
    private HostCertificates capulets;
    private PeerTls montagues;
    private Loopback loopback;
    private TestEnd opened;
    private TestEnd accepted;

    @BeforeEach
    void connect() throws Exception {
        authorities = PeerCertificates.trusting(Files.writeString(folder.resolve("ca.pem"), ROOT.pem()));
        capulets = hosts("capulet.example", "fu\u00dfball.example");
        montagues = new PeerTls(hosts("montague.example", "verona.example"), PATIENCE);
        loopback = new Loopback();
        opened = loopback.connect();
        accepted = loopback.accept();
    }

    @AfterEach
    void close() throws Exception {
        loopback.close();
    }

    private HostCertificates hosts(String... domains) throws Exception {
        List<HostFiles> files = new ArrayList<>();
        for (String domain : domains) {
            files.add(files(
                    domain,
                    new CertificateRequest("CN=" + domain).xmppAddr(domain).signedBy(ROOT)));
        }
        return new HostCertificates(() -> files, TlsEngine.JDK);
    }

    private HostFiles files(String domain, TestCertificates certificate) throws IOException {
        return new HostFiles(
                domain,
                Files.writeString(folder.resolve(domain + ".crt"), certificate.pem()),
                Files.writeString(folder.resolve(domain + ".key"), certificate.keyPem()));
    }

    private TlsContexts serving(HostCertificates certificates, String protocol) throws Exception {
        return new TlsContexts(certificates, new AnyCertificate(), protocol, PATIENCE);
    }

    private void secured() throws Exception {
        opened.next(TestEnd.News.Secured.class);
        accepted.next(TestEnd.News.Secured.class);
    }

    private PeerCertificate presentedTo(TestEnd end) {
        return authorities.presented(end.socket.tlsSession());
    }

    private void theyTalk() throws Exception {
        opened.send(StreamHeader.initial(Namespaces.SERVER, "montague.example", "capulet.example")
                        .text()
                + "<presence/>");
        accepted.next(StreamEvent.Opened.class);
        accepted.next(Stanza.class);
    }

    @Test
    void aConnectionThatBeginsWithTls() throws Exception {
        accepted.startTls(serving(capulets, "xmpp-server")::direct);
        opened.startTls(montagues.direct("montague.example", "capulet.example"));
        secured();
        assertThat(presentedTo(opened).isFor("capulet.example")).isTrue();
        assertThat(presentedTo(accepted).isFor("montague.example")).isTrue();
        theyTalk();
    }

    /// The name that is wanted is indicated with A-labels (RFC 6066 section 3).
    @Test
    void theOtherDomainsOfBothSides() throws Exception {
        accepted.startTls(serving(capulets, "xmpp-server")::direct);
        opened.startTls(montagues.direct("verona.example", "fu\u00dfball.example"));
        secured();
        assertThat(presentedTo(opened).isFor("fu\u00dfball.example")).isTrue();
        assertThat(presentedTo(opened).isFor("capulet.example")).isFalse();
        assertThat(presentedTo(accepted).isFor("verona.example")).isTrue();
        theyTalk();
    }

    @Test
    void whatHasNoCertificatePresentsThatOfTheDefaultHost() throws Exception {
        accepted.startTls(serving(capulets, "xmpp-server")::direct);
        opened.startTls(montagues.direct("rooms.verona.example", "192.0.2.1"));
        secured();
        assertThat(presentedTo(opened).isFor("capulet.example")).isTrue();
        assertThat(presentedTo(accepted).isFor("montague.example")).isTrue();
    }

    /// XEP-0368 section 2: the protocol is `xmpp-server`.
    @Test
    void aServerForClientsOnlyIsNotTalkedTo() throws Exception {
        accepted.startTls(serving(capulets, "xmpp-client")::direct);
        opened.startTls(montagues.direct("montague.example", "capulet.example"));
        opened.next(TestEnd.News.NotSecured.class);
        accepted.next(TestEnd.News.NotSecured.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aServerThatKnowsNothingOfProtocols(String version) throws Exception {
        SslContext plain = SslContextBuilder.forServer(capulets)
                .protocols(version)
                .clientAuth(ClientAuth.REQUIRE)
                .trustManager(new AnyCertificate())
                .build();
        accepted.startTls(plain::newHandler);
        opened.startTls(montagues.direct("montague.example", "capulet.example"));
        secured();
        assertThat(presentedTo(opened).isFor("capulet.example")).isTrue();
        assertThat(presentedTo(accepted).isFor("montague.example")).isTrue();
        theyTalk();
    }

    @Test
    void aServerThatAsksForNoCertificateGetsNone() throws Exception {
        accepted.startTls(new TlsContexts(capulets, null, "xmpp-server", PATIENCE)::direct);
        opened.startTls(montagues.direct("montague.example", "capulet.example"));
        secured();
        assertThat(authorities.presented(accepted.socket.tlsSession())).isNull();
    }

    private void upgrade(TlsHandlers servers, byte[] proceed) throws Exception {
        opened.send(StreamHeader.initial(Namespaces.SERVER, "montague.example", "capulet.example")
                        .text()
                + "<starttls xmlns='" + Namespaces.TLS + "'/>");
        accepted.next(StreamEvent.Nonza.class);
        accepted.send(StreamHeader.answer(Namespaces.SERVER, "s1", "capulet.example", "montague.example")
                .text());
        opened.next(StreamEvent.Opened.class);
        accepted.run(end -> {
            end.in.restart();
            end.secured(end.socket.upgradeToTls(servers, proceed));
        });
        assertThat(opened.next(StreamEvent.Nonza.class).element()).isEqualTo(Element.of("proceed", Namespaces.TLS));
        opened.run(end -> {
            end.in.discardUnread();
            end.in.restart();
        });
    }

    @Test
    void aStreamThatIsUpgraded() throws Exception {
        upgrade(serving(capulets, "xmpp-server")::upgrade, PROCEED);
        opened.startTls(montagues.upgrade("montague.example", "fu\u00dfball.example"));
        secured();
        assertThat(presentedTo(opened).isFor("fu\u00dfball.example")).isTrue();
        assertThat(presentedTo(accepted).isFor("montague.example")).isTrue();
        theyTalk();
    }

    /// What somebody on the way puts behind the server's answer must not be taken for the
    /// server's (CVE-2011-0411).
    @Test
    void whatFollowsTheAnswerInPlainTextIsForgotten() throws Exception {
        byte[] more = (new String(PROCEED, US_ASCII) + "<stream:stream").getBytes(US_ASCII);
        upgrade(serving(capulets, "xmpp-server")::upgrade, more);
        opened.startTls(montagues.upgrade("montague.example", "capulet.example"));
        secured();
        accepted.send(StreamHeader.answer(Namespaces.SERVER, "s2", "capulet.example", null)
                .text());
        assertThat(opened.next(StreamEvent.Opened.class).id()).isEqualTo("s2");
    }

    @Test
    void plainTextInsteadOfTlsEndsTheConnection() throws Exception {
        opened.startTls(montagues.upgrade("montague.example", "capulet.example"));
        accepted.send("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
        opened.next(TestEnd.News.NotSecured.class);
        opened.next(TestEnd.News.Gone.class);
    }

    /// The handshake is good for encryption all the same, and says who it was.
    @Test
    void aCertificateThatIsWorthNothingIsToldOf() throws Exception {
        Instant now = Instant.now();
        Map<TestCertificates, String> worthless = Map.of(
                new CertificateRequest("CN=capulet").dns("capulet.example").selfSigned(),
                "it is self-signed",
                new CertificateRequest("CN=capulet")
                        .dns("capulet.example")
                        .valid(now.minusSeconds(20), now.minusSeconds(10))
                        .signedBy(ROOT),
                "it has expired");
        for (Map.Entry<TestCertificates, String> entry : worthless.entrySet()) {
            List<HostFiles> files = List.of(files("capulet.example", entry.getKey()));
            TestEnd client = loopback.connect();
            TestEnd server = loopback.accept();
            server.startTls(serving(new HostCertificates(() -> files, TlsEngine.JDK), "xmpp-server")::direct);
            client.startTls(montagues.direct("montague.example", "capulet.example"));
            client.next(TestEnd.News.Secured.class);
            assertThat(presentedTo(client).refusal("capulet.example")).startsWith(entry.getValue());
            assertThat(presentedTo(client).certificate())
                    .isEqualTo(entry.getKey().certificate());
        }
    }

    @Test
    void aServerThatIsSilentIsNotWaitedForForEver() throws Exception {
        PeerTls hasty = new PeerTls(hosts("montague.example"), Duration.ofMillis(50));
        opened.startTls(hasty.direct("montague.example", "capulet.example"));
        assertThat(opened.next(TestEnd.News.NotSecured.class).cause()).hasMessageContaining("timed out");
        opened.next(TestEnd.News.Gone.class);
    }
}
