package im.stanzabus.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class LoadCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        CommandLine command = LoadCommand.command();
        command.setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(err));
        return command.execute(arguments);
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                Arguments.of("dance", "'dance'"),
                Arguments.of("--users many", "'--users'"),
                Arguments.of("--users 1", "--users must be from 2 to 1000000: 1"),
                Arguments.of("--rates 0,0.5", "--rates must be 0 or from 1 to 1000000"),
                Arguments.of("--text 10", "--text must be from 42 to 100000: 10"),
                Arguments.of("--hubs 100000 --contacts 100", "--hubs and --contacts make more than 1000000 users"),
                Arguments.of("--seconds 0", "--seconds must be above 0 and at most 3600"),
                Arguments.of("--warm-up NaN", "--warm-up must be above 0 and at most 3600"),
                Arguments.of("--windows 0", "--windows must be from 1 to 1000"),
                Arguments.of("--auth kerberos", "scram-sha-1"),
                Arguments.of("--user bob", "the name of the users needs a %d for their number: bob"),
                Arguments.of("--first -1", "the number of the first user must not be below 0: -1"),
                Arguments.of("--port 0", "there is no port 0"),
                Arguments.of("--host bad..host", "there is no host bad..host"),
                Arguments.of("--cpu server", "--cpu"),
                Arguments.of("--cpu generator=1", "generator"),
                Arguments.of("--source-addresses 300", "--source-addresses must be from 1 to 250"),
                Arguments.of("--json no/such/folder/file", "cannot write the file no/such/folder/file"),
                Arguments.of("--wings", "--wings"),
                Arguments.of("--host 127.0.0.1 --port 1", "no server at 127.0.0.1:1"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void aMistakeIsOneClearLine(String arguments, String told) {
        assertThat(run(arguments.split(" "))).isEqualTo(2);

        assertThat(err.toString().lines()).hasSize(1);
        assertThat(err.toString()).startsWith("stanzabus bench: ").contains(told);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void helpHasTheDefaults() {
        assertThat(run("--help")).isZero();

        assertThat(out.toString())
                .contains(
                        "Usage: bench",
                        "(u%d)",
                        "(localhost)",
                        "scram-sha-256",
                        "login, chat, presence, idle",
                        "(0,1000)")
                .doesNotContain("${", "%%");
        assertThat(out.toString().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(110));
    }
}
