package im.stanzabus.roster;

import static im.stanzabus.roster.RosterInstances.await;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.ServiceDescriptor;
import im.stanzabus.bus.api.RosterRequest;
import im.stanzabus.bus.api.RosterRequest.Outcome;
import im.stanzabus.launcher.ServiceModule;
import im.stanzabus.launcher.config.ConfigFile;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.StanzaError.Condition;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Transaction;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RosterModuleTest {
    private final Jid romeo = Jid.of("romeo@example.org");
    private final Jid juliet = Jid.of("juliet@example.net");

    @Test
    void theLauncherFindsIt() {
        assertThat(ServiceLoader.load(ServiceModule.class))
                .anySatisfy(module -> assertThat(module.name()).isEqualTo("roster-service"));
    }

    @Test
    void defaults() {
        ConfigFile file = ConfigFile.of("", Path.of("target"));

        assertThat(RosterConfig.from(file.root())).isEqualTo(RosterConfig.DEFAULTS);
        assertThat(file.errors()).isEmpty();
    }

    @Test
    void everyKeyIsRead() {
        ConfigFile file = ConfigFile.of("""
                max-contacts: 1
                max-name-bytes: 2
                max-groups: 3
                max-group-bytes: 4
                max-requests: 5
                max-request-bytes: 6 KiB
                max-blocked: 7
                removed-kept: 8
                removed-kept-for: 9 d
                """, Path.of("target"));

        assertThat(RosterConfig.from(file.root()))
                .isEqualTo(new RosterConfig(1, 2, 3, 4, 5, 6144, 7, 8, Duration.ofDays(9)));
        assertThat(file.errors()).isEmpty();
    }

    @Test
    void announcesItselfWhileItRuns() {
        try (RosterInstances roster = new RosterInstances()) {
            RosterInstances.Process process = roster.start(RosterConfig.DEFAULTS);
            assertThat(process.services().living())
                    .containsExactly(ServiceDescriptor.internal("roster-service", "test", true));
            await(roster.stop(process));
            assertThat(process.services().living()).isEmpty();
            assertThat(roster.refusal(new RosterRequest.Load(romeo))).isEqualTo(Condition.RESOURCE_CONSTRAINT);
        }
    }

    @Test
    void aRequestThatWasBegunIsFinishedBeforeItStops() {
        try (RosterInstances roster = new RosterInstances()) {
            RosterInstances.Process process = roster.start(RosterConfig.DEFAULTS);
            roster.set(romeo, juliet, "Juliet");
            SqlConnection other = await(roster.pool().getConnection());
            Transaction holdUp = await(other.begin());
            await(other.query("SELECT FROM roster FOR UPDATE").execute());
            Future<Outcome> begun =
                    roster.send(new RosterRequest.Set(romeo, juliet, "Giulietta", List.of(), false), Outcome.class);
            roster.awaitSomebodyWaitingForALock();

            Future<Void> stopped = roster.stop(process);
            assertThat(stopped.isComplete()).as("waits for the request").isFalse();
            await(holdUp.commit());
            await(other.close());

            await(stopped);
            assertThat(await(begun).pushes()).hasSize(1);
        }
    }

    @Test
    void requestsAreCountedByKindAndResult() {
        try (RosterInstances roster = new RosterInstances()) {
            roster.start(RosterConfig.DEFAULTS);
            roster.load(romeo);
            roster.load(juliet);
            roster.refusal(new RosterRequest.Set(romeo, juliet, null, List.of(), true));
            roster.purge(romeo);

            assertThat(requests(roster, "load", "answered")).isEqualTo(2);
            assertThat(requests(roster, "set", "refused")).isEqualTo(1);
            assertThat(requests(roster, "purge", "answered")).isEqualTo(1);
        }
    }

    /// The user may try again later; the program is not at fault.
    @Test
    void withoutTheDatabaseRequestsAreToBeTriedAgain() throws Exception {
        try (RosterInstances roster = new RosterInstances()) {
            Pool nowhere = PgBuilder.pool()
                    .connectingTo(new PgConnectOptions().setHost("127.0.0.1").setPort(closedPort()))
                    .using(roster.vertx)
                    .build();
            roster.start(RosterConfig.DEFAULTS, Vertx.vertx(), nowhere);

            assertThat(roster.refusal(new RosterRequest.Load(romeo))).isEqualTo(Condition.RESOURCE_CONSTRAINT);
            assertThat(roster.refusal(new RosterRequest.Set(romeo, juliet, null, List.of(), false)))
                    .isEqualTo(Condition.RESOURCE_CONSTRAINT);
            assertThat(requests(roster, "load", "failed")).isEqualTo(1);
            await(nowhere.close());
            assertThat(roster.refusal(new RosterRequest.Load(romeo))).isEqualTo(Condition.RESOURCE_CONSTRAINT);
        }
    }

    private static long requests(RosterInstances roster, String kind, String result) {
        return roster.metrics
                .get("stanzabus.roster.requests")
                .tags("kind", kind, "result", result)
                .timer()
                .count();
    }

    private static int closedPort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
