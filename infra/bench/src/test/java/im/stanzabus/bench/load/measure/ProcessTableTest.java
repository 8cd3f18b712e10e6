package im.stanzabus.bench.load.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ProcessTableTest {
    @TempDir
    Path proc;

    private void process(int pid, String name, int parent, String ticks, int kib) throws IOException {
        Path folder = Files.createDirectories(proc.resolve(Integer.toString(pid)));
        Files.writeString(
                folder.resolve("stat"),
                pid + " (" + name + ") S " + parent + " 1 1 0 -1 4194304 100 0 0 0 " + ticks + " 20 0 1 0 5000\n");
        Files.writeString(folder.resolve("smaps_rollup"), """
                5500-7fff ---p 00000000 00:00 0    [rollup]
                Rss:            %d kB
                Pss:            %d kB
                """.formatted(kib, kib / 2));
    }

    @Test
    void aTreeIsAProcessWithAllItHasStarted() throws IOException {
        process(9, "grandchild", 20, "1 2 0 0", 10);
        process(10, "server (a) b) c", 1, "100 50 20 10", 4000);
        process(20, "child", 10, "30 5 0 0", 200);
        process(30, "other", 1, "999 999 0 0", 9999);
        Files.createDirectories(proc.resolve("40"));

        ProcessTable table = ProcessTable.read(proc);

        assertThat(table.tree(10)).containsExactlyInAnyOrder(9L, 10L, 20L);
        assertThat(table.cpu(10).user()).isEqualTo(1.51, within(1e-9));
        assertThat(table.cpu(10).system()).isEqualTo(0.67, within(1e-9));
        assertThat(table.memory(10)).isEqualTo(new Memory(4210, 2105));
        assertThat(table.tree(50)).isEmpty();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void whatThisProcessUsesIsSeen() {
        Accounting accounting = Accounting.of(Map.of());
        Reading before = accounting.read();
        Duration cpu = cpu();
        long work = 0;
        while (cpu().minus(cpu).toMillis() < 100) {
            work += System.nanoTime() & 1;
        }

        CpuUse use = accounting.read().since(before);

        assertThat(work).isNotNegative();
        assertThat(accounting.labels()).containsExactly(Accounting.GENERATOR);
        assertThat(use.of(Accounting.GENERATOR).total()).isGreaterThan(0.05);
        assertThat(use.microsPerUnit(Accounting.GENERATOR, 0)).isZero();
        assertThat(accounting.memory().get(Accounting.GENERATOR).resident()).isGreaterThan(10_000);
    }

    private static Duration cpu() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aProcessThatDoesNotExistIsTold() {
        assertThatThrownBy(() -> Accounting.of(Map.of("server", Long.MAX_VALUE)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there is no process 9223372036854775807 (--cpu server=9223372036854775807)");
    }

    @Test
    void whatIsNotLabelledIsForeign() {
        Reading first = new Reading(1_000_000_000L, Map.of("a", new CpuTime(1, 1)), 10, 0);
        Reading second = new Reading(3_000_000_000L, Map.of("a", new CpuTime(1.5, 1.25)), 12, 0.5);

        CpuUse use = second.since(first);

        assertThat(List.of(use.seconds(), use.foreign(), use.stolen(), use.cores("a"), use.microsPerUnit("a", 1000)))
                .containsExactly(2.0, 1.25, 0.5, 0.375, 750.0);
    }
}
