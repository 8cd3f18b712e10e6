package im.stanzabus.launcher.cli;

import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `stanzabus completion`: what a shell needs to complete this command.
@Command(
        name = "completion",
        description = {
            "Write a script for the completion of this command in bash and zsh.",
            "In bash and zsh: source <(stanzabus completion)"
        })
final class CompletionCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        CommandSpec own = Commands.parent(spec);
        own.commandLine()
                .getOut()
                .print(AutoComplete.bash(own.root().name(), own.root().commandLine()));
        own.commandLine().getOut().flush();
    }
}
