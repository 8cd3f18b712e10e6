package im.stanzabus.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.launcher.LaunchOptions;
import im.stanzabus.launcher.MemoryAuthService;
import im.stanzabus.launcher.TestServers;
import im.stanzabus.launcher.config.ConfigFile;
import im.stanzabus.stanza.Jid;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class StanzabusTest {
    private record Result(int exitCode, String out, String err) {}

    @TempDir
    Path folder;

    private TestServers servers;
    private Path file;

    @BeforeEach
    void prepare() throws Exception {
        servers = new TestServers(folder);
        file = Files.writeString(
                folder.resolve("stanzabus.yaml"),
                servers.yaml("hosts: [{domain: localhost}, {domain: montague.example}]"));
    }

    @AfterEach
    void stop() throws Exception {
        servers.close();
    }

    private static Result run(String input, Map<String, String> environment, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commands = Stanzabus.commandLine(environment);
        commands.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
        try {
            int exitCode = commands.execute(arguments);
            return new Result(exitCode, out.toString(), err.toString());
        } finally {
            System.setIn(before);
        }
    }

    private Result run(String input, String... arguments) {
        return run(input, Map.of("STANZABUS_CONFIG", file.toString()), arguments);
    }

    /// Every user command and its outcome, in an order in which one builds on the other.
    private void administer() {
        assertThat(run("sesame\nrest\n", "user", "add", "Romeo@LOCALHOST", "--password-stdin"))
                .isEqualTo(new Result(0, "added romeo@localhost\n", ""));
        Map<Jid, String> passwords = MemoryAuthService.passwords(folder.resolve("data"));
        assertThat(passwords).containsExactly(Map.entry(Jid.of("romeo@localhost"), "sesame"));
        assertThat(run("x", "user", "add", "romeo@localhost", "--password-stdin"))
                .isEqualTo(new Result(1, "", "the account exists already\n"));
        assertThat(run("new", "user", "password", "romeo@localhost", "--password-stdin"))
                .isEqualTo(new Result(0, "changed the password of romeo@localhost\n", ""));
        assertThat(passwords).containsValue("new");
        assertThat(run("x", "user", "add", "juliet@montague.example", "--password-stdin")
                        .exitCode())
                .isZero();
        assertThat(run("", "user", "list")).isEqualTo(new Result(0, "romeo@localhost\njuliet@montague.example\n", ""));
        assertThat(run("", "user", "list", "montague.example"))
                .isEqualTo(new Result(0, "juliet@montague.example\n", ""));
        assertThat(run("", "user", "list", "capulet.example"))
                .isEqualTo(new Result(1, "", "'capulet.example' is not a host of this server\n"));
        assertThat(run("x", "user", "add", "a@capulet.example", "--password-stdin"))
                .isEqualTo(new Result(1, "", "'capulet.example' is not a host of this server\n"));
        assertThat(run("", "user", "remove", "romeo@localhost"))
                .isEqualTo(new Result(0, "removed romeo@localhost\n", ""));
        assertThat(run("", "user", "remove", "romeo@localhost"))
                .isEqualTo(new Result(1, "", "there is no such account\n"));
        assertThat(run("x", "user", "password", "romeo@localhost", "--password-stdin"))
                .isEqualTo(new Result(1, "", "there is no such account\n"));
        assertThat(passwords).containsOnlyKeys(Jid.of("juliet@montague.example"));
    }

    @Test
    void administersAServerThatDoesNotRun() {
        administer();
        assertThat(folder.resolve("data/server.json")).doesNotExist();
    }

    @Test
    void administersTheServerThatRuns() throws Exception {
        servers.start(LaunchOptions.of(ConfigFile.load(file, Map.of())));

        administer();
    }

    @Test
    void saysSoWhenTheFolderIsInUseByAnotherCommand() throws Exception {
        servers.start(LaunchOptions.of(ConfigFile.load(file, Map.of())).closed());

        Result result = run("", "user", "list");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .contains("is in use by process " + ProcessHandle.current().pid())
                .contains("try again in a moment");
    }

    @Test
    void listsMoreAccountsThanOnePageHolds() {
        Map<Jid, String> passwords = MemoryAuthService.passwords(folder.resolve("data"));
        for (int i = 0; i < 2500; i++) {
            passwords.put(Jid.of("user%04d@localhost".formatted(i)), "");
        }

        assertThat(run("", "user", "list", "localhost").out().lines())
                .hasSize(2500)
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "romeo@localhost/home", "ro meo@localhost", "@localhost"})
    void refusesWhatIsNoAccountsAddress(String address) {
        Result result = run("x", "user", "add", address, "--password-stdin");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .startsWith("'" + address + "' is not an address")
                .hasLineCount(1);
    }

    @Test
    void needsAPassword() {
        assertThat(run("", "user", "add", "romeo@localhost", "--password-stdin"))
                .isEqualTo(new Result(1, "", "the password is empty\n"));
    }

    @Test
    void takesNoPasswordAsArgument() {
        Result result = run("", "user", "add", "romeo@localhost", "sesame");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).startsWith("stanzabus user add: Unmatched argument");
    }

    @Test
    void checksTheConfiguration() throws Exception {
        assertThat(run("", "config", "check")).isEqualTo(new Result(0, "the configuration has no errors\n", ""));

        Files.writeString(file, "log: {level: loud}\nhttp: {prot: 1}\nauth-service: {iterations: 0}\n");
        assertThat(run("", "config", "check"))
                .isEqualTo(new Result(
                        1,
                        "",
                        file + ":1: log.level: must be one of error, warn, info, debug, trace, not 'loud'\n" + file
                                + ":2: http.prot: unknown key; did you mean 'port'?\n" + file
                                + ":3: auth-service.iterations: must be a whole number from 1 to 1000000, not '0'\n"));
    }

    @Test
    void takesTheFileOfTheOptionBeforeThatOfTheEnvironment() throws Exception {
        Path other = Files.writeString(folder.resolve("other.yaml"), "nothing: 1");

        assertThat(run("", "config", "check", "-c", other.toString()).err())
                .startsWith(other + ":1: nothing: unknown key");
        assertThat(run("", "--config", other.toString(), "user", "list").err()).startsWith(other + ":1: nothing: ");
        assertThat(run("", "config", "check", "-c", folder + "/absent.yaml").err())
                .isEqualTo(folder + "/absent.yaml: there is no such file\n");
    }

    @Test
    void aStartThatFailsIsOneLineAndExitCodeOne() throws Exception {
        Files.writeString(file, servers.yaml("").replaceFirst("host: [^,]*", "host: no-such-host.invalid"));

        Result result = run("", "user", "list");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("no-such-host.invalid").hasLineCount(1);
    }

    @Test
    void explainsItself() {
        assertThat(run("", "help").out())
                .contains("Usage: stanzabus", "Examples:")
                .doesNotContain("warm-up");
        assertThat(run("", "user", "add", "--help").out())
                .contains("Usage: stanzabus user add")
                .contains("--password-stdin")
                .doesNotContain("Examples:");
        assertThat(run("", "user", "--help").out()).contains("remove", "password", "list");
        assertThat(run("", "version").out()).matches("Stanzabus [0-9.]+\\S*, Java 2[0-9].*\n");
        assertThat(run("", "--version").out()).matches("Stanzabus [0-9.]+\\S*\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "user", "config", "user lst", "rnu", "--nothing", "user add"})
    void wrongUsageIsExitCodeTwoAndNamesHelp(String arguments) {
        Result result = run("", arguments.isEmpty() ? new String[0] : arguments.split(" "));

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("--help'.");
        assertThat(result.out()).isEmpty();
    }

    @Test
    void writesACompletionScriptThatBashAccepts() throws Exception {
        Result result = run("", "completion");
        Path script = Files.writeString(folder.resolve("completion"), result.out());

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("complete -F _complete_stanzabus -o default stanzabus");
        Process bash =
                new ProcessBuilder("bash", "-n", script.toString()).inheritIO().start();
        assertThat(bash.waitFor()).isZero();
    }
}
