package im.stanzabus.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import im.stanzabus.testkit.TestServer;
import im.stanzabus.testkit.TestStream;
import im.stanzabus.testkit.Xml;
import im.stanzabus.testkit.process.ClusterFolder;
import im.stanzabus.testkit.process.Command;
import im.stanzabus.testkit.process.ServerProcess;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What `stanzabus status` says of a cluster with clients, of whom the test knows where and how they are connected.
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class StatusTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int WAITING = 3;

    @TempDir
    Path folder;

    @Test
    void theFiguresAreThoseOfTheClients() throws Exception {
        try (ClusterFolder cluster = new ClusterFolder(folder, ClusterFolder.freePort(), "5 s")) {
            ServerProcess services = cluster.start(
                    cluster.seed("services"),
                    "auth-service",
                    "roster-service",
                    "offline-service",
                    "profile-service",
                    "session-service");
            ServerProcess first = cluster.start(cluster.command("first"), "c2s-gateway", "session-service");
            ServerProcess second = cluster.start(cluster.command("second"), "c2s-gateway");
            for (String user : new String[] {"romeo", "juliet", "mercutio"}) {
                services.createUser(user, services.host());
            }
            try (TestStream romeo = bound(first, "romeo");
                    TestStream juliet = bound(first, "juliet");
                    TestStream mercutio = bound(second, "mercutio");
                    TestStream stranger = TestStream.secured(second, second.host())) {
                enable(juliet);
                enable(mercutio);
                juliet.connection().drop();

                text(
                        cluster,
                        "first-[0-9a-f]{8} .* \\(1 connections, 1 bound\\)",
                        "second-[0-9a-f]{8} .* \\(2 connections, 1 bound\\)",
                        "connections  3, 2 bound",
                        " +0 unowned, 0 moving",
                        "waiting      log.pending 0, session.appending 0, session.unaccepted 0",
                        "other .*c2s.streams.detached 1, c2s.streams.managed 1,.* session.accounts 3,.*"
                                + " session.resources.attached 2, session.resources.detached 1");
                json(cluster);
                try (Connection sql = cluster.sql()) {
                    sql.setAutoCommit(false);
                    sql.createStatement().execute("LOCK TABLE message_log IN ACCESS EXCLUSIVE MODE");
                    for (int i = 0; i < WAITING; i++) {
                        romeo.connection()
                                .send("<message to='tybalt@localhost' type='chat' id='" + i
                                        + "'><body>peace</body></message>");
                    }
                    // what was read together is asked for together
                    text(
                            cluster,
                            "waiting      log.pending [1-3], session.appending " + WAITING + ", session.unaccepted 0");
                }
                text(cluster, "waiting      log.pending 0, session.appending 0, session.unaccepted 0");
                stranger.connection().drop();
                text(cluster, "connections  2, 2 bound");
            }
        }
    }

    private static TestStream bound(ServerProcess gateway, String user) {
        TestStream stream = TestStream.secured(gateway, gateway.host());
        stream.login(user, TestServer.PASSWORD);
        stream.bind("tester");
        return stream;
    }

    private static void enable(TestStream stream) {
        stream.connection().send("<enable xmlns='urn:xmpp:sm:3' resume='true'/>");
        Xml answer = stream.connection().element();
        assertThat(answer.is("enabled", "urn:xmpp:sm:3")).as(answer.toString()).isTrue();
    }

    /// Each pattern must come to be a line of what the command writes, all at once.
    private static void text(ClusterFolder cluster, String... lines) {
        await().pollInSameThread().atMost(SOON).untilAsserted(() -> {
            Command.Result status = cluster.command("services").run("status");
            assertThat(status.exitCode()).isZero();
            assertThat(status.err()).isEmpty();
            assertThat(status.out()).startsWith("cluster stanzabus, database up\n");
            for (String line : lines) {
                assertThat(status.out()).containsPattern("(?m)^" + line + "$");
            }
        });
    }

    /// The same figures for programs, which add up.
    private static void json(ClusterFolder cluster) throws Exception {
        JsonObject status =
                new JsonObject(cluster.command("second").run("status", "--json").out());
        Map<String, JsonObject> gauges = new HashMap<>();
        status.getJsonArray("members").forEach(each -> {
            JsonObject member = (JsonObject) each;
            assertThat(member.getBoolean("answers")).isTrue();
            gauges.put(member.getString("node").replaceFirst("-.*", ""), member.getJsonObject("gauges"));
        });
        assertThat(gauges).containsOnlyKeys("services", "first", "second");
        connections(gauges.get("first"), 1, 1, 1, 0);
        connections(gauges.get("second"), 2, 1, 0, 1);
        JsonObject totals = status.getJsonObject("totals");
        connections(totals, 3, 2, 1, 1);
        assertThat(totals.getMap())
                .containsEntry("stanzabus.session.accounts", 3)
                .containsEntry("stanzabus.session.resources.attached", 2)
                .containsEntry("stanzabus.session.resources.detached", 1)
                .containsEntry("stanzabus.slots.owned", 1024)
                .containsEntry("stanzabus.log.pending", 0);
        JsonObject slots = status.getJsonObject("slots");
        JsonObject owners = slots.getJsonObject("owners");
        assertThat(owners.fieldNames()).hasSize(2).allMatch(owner -> owner.matches("sm\\.0@(services|first)-.*"));
        assertThat(owners.stream().mapToInt(owner -> (Integer) owner.getValue()).sum())
                .isEqualTo(1024);
        assertThat(slots.getInteger("unowned")).isZero();
        assertThat(slots.getInteger("moving")).isZero();
        assertThat(status.getJsonObject("services").getMap())
                .containsEntry("c2s-gateway", 2)
                .containsEntry("session-service", 2)
                .containsEntry("offline-service", 1);
    }

    private static void connections(JsonObject gauges, int connections, int bound, int detached, int managed) {
        assertThat(gauges.getMap())
                .containsEntry("stanzabus.c2s.connections", connections)
                .containsEntry("stanzabus.c2s.bound", bound)
                .containsEntry("stanzabus.c2s.streams.detached", detached)
                .containsEntry("stanzabus.c2s.streams.managed", managed);
    }
}
