package im.stanzabus.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.launcher.LaunchOptions;
import im.stanzabus.launcher.Launcher;
import im.stanzabus.launcher.config.ConfigFile;
import im.stanzabus.launcher.config.ConfigKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the pages name is there: metrics, lines of the log, keys of the configuration, tests.
class PagesTest {
    private static final Pattern METRIC = Pattern.compile("stanzabus_[a-z0-9_]+");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern FENCED = Pattern.compile("(?ms)^```.*?^```");
    private static final Pattern YAML = Pattern.compile("(?ms)^```yaml$(.*?)^```");
    private static final Pattern KEY = Pattern.compile("[a-z0-9-]+(\\[])?(\\.[a-z-]+)+");
    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w*Test(?:\\.\\w+)?)`");
    private static final Pattern LITERAL = Pattern.compile("\"([^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+)\"");
    private static final Pattern JOINED = Pattern.compile("\"\\s*\\+\\s*\"");

    private final List<Set<String>> literals = literalsByFile();

    @TempDir
    Path folder;

    private static List<Set<String>> literalsByFile() {
        try {
            return SourceFiles.all().stream()
                    .map(file -> JOINED.matcher(read(file)).replaceAll(""))
                    .map(source -> found(LITERAL, source, 1))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Without what is set apart as code or a diagram.
    private static String page(String name) {
        return FENCED.matcher(read(SourceFiles.ROOT.resolve("docs").resolve(name)))
                .replaceAll("");
    }

    private static Set<String> found(Pattern pattern, String text, int group) {
        return pattern.matcher(text)
                .results()
                .map((MatchResult match) -> match.group(group))
                .collect(Collectors.toSet());
    }

    @Test
    void metricsExist() {
        Set<String> named = found(METRIC, page("operating.md"), 0);
        assertThat(named).hasSizeGreaterThan(10);
        assertThat(named)
                .filteredOn(metric ->
                        literals.stream().noneMatch(file -> names(file, metric.replaceFirst("_(total|seconds)$", ""))))
                .isEmpty();
    }

    /// As one literal, or as a prefix and the rest.
    private static boolean names(Set<String> file, String metric) {
        Set<String> written =
                file.stream().map(literal -> literal.replace('.', '_')).collect(Collectors.toSet());
        return written.contains(metric)
                || written.stream()
                        .filter(literal -> literal.startsWith("stanzabus_") && metric.startsWith(literal))
                        .anyMatch(prefix -> written.contains(metric.substring(prefix.length())));
    }

    /// The fourth column of the table of failures; `…` stands for what differs.
    @Test
    void linesOfTheLogExist() {
        String page = page("operating.md");
        int begin = page.indexOf("## Failures");
        Set<String> named = page.substring(begin, page.indexOf("\n## ", begin + 1))
                .lines()
                .filter(line -> line.startsWith("|"))
                .flatMap(line -> found(CODE, line.split("\\|")[4], 1).stream())
                .collect(Collectors.toSet());
        assertThat(named).hasSizeGreaterThan(10);
        assertThat(named)
                .filteredOn(line -> literals.stream().noneMatch(file -> says(file, line)))
                .isEmpty();
    }

    private static boolean says(Set<String> file, String line) {
        return Arrays.stream(line.split("…"))
                .map(String::strip)
                .allMatch(part -> file.stream().anyMatch(literal -> literal.contains(part)));
    }

    @Test
    void keysExist() {
        ConfigFile file = ConfigFile.of("hosts:\n  - domain: example.org\n", folder);
        Launcher.check(LaunchOptions.of(file));
        Set<String> keys = file.keys().stream().map(ConfigKey::path).collect(Collectors.toSet());
        Set<String> sections =
                keys.stream().map(key -> key.replaceFirst("\\..*", "")).collect(Collectors.toSet());
        for (String name : List.of("operating.md", "reliability.md")) {
            Set<String> named = found(CODE, page(name), 1).stream()
                    .filter(code -> KEY.matcher(code).matches())
                    .filter(code -> sections.contains(code.replaceFirst("\\..*", "")))
                    .collect(Collectors.toSet());
            assertThat(named).as(name).isNotEmpty();
            assertThat(keys).as(name).containsAll(named);
        }
    }

    /// With the method, where one is named.
    @Test
    void testsExist() throws IOException {
        List<Path> tests = SourceFiles.tests();
        Set<String> named = found(TEST, page("security.md"), 1);
        assertThat(named).hasSizeGreaterThan(10);
        assertThat(named)
                .filteredOn(test -> tests.stream().noneMatch(file -> isIn(file, test)))
                .isEmpty();
    }

    private static boolean isIn(Path file, String test) {
        String[] parts = test.split("\\.");
        return file.endsWith(parts[0] + ".java")
                && (parts.length == 1 || read(file).contains(" void " + parts[1] + "("));
    }

    @Test
    void theExampleOfAConfigurationIsRight() throws IOException {
        String page = read(SourceFiles.ROOT.resolve("docs").resolve("operating.md"));
        Set<String> examples = found(YAML, page, 1);
        Path password = Files.writeString(folder.resolve("password"), "secret\n");

        assertThat(examples).isNotEmpty();
        for (String example : examples) {
            String yaml = example.replace("/etc/stanzabus/database-password", password.toString());
            Launcher.check(LaunchOptions.of(ConfigFile.of(yaml, folder)));
        }
    }
}
