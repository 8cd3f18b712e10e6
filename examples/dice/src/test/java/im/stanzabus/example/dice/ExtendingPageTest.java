package im.stanzabus.example.dice;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.launcher.LaunchOptions;
import im.stanzabus.launcher.Launcher;
import im.stanzabus.launcher.config.ConfigFile;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `docs/extending.md` shows of a service is this example, the whole of it.
class ExtendingPageTest {
    private static final Path SOURCE = Path.of("src/main/java/im/stanzabus/example/dice/DiceModule.java");
    private static final Path NAMED = Path.of("src/main/resources/META-INF/services");

    /// Lines without a statement or a declaration.
    private static final Pattern BARE = Pattern.compile("\\s*(///.*|@Override|\\}+;?)?");

    @TempDir
    Path folder;

    private String part;

    @BeforeEach
    void readPage() throws IOException {
        String page = Files.readString(Path.of("../../docs/extending.md"));
        int begin = page.indexOf("\n## A service of your own\n");
        assertThat(begin).isNotNegative();
        part = page.substring(begin, page.indexOf("\n## ", begin + 1));
    }

    private List<String> blocks(String language) {
        return Pattern.compile("(?ms)^```" + language + "\n(.*?)^```$")
                .matcher(part)
                .results()
                .map((MatchResult block) -> block.group(1))
                .toList();
    }

    /// The class without its comments.
    private static List<String> code() throws IOException {
        try (Stream<String> lines = Files.lines(SOURCE)) {
            return lines.dropWhile(line -> !line.startsWith("public final class"))
                    .filter(line -> !line.strip().startsWith("///"))
                    .toList();
        }
    }

    private static String squeezed(String code) {
        return code.replaceAll("\\s", "");
    }

    @Test
    void theCodeOfThePageIsTheClass() throws IOException {
        assertThat(squeezed(String.join("", blocks("java")))).isEqualTo(squeezed(String.join("", code())));
    }

    @Test
    void theClassIsAsLongAsThePageSays() throws IOException {
        long lines =
                code().stream().filter(line -> !BARE.matcher(line).matches()).count();
        assertThat(lines).isBetween(25L, 34L);
        assertThat(part).contains("about thirty lines");
    }

    /// A newcomer has no part of this project around the module.
    @Test
    void thePomOfThePageStandsAlone() throws IOException {
        String pom = squeezed(Files.readString(Path.of("pom.xml")));
        String root = squeezed(Files.readString(Path.of("../../pom.xml")));
        String page = squeezed(String.join("", blocks("xml")));

        assertThat(page).doesNotContain("<parent>").contains("<maven.compiler.release>25<");
        assertThat(version(page, "stanzabus")).isEqualTo(version(root, "stanzabus"));
        assertThat(version(page, "maven-compiler-plugin")).isEqualTo(version(root, "maven-compiler-plugin"));
        String dependency = "<artifactId>stanzabus-launcher</artifactId><scope>provided</scope>";
        assertThat(page).contains(dependency);
        assertThat(pom).contains(dependency);
    }

    private static String version(String pom, String artifact) {
        return pom.replaceFirst(".*?<artifactId>" + artifact + "</artifactId><version>([^<]*)<.*", "$1");
    }

    /// With a compiler that nobody has set up.
    @Test
    void theClassNeedsNothingButTheModule() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            StringWriter said = new StringWriter();
            boolean compiled = compiler.getTask(
                            said,
                            files,
                            null,
                            List.of("--release", "25", "-proc:none", "-d", folder.toString()),
                            null,
                            files.getJavaFileObjects(SOURCE))
                    .call();
            assertThat(said.toString()).isEmpty();
            assertThat(compiled).isTrue();
        }
    }

    @Test
    void theRestOfTheModuleIsThere() throws IOException {
        try (Stream<Path> files = Files.list(NAMED)) {
            assertThat(files.toList()).singleElement().satisfies(file -> {
                assertThat(part).contains("`META-INF/services/" + file.getFileName() + "`");
                assertThat(part).contains("`" + Files.readString(file).strip() + "`");
            });
        }
    }

    @Test
    void itsConfigurationsAreRight() {
        List<String> examples = blocks("yaml");
        assertThat(String.join("", examples)).contains("dice-service:", "routes:");
        for (String example : examples) {
            Launcher.check(LaunchOptions.of(ConfigFile.of(example, folder)));
        }
    }

    @Test
    void itsTestsAreThere() throws IOException {
        List<String> named = Pattern.compile("`([A-Z][A-Za-z]+Test)`")
                .matcher(part)
                .results()
                .map((MatchResult test) -> test.group(1))
                .toList();
        assertThat(named)
                .isNotEmpty()
                .allSatisfy(test -> assertThat(Path.of("src/test/java/im/stanzabus/example/dice", test + ".java"))
                        .exists());
    }
}
