package im.stanzabus.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import im.stanzabus.testkit.Connection;
import im.stanzabus.testkit.Spec;
import im.stanzabus.testkit.TestServer;
import im.stanzabus.testkit.TestStream;
import im.stanzabus.testkit.Xml;
import im.stanzabus.testkit.process.ClusterFolder;
import im.stanzabus.testkit.process.Command;
import im.stanzabus.testkit.process.ServerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A service in a process of its own comes to a running cluster and is killed: clients find it and reach
/// it in between, and only then.
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class AnnouncedServiceTest {
    /// What a busy machine may take for what happens at once; far less than {@link #DEAD_AFTER}.
    private static final Duration SOON = Duration.ofSeconds(10);

    /// A member that is silent for so long counts as dead; one that is killed must be missed before.
    private static final String DEAD_AFTER = "2 min";

    @TempDir
    Path folder;

    private int number;

    @Test
    @Spec(doc = "XEP-0030", section = "4.1")
    void itIsFoundAndReachedAsLongAsItsProcessLives() throws Exception {
        try (ClusterFolder cluster = new ClusterFolder(folder, ClusterFolder.freePort(), DEAD_AFTER)) {
            ServerProcess services = cluster.start(
                    cluster.seed("services"),
                    "auth-service",
                    "roster-service",
                    "offline-service",
                    "profile-service",
                    "session-service");
            ServerProcess gateway = cluster.start(cluster.command("gateway"), "c2s-gateway");
            services.createUser("romeo", gateway.host());
            try (TestStream romeo = TestStream.secured(gateway, gateway.host())) {
                romeo.login("romeo", TestServer.PASSWORD);
                romeo.bind("orchard");
                isNotThere(romeo.connection());

                Command echo = cluster.command("echo").with(EchoModule.plugIn(folder.resolve("echo-service")));
                ServerProcess process = cluster.start(echo, EchoModule.NAME);
                soon("it has come", () -> isThere(romeo.connection()));

                process.kill();
                soon("it has gone", () -> isNotThere(romeo.connection()));

                cluster.start(echo, EchoModule.NAME);
                soon("it is back", () -> isThere(romeo.connection()));
            }
        }
    }

    private static void soon(String what, ThrowingRunnable expected) {
        await(what)
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .atMost(SOON)
                .untilAsserted(expected);
    }

    private void isThere(Connection romeo) {
        List<Xml> items = items(romeo);
        assertThat(items).hasSize(1);
        assertThat(items.getFirst().attribute("jid")).isEqualTo(EchoModule.DOMAIN);
        assertThat(items.getFirst().attribute("name")).isEqualTo(EchoModule.TITLE);
        Xml answer = says(romeo);
        assertThat(answer.attribute("type")).isEqualTo("chat");
        assertThat(answer.attribute("from")).isEqualTo("verona@" + EchoModule.DOMAIN);
        assertThat(answer.child("body").text()).isEqualTo("hello");
    }

    private void isNotThere(Connection romeo) {
        assertThat(items(romeo)).isEmpty();
        Xml answer = says(romeo);
        assertThat(answer.attribute("type")).isEqualTo("error");
        assertThat(answer.child("error").children().getFirst().name()).isEqualTo("remote-server-not-found");
    }

    /// The host's items.
    private List<Xml> items(Connection romeo) {
        return answer(
                        romeo,
                        "<iq type='get' to='localhost' id='%s'>"
                                + "<query xmlns='http://jabber.org/protocol/disco#items'/></iq>")
                .child("query")
                .children();
    }

    /// What comes back for a message to the service's domain.
    private Xml says(Connection romeo) {
        return answer(
                romeo,
                "<message type='chat' to='verona@" + EchoModule.DOMAIN + "' id='%s'><body>hello</body></message>");
    }

    private Xml answer(Connection romeo, String stanza) {
        number++;
        String id = "n" + number;
        romeo.send(stanza.formatted(id));
        Xml answer;
        do {
            answer = romeo.element();
        } while (!answer.attribute("id").equals(id));
        return answer;
    }
}
