package im.stanzabus.bench.micro;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Runs the benches of this module one after the other, in JVMs with the flags of the server, and prints a row as soon
/// as it is known.
@Command(
        name = "micro",
        mixinStandardHelpOptions = true,
        description = {
            "Time and allocation of single parts of the hot path (JMH): framer and parser, envelope codec,",
            "router, roster, presence, group commit. Each row takes the warm-up and the seconds once per fork."
        })
final class MicroCommand implements Callable<Integer> {
    @Parameters(
            arity = "0..*",
            paramLabel = "PATTERN",
            description = "Benches whose names hold one of these regular expressions (all).")
    private List<String> patterns = List.of();

    @Option(names = "--warm-up", defaultValue = "3", description = "Seconds before each row (${DEFAULT-VALUE}).")
    private int warmUp;

    @Option(names = "--seconds", defaultValue = "3", description = "Seconds measured (${DEFAULT-VALUE}).")
    private int seconds;

    @Option(names = "--forks", defaultValue = "1", description = "JVMs for each row (${DEFAULT-VALUE}).")
    private int forks;

    public static void main(String... arguments) {
        System.exit(new CommandLine(new MicroCommand()).execute(arguments));
    }

    @Override
    public Integer call() throws RunnerException {
        Set<BenchmarkListEntry> chosen = BenchmarkList.defaultList()
                .find(
                        OutputFormatFactory.createFormatInstance(System.err, VerboseMode.SILENT),
                        patterns.isEmpty() ? List.of(".*") : patterns,
                        List.of());
        if (chosen.isEmpty()) {
            System.err.println("no bench has such a name");
            return 1;
        }
        System.out.println(BenchRow.HEADER);
        for (BenchmarkListEntry bench : chosen) {
            Collection<RunResult> results =
                    new Runner(options(bench.getUsername()).build()).run();
            results.forEach(result -> System.out.println(BenchRow.of(result)));
        }
        return 0;
    }

    private OptionsBuilder options(String bench) {
        OptionsBuilder options = new OptionsBuilder();
        options.include('^' + Pattern.quote(bench) + '$')
                .mode(Mode.AverageTime)
                .timeUnit(TimeUnit.NANOSECONDS)
                .forks(forks)
                .warmupIterations(warmUp)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(seconds)
                .measurementTime(TimeValue.seconds(1))
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .jvmArgs(
                        "-XX:+UseSerialGC",
                        "-XX:+UseCompactObjectHeaders",
                        "-Xmx512m",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow");
        return options;
    }
}
