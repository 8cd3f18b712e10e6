package im.stanzabus.auth;

import static im.stanzabus.auth.LoginClient.bytes;
import static im.stanzabus.auth.LoginClient.outcome;
import static org.assertj.core.api.Assertions.assertThat;

import com.ongres.scram.client.ScramClient;
import im.stanzabus.bus.api.AuthRequest;
import im.stanzabus.bus.api.AuthRequest.AccountExists;
import im.stanzabus.bus.api.AuthRequest.ChangePassword;
import im.stanzabus.bus.api.AuthRequest.CreateAccount;
import im.stanzabus.bus.api.AuthRequest.Exists;
import im.stanzabus.bus.api.AuthRequest.Register;
import im.stanzabus.bus.api.AuthRequest.RemoveAccount;
import im.stanzabus.bus.api.Done;
import im.stanzabus.bus.api.SaslReply;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.StanzaError.Condition;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Transaction;
import io.vertx.sqlclient.Tuple;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Two processes that share nothing but the database serve the same accounts.
@Timeout(60)
class TwoInstancesTest {
    private static AuthServer one;
    private static AuthServer two;

    @BeforeAll
    static void start() {
        one = new AuthServer();
        two = new AuthServer("", one);
    }

    @AfterAll
    static void stop() {
        two.close();
        one.close();
    }

    private static SaslReply.Challenge begin(AuthServer server, ScramClient client, String mechanism, Jid account) {
        return (SaslReply.Challenge) LoginClient.unbound(server, "192.0.2.1")
                .first(account, mechanism, client.clientFirstMessage().toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"SCRAM-SHA-1", "SCRAM-SHA-256", "SCRAM-SHA-512"})
    void eachStepOfALoginMayGoToAnother(String mechanism) {
        Jid account = one.newAccount(AuthServer.HOST, "secret");
        ScramClient client = LoginClient.builder(mechanism, account, "secret").build();
        SaslReply.Challenge empty = (SaslReply.Challenge)
                LoginClient.unbound(one, "192.0.2.1").step(account.domain(), mechanism, null, null);
        SaslReply.Challenge challenge = (SaslReply.Challenge) LoginClient.unbound(two, "192.0.2.1")
                .step(
                        account.domain(),
                        mechanism,
                        bytes(client.clientFirstMessage().toString()),
                        empty.state());

        SaslReply last = LoginClient.unbound(one, "192.0.2.1").finish(client, mechanism, account.domain(), challenge);

        assertThat(outcome(last)).isEqualTo("success");
        assertThat(outcome(LoginClient.unbound(two, "192.0.2.1").plain(account, "secret")))
                .isEqualTo("success");
    }

    @Test
    void anAccountThatDoesNotExistLooksTheSameEverywhere() {
        Jid nobody = AuthServer.newName(AuthServer.HOST);

        assertThat(salt(one, nobody)).isEqualTo(salt(two, nobody));
    }

    private static String salt(AuthServer server, Jid account) {
        ScramClient client =
                LoginClient.builder("SCRAM-SHA-256", account, "secret").build();
        String challenge =
                LoginClient.text(begin(server, client, "SCRAM-SHA-256", account).data());
        return challenge.substring(challenge.indexOf(",s="));
    }

    /// The new password was set at one, the login that began with the old one ends at the other.
    @Test
    void aLoginThatBeganBeforeANewPasswordFailsEverywhere() {
        Jid account = one.newAccount(AuthServer.HOST, "secret");
        ScramClient client =
                LoginClient.builder("SCRAM-SHA-256", account, "secret").build();
        SaslReply.Challenge challenge = begin(one, client, "SCRAM-SHA-256", account);

        two.ask(new ChangePassword(account, "new"), Done.class);

        assertThat(outcome(LoginClient.unbound(one, "192.0.2.1")
                        .finish(client, "SCRAM-SHA-256", account.domain(), challenge)))
                .isEqualTo("not-authorized");
    }

    @Test
    void aLoginThatBeganBeforeTheRemovalFailsEverywhere() {
        Jid account = one.newAccount(AuthServer.HOST, "secret");
        ScramClient client =
                LoginClient.builder("SCRAM-SHA-256", account, "secret").build();
        SaslReply.Challenge challenge = begin(one, client, "SCRAM-SHA-256", account);

        two.ask(new RemoveAccount(account), Done.class);
        two.ask(new CreateAccount(account, "secret"), Done.class);

        assertThat(outcome(LoginClient.unbound(one, "192.0.2.1")
                        .finish(client, "SCRAM-SHA-256", account.domain(), challenge)))
                .isEqualTo("not-authorized");
    }

    /// Somebody who was frozen still deletes what an account of that name owned.
    @Test
    void noAccountIsMadeWhileSomethingOfItsNameIsDeleted() {
        Jid name = AuthServer.newName(AuthServer.HOST);
        SqlConnection deleting = AuthServer.await(two.database.pool().getConnection());
        Transaction transaction = AuthServer.await(deleting.begin());
        boolean gone = AuthServer.await(deleting.preparedQuery("SELECT account_is_gone($1, $2)")
                        .execute(Tuple.of(name.domain(), name.local())))
                .iterator()
                .next()
                .getBoolean(0);

        assertThat(gone).isTrue();
        assertThat(one.refusal(new CreateAccount(name, "secret"))).isEqualTo(Condition.CONFLICT);
        AuthServer.await(transaction.commit());
        AuthServer.await(deleting.close());
        one.ask(new CreateAccount(name, "secret"), Done.class);
    }

    /// The process that created it died before it could say so.
    @Test
    void aCreationThatIsAskedForAgainSucceedsAgain() {
        CreateAccount create = new CreateAccount(AuthServer.newName(AuthServer.HOST), "secret");
        one.ask(create, Done.class);
        assertThat(two.ask(create, Done.class)).isEqualTo(Done.DONE);
        assertThat(two.refusal(new CreateAccount(create.account(), "secret")))
                .as("another request for the same name")
                .isEqualTo(Condition.CONFLICT);

        Jid name = AuthServer.newName(AuthServer.OPEN);
        Register register = new Register(name.domain(), String.valueOf(name.local()), "secret", "192.0.2.7", 4711);
        one.ask(register, Done.class);
        assertThat(two.ask(register, Done.class)).isEqualTo(Done.DONE);
        AuthRequest another = new Register(name.domain(), String.valueOf(name.local()), "secret", "192.0.2.8");
        assertThat(one.refusal(another)).isEqualTo(Condition.CONFLICT);
        assertThat(two.refusal(another)).isEqualTo(Condition.CONFLICT);
        assertThat(two.ask(new AccountExists(name), Exists.class).exists()).isTrue();
    }
}
