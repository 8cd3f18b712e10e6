package im.stanzabus.auth;

import static im.stanzabus.auth.LoginClient.outcome;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.api.AuthRequest.SaslChannel;
import im.stanzabus.bus.api.AuthRequest.SaslStep;
import im.stanzabus.bus.api.SaslReply;
import im.stanzabus.stanza.Jid;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The slow logins, those with PLAIN, do not hold up the quick ones, and are turned away when there are too many.
class ParallelLoginsTest {
    private static Future<SaslReply> plain(AuthServer server, Jid account) {
        SaslChannel channel = new SaslChannel("192.0.2.40", true, List.of(), List.of());
        byte[] message = LoginClient.bytes("\0" + account.local() + "\0secret");
        return server.request(new SaslStep(account.domain(), "PLAIN", message, null, channel), SaslReply.class);
    }

    @Test
    void scramPassesWaitingPasswords() {
        try (AuthServer server =
                new AuthServer("password-threads: 1\nthrottle: {per-account-and-address: 1000, per-address: 1000}")) {
            Jid account = server.newAccount(AuthServer.HOST, "secret");
            List<Future<SaslReply>> slow = new ArrayList<>();
            for (int i = 0; i < 150; i++) {
                slow.add(plain(server, account));
            }

            SaslReply quick = LoginClient.unbound(server, "192.0.2.41").scram("SCRAM-SHA-1", account, "secret");

            assertThat(outcome(quick)).isEqualTo("success");
            assertThat(slow).anyMatch(login -> !login.isComplete());
            AuthServer.await(Future.all(slow));
            assertThat(slow).allMatch(login -> login.result() instanceof SaslReply.Success);
        }
    }

    @Test
    void passwordsBeyondTheQueueAreTurnedAwayAndNotCounted() {
        try (AuthServer server =
                new AuthServer("password-threads: 1\npassword-queue: 5\nthrottle: {per-account-and-address: 40}")) {
            Jid account = server.newAccount(AuthServer.HOST, "secret");
            List<Future<SaslReply>> logins = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                logins.add(plain(server, account));
            }
            AuthServer.await(Future.all(logins));

            assertThat(logins.stream().map(Future::result).map(LoginClient::outcome))
                    .contains("success", "temporary-auth-failure")
                    .containsOnly("success", "temporary-auth-failure");
            for (int i = 0; i < 39; i++) {
                assertThat(outcome(LoginClient.unbound(server, "192.0.2.40").plain(account, "wrong")))
                        .isEqualTo("not-authorized");
            }
        }
    }
}
