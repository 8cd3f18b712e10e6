package im.stanzabus.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The sample file as its readers see it: keys, each below the sentences that explain it. A key that only
/// is an example stands behind a `#` without a space.
final class SampleConfig {
    private static final Pattern KEY = Pattern.compile("( *)(- )?(#)?([a-z0-9-]+):( .*)?");

    /// A key or section of the sample.
    ///
    /// @param path such as `hosts[].domain`
    /// @param example true if it is commented out
    record Entry(String path, String meaning, boolean example) {}

    private record Level(int indent, String path) {}

    private final List<String> lines;

    private SampleConfig(List<String> lines) {
        this.lines = lines;
    }

    static SampleConfig read() throws IOException {
        return new SampleConfig(Files.readAllLines(Path.of("src", "main", "config", "stanzabus.sample.yaml")));
    }

    /// The file as it is.
    String text() {
        return String.join("\n", lines);
    }

    /// The file with its examples in force.
    String textWithExamples() {
        return text().replaceAll("(?m)^( *)#([a-z0-9-]+:)", "$1$2");
    }

    /// Keys and sections in the order of the file.
    List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        Deque<Level> levels = new ArrayDeque<>();
        Set<String> lists = new HashSet<>();
        List<String> comment = new ArrayList<>();
        for (String line : lines) {
            Matcher key = KEY.matcher(line);
            if (line.strip().startsWith("# ")) {
                comment.add(line.strip().substring(2));
            } else if (key.matches()) {
                int indent = key.group(1).length() + (key.group(2) == null ? 0 : 2);
                while (!levels.isEmpty() && levels.peek().indent >= indent) {
                    levels.pop();
                }
                String around = levels.isEmpty() ? "" : levels.peek().path;
                if (key.group(2) != null) {
                    lists.add(around);
                }
                String parent = around.isEmpty() ? "" : around + (lists.contains(around) ? "[]." : ".");
                String path = parent + key.group(4);
                entries.add(new Entry(path, String.join(" ", comment), key.group(3) != null));
                levels.push(new Level(indent, path));
                comment.clear();
            } else if (line.isBlank() || line.equals("#")) {
                comment.clear();
            }
        }
        return entries;
    }
}
