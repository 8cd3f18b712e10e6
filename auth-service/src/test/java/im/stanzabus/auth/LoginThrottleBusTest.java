package im.stanzabus.auth;

import static im.stanzabus.auth.LoginClient.outcome;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.api.AuthRequest.ChannelBinding;
import im.stanzabus.bus.api.AuthRequest.SaslChannel;
import im.stanzabus.bus.api.AuthRequest.SaslStep;
import im.stanzabus.bus.api.SaslReply;
import im.stanzabus.stanza.Jid;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Guessing is slowed down (RFC 6120 section 6.5.11, `temporary-auth-failure`).
class LoginThrottleBusTest {
    private static AuthServer server;

    @BeforeAll
    static void start() {
        server = new AuthServer(
                "throttle: {window: 60 s, per-account-and-address: 3, per-address: 20, per-account: 10}");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void turnsEvenTheRightPasswordAwayUntilTheWindowIsOver() {
        Jid account = server.newAccount(AuthServer.HOST, "secret");
        LoginClient attacker = LoginClient.unbound(server, "192.0.2.3");
        for (int i = 0; i < 3; i++) {
            assertThat(outcome(attacker.scram("SCRAM-SHA-1", account, "wrong"))).isEqualTo("not-authorized");
        }

        assertThat(outcome(attacker.scram("SCRAM-SHA-1", account, "secret"))).isEqualTo("temporary-auth-failure");
        assertThat(outcome(attacker.plain(account, "secret"))).isEqualTo("temporary-auth-failure");
        assertThat(outcome(LoginClient.unbound(server, "198.51.100.1").plain(account, "secret")))
                .as("from elsewhere")
                .isEqualTo("success");

        server.ticks.addAndGet(Duration.ofSeconds(61).toNanos());
        assertThat(outcome(attacker.plain(account, "secret"))).isEqualTo("success");
    }

    @Test
    void manyAttemptsAtOnceDoNotSlipThrough() {
        Jid account = server.newAccount(AuthServer.HOST, "secret");
        List<Future<SaslReply>> attempts = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            byte[] message = LoginClient.bytes("\0" + account.local() + "\0guess" + i);
            SaslChannel channel = new SaslChannel("192.0.2.4", true, List.<ChannelBinding>of(), List.of());
            attempts.add(
                    server.request(new SaslStep(account.domain(), "PLAIN", message, null, channel), SaslReply.class));
        }
        AuthServer.await(Future.all(attempts));

        assertThat(attempts.stream().map(Future::result).map(LoginClient::outcome))
                .filteredOn("not-authorized"::equals)
                .hasSize(3);
    }

    @Test
    void succeedingInBetweenStartsAnew() {
        Jid account = server.newAccount(AuthServer.HOST, "secret");
        LoginClient client = LoginClient.unbound(server, "192.0.2.5");
        for (int round = 0; round < 3; round++) {
            client.plain(account, "wrong");
            client.plain(account, "wrong");
            assertThat(outcome(client.plain(account, "secret"))).isEqualTo("success");
        }
    }
}
