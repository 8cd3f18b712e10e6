package im.stanzabus.auth;

import static im.stanzabus.auth.LoginClient.outcome;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.BusFailure;
import im.stanzabus.bus.ServiceDescriptor;
import im.stanzabus.bus.Subscription;
import im.stanzabus.bus.api.AuthRequest.AccountExists;
import im.stanzabus.bus.api.AuthRequest.Accounts;
import im.stanzabus.bus.api.AuthRequest.CreateAccount;
import im.stanzabus.bus.api.AuthRequest.Exists;
import im.stanzabus.bus.api.AuthRequest.ListAccounts;
import im.stanzabus.bus.api.AuthRequest.RemoveAccount;
import im.stanzabus.bus.api.Done;
import im.stanzabus.bus.api.Purge;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaError.Condition;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Removal is complete, and goes on after a failure in its middle.
class RemovalTest {
    private static final String CONFIG = "removal-retry: 1 s";

    private AuthServer server;

    @BeforeEach
    void start() {
        server = new AuthServer(CONFIG);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /// A service that keeps data of accounts.
    private static final class Keeper {
        private final AuthServer server;
        private final ServiceDescriptor descriptor;
        private final Subscription consumer;
        private final List<Jid> asked = new CopyOnWriteArrayList<>();

        Keeper(AuthServer server, String name, Function<Purge, Future<Done>> answer) {
            this.server = server;
            descriptor = ServiceDescriptor.internal(name, "1", true);
            consumer = server.bus.serve(descriptor.purgeAddress(), Purge.class, purge -> {
                asked.add(purge.account());
                return answer.apply(purge);
            });
            AuthServer.await(consumer.completion());
            server.services.announce(descriptor);
        }

        void stop() {
            server.services.withdraw(descriptor);
            AuthServer.await(consumer.unregister());
        }
    }

    private static Future<Done> done() {
        return Future.succeededFuture(Done.DONE);
    }

    private static Future<Done> failed() {
        return Future.failedFuture(new BusFailure(StanzaError.of(Condition.INTERNAL_SERVER_ERROR), "no disk"));
    }

    private boolean exists(Jid account) {
        return server.ask(new AccountExists(account), Exists.class).exists();
    }

    private long rows(Jid account) {
        return AuthServer.await(server.database
                .pool()
                .preparedQuery("SELECT count(*) FROM account WHERE host = $1 AND localpart = $2")
                .execute(Tuple.of(account.domain(), account.local()))
                .map(result -> result.iterator().next().getLong(0)));
    }

    /// Another transaction after each change of the row.
    private String lastWriter(Jid account) {
        return AuthServer.await(server.database
                .pool()
                .preparedQuery("SELECT xmin::text FROM account WHERE host = $1 AND localpart = $2")
                .execute(Tuple.of(account.domain(), account.local()))
                .map(result -> result.iterator().next().getString(0)));
    }

    @Test
    void asksEveryKeeperAndEndsTheSessions() {
        Jid account = server.newAccount(AuthServer.HOST, "secret");
        Keeper rosters = new Keeper(server, "rosters", _ -> done());
        Keeper messages = new Keeper(server, "messages", _ -> done());
        server.services.announce(ServiceDescriptor.internal("echo", "1", false));

        server.ask(new RemoveAccount(account), Done.class);

        assertThat(rosters.asked).containsExactly(account);
        assertThat(messages.asked).containsExactly(account);
        assertThat(rows(account)).isZero();
        assertThat(server.ended).isNotEmpty().containsOnly(account);
        assertThat(server.refusal(new RemoveAccount(account))).isEqualTo(Condition.ITEM_NOT_FOUND);
        assertThat(server.refusal(new RemoveAccount(Jid.of("example.org")))).isEqualTo(Condition.ITEM_NOT_FOUND);
        server.ask(new CreateAccount(account, "again"), Done.class);
    }

    @Test
    void accountIsGoneForEverybodyWhileItIsRemoved() {
        Jid account = server.newAccount(AuthServer.HOST, "secret");
        Promise<Done> slow = Promise.promise();
        Promise<Jid> begun = Promise.promise();
        new Keeper(server, "rosters", purge -> {
            begun.tryComplete(purge.account());
            return slow.future();
        });
        Future<Done> removal = server.request(new RemoveAccount(account), Done.class);
        AuthServer.await(begun.future());

        LoginClient client = LoginClient.unbound(server, "192.0.2.20");
        assertThat(server.ended).contains(account);
        assertThat(exists(account)).isFalse();
        assertThat(outcome(client.plain(account, "secret"))).isEqualTo("not-authorized");
        assertThat(outcome(client.scram("SCRAM-SHA-256", account, "secret"))).isEqualTo("not-authorized");
        assertThat(server.refusal(new CreateAccount(account, "mine"))).isEqualTo(Condition.CONFLICT);
        assertThat(server.ask(new ListAccounts(account.domain(), "", 100), Accounts.class)
                        .accounts())
                .doesNotContain(account);
        String before = lastWriter(account);
        Future<Done> again = server.request(new RemoveAccount(account), Done.class);
        Awaitility.await().until(() -> !lastWriter(account).equals(before));
        assertThat(removal.isComplete()).isFalse();

        slow.complete(Done.DONE);
        AuthServer.await(removal);
        AuthServer.await(again);
        assertThat(rows(account)).isZero();
    }

    @Test
    void goesOnByItselfWhenAKeeperFailed() {
        Jid account = server.newAccount(AuthServer.HOST, "secret");
        Keeper messages = new Keeper(server, "messages", _ -> done());
        List<Jid> failures = new ArrayList<>();
        Promise<Jid> repaired = Promise.promise();
        new Keeper(server, "rosters", purge -> {
            if (failures.isEmpty()) {
                failures.add(purge.account());
                return failed();
            }
            repaired.tryComplete(purge.account());
            return done();
        });

        assertThat(server.refusal(new RemoveAccount(account))).isEqualTo(Condition.RESOURCE_CONSTRAINT);
        assertThat(exists(account)).isFalse();
        assertThat(rows(account)).isOne();

        AuthServer.await(repaired.future());
        awaitNoRow(account);
        assertThat(messages.asked).containsOnly(account);
    }

    @Test
    void waitsAfterARestartForAKeeperThatIsNotThereYet() {
        Jid account = server.newAccount(AuthServer.HOST, "secret");
        Keeper rosters = new Keeper(server, "rosters", _ -> failed());
        assertThat(server.refusal(new RemoveAccount(account))).isEqualTo(Condition.RESOURCE_CONSTRAINT);
        server.stop();
        rosters.stop();

        server.start();
        assertThat(server.refusal(new RemoveAccount(account)))
                .as("the service that failed is remembered")
                .isEqualTo(Condition.RESOURCE_CONSTRAINT);
        assertThat(rows(account)).isOne();
        assertThat(outcome(LoginClient.unbound(server, "192.0.2.21").plain(account, "secret")))
                .isEqualTo("not-authorized");

        Promise<Jid> purged = Promise.promise();
        new Keeper(server, "rosters", purge -> {
            purged.tryComplete(purge.account());
            return done();
        });
        assertThat(AuthServer.await(purged.future())).isEqualTo(account);
        awaitNoRow(account);
    }

    @Test
    void resumesAtStart() {
        Jid account = server.newAccount(AuthServer.HOST, "secret");
        new Keeper(server, "rosters", new Function<>() {
            private final ConcurrentHashMap<Jid, Boolean> seen = new ConcurrentHashMap<>();

            @Override
            public Future<Done> apply(Purge purge) {
                return seen.putIfAbsent(purge.account(), true) == null ? failed() : done();
            }
        });
        assertThat(server.refusal(new RemoveAccount(account))).isEqualTo(Condition.RESOURCE_CONSTRAINT);

        server.stop();
        server.start();

        awaitNoRow(account);
    }

    /// Whoever owns the account may still write for it.
    @Test
    void waitsForASessionManager() {
        Jid account = server.newAccount(AuthServer.HOST, "secret");
        Keeper messages = new Keeper(server, "messages", _ -> done());
        server.stopSessions();

        assertThat(server.refusal(new RemoveAccount(account))).isEqualTo(Condition.RESOURCE_CONSTRAINT);
        assertThat(messages.asked).isEmpty();
        assertThat(rows(account)).isOne();
    }

    @Test
    void anotherInstanceGoesOnWhenOneIsKilled() {
        Jid account = server.newAccount(AuthServer.HOST, "secret");
        try (AuthServer other = new AuthServer(CONFIG, server)) {
            Keeper atOther = new Keeper(other, "rosters", _ -> done());
            AuthServer dying = new AuthServer(CONFIG, server);
            Promise<Jid> begun = Promise.promise();
            new Keeper(dying, "rosters", purge -> {
                begun.tryComplete(purge.account());
                return Promise.<Done>promise().future(); // never answers
            });
            dying.request(new RemoveAccount(account), Done.class);
            AuthServer.await(begun.future());
            dying.kill();

            awaitNoRow(account);
            assertThat(atOther.asked).contains(account);
            assertThat(other.ended).contains(account);
        }
    }

    /// An instance was frozen in the middle of a removal; meanwhile another ended it, the account was made
    /// anew, and is being removed again.
    @Test
    void aLateInstanceDoesNotEndAnotherRemovalOfTheSameName() {
        Jid account = server.newAccount(AuthServer.HOST, "secret");
        Promise<Done> thawed = Promise.promise();
        Promise<Jid> frozen = Promise.promise();
        try (AuthServer slow = new AuthServer("removal-retry: 1 h", server)) {
            new Keeper(slow, "rosters", purge -> {
                frozen.tryComplete(purge.account());
                return thawed.future();
            });
            Future<Done> late = slow.request(new RemoveAccount(account), Done.class);
            AuthServer.await(frozen.future());
            Keeper healthy = new Keeper(server, "rosters", _ -> done());
            awaitNoRow(account);
            server.ask(new CreateAccount(account, "new"), Done.class);
            healthy.stop();
            new Keeper(server, "rosters", _ -> failed());
            assertThat(server.refusal(new RemoveAccount(account))).isEqualTo(Condition.RESOURCE_CONSTRAINT);

            thawed.complete(Done.DONE);
            AuthServer.await(late);

            assertThat(rows(account)).as("the second removal goes on").isOne();
        }
    }

    /// The row goes after the last keeper's answer; asked anew until it has gone.
    private void awaitNoRow(Jid account) {
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> rows(account) == 0);
    }
}
