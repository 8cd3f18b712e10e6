package im.stanzabus.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Files stay small enough to be read in one go.
class SizeBudgetTest {
    private static final int HARD_STOP = 500;
    private static final int MEDIAN = 120;

    /// What one person can know: every module is small enough to be rewritten.
    private static final long MODULE = 10_000;

    private record Source(Path path, long lines) {}

    @Test
    void noFileIsLongerThanItsBudget() throws IOException {
        List<Source> sources = sources();
        assertThat(sources).hasSizeGreaterThan(100);
        assertThat(sources.stream().filter(source -> source.lines() > HARD_STOP))
                .isEmpty();
        assertThat(sources.get(sources.size() / 2).lines()).isLessThanOrEqualTo(MEDIAN);
    }

    @Test
    void noModuleIsLargerThanItsBudget() throws IOException {
        Map<Path, Long> modules = sources().stream()
                .collect(Collectors.groupingBy(SizeBudgetTest::module, Collectors.summingLong(Source::lines)));

        assertThat(modules).hasSizeGreaterThan(10);
        assertThat(modules).allSatisfy((_, lines) -> assertThat(lines).isLessThanOrEqualTo(MODULE));
    }

    private static Path module(Source source) {
        String path = source.path().toString();
        return Path.of(path.substring(0, path.indexOf("/src/main/java/")));
    }

    private static List<Source> sources() throws IOException {
        return SourceFiles.all().stream()
                .map(SizeBudgetTest::measure)
                .sorted(Comparator.comparingLong(Source::lines))
                .toList();
    }

    private static Source measure(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return new Source(file, lines.count());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
