package im.stanzabus.launcher.cli;

import im.stanzabus.launcher.StartupException;
import im.stanzabus.launcher.Version;
import im.stanzabus.launcher.config.ConfigException;
import im.stanzabus.launcher.config.ConfigFile;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// The command `stanzabus` with its subcommands. Exit codes: 0 done, 1 failed, 2 wrong usage.
@Command(
        name = "stanzabus",
        description = "An XMPP server made of small services on one event bus.",
        versionProvider = Stanzabus.VersionText.class,
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        sortOptions = false,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RunCommand.class,
            StatusCommand.class,
            UserCommand.class,
            ConfigCommand.class,
            VersionCommand.class,
            CompletionCommand.class,
            WarmUpCommand.class,
            CommandLine.HelpCommand.class
        })
public final class Stanzabus implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Stanzabus.class);
    private static final String[] EXAMPLES = {
        "",
        "Examples:",
        "  stanzabus run                       start the server; its data is in",
        "                                      ./stanzabus-data",
        "  stanzabus user add romeo@localhost  add an account; asks for the password",
        "  stanzabus run c2s-gateway           start this part alone, in a cluster",
        "  stanzabus status                    show the running cluster",
        "  stanzabus config check              find every error in the configuration",
        "  ./stanzabus test                    run every test; in the source folder only",
        "  ./stanzabus drill --short           kill parts of a cluster and see what is lost",
        "  ./stanzabus bench chat              measure a server that runs, this one or another",
        "",
        "Exit codes: 0 done, 1 failed, 2 wrong usage."
    };
    private static final String DEFAULT_FILE = "stanzabus.yaml";

    static final class VersionText implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"Stanzabus " + Version.CURRENT};
        }
    }

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description =
                    "The configuration file. Default: $$STANZABUS_CONFIG, else stanzabus.yaml here, else defaults.")
    private @Nullable Path file;

    @Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    private final Map<String, String> environment;

    Stanzabus(Map<String, String> environment) {
        this.environment = environment;
    }

    /// Carries out one command and returns its exit code.
    public static int execute(String... arguments) {
        return commandLine(System.getenv()).execute(arguments);
    }

    static CommandLine commandLine(Map<String, String> environment) {
        CommandLine commands = new CommandLine(new Stanzabus(environment));
        commands.getCommandSpec().usageMessage().footer(EXAMPLES);
        commands.setExecutionExceptionHandler(Stanzabus::explain);
        commands.setParameterExceptionHandler(Stanzabus::explainUsage);
        commands.setUsageHelpAutoWidth(true);
        commands.setUsageHelpLongOptionsMaxWidth(28);
        return commands;
    }

    /// Without a subcommand there is nothing to do.
    @Override
    public void run() {
        CommandLine.Model.CommandSpec own = spec;
        if (own != null) {
            throw new CommandLine.ParameterException(own.commandLine(), "there is no command");
        }
    }

    /// A new reading of the configuration that the user chose.
    ConfigFile config() {
        Path chosen = file;
        String variable = environment.getOrDefault("STANZABUS_CONFIG", "");
        if (chosen == null && !variable.isEmpty()) {
            chosen = Path.of(variable);
        }
        if (chosen == null && Files.exists(Path.of(DEFAULT_FILE))) {
            chosen = Path.of(DEFAULT_FILE);
        }
        return chosen == null ? ConfigFile.defaults(Path.of(""), environment) : ConfigFile.load(chosen, environment);
    }

    private static int explainUsage(CommandLine.ParameterException wrong, String[] arguments) {
        PrintWriter err = wrong.getCommandLine().getErr();
        String command = wrong.getCommandLine().getCommandSpec().qualifiedName();
        err.println(command + ": " + wrong.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(wrong, err);
        err.println("See '" + command + " --help'.");
        err.flush();
        return CommandLine.ExitCode.USAGE;
    }

    private static int explain(Exception failure, CommandLine commands, @Nullable ParseResult parsed) {
        if (failure instanceof ConfigException || failure instanceof StartupException) {
            commands.getErr().println(failure.getMessage());
        } else {
            LOG.error("this is a fault of the program", failure);
            commands.getErr().println("stanzabus: unexpected failure: " + failure);
        }
        commands.getErr().flush();
        return CommandLine.ExitCode.SOFTWARE;
    }
}
