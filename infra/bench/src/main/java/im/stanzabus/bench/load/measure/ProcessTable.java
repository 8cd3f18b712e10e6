package im.stanzabus.bench.load.measure;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/// All processes at one time, as Linux tells in `/proc` (proc(5)).
final class ProcessTable {
    /// USER_HZ of Linux: 100 ticks a second.
    private static final double TICK = 0.01;

    private static final int PARENT = 1;
    private static final int USER = 11;
    private static final int SYSTEM = 12;
    private static final int USER_OF_CHILDREN = 13;
    private static final int SYSTEM_OF_CHILDREN = 14;

    private final Path proc;
    private final Map<Long, Entry> entries = new HashMap<>();

    private record Entry(long parent, CpuTime cpu) {}

    private ProcessTable(Path proc) {
        this.proc = proc;
    }

    /// @param proc the folder
    static ProcessTable read(Path proc) {
        ProcessTable table = new ProcessTable(proc);
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (Path folder : folders) {
                table.add(Long.parseLong(String.valueOf(folder.getFileName())), folder);
            }
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + proc, e);
        }
        return table;
    }

    private void add(long pid, Path folder) {
        try {
            String stat = Files.readString(folder.resolve("stat"));
            // the name of the program is in parentheses and may hold anything
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            CpuTime cpu = new CpuTime(
                    seconds(fields[USER]) + seconds(fields[USER_OF_CHILDREN]),
                    seconds(fields[SYSTEM]) + seconds(fields[SYSTEM_OF_CHILDREN]));
            entries.put(pid, new Entry(Long.parseLong(fields[PARENT]), cpu));
        } catch (IOException _) {
            // it has just ended
        }
    }

    private static double seconds(String ticks) {
        return Long.parseLong(ticks) * TICK;
    }

    /// A process and its descendants; empty if there is no such process.
    Set<Long> tree(long root) {
        Set<Long> tree = new LinkedHashSet<>();
        if (entries.containsKey(root)) {
            tree.add(root);
        }
        int before;
        do {
            before = tree.size();
            entries.forEach((pid, entry) -> {
                if (tree.contains(entry.parent)) {
                    tree.add(pid);
                }
            });
        } while (tree.size() > before);
        return tree;
    }

    /// What a process and its descendants have used so far, those that have ended and were waited for included.
    CpuTime cpu(long root) {
        Set<Long> tree = tree(root);
        return entries.entrySet().stream()
                .filter(each -> tree.contains(each.getKey()))
                .map(each -> each.getValue().cpu)
                .reduce(CpuTime.NONE, CpuTime::plus);
    }

    /// The memory of a process and its descendants.
    Memory memory(long root) {
        return tree(root).stream().map(this::memoryOfOne).reduce(new Memory(0, 0), Memory::plus);
    }

    private Memory memoryOfOne(long pid) {
        long resident = 0;
        long proportional = 0;
        try {
            for (String line :
                    Files.readAllLines(proc.resolve(Long.toString(pid)).resolve("smaps_rollup"))) {
                if (line.startsWith("Rss:")) {
                    resident = kib(line);
                } else if (line.startsWith("Pss:")) {
                    proportional = kib(line);
                }
            }
        } catch (IOException _) {
            // it has just ended, or is somebody else's
        }
        return new Memory(resident, proportional);
    }

    private static long kib(String line) {
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
    }
}
