package im.stanzabus.bench.link;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// What a process and all that it has started use of the machine, as Linux tells in `/proc`.
final class ProcessUse {
    /// USER_HZ of Linux: 100 ticks a second.
    private static final long MICROS_PER_TICK = 10_000;

    private static final int UTIME = 11;
    private static final int CHILDREN_STIME = 14;

    private ProcessUse() {}

    private static Stream<ProcessHandle> tree(ProcessHandle process) {
        return Stream.concat(Stream.of(process), process.descendants());
    }

    /// CPU time so far, of ended children too, in microseconds.
    static long cpuMicros(ProcessHandle process) {
        return tree(process).mapToLong(ProcessUse::ticks).sum() * MICROS_PER_TICK;
    }

    private static long ticks(ProcessHandle process) {
        String stat = read(process, "stat");
        // the name of the program is in parentheses and may hold anything
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        long sum = 0;
        for (int i = UTIME; i <= CHILDREN_STIME && i < fields.length; i++) {
            sum += Long.parseLong(fields[i]);
        }
        return sum;
    }

    /// Memory that is not shared with other processes, and its part of what is, in KiB.
    static long memoryKib(ProcessHandle process) {
        return tree(process).mapToLong(ProcessUse::proportionalKib).sum();
    }

    private static long proportionalKib(ProcessHandle process) {
        List<String> lines = read(process, "smaps_rollup").lines().toList();
        return lines.stream()
                .filter(line -> line.startsWith("Pss:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .sum();
    }

    private static String read(ProcessHandle process, String file) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), file));
        } catch (IOException _) {
            return ") "; // it has ended
        }
    }

    /// How many connections to a port of this machine are open.
    static long connectionsTo(int port) throws IOException {
        String local = ":%04X".formatted(port);
        long open = 0;
        for (String file : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            for (String line : Files.readAllLines(Path.of(file))) {
                String[] fields = line.strip().split(" +", -1);
                if (fields.length > 3 && fields[1].endsWith(local) && fields[3].equals("01")) {
                    open++;
                }
            }
        }
        return open;
    }
}
