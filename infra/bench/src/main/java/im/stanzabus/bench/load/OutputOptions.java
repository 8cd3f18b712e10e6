package im.stanzabus.bench.load;

import im.stanzabus.bench.load.report.Json;
import im.stanzabus.bench.load.report.Markdown;
import im.stanzabus.bench.load.report.Plots;
import im.stanzabus.bench.load.report.Verdict;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where the figures go.
final class OutputOptions {
    @Option(names = "--json", paramLabel = "FILE", description = "Write every window to this file.")
    private @Nullable Path json;

    @Option(
            names = "--plots",
            paramLabel = "FOLDER",
            description = "Write latency.svg and throughput.svg into this folder.")
    private @Nullable Path plots;

    /// Makes sure before all the work that there will be room for its outcome.
    ///
    /// @throws IllegalArgumentException if there is none
    void prepare() {
        if (json != null) {
            Path folder = json.toAbsolutePath().getParent();
            if (folder == null || !Files.isWritable(folder) || Files.isDirectory(json)) {
                throw new IllegalArgumentException("cannot write the file " + json);
            }
        }
        if (plots != null) {
            try {
                Files.createDirectories(plots);
            } catch (IOException e) {
                throw new IllegalArgumentException("cannot make the folder " + plots, e);
            }
        }
    }

    void write(Verdict verdict, PrintWriter out, PrintWriter err) throws IOException {
        out.print(Markdown.page(verdict));
        out.flush();
        if (json != null) {
            Files.writeString(json, Json.of(verdict).encodePrettily() + "\n");
        }
        if (plots != null) {
            Plots.write(verdict.results(), plots).forEach(file -> err.println("Drawn: " + file));
        }
    }
}
