package im.stanzabus.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Files stay small enough to be read in one go.
class SizeBudgetTest {
    private static final int HARD_STOP = 500;
    private static final int MEDIAN = 120;

    private record Source(Path path, long lines) {}

    @Test
    void noFileIsLongerThanItsBudget() throws IOException {
        List<Source> sources = sources();
        assertThat(sources).hasSizeGreaterThan(100);
        assertThat(sources.stream().filter(source -> source.lines() > HARD_STOP))
                .isEmpty();
        assertThat(sources.get(sources.size() / 2).lines()).isLessThanOrEqualTo(MEDIAN);
    }

    private static List<Source> sources() throws IOException {
        Path root = Path.of("").toAbsolutePath().getParent().getParent();
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".java")
                            && file.toString().contains("/src/main/java/")
                            && !file.toString().contains("/target/"))
                    .map(SizeBudgetTest::measure)
                    .sorted(Comparator.comparingLong(Source::lines))
                    .toList();
        }
    }

    private static Source measure(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return new Source(file, lines.count());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
