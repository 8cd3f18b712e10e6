package im.stanzabus.drill;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.drill.books.Pause;
import im.stanzabus.drill.books.Report;
import im.stanzabus.drill.books.Verdict;
import im.stanzabus.drill.cluster.Layout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// The short drill: each quick fault once, on a cluster of real processes. Logs and the verdict stay in `target/drill`.
@EnabledOnOs({OS.LINUX, OS.MAC})
@Timeout(value = 8, unit = TimeUnit.MINUTES)
class ShortDrillTest {
    private static final long SEED = 7;

    @Test
    void nothingAcknowledgedIsLostDoubledOrOutOfOrder() throws Exception {
        Path folder = Path.of("target", "drill").toAbsolutePath();
        DrillOptions options =
                DrillOptions.brief(Layout.GROUPED, SEED, System.getProperty("java.class.path"), null, folder);
        Verdict verdict;
        try (Drill drill = new Drill(options, line -> System.err.println(line))) {
            verdict = drill.run();
        }
        String page = Report.markdown(verdict);
        Files.writeString(Files.createDirectories(folder).resolve("verdict.md"), page);

        assertThat(verdict.isKept()).as(page).isTrue();
        assertThat(verdict.tally().acknowledged()).as(page).isGreaterThan(1_000);
        assertThat(verdict.pauses())
                .as(page)
                .extracting(Pause::kind)
                .contains(
                        "kill-c2s-gateway",
                        "kill-session-service",
                        "kill-services",
                        "kill-postgresql",
                        "freeze-session-service");
        if (verdict.notes().stream().noneMatch(note -> note.startsWith("split-network was not possible here"))) {
            assertThat(verdict.pauses())
                    .as(page)
                    .extracting(Pause::kind)
                    .contains("split-network", "split-network-and-database");
        }
        assertThat(ProcessHandle.current().descendants().filter(ProcessHandle::isAlive))
                .isEmpty();
    }
}
