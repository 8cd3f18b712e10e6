package im.stanzabus.launcher.cli;

import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/// What picocli injects, which is there when a command runs.
final class Commands {
    private Commands() {}

    static <T> T parent(@Nullable T injected) {
        if (injected == null) {
            throw new IllegalStateException("the command runs without its parent");
        }
        return injected;
    }

    static PrintWriter out(@Nullable CommandSpec injected) {
        return parent(injected).commandLine().getOut();
    }

    /// How the user calls this program.
    static String name() {
        return System.getProperty("stanzabus.command", "stanzabus");
    }
}
