package im.stanzabus.cluster.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.NodeId;
import im.stanzabus.bus.View;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// A process that is frozen, as one on a machine that has lost its power or its network: its connections stay open, and
/// nothing but its silence tells. Hazelcast by itself misses such a member after 60 s.
@EnabledOnOs({OS.LINUX, OS.MAC})
@Timeout(120)
class FrozenMemberTest {
    private static final Duration DEAD_AFTER = Duration.ofSeconds(3);

    /// What the machine may be late by when it has much to do; far less than what Hazelcast waits by itself.
    private static final Duration LATENESS = Duration.ofSeconds(15);

    @TempDir
    Path folder;

    private final List<HazelcastMembership> members = new ArrayList<>();
    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void leave() throws Exception {
        for (Process process : processes) {
            assertThat(process.destroyForcibly().waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
        members.forEach(HazelcastMembership::die);
    }

    @Test
    void whoIsFrozenIsMissedByAllOthersWithinSecondsAndComesBack() throws Exception {
        int seed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            seed = socket.getLocalPort();
        }
        BlockingQueue<View> first = views(member("first", seed, seed));
        BlockingQueue<View> second = views(member("second", 0, seed));
        Process process = process(seed);
        BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        awaitMembers(lines, "members first frozen second");
        await(first, true);
        await(second, true);

        signal(process, "STOP");
        long frozen = System.nanoTime();
        await(first, false);
        await(second, false);
        Duration missed = Duration.ofNanos(System.nanoTime() - frozen);
        assertThat(missed)
                .as("who is late is not dead")
                .isGreaterThan(DEAD_AFTER.minusSeconds(2))
                .isLessThan(DEAD_AFTER.plus(LATENESS));

        signal(process, "CONT");
        await(first, true);
        await(second, true);
    }

    private HazelcastMembership member(String node, int port, int seed) {
        HazelcastMembership membership = HazelcastMembership.join(new JoinSettings(
                JoinSettings.Way.SEEDS,
                "frozen-" + seed,
                new NodeId(node),
                "1.0",
                1,
                "installation",
                "127.0.0.1",
                "",
                port,
                List.of("127.0.0.1:" + seed),
                List.of(),
                Duration.ofSeconds(10),
                DEAD_AFTER));
        members.add(membership);
        return membership;
    }

    private static BlockingQueue<View> views(HazelcastMembership membership) {
        BlockingQueue<View> views = new LinkedBlockingQueue<>();
        membership.listen(views::add);
        views.add(membership.view());
        return views;
    }

    private static void await(BlockingQueue<View> views, boolean there) throws InterruptedException {
        View view = views.take();
        while (view.has(new NodeId("frozen")) != there) {
            view = views.take(); // the test's time-out is the limit
        }
    }

    private Process process(int seed) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx128m",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        JoiningProcess.class.getName(),
                        JoinSettings.Way.SEEDS.name(),
                        "frozen-" + seed,
                        "127.0.0.1:" + seed,
                        "frozen",
                        "127.0.0.1",
                        "0")
                .redirectError(folder.resolve("errors").toFile())
                .start();
        processes.add(process);
        return process;
    }

    private void awaitMembers(BufferedReader lines, String expected) throws IOException {
        List<String> heard = new ArrayList<>();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.equals(expected)) {
                return;
            }
            heard.add(line);
        }
        throw new AssertionError(heard + Files.readString(folder.resolve("errors")));
    }

    private static void signal(Process process, String name) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }
}
