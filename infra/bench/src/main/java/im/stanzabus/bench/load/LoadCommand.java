package im.stanzabus.bench.load;

import im.stanzabus.bench.load.client.Mishaps;
import im.stanzabus.bench.load.client.Target;
import im.stanzabus.bench.load.measure.Accounting;
import im.stanzabus.bench.load.report.Verdict;
import im.stanzabus.bench.load.scenario.Result;
import im.stanzabus.bench.load.scenario.Scenario;
import im.stanzabus.bench.load.scenario.Stage;
import im.stanzabus.bench.load.wire.Loop;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `stanzabus bench`: the exit code is 0 if the figures are valid, 1 if anything was lost, doubled, misdelivered or
/// refused, 2 if nothing was measured.
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpWidth = 110,
        description = {
            "Measure an XMPP server, any one, that runs already: latencies, throughput, and its CPU time and memory",
            "where it is on this machine. Its users are real ones: point this at no server that others use.",
            "",
            "  login     users log in and out, round and round",
            "  chat      everybody in turn writes to somebody else, as fast as possible and at fixed rates",
            "  presence  users change their presence, and their contacts are told",
            "  idle      users are online and do nothing: memory per user (start the server anew for it)",
            ""
        })
public final class LoadCommand implements Callable<Integer> {
    private static final int INVALID = 1;
    private static final int NOTHING_MEASURED = 2;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(
            paramLabel = "SCENARIO",
            description = "Some of ${COMPLETION-CANDIDATES}, one after the other in the order given (all).",
            arity = "0..*")
    private List<ScenarioName> scenarios = List.of(ScenarioName.values());

    @Mixin
    private ServerOptions server = new ServerOptions();

    @Mixin
    private LoadOptions load = new LoadOptions();

    @Mixin
    private TimeOptions time = new TimeOptions();

    @Option(
            names = "--cpu",
            paramLabel = "LABEL=PID",
            description = "A process whose CPU time and memory are told, with those it has started. Can be repeated:"
                    + " --cpu server=123 --cpu database=456.")
    private Map<String, Long> cpu = new LinkedHashMap<>();

    @Mixin
    private OutputOptions output = new OutputOptions();

    /// @param arguments the options
    public static void main(String... arguments) {
        System.exit(command().execute(arguments));
    }

    /// The command, which tells mistakes in one line.
    public static CommandLine command() {
        CommandLine command = new CommandLine(new LoadCommand()).setCaseInsensitiveEnumValuesAllowed(true);
        command.setParameterExceptionHandler((mistake, _) -> tell(mistake.getCommandLine(), mistake));
        command.setExecutionExceptionHandler((reason, line, _) -> end(reason, line));
        return command;
    }

    private static int tell(CommandLine command, Exception mistake) {
        String message =
                String.valueOf(mistake.getMessage()).lines().findFirst().orElse("");
        command.getErr().println("stanzabus bench: " + message);
        return NOTHING_MEASURED;
    }

    /// Only the machine can be to blame; what nobody meant to happen keeps its stack trace.
    private static int end(Exception reason, CommandLine command) throws Exception {
        if (reason instanceof IOException) {
            return tell(command, reason);
        }
        throw reason;
    }

    @Override
    public Integer call() throws IOException {
        CommandLine command = Objects.requireNonNull(spec).commandLine();
        Stage stage;
        List<Result> results;
        try (Loop loop = new Loop()) {
            stage = stage(loop, command);
            List<Scenario> chosen = scenarios.stream().map(load::scenario).toList();
            results = new LoadRun(stage, chosen, server.isToRegister()).run();
        }
        int expected = scenarios.stream().mapToInt(load::results).sum();
        Verdict verdict = new Verdict(
                server.text(), stage.accounting().labels(), stage.timing(), results, expected, stage.mishaps());
        output.write(verdict, command.getOut(), command.getErr());
        return verdict.isValid() ? 0 : INVALID;
    }

    /// Everything that can be wrong with the options is told before anything happens.
    private Stage stage(Loop loop, CommandLine command) throws IOException {
        try {
            load.check();
            Target target = server.target();
            Stage stage = new Stage(
                    loop,
                    target,
                    server.accounts(),
                    Accounting.of(cpu),
                    time.timing(),
                    load.logins(),
                    new Mishaps(),
                    command.getErr()::println);
            output.prepare();
            server.probe(target);
            return stage;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command, String.valueOf(e.getMessage()), e);
        }
    }
}
