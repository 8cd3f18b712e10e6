package im.stanzabus.drill;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.drill.cluster.Layout;
import im.stanzabus.drill.fault.Fault;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// The command in a process of its own.
@EnabledOnOs({OS.LINUX, OS.MAC})
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class DrillCommandTest {
    @TempDir
    Path temporary;

    private Process start(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                "im.stanzabus.drill.DrillCommand"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static String rest(Process process) throws Exception {
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return text;
    }

    @Test
    void aFaultThatDoesNotExistIsToldWithThoseThatDo() throws Exception {
        Process process = start("--faults", "drown");

        assertThat(rest(process)).contains("there is no fault 'drown'", "kill-session-service");
        assertThat(process.exitValue()).isEqualTo(2);
    }

    @Test
    void aFolderWithoutAServerIsTold() throws Exception {
        Process process = start("--upgrade-from", temporary.toString());

        assertThat(rest(process)).startsWith("stanzabus drill: there is no built server in " + temporary);
        assertThat(process.exitValue()).isEqualTo(2);
    }

    @Test
    void aShortDrillWithMinutesIsWrongUsage() throws Exception {
        Process process = start("--short", "--minutes", "5");

        assertThat(rest(process))
                .contains("--short sets the time", "Usage: drill")
                .doesNotContain("Exception");
        assertThat(process.exitValue()).isEqualTo(2);
    }

    @Test
    void aShortDrillUpgradesWhereThereIsAnOldServer() {
        assertThat(briefFaults(Layout.GROUPED, null))
                .extracting(Fault::name)
                .contains("kill-postgresql")
                .doesNotContain("rolling-upgrade");
        assertThat(briefFaults(Layout.GROUPED, "old"))
                .extracting(Fault::name)
                .contains("kill-postgresql", "rolling-upgrade");
    }

    @Test
    void aShortDrillFreezesWhoeverOwnsAccounts() {
        assertThat(briefFaults(Layout.ONE, null))
                .extracting(Fault::name)
                .containsExactly("kill-server", "kill-postgresql", "freeze-server");
        assertThat(briefFaults(Layout.GROUPED, null))
                .extracting(Fault::name)
                .containsExactly(
                        "kill-c2s-gateway",
                        "kill-session-service",
                        "kill-services",
                        "kill-postgresql",
                        "split-network",
                        "split-network-and-database",
                        "freeze-session-service");
        assertThat(briefFaults(Layout.APART, null))
                .extracting(Fault::name)
                .contains("kill-profile-service", "freeze-session-service")
                .doesNotContain("freeze-auth-service");
    }

    private static List<Fault> briefFaults(Layout layout, @Nullable String oldPath) {
        DrillOptions brief = DrillOptions.brief(layout, 7, "new", oldPath, null);
        return Fault.select(Fault.all(brief.layout(), brief.oldPath() != null), brief.faults());
    }

    @Test
    void tellsWhatItHasAndLeavesNothingBehindWhenItIsInterrupted() throws Exception {
        Path json = temporary.resolve("verdict.json");
        Process process =
                start("--layout", "one", "--clients", "5", "--faults", "kill-server", "--json", json.toString());
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        List<String> said = new ArrayList<>();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            said.add(line);
            if (line.contains("kill-server")) {
                break;
            }
        }
        List<ProcessHandle> children = process.descendants().toList();
        assertThat(children).as(String.join("\n", said)).hasSizeGreaterThanOrEqualTo(2);

        process.toHandle().destroy();

        assertThat(output.lines().collect(Collectors.joining("\n")))
                .contains("# Drill: broken off after 0 faults", "| acknowledged | ", "| (none) | 1 | ")
                .doesNotContain("Exception", "| acknowledged | 0 |");
        assertThat(json).content().contains("\"complete\" : false");
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        for (ProcessHandle child : children) {
            assertThat(child.onExit().get(10, TimeUnit.SECONDS).isAlive()).isFalse();
        }
        try (Stream<Path> left = Files.list(temporary)) {
            assertThat(left.filter(file -> file.getFileName().toString().startsWith("stanzabus-drill")))
                    .isEmpty();
        }
    }
}
