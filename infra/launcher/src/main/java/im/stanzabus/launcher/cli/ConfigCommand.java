package im.stanzabus.launcher.cli;

import im.stanzabus.launcher.LaunchOptions;
import im.stanzabus.launcher.Launcher;
import im.stanzabus.launcher.StartupException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `stanzabus config …`: the configuration file.
@Command(
        name = "config",
        description = "Check the configuration, or write a sample.",
        synopsisSubcommandLabel = "COMMAND")
final class ConfigCommand implements Runnable {
    private static final String SAMPLE = "/stanzabus.sample.yaml";

    @ParentCommand
    private @Nullable Stanzabus stanzabus;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(Commands.parent(spec).commandLine(), "check or sample?");
    }

    @Command(
            name = "check",
            description = "Read the configuration as the server would, and show every error with its line.")
    int check() {
        Launcher.check(LaunchOptions.of(Commands.parent(stanzabus).config()));
        Commands.out(spec).println("the configuration has no errors");
        Commands.out(spec).flush();
        return 0;
    }

    @Command(
            name = "sample",
            description = "Write a configuration file with every key, its default and its meaning to standard output.")
    int sample() {
        try (InputStream in = ConfigCommand.class.getResourceAsStream(SAMPLE)) {
            if (in == null) {
                throw new StartupException("this build has no sample");
            }
            Commands.out(spec).print(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            Commands.out(spec).flush();
            return 0;
        } catch (IOException e) {
            throw new StartupException("cannot read the sample: " + e.getMessage());
        }
    }
}
