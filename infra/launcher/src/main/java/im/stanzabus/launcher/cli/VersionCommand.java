package im.stanzabus.launcher.cli;

import im.stanzabus.launcher.Version;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `stanzabus version`: the versions of Stanzabus and of Java.
@Command(name = "version", description = "Show the versions of Stanzabus and of Java.")
final class VersionCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        Commands.out(spec)
                .printf(
                        "Stanzabus %s, Java %s (%s)%n",
                        Version.CURRENT, Runtime.version(), System.getProperty("java.vendor"));
        Commands.out(spec).flush();
    }
}
