package im.stanzabus.bench.load.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What the processes that take part use of the machine. On a system without `/proc` it knows nothing.
public final class Accounting {
    /// The label of this process.
    public static final String GENERATOR = "generator";

    private static final double TICK = 0.01;
    private static final List<Integer> BUSY = List.of(1, 2, 3, 6, 7);
    private static final int STOLEN = 8;

    private final Path proc;
    private final Map<String, Long> roots;

    private Accounting(Path proc, Map<String, Long> roots) {
        this.proc = proc;
        this.roots = roots;
    }

    /// @param labelled the processes to watch, each with all its descendants; this process is added
    /// @throws IllegalArgumentException if one of them does not exist, or the system does not tell
    public static Accounting of(Map<String, Long> labelled) {
        Path proc = Path.of("/proc");
        if (!Files.isReadable(proc.resolve("self/stat"))) {
            if (!labelled.isEmpty()) {
                throw new IllegalArgumentException("--cpu needs Linux: there is no /proc here");
            }
            return new Accounting(proc, Map.of());
        }
        ProcessTable table = ProcessTable.read(proc);
        labelled.forEach((label, pid) -> {
            if (label.equals(GENERATOR)) {
                throw new IllegalArgumentException("the label " + GENERATOR + " is this program's own");
            }
            if (table.tree(pid).isEmpty()) {
                throw new IllegalArgumentException("there is no process " + pid + " (--cpu " + label + "=" + pid + ")");
            }
        });
        Map<String, Long> roots = new LinkedHashMap<>();
        roots.putAll(labelled);
        roots.put(GENERATOR, ProcessHandle.current().pid());
        return new Accounting(proc, roots);
    }

    /// The labels, the generator's last.
    public List<String> labels() {
        return List.copyOf(roots.keySet());
    }

    /// The clocks now.
    public Reading read() {
        if (roots.isEmpty()) {
            return new Reading(System.nanoTime(), Map.of(), 0, 0);
        }
        ProcessTable table = ProcessTable.read(proc);
        Map<String, CpuTime> used = new LinkedHashMap<>();
        roots.forEach((label, pid) -> used.put(label, table.cpu(pid)));
        String[] machine = machine();
        double busy = BUSY.stream().mapToDouble(i -> seconds(machine[i])).sum();
        return new Reading(System.nanoTime(), used, busy, seconds(machine[STOLEN]));
    }

    /// The first line of `/proc/stat`: the word `cpu`, and ticks of all kinds.
    private String[] machine() {
        try {
            return Files.readString(proc.resolve("stat"))
                    .lines()
                    .findFirst()
                    .orElse("")
                    .split(" +", -1);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static double seconds(String ticks) {
        return Long.parseLong(ticks) * TICK;
    }

    /// The memory of each labelled tree of processes now.
    public Map<String, Memory> memory() {
        Map<String, Memory> memory = new LinkedHashMap<>();
        if (!roots.isEmpty()) {
            ProcessTable table = ProcessTable.read(proc);
            roots.forEach((label, pid) -> memory.put(label, table.memory(pid)));
        }
        return memory;
    }
}
