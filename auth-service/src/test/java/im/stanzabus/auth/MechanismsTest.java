package im.stanzabus.auth;

import static im.stanzabus.auth.LoginClient.bytes;
import static im.stanzabus.auth.LoginClient.outcome;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.api.AuthRequest.AccountExists;
import im.stanzabus.bus.api.AuthRequest.Exists;
import im.stanzabus.bus.api.AuthRequest.Mechanisms;
import im.stanzabus.bus.api.AuthRequest.OfferMechanisms;
import im.stanzabus.bus.api.AuthRequest.SaslChannel;
import im.stanzabus.bus.api.SaslReply;
import im.stanzabus.launcher.VirtualHost;
import im.stanzabus.stanza.Jid;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What streams are offered, and the mechanisms beside SCRAM (RFC 6120 section 6, RFC 4616, XEP-0175, XEP-0178,
/// XEP-0440).
class MechanismsTest {
    private static AuthServer server;

    @BeforeAll
    static void start() {
        server = new AuthServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Mechanisms offer(VirtualHost host, boolean secure, boolean certificate, String... bindings) {
        return server.ask(new OfferMechanisms(host.domain(), secure, List.of(bindings), certificate), Mechanisms.class);
    }

    @Test
    void offersTheStrongestFirst() {
        Mechanisms offered = offer(AuthServer.HOST, true, true, "tls-exporter", "tls-server-end-point");

        assertThat(offered.names())
                .containsExactly(
                        "SCRAM-SHA-512-PLUS",
                        "SCRAM-SHA-256-PLUS",
                        "SCRAM-SHA-1-PLUS",
                        "SCRAM-SHA-512",
                        "SCRAM-SHA-256",
                        "SCRAM-SHA-1",
                        "PLAIN");
        assertThat(offered.bindings()).containsExactly("tls-exporter", "tls-server-end-point");
    }

    @Test
    void offersNoPlusWithoutABindingThatIsKnown() {
        Mechanisms offered = offer(AuthServer.HOST, true, false, "tls-unique");

        assertThat(offered.names()).containsExactly("SCRAM-SHA-512", "SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN");
        assertThat(offered.bindings()).isEmpty();
    }

    @Test
    void offersNoPasswordInTheClear() {
        assertThat(offer(AuthServer.HOST, false, false).names())
                .containsExactly("SCRAM-SHA-512", "SCRAM-SHA-256", "SCRAM-SHA-1");
    }

    @Test
    void offersWhatTheHostAllows() {
        assertThat(offer(AuthServer.GUESTS, true, false).names()).endsWith("PLAIN", "ANONYMOUS");
        assertThat(offer(AuthServer.CERTIFIED, true, true).names()).startsWith("EXTERNAL");
        assertThat(offer(AuthServer.CERTIFIED, true, false).names()).doesNotContain("EXTERNAL");
        assertThat(offer(AuthServer.CERTIFIED, false, true).names()).doesNotContain("EXTERNAL");
        assertThat(offer(new VirtualHost("example.net", true, true, true, true, Duration.ZERO), true, true)
                        .names())
                .isEmpty();
    }

    @Test
    void plainLogsIn() {
        Jid account = server.newAccount(AuthServer.HOST, "secret");
        LoginClient client = LoginClient.secure(server, "192.0.2.2");

        assertThat(client.plain(account, "secret")).isEqualTo(new SaslReply.Success(account, null));
        assertThat(outcome(client.plain(account, "wrong"))).isEqualTo("not-authorized");
        assertThat(outcome(client.plain(account, "not\u0007allowed"))).isEqualTo("not-authorized");
        assertThat(server.logins("PLAIN", "success")).isPositive();
    }

    @ParameterizedTest
    @CsvSource({
        "'', malformed-request",
        "user, malformed-request",
        "|user, malformed-request",
        "||secret, malformed-request",
        "|user|, malformed-request",
        "|user|secret|, malformed-request",
        "romeo@example.org|user|secret, invalid-authzid",
        "user@example.net|user|secret, invalid-authzid",
        "'|us er|secret', not-authorized",
        "|user@example.org|secret, not-authorized",
    })
    void plainMessages(String message, String outcome) {
        LoginClient client = LoginClient.secure(server, "192.0.2.2");
        Jid host = Jid.of("user@example.org");

        assertThat(outcome(client.first(host, "PLAIN", message.replace('|', '\0'))))
                .isEqualTo(outcome);
    }

    @Test
    void plainTakesTheOwnAddressAsAuthorizationIdentity() {
        Jid account = server.newAccount(AuthServer.HOST, "secret");
        LoginClient client = LoginClient.secure(server, "192.0.2.2");

        assertThat(outcome(client.first(account, "PLAIN", account + "\0" + account.local() + "\0secret")))
                .isEqualTo("success");
    }

    @Test
    void textMustBeUtf8() {
        LoginClient client = LoginClient.secure(server, "192.0.2.2");

        assertThat(outcome(client.step("example.org", "PLAIN", new byte[] {0, 'a', 0, (byte) 0xFF}, null)))
                .isEqualTo("malformed-request");
    }

    @Test
    void messagesHaveABound() {
        LoginClient client = LoginClient.secure(server, "192.0.2.2");

        assertThat(outcome(client.step("example.org", "PLAIN", new byte[9_000], null)))
                .isEqualTo("malformed-request");
    }

    @Test
    void plainNeedsEncryption() {
        LoginClient clear = new LoginClient(server, new SaslChannel("192.0.2.2", false, List.of(), List.of()));

        assertThat(outcome(clear.first(Jid.of("user@example.org"), "PLAIN", "\0user\0secret")))
                .isEqualTo("encryption-required");
    }

    @Test
    void anonymousGetsAnAddressThatNobodyHas() {
        LoginClient client = LoginClient.secure(server, "192.0.2.2");
        Jid guests = Jid.of("any@guests.example.org");
        Set<Jid> seen = new HashSet<>();

        for (int i = 0; i < 20; i++) {
            SaslReply.Success success = (SaslReply.Success) client.first(guests, "ANONYMOUS", "trace@example.net");
            assertThat(success.account().domain()).isEqualTo("guests.example.org");
            assertThat(success.account().isBare()).isTrue();
            seen.add(success.account());
        }

        assertThat(seen).hasSize(20);
        assertThat(server.ask(new AccountExists(seen.iterator().next()), Exists.class)
                        .exists())
                .isFalse();
    }

    @Test
    void anonymousOnlyWhereAllowed() {
        LoginClient client = LoginClient.secure(server, "192.0.2.2");

        assertThat(outcome(client.first(Jid.of("any@example.org"), "ANONYMOUS", "")))
                .isEqualTo("invalid-mechanism");
    }

    @Test
    void anonymousWithoutInitialResponseIsAskedForIt() {
        LoginClient client = LoginClient.secure(server, "192.0.2.2");
        SaslReply.Challenge challenge =
                (SaslReply.Challenge) client.step("guests.example.org", "ANONYMOUS", null, null);

        assertThat(outcome(client.step("guests.example.org", "ANONYMOUS", new byte[0], challenge.state())))
                .isEqualTo("success");
    }

    @Test
    void certificateWithOneAddressNeedsNoAuthorizationIdentity() {
        Jid account = server.newAccount(AuthServer.CERTIFIED, "secret");

        assertThat(external(account.domain(), "", account.toString())).isEqualTo(new SaslReply.Success(account, null));
        assertThat(external(account.domain(), account.toString(), account.toString()))
                .isEqualTo(new SaslReply.Success(account, null));
    }

    @Test
    void certificateWithSeveralAddressesNeedsOne() {
        Jid account = server.newAccount(AuthServer.CERTIFIED, "secret");
        String[] addresses = {"juliet@example.net", account.toString()};

        assertThat(outcome(external(account.domain(), "", addresses))).isEqualTo("invalid-authzid");
        assertThat(outcome(external(account.domain(), account.toString(), addresses)))
                .isEqualTo("success");
        assertThat(outcome(external(account.domain(), "romeo@cert.example.org", addresses)))
                .isEqualTo("invalid-authzid");
        assertThat(outcome(external(account.domain(), "@@", addresses))).isEqualTo("invalid-authzid");
    }

    @Test
    void certificateMustBeOfAnAccountOfTheHost() {
        Jid elsewhere = server.newAccount(AuthServer.HOST, "secret");

        assertThat(outcome(external("cert.example.org", "", elsewhere.toString())))
                .isEqualTo("not-authorized");
        assertThat(outcome(external("cert.example.org", elsewhere.toString(), elsewhere.toString())))
                .isEqualTo("not-authorized");
        assertThat(outcome(external("cert.example.org", "", "nobody@cert.example.org")))
                .isEqualTo("not-authorized");
        assertThat(outcome(external("cert.example.org", ""))).isEqualTo("not-authorized");
        assertThat(outcome(external("cert.example.org", "", "not an address", "cert.example.org")))
                .isEqualTo("not-authorized");
        assertThat(outcome(external("example.org", "", elsewhere.toString()))).isEqualTo("invalid-mechanism");
    }

    private static SaslReply external(String host, String authzid, String... addresses) {
        LoginClient client = new LoginClient(server, new SaslChannel("192.0.2.2", true, List.of(), List.of(addresses)));
        return client.step(host, "EXTERNAL", bytes(authzid), null);
    }
}
