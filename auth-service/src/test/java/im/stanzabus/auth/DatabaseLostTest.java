package im.stanzabus.auth;

import static im.stanzabus.auth.LoginClient.outcome;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.stanza.Jid;
import org.junit.jupiter.api.Test;

/// Without its database the service still answers, and holds nobody's attempts against them.
class DatabaseLostTest {
    @Test
    void loginsFailForTheMomentAndAreNotCounted() {
        try (AuthServer server = new AuthServer("throttle: {per-account-and-address: 2}")) {
            Jid account = server.newAccount(AuthServer.HOST, "secret");
            LoginClient client = LoginClient.unbound(server, "192.0.2.30");
            AuthServer.await(server.database
                    .pool()
                    .query("ALTER TABLE account RENAME TO account_away")
                    .execute());
            for (int i = 0; i < 5; i++) {
                assertThat(outcome(client.plain(account, "secret"))).isEqualTo("temporary-auth-failure");
                assertThat(outcome(client.first(account, "SCRAM-SHA-256", "n,,n=" + account.local() + ",r=abc")))
                        .isEqualTo("temporary-auth-failure");
            }
            AuthServer.await(server.database
                    .pool()
                    .query("ALTER TABLE account_away RENAME TO account")
                    .execute());

            assertThat(outcome(client.plain(account, "secret"))).isEqualTo("success");
        }
    }
}
