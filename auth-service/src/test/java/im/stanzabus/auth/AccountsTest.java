package im.stanzabus.auth;

import static im.stanzabus.auth.LoginClient.outcome;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.api.AuthRequest.AccountExists;
import im.stanzabus.bus.api.AuthRequest.Accounts;
import im.stanzabus.bus.api.AuthRequest.ChangePassword;
import im.stanzabus.bus.api.AuthRequest.CreateAccount;
import im.stanzabus.bus.api.AuthRequest.Exists;
import im.stanzabus.bus.api.AuthRequest.ListAccounts;
import im.stanzabus.bus.api.AuthRequest.Register;
import im.stanzabus.bus.api.AuthRequest.RegistrationOpen;
import im.stanzabus.bus.api.Done;
import im.stanzabus.launcher.VirtualHost;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.StanzaError.Condition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccountsTest {
    private static AuthServer server;

    @BeforeAll
    static void start() {
        server = new AuthServer("registration: {per-address: 2, window: 1 h}");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static boolean exists(Jid account) {
        return server.ask(new AccountExists(account), Exists.class).exists();
    }

    @Test
    void createdAccountExists() throws Exception {
        Jid account = server.newAccount(AuthServer.HOST, "secret");

        assertThat(exists(account)).isTrue();
        assertThat(exists(account.withResource("balcony"))).isTrue();
        assertThat(exists(AuthServer.newName(AuthServer.HOST))).isFalse();
        assertThat(exists(Jid.of(account.local() + "@guests.example.org"))).isFalse();
        assertThat(exists(Jid.of(account.local() + "@example.net"))).isFalse();
        assertThat(exists(Jid.of("example.org"))).isFalse();
    }

    @Test
    void nameIsTakenOnce() {
        Jid account = server.newAccount(AuthServer.HOST, "secret");

        assertThat(server.refusal(new CreateAccount(account, "other"))).isEqualTo(Condition.CONFLICT);
        assertThat(outcome(LoginClient.unbound(server, "192.0.2.9").plain(account, "secret")))
                .isEqualTo("success");
    }

    @ParameterizedTest
    @ValueSource(strings = {"example.org", "a@example.net", "a@example.org/balcony"})
    void addressMustBeAnAccountOfOurs(String address) {
        assertThat(server.refusal(new CreateAccount(Jid.of(address), "secret"))).isEqualTo(Condition.NOT_ACCEPTABLE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "bell\u0007", "line\nbreak", "soft\u00ADhyphen"})
    void passwordMustBeOne(String password) {
        Jid account = server.newAccount(AuthServer.HOST, "secret");

        assertThat(server.refusal(new CreateAccount(AuthServer.newName(AuthServer.HOST), password)))
                .isEqualTo(Condition.NOT_ACCEPTABLE);
        assertThat(server.refusal(new ChangePassword(account, password))).isEqualTo(Condition.NOT_ACCEPTABLE);
    }

    @Test
    void passwordHasABound() {
        assertThat(server.refusal(new CreateAccount(AuthServer.newName(AuthServer.HOST), "x".repeat(1_025))))
                .isEqualTo(Condition.NOT_ACCEPTABLE);
    }

    @Test
    void newPasswordReplacesTheOldOne() {
        Jid account = server.newAccount(AuthServer.HOST, "old");
        server.ask(new ChangePassword(account, "new"), Done.class);
        LoginClient client = LoginClient.unbound(server, "192.0.2.9");

        for (String mechanism : List.of("SCRAM-SHA-512", "SCRAM-SHA-256", "SCRAM-SHA-1")) {
            assertThat(outcome(client.scram(mechanism, account, "old"))).isEqualTo("not-authorized");
            assertThat(outcome(client.scram(mechanism, account, "new"))).isEqualTo("success");
        }
        assertThat(server.refusal(new ChangePassword(AuthServer.newName(AuthServer.HOST), "new")))
                .isEqualTo(Condition.ITEM_NOT_FOUND);
        assertThat(server.refusal(new ChangePassword(Jid.of("example.org"), "new")))
                .isEqualTo(Condition.ITEM_NOT_FOUND);
    }

    @Test
    void passwordsAreNowhereInTheDatabase() {
        server.newAccount(AuthServer.HOST, "a very secret word");

        String rows = AuthServer.await(server.database
                .pool()
                .query("SELECT string_agg(account::text, ' ') FROM account")
                .execute()
                .map(result -> result.iterator().next().getString(0)));
        assertThat(rows).contains("example.org").doesNotContain("secret").doesNotContain("736563726574");
    }

    @Test
    void listsPageByPage() {
        VirtualHost host = AuthServer.CERTIFIED;
        List<Jid> created = new ArrayList<>();
        for (String name : List.of("b", "a", "c", "\u00e4", "a-1")) {
            Jid account = Jid.of(name + '@' + host.domain());
            server.ask(new CreateAccount(account, "secret"), Done.class);
            created.add(account);
        }
        List<Jid> listed = new ArrayList<>();
        String after = "";
        while (true) {
            List<Jid> page = server.ask(new ListAccounts(host.domain(), after, 2), Accounts.class)
                    .accounts();
            assertThat(page).hasSizeLessThanOrEqualTo(2);
            if (page.isEmpty()) {
                break;
            }
            listed.addAll(page);
            after = page.getLast().local();
        }

        assertThat(listed).containsExactlyInAnyOrderElementsOf(created).startsWith(Jid.of("a@" + host.domain()));
        assertThat(server.refusal(new ListAccounts("example.net", "", 10))).isEqualTo(Condition.ITEM_NOT_FOUND);
    }

    @Test
    void registersWhereItIsOpen() {
        Register register = new Register("open.example.org", "Nurse", "secret", "192.0.2.10");

        server.ask(register, Done.class);

        assertThat(exists(Jid.of("nurse@open.example.org"))).isTrue();
        assertThat(server.refusal(register)).isEqualTo(Condition.CONFLICT);
        assertThat(server.refusal(new Register("example.org", "nurse", "secret", "192.0.2.11")))
                .isEqualTo(Condition.NOT_ALLOWED);
        assertThat(server.refusal(new Register("open.example.org", "nur se", "secret", "192.0.2.11")))
                .isEqualTo(Condition.NOT_ACCEPTABLE);
        assertThat(server.ask(new RegistrationOpen("open.example.org"), Exists.class)
                        .exists())
                .isTrue();
        assertThat(server.ask(new RegistrationOpen("example.org"), Exists.class).exists())
                .isFalse();
    }

    @Test
    void registersAFewFromOneAddress() {
        server.ask(new Register("open.example.org", "one", "secret", "192.0.2.12"), Done.class);
        server.ask(new Register("open.example.org", "two", "secret", "192.0.2.12"), Done.class);

        assertThat(server.refusal(new Register("open.example.org", "three", "secret", "192.0.2.12")))
                .isEqualTo(Condition.RESOURCE_CONSTRAINT);
        server.ask(new Register("open.example.org", "four", "secret", "192.0.2.13"), Done.class);

        server.ticks.addAndGet(Duration.ofMinutes(61).toNanos());
        server.ask(new Register("open.example.org", "three", "secret", "192.0.2.12"), Done.class);
    }
}
