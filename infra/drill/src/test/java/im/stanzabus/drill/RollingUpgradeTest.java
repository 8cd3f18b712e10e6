package im.stanzabus.drill;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.drill.books.Incident;
import im.stanzabus.drill.books.Report;
import im.stanzabus.drill.books.Verdict;
import im.stanzabus.drill.cluster.Build;
import im.stanzabus.drill.cluster.Layout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// A cluster of the version before is upgraded process by process while clients send messages, and then,
/// unless the tables forbid it, taken back. On the way each kind of process of one version works with
/// each kind of the other. Logs and the verdict stay in `target/upgrade`.
@EnabledOnOs({OS.LINUX, OS.MAC})
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class RollingUpgradeTest {
    private static final long SEED = 7;
    private static final int CLIENTS = 30;
    private static final int PROCESSES = 6;

    /// Versions that did not understand each other would lose nothing either: it would wait for the end.
    private static final long LONGEST_PAUSE_MILLIS = 10_000;

    @Test
    void twoVersionsSideBySideLoseDoubleAndReorderNothing() throws Exception {
        PreviousVersion previous = PreviousVersion.build();
        assertThat(previous.changedMigrations())
                .as("migrations that were changed after commit %s, instead of a new one", previous.commit())
                .isEmpty();
        boolean returns = previous.cannotReturn().isEmpty();
        System.err.println("upgrade from " + previous.commit()
                + (returns ? " and back" : ", not back: " + previous.cannotReturn()));
        String oldPath = Build.classPath(previous.folder());
        Path folder = Path.of("target", "upgrade").toAbsolutePath();
        DrillOptions options = new DrillOptions(
                Layout.GROUPED,
                List.of("rolling-upgrade"),
                Duration.ofMinutes(8),
                returns ? 2 : 1,
                CLIENTS,
                1,
                SEED,
                System.getProperty("java.class.path"),
                oldPath,
                folder);
        List<Long> oldProcesses = new ArrayList<>();
        Verdict verdict;
        try (Drill drill = new Drill(options, line -> {
            System.err.println(line);
            if (line.contains("rolling-") || line.contains("settling")) {
                oldProcesses.add(running(oldPath));
            }
        })) {
            verdict = drill.run();
        }
        String page = Report.markdown(verdict);
        Files.writeString(Files.createDirectories(folder).resolve("verdict.md"), page);

        assertThat(verdict.isKept()).as(page).isTrue();
        assertThat(verdict.tally().acknowledged()).as(page).isGreaterThan(500);
        assertThat(verdict.incidents())
                .as(page)
                .extracting(Incident::kind)
                .isEqualTo(returns ? List.of("rolling-upgrade", "rolling-downgrade") : List.of("rolling-upgrade"));
        assertThat(verdict.pauses())
                .as(page)
                .allSatisfy(pause -> assertThat(pause.longest()).isLessThan(LONGEST_PAUSE_MILLIS));
        assertThat(oldProcesses)
                .as("processes of the old version before and after each change, and at the end")
                .startsWith((long) PROCESSES, 0L)
                .endsWith(returns ? PROCESSES : 0L);
    }

    private static long running(String classPath) {
        return ProcessHandle.current()
                .descendants()
                .filter(process -> process.info().commandLine().orElse("").contains("-cp " + classPath + " "))
                .count();
    }
}
