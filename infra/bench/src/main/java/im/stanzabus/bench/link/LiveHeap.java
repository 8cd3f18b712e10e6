package im.stanzabus.bench.link;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// What the heap of a JVM holds after a full collection.
final class LiveHeap {
    private LiveHeap() {}

    /// @return 0 for a process that is no JVM
    static long bytes(ProcessHandle process) throws IOException, InterruptedException {
        if (!process.info().command().orElse("").endsWith("java")) {
            return 0;
        }
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Process histogram = new ProcessBuilder(jcmd, Long.toString(process.pid()), "GC.class_histogram").start();
        String text = new String(histogram.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (histogram.waitFor() != 0) {
            throw new IOException("no histogram of the heap: " + text);
        }
        String total = text.lines()
                .filter(line -> line.startsWith("Total"))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(total.strip().split(" +", -1)[2]);
    }
}
