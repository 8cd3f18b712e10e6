package im.stanzabus.example.dice;

import static org.awaitility.Awaitility.await;

import im.stanzabus.testkit.Scene;
import im.stanzabus.testkit.TestClient;
import im.stanzabus.testkit.process.ClusterFolder;
import im.stanzabus.testkit.process.Command;
import im.stanzabus.testkit.process.ServerProcess;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The service as a jar in processes of its own, beside a cluster whose processes know nothing of it
/// and stay as they are.
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class DiceClusterTest {
    private static final String SERVICE = "dice-service";

    /// What a busy machine may take for what happens at once; far less than {@link #DEAD_AFTER}.
    private static final Duration SOON = Duration.ofSeconds(10);

    /// A member that is silent for so long counts as dead; one that is killed must be missed before.
    private static final String DEAD_AFTER = "2 min";

    private static final int ROLLS = 50;
    private static final String ROLL = "<message to='%s' type='chat' id='m'><body>roll 3d1</body></message>";
    private static final String ROLLED = "<message from='%s' type='chat'><body>3d1: 3</body></message>";
    private static final String ITEMS = "<query xmlns='http://jabber.org/protocol/disco#items'>%s</query>";

    @TempDir
    Path folder;

    @Test
    void itComesAndGoesAndNothingElseIsTouched() throws Exception {
        Path classes = classes();
        Path jar = jar(classes, folder.resolve("dice.jar"));
        try (ClusterFolder cluster = new ClusterFolder(folder, ClusterFolder.freePort(), DEAD_AFTER)) {
            cluster.start(
                    cluster.seed("services").without(classes),
                    "auth-service",
                    "roster-service",
                    "offline-service",
                    "profile-service",
                    "session-service");
            ServerProcess gateway = cluster.start(cluster.command("gateway").without(classes), "c2s-gateway");
            try (Scene scene = Scene.across(gateway)) {
                TestClient romeo = scene.online("romeo").enableStreamManagement();
                isNotThere(romeo);

                Command dice = cluster.command("dice").without(classes).with(jar);
                ServerProcess first = cluster.start(dice, SERVICE);
                soon("it has come", () -> isListed(romeo));
                answers(romeo);

                ServerProcess second = cluster.start(
                        cluster.command("more-dice").without(classes).with(jar), SERVICE);
                noRollIsLost(romeo, first);
                isListed(romeo);
                answers(romeo);

                second.kill();
                soon("both have gone", () -> isNotListed(romeo));
                isNotThere(romeo);

                cluster.start(dice, SERVICE);
                soon("it is back", () -> isListed(romeo));
                answers(romeo);
                romeo.receivesNothing();
            }
        }
    }

    private static Path classes() throws URISyntaxException {
        return Path.of(DiceModule.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
    }

    private static Path jar(Path classes, Path jar) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(classes)) {
            files = all.filter(Files::isRegularFile).toList();
        }
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file)) {
            for (Path each : files) {
                out.putNextEntry(new JarEntry(classes.relativize(each).toString()));
                Files.copy(each, out);
                out.closeEntry();
            }
        }
        return jar;
    }

    private static void soon(String what, ThrowingRunnable expected) {
        await(what)
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .atMost(SOON)
                .untilAsserted(expected);
    }

    private static void isListed(TestClient romeo) {
        romeo.asks("<iq type='get' to='localhost'>" + ITEMS.formatted("") + "</iq>")
                .is(ITEMS.formatted("<item jid='dice.localhost' name='Dice'/>"));
    }

    private static void isNotListed(TestClient romeo) {
        romeo.asks("<iq type='get' to='localhost'>" + ITEMS.formatted("") + "</iq>")
                .is(ITEMS.formatted(""));
    }

    /// By its domain and in the place of an account: at once when it is listed.
    private static void answers(TestClient romeo) {
        romeo.sends(ROLL.formatted("dice.localhost"));
        romeo.receives(ROLLED.formatted("dice.localhost"));
        romeo.asks("<iq type='get'><roll xmlns='urn:example:dice'>3d1</roll></iq>")
                .is("<rolled xmlns='urn:example:dice'>3d1: 3</rolled>");
    }

    private static void isNotThere(TestClient romeo) {
        isNotListed(romeo);
        romeo.sends(ROLL.formatted("dice.localhost"));
        romeo.receivesError(
                "<message type='error' id='m' from='dice.localhost'/>", "cancel", "remote-server-not-found");
        romeo.asks("<iq type='get'><roll xmlns='urn:example:dice'>3d1</roll></iq>")
                .isError("cancel", "service-unavailable");
    }

    /// One of two instances is killed with some of its work undone: the other does it. Which one an
    /// address belongs to, nobody need know.
    private static void noRollIsLost(TestClient romeo, ServerProcess victim) throws InterruptedException {
        for (int i = 0; i < ROLLS; i++) {
            romeo.sends(ROLL.formatted("cup" + i + "@dice.localhost"));
        }
        victim.kill();
        for (int i = 0; i < ROLLS; i++) {
            romeo.awaits(ROLLED.formatted("cup" + i + "@dice.localhost"), SOON);
        }
        romeo.receivesNothing();
    }
}
