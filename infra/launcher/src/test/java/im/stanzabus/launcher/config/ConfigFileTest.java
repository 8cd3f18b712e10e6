package im.stanzabus.launcher.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigFileTest {
    private enum Colour {
        DEEP_RED,
        BLUE
    }

    @TempDir
    Path folder;

    /// Reads one key of each type, as a service would.
    private static void readEverything(Settings root) {
        Settings service = root.section("service");
        service.text("name", "none");
        service.number("port", 5222, 1, 65_535);
        service.flag("fast", true);
        service.duration("wait", Duration.ofSeconds(30));
        service.bytes("size", 1024, 100, 1 << 20);
        service.choice("colour", Colour.BLUE);
        service.list("words", List.of("a", "b"));
        service.path("file", Path.of("some.txt"));
        service.secret("password", "");
        service.section("inner").number("depth", 1, 0, 9);
        root.sections("entries").forEach(entry -> entry.text("name", ""));
    }

    private List<String> errors(String yaml, Map<String, String> environment, Consumer<Settings> reader) {
        ConfigFile file = ConfigFile.of(yaml, folder, environment);
        reader.accept(file.root());
        return file.errors().stream().map(ConfigError::toString).toList();
    }

    static List<List<String>> mistakes() {
        return List.of(
                List.of("service: {port: x}", "1: service.port: must be a whole number from 1 to 65535, not 'x'"),
                List.of("service:\n  port: 0", "2: service.port: must be a whole number from 1 to 65535, not '0'"),
                List.of(
                        "service:\n  port: 65536",
                        "2: service.port: must be a whole number from 1 to 65535, not '65536'"),
                List.of(
                        "service:\n  port: 99999999999",
                        "2: service.port: must be a whole number from 1 to 65535, not '99999999999'"),
                List.of("service:\n  port: 1.5", "2: service.port: must be a whole number from 1 to 65535, not '1.5'"),
                List.of("service:\n  port: [1]", "2: service.port: must be a whole number from 1 to 65535, not a list"),
                List.of(
                        "service:\n  port: {a: 1}",
                        "2: service.port: must be a whole number from 1 to 65535, not a section"),
                List.of("service:\n  port:", "2: service.port: has no value; leave the line out for the default"),
                List.of("service:\n\n  prot: 1", "3: service.prot: unknown key; did you mean 'port'?"),
                List.of("sevrice: {port: 1}", "1: sevrice: unknown key; did you mean 'service'?"),
                List.of("other: 1", "1: other: unknown key; here there are: service, entries"),
                List.of(
                        "service:\n  inner: {depth: 1, width: 2}",
                        "2: service.inner.width: unknown key; here there are: depth"),
                List.of("service:\n  fast: yes", "2: service.fast: must be true or false, not 'yes'"),
                List.of(
                        "service:\n  wait: 30",
                        "2: service.wait: must be a time such as 200 ms, 30 s, 5 min, 2 h or 14 d, not '30'"),
                List.of(
                        "service:\n  wait: -1 s",
                        "2: service.wait: must be a time such as 200 ms, 30 s, 5 min, 2 h or 14 d, not '-1 s'"),
                List.of(
                        "service:\n  size: 10",
                        "2: service.size: must be a size such as 10000 or 256 KiB, from 100 to 1 MiB, not '10'"),
                List.of(
                        "service:\n  size: 2 MiB",
                        "2: service.size: must be a size such as 10000 or 256 KiB, from 100 to 1 MiB, not '2 MiB'"),
                List.of(
                        "service:\n  size: 9000000000 GiB",
                        "2: service.size: must be a size such as 10000 or 256 KiB, from 100 to 1 MiB, not '9000000000 GiB'"),
                List.of("service:\n  colour: red", "2: service.colour: must be one of deep-red, blue, not 'red'"),
                List.of("service:\n  words: a", "2: service.words: must be a list of texts, not 'a'"),
                List.of(
                        "service:\n  words:\n    - a\n    - [b]",
                        "4: service.words: must be a list of texts; one of its entries is a list"),
                List.of("service: 5", "1: service: must be a section with keys of its own, not '5'"),
                List.of("entries: {name: a}", "1: entries: must be a list of sections, not a section"),
                List.of(
                        "entries:\n  - name: a\n  - b",
                        "3: entries[1]: must be a section with keys of its own, not 'b'"),
                List.of("entries:\n  - name: a\n  - nmae: b", "3: entries[1].nmae: unknown key; did you mean 'name'?"),
                List.of("service: {port: 1}\nservice: {port: 2}", "2: service: is given twice; the first is in line 1"),
                List.of("service:\n  port: 1\n  port: 2", "3: service.port: is given twice; the first is in line 2"),
                List.of(
                        "service:\n  password: a\n  password-file: b",
                        "3: service.password-file: is given together with service.password; only one of them can be"),
                List.of("? [a]\n: 1", "1: a key must be a word"),
                List.of("- a", "1: must be keys and values"),
                List.of("a: 1\nb: [", "2: is not YAML: expected the node content, but found '<stream end>'"),
                List.of(
                        "a: 1\n\tb: 2",
                        "2: is not YAML: found character '\\t(TAB)' that cannot start any token. (Do not use \\t(TAB) for indentation)"),
                List.of("a: *x", "1: is not YAML: found undefined alias x"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void namesLineKeyAndMistake(List<String> mistake) {
        assertThat(errors(mistake.get(0), Map.of(), ConfigFileTest::readEverything))
                .containsExactly("stanzabus.yaml:" + mistake.get(1));
    }

    @Test
    void reportsAllErrorsInTheOrderOfTheFile() {
        List<String> errors = errors(
                """
                servce: {}
                service:
                  wait: soon
                  port: none
                entries: 7
                """, Map.of("STANZABUS_SERVICE_SIZE", "1", "STANZABUS_NOTHING", "x"), ConfigFileTest::readEverything);

        assertThat(errors).hasSize(6);
        assertThat(errors.get(0)).startsWith("stanzabus.yaml:1: servce: unknown key");
        assertThat(errors.get(1)).startsWith("stanzabus.yaml:3: service.wait: ");
        assertThat(errors.get(2)).startsWith("stanzabus.yaml:4: service.port: ");
        assertThat(errors.get(3)).startsWith("stanzabus.yaml:5: entries: ");
        assertThat(errors.get(4))
                .isEqualTo("STANZABUS_NOTHING: this environment variable sets no key of the configuration");
        assertThat(errors.get(5)).startsWith("STANZABUS_SERVICE_SIZE: service.size: must be a size");
    }

    @Test
    void readsValuesOfEveryType() throws Exception {
        Files.writeString(folder.resolve("secret.txt"), "sesame\nignored\n");
        Settings service = ConfigFile.of("""
                        service:
                          name: 42
                          port: 1
                          fast: false
                          wait: 2 h
                          size: 4 KiB
                          colour: deep-red
                          words: [x, 1]
                          file: a/b
                          password-file: secret.txt
                        """, folder).root().section("service");

        assertThat(service.text("name", "")).isEqualTo("42");
        assertThat(service.number("port", 9, 1, 10)).isEqualTo(1);
        assertThat(service.flag("fast", true)).isFalse();
        assertThat(service.duration("wait", Duration.ZERO)).isEqualTo(Duration.ofHours(2));
        assertThat(service.bytes("size", 0, 0, 10_000)).isEqualTo(4096);
        assertThat(service.choice("colour", Colour.BLUE)).isEqualTo(Colour.DEEP_RED);
        assertThat(service.list("words", List.of())).containsExactly("x", "1");
        assertThat(service.path("file", Path.of(""))).isEqualTo(folder.resolve("a/b"));
        assertThat(service.secret("password", "")).isEqualTo("sesame");
    }

    @Test
    void missingValuesAreTheDefaults() {
        Settings service = ConfigFile.of("service:", folder).root().section("service");

        assertThat(service.number("port", 9, 1, 10)).isEqualTo(9);
        assertThat(service.list("words", List.of("z"))).containsExactly("z");
        assertThat(service.path("file", Path.of("x"))).isEqualTo(folder.resolve("x"));
        assertThat(service.path("none", Path.of(""))).isEqualTo(Path.of(""));
        assertThat(service.section("inner").flag("deep", true)).isTrue();
        assertThat(service.sections("entries")).isEmpty();
    }

    @Test
    void domainsArePrepared() {
        ConfigFile file = ConfigFile.of("a: Verona.Example\nb: ''\nc: 'x@y'", folder);
        Settings root = file.root();

        assertThat(root.domain("a", "none.example")).isEqualTo("verona.example");
        assertThat(root.domain("b", "none.example")).isEqualTo("none.example");
        assertThat(root.domain("c", "none.example")).isEqualTo("none.example");
        assertThat(root.domain("d", "none.example")).isEqualTo("none.example");
        assertThat(root.domain("e", "")).isEmpty();
        assertThat(file.errors().stream().map(ConfigError::toString))
                .satisfiesExactly(
                        error -> assertThat(error).startsWith("stanzabus.yaml:2: b: '' is not a domain: "),
                        error -> assertThat(error).startsWith("stanzabus.yaml:3: c: 'x@y' is not a domain: "));
    }

    @ParameterizedTest
    @CsvSource({"0,0", "200 ms,200", "1s,1000", "5 min,300000", "2 h,7200000", "14 d,1209600000"})
    void readsTimes(String text, long millis) {
        assertThat(Units.time(text)).isEqualTo(Duration.ofMillis(millis));
        assertThat(Units.time(Units.write(Duration.ofMillis(millis)))).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @CsvSource({"0,0", "1000,1000", "7 B,7", "1 KiB,1024", "3MiB,3145728", "1 GiB,1073741824"})
    void readsSizes(String text, long bytes) {
        assertThat(Units.size(text)).isEqualTo(bytes);
        assertThat(Units.size(Units.write(bytes))).isEqualTo(bytes);
    }

    @Test
    void theEnvironmentOverridesTheFile() {
        Map<String, String> environment = Map.of(
                "STANZABUS_C2S_GATEWAY_DIRECT_TLS_PORT", "7",
                "STANZABUS_C2S_GATEWAY_WORDS", "a, b",
                "STANZABUS_HOSTS_1_DOMAIN", "b.example",
                "STANZABUS_CONFIG", "/etc/stanzabus.yaml",
                "PATH", "/bin");
        ConfigFile file = ConfigFile.of(
                "c2s-gateway: {direct-tls: {port: 6}}\nhosts: [{domain: a.example}]", folder, environment);
        Settings gateway = file.root().section("c2s-gateway");

        assertThat(gateway.section("direct-tls").number("port", 5, 1, 10)).isEqualTo(7);
        assertThat(gateway.list("words", List.of())).containsExactly("a", "b");
        assertThat(file.root().sections("hosts").stream().map(host -> host.text("domain", "")))
                .containsExactly("a.example", "b.example");
        assertThat(file.errors()).isEmpty();
    }

    @Test
    void anUnknownVariableIsAnErrorWithASuggestion() {
        assertThat(errors("", Map.of("STANZABUS_SERVICE_PROT", "7"), ConfigFileTest::readEverything))
                .containsExactly("STANZABUS_SERVICE_PROT: this environment variable sets no key of the configuration;"
                        + " did you mean STANZABUS_SERVICE_PORT?");
    }

    @Test
    void anErrorOfAServiceHasTheLineOfItsKey() {
        List<String> errors = errors("a: 1\nb: 2", Map.of("STANZABUS_C", "3"), root -> {
            root.number("a", 0, 0, 9);
            root.number("b", 0, 0, 9);
            root.number("c", 0, 0, 9);
            root.error("b", "does not fit to a");
            root.error("c", "neither");
            root.error("d", "is missing");
        });

        assertThat(errors)
                .containsExactly(
                        "stanzabus.yaml:2: b: does not fit to a",
                        "STANZABUS_C: c: neither",
                        "stanzabus.yaml: d: is missing");
    }

    @Test
    void secretsAreNeverShown() {
        ConfigFile file = ConfigFile.of("service: {password: {s3cret: 1}}", folder, Map.of());
        readEverything(file.root());
        ConfigFile good = ConfigFile.of("service: {password: s3cret}", folder, Map.of());
        readEverything(good.root());

        assertThat(file.errors().toString()).contains("service.password").doesNotContain("'s3cret'");
        assertThat(good.keys().toString()).contains("service.password").doesNotContain("s3cret");
    }

    @ParameterizedTest
    @CsvSource({"absent.txt,does not exist", "empty.txt,has no secret in its first line"})
    void aSecretFileMustHaveASecret(String name, String reason) throws Exception {
        Files.writeString(folder.resolve("empty.txt"), "\n");

        assertThat(errors("service: {password-file: " + name + "}", Map.of(), ConfigFileTest::readEverything))
                .containsExactly("stanzabus.yaml:1: service.password-file: " + reason + ": " + folder.resolve(name));
    }

    @Test
    void knowsEveryKeyThatWasRead() {
        ConfigFile file = ConfigFile.of("service: {port: 7}\nentries: [{name: a}, {name: b}]", folder);
        readEverything(file.root());

        assertThat(file.keys().stream().map(ConfigKey::path))
                .containsExactly(
                        "service.name",
                        "service.port",
                        "service.fast",
                        "service.wait",
                        "service.size",
                        "service.colour",
                        "service.words",
                        "service.file",
                        "service.password",
                        "service.password-file",
                        "service.inner.depth",
                        "entries[].name");
        assertThat(file.keys())
                .contains(new ConfigKey("service.port", "a whole number from 1 to 65535", "5222", "7"))
                .contains(new ConfigKey("service.colour", "one of deep-red, blue", "blue", "blue"));
    }

    @Test
    void aFileThatCannotBeReadIsAnError() throws Exception {
        Path absent = folder.resolve("absent.yaml");
        Path binary = Files.write(folder.resolve("binary.yaml"), new byte[] {'a', ':', ' ', (byte) 0xff});
        Path utf16 = Files.writeString(folder.resolve("control.yaml"), "a: \u0001", StandardCharsets.UTF_8);

        assertThat(ConfigFile.load(absent, Map.of()).errors().toString()).contains(absent + ": there is no such file");
        assertThat(ConfigFile.load(binary, Map.of()).errors().toString()).contains(binary + ": is not UTF-8 text");
        assertThat(ConfigFile.load(utf16, Map.of()).errors().toString()).contains("is not YAML: ");
        assertThatThrownBy(() -> ConfigFile.load(absent, Map.of()).check()).isInstanceOf(ConfigException.class);
    }

    @Test
    void relativePathsStartInTheFolderOfTheFile() throws Exception {
        Path file =
                Files.writeString(Files.createDirectory(folder.resolve("etc")).resolve("x.yaml"), "data: d");

        assertThat(ConfigFile.load(file, Map.of()).root().path("data", Path.of("e")))
                .isEqualTo(folder.resolve("etc/d"));
    }

    @Test
    void nestingBeyondReasonIsOneLine() {
        ConfigFile file = ConfigFile.of("a: " + "[".repeat(30_000), folder);
        assertThat(file.errors()).singleElement().asString().contains("nested too deep");
    }
}
