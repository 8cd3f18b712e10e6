package im.stanzabus.auth;

import static im.stanzabus.auth.LoginClient.text;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.api.SaslReply;
import im.stanzabus.stanza.Jid;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Nobody learns from a login whether an account exists (RFC 5802 section 9).
class IndistinguishableTest {
    private static AuthServer server;
    private static LoginClient client;
    private static Jid known;
    private static final Jid UNKNOWN = Jid.of("nobody@example.org");

    @BeforeAll
    static void start() {
        server = new AuthServer("throttle: {per-account-and-address: 3}");
        client = LoginClient.unbound(server, "192.0.2.1");
        known = server.newAccount(AuthServer.HOST, "secret");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String[] challenge(Jid account, String mechanism) {
        SaslReply reply = client.first(account, mechanism, "n,,n=" + account.local() + ",r=abc");
        return text(((SaslReply.Challenge) reply).data()).split(",", -1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SCRAM-SHA-512", "SCRAM-SHA-256", "SCRAM-SHA-1"})
    void challengesLookAlike(String mechanism) {
        String[] real = challenge(known, mechanism);
        String[] madeUp = challenge(UNKNOWN, mechanism);

        assertThat(madeUp).hasSameSizeAs(real);
        for (int i = 0; i < real.length; i++) {
            assertThat(madeUp[i]).hasSameSizeAs(real[i]).startsWith(real[i].substring(0, 2));
        }
        assertThat(madeUp[2]).isEqualTo(real[2]).isEqualTo("i=4096");
    }

    @Test
    void stateSizesLookAlike() {
        Jid sameLength = Jid.of("x".repeat(known.local().length()) + "@example.org");
        SaslReply.Challenge real =
                (SaslReply.Challenge) client.first(known, "SCRAM-SHA-256", "n,,n=" + known.local() + ",r=abc");
        SaslReply.Challenge madeUp = (SaslReply.Challenge)
                client.first(sameLength, "SCRAM-SHA-256", "n,,n=" + sameLength.local() + ",r=abc");

        assertThat(madeUp.state()).hasSameSizeAs(real.state());
    }

    @Test
    void madeUpSaltIsTheSameEachTimeAndAfterARestart() {
        String before = challenge(UNKNOWN, "SCRAM-SHA-256")[1];
        assertThat(challenge(UNKNOWN, "SCRAM-SHA-256")[1]).isEqualTo(before);

        server.stop();
        server.start();

        assertThat(challenge(UNKNOWN, "SCRAM-SHA-256")[1]).isEqualTo(before);
    }

    @Test
    void madeUpSaltsDifferByNameAndHash() {
        Jid other = Jid.of("nobody-else@example.org");

        assertThat(challenge(UNKNOWN, "SCRAM-SHA-256")[1])
                .isNotEqualTo(challenge(other, "SCRAM-SHA-256")[1])
                .isNotEqualTo(challenge(UNKNOWN, "SCRAM-SHA-512")[1]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SCRAM-SHA-512", "SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN"})
    void failuresAreEqual(String mechanism) {
        Jid account = server.newAccount(AuthServer.HOST, "secret");
        Jid nobody = AuthServer.newName(AuthServer.HOST);

        SaslReply wrong = login(mechanism, account);
        SaslReply unknown = login(mechanism, nobody);

        assertThat(unknown).isEqualTo(wrong).isInstanceOf(SaslReply.Failure.class);
    }

    @Test
    void throttleTreatsBothAlike() {
        Jid account = server.newAccount(AuthServer.HOST, "secret");
        Jid nobody = AuthServer.newName(AuthServer.HOST);
        for (int i = 0; i < 5; i++) {
            assertThat(login("SCRAM-SHA-1", nobody)).isEqualTo(login("SCRAM-SHA-1", account));
        }
        assertThat(LoginClient.outcome(login("SCRAM-SHA-1", nobody))).isEqualTo("temporary-auth-failure");
    }

    private static SaslReply login(String mechanism, Jid account) {
        return mechanism.equals("PLAIN") ? client.plain(account, "wrong") : client.scram(mechanism, account, "wrong");
    }
}
