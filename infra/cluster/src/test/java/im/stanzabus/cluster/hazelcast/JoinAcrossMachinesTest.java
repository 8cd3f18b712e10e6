package im.stanzabus.cluster.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.cluster.testing.Requirement;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// Processes on machines of their own, as far as the network is concerned: network namespaces on a bridge, where they
/// can be made, which needs root and iproute2. They find each other by multicast, and by a name of several addresses.
@EnabledOnOs(OS.LINUX)
@Timeout(90)
class JoinAcrossMachinesTest {
    private static final long PID = ProcessHandle.current().pid();
    private static final String ID = "sbj" + PID;
    /// Not the one that a killed run may have left.
    private static final String NETWORK = "10.251." + PID % 256 + '.';
    private static final String NAME = "members.test";
    private static final String PORT = "5701";

    @TempDir
    Path folder;

    private final List<String> spaces = new ArrayList<>();
    private final List<Process> processes = new ArrayList<>();

    @BeforeEach
    void build() throws Exception {
        Requirement.of(
                run("ip", "link", "add", ID, "type", "bridge") == 0,
                "network namespaces cannot be made here; run as root, with iproute2: apt-get install iproute2",
                Assumptions::abort);
        must("ip", "addr", "add", NETWORK + "1/24", "dev", ID);
        must("ip", "link", "set", ID, "up");
        Files.writeString(folder.resolve("resolv.conf"), "nameserver " + NETWORK + "1\n");
    }

    @AfterEach
    void remove() throws Exception {
        for (Process process : processes) {
            process.destroyForcibly();
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
        for (String space : spaces) {
            run("ip", "netns", "del", space);
        }
        run("ip", "link", "del", ID);
    }

    private static int run(String... command) throws Exception {
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException _) {
            return -1;
        }
        return process.waitFor();
    }

    private static void must(String... command) throws Exception {
        assertThat(run(command)).as(String.join(" ", command)).isZero();
    }

    /// A member on a machine of its own. Its resolver asks the bridge's name server.
    private BufferedReader member(int number, JoinSettings.Way way) throws Exception {
        String space = ID + '-' + number;
        must("ip", "netns", "add", space);
        spaces.add(space);
        must("ip", "link", "add", ID + number, "type", "veth", "peer", "name", "eth0", "netns", space);
        must("ip", "link", "set", ID + number, "master", ID, "up");
        must("ip", "-n", space, "addr", "add", address(number) + "/24", "dev", "eth0");
        must("ip", "-n", space, "link", "set", "eth0", "up");
        must("ip", "-n", space, "link", "set", "lo", "up");
        List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", space));
        command.addAll(List.of("sh", "-c", "mount --bind \"$0\" /etc/resolv.conf && exec \"$@\""));
        command.add(folder.resolve("resolv.conf").toString());
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx128m"));
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), JoiningProcess.class.getName()));
        command.addAll(List.of(way.name(), "namespaces", way == JoinSettings.Way.DNS ? NAME + ':' + PORT : ""));
        command.addAll(List.of(address(number), address(number), PORT));
        Process process = new ProcessBuilder(command)
                .redirectError(folder.resolve("errors-" + number).toFile())
                .start();
        processes.add(process);
        return process.inputReader(StandardCharsets.UTF_8);
    }

    private static String address(int number) {
        return NETWORK + number;
    }

    private static String members(int... numbers) {
        StringBuilder line = new StringBuilder("members");
        for (int number : numbers) {
            line.append(' ').append(address(number));
        }
        return line.toString();
    }

    private void awaits(BufferedReader member, String expected) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line = member.readLine(); line != null; line = member.readLine()) {
            if (line.equals(expected)) {
                return;
            }
            lines.add(line);
        }
        for (int i = 1; i <= spaces.size(); i++) {
            Path errors = folder.resolve("errors-" + (i + 1));
            lines.add(Files.exists(errors) ? Files.readString(errors) : "");
        }
        throw new AssertionError("not '" + expected + "' but " + lines);
    }

    @Test
    void membersFindEachOtherByMulticast() throws Exception {
        BufferedReader first = member(2, JoinSettings.Way.MULTICAST);
        awaits(first, members(2));
        BufferedReader second = member(3, JoinSettings.Way.MULTICAST);

        awaits(second, members(2, 3));
        awaits(first, members(2, 3));
    }

    @Test
    void membersFindEachOtherByANameOfSeveralAddresses() throws Exception {
        try (NameServer server = new NameServer(address(1), _ -> List.of(address(4), address(2), address(3)))) {
            BufferedReader first = member(2, JoinSettings.Way.DNS);
            awaits(first, members(2));
            BufferedReader second = member(3, JoinSettings.Way.DNS);

            awaits(second, members(2, 3));
            awaits(first, members(2, 3));
            assertThat(server).isNotNull();
        }
    }

    /// Both begin while the name has no address but their own; when it has all, they find together.
    @Test
    void aNameIsLookedUpAgain() throws Exception {
        Set<String> known = ConcurrentHashMap.newKeySet();
        try (NameServer server = new NameServer(
                address(1), client -> known.isEmpty() ? List.of(ownAddress(client)) : List.copyOf(known))) {
            BufferedReader first = member(2, JoinSettings.Way.DNS);
            BufferedReader second = member(3, JoinSettings.Way.DNS);
            awaits(first, members(2));
            awaits(second, members(3));

            long before = System.nanoTime();
            known.addAll(List.of(address(2), address(3)));

            awaits(first, members(2, 3));
            awaits(second, members(2, 3));
            assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - before))
                    .isLessThan(20);
            assertThat(server).isNotNull();
        }
    }

    private static String ownAddress(InetAddress client) {
        return client.getHostAddress();
    }
}
