package im.stanzabus.drill.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.cluster.testing.Requirement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// A network of namespaces, where they can be made: split, cut off from the database, healed and removed.
@EnabledOnOs(OS.LINUX)
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class NamespacesTest {
    private static final int PORT = 29_999;

    private static Process listen(List<String> prefix, String host) throws Exception {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                Path.of("target", "test-classes").toAbsolutePath().toString(),
                "im.stanzabus.drill.cluster.Listener",
                host,
                Integer.toString(PORT)));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        assertThat(process.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("listening");
        return process;
    }

    private static boolean reaches(List<String> prefix, String host) throws Exception {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of("timeout", "1", "bash", "-c", "exec 3<>/dev/tcp/" + host + "/" + PORT));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getInputStream().readAllBytes();
        return process.waitFor() == 0;
    }

    private static List<String> spaces() throws IOException {
        Path folder = Path.of("/run/netns");
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        String own = "stanzabus-drill-" + ProcessHandle.current().pid() + "-";
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(own))
                    .toList();
        }
    }

    @Test
    void halvesAreSplitAndHealed() throws Exception {
        Namespaces network;
        try {
            network = Namespaces.build();
        } catch (IOException e) {
            Requirement.of(
                    false,
                    "network namespaces cannot be made here (" + e.getMessage()
                            + "); run as root, with iproute2: apt-get install iproute2",
                    Assumptions::abort);
            throw e;
        }
        List<Process> listeners = new ArrayList<>();
        try (network) {
            Network.Place one = network.place(0);
            Network.Place neighbour = network.place(0);
            Network.Place other = network.place(1);
            String database = network.databaseHosts().getFirst();
            listeners.add(listen(List.of(), database));
            listeners.add(listen(one.prefix(), one.host()));
            listeners.add(listen(other.prefix(), other.host()));
            List<String> outside = List.of();

            assertThat(reaches(other.prefix(), one.host())).isTrue();
            assertThat(reaches(other.prefix(), database)).isTrue();

            network.split(false);
            assertThat(reaches(other.prefix(), one.host())).isFalse();
            assertThat(reaches(one.prefix(), other.host())).isFalse();
            assertThat(reaches(neighbour.prefix(), one.host())).isTrue();
            assertThat(reaches(other.prefix(), database)).isTrue();
            assertThat(reaches(outside, other.host())).isTrue();

            network.heal();
            assertThat(reaches(other.prefix(), one.host())).isTrue();

            network.split(true);
            assertThat(reaches(other.prefix(), one.host())).isFalse();
            assertThat(reaches(other.prefix(), database)).isFalse();
            assertThat(reaches(one.prefix(), database)).isTrue();
            assertThat(reaches(outside, other.host())).isTrue();

            network.heal();
            assertThat(reaches(other.prefix(), database)).isTrue();
            assertThat(spaces()).hasSize(4);
        } finally {
            listeners.forEach(Process::destroyForcibly);
        }
        assertThat(spaces()).isEmpty();
    }
}
