package im.stanzabus.server;

import im.stanzabus.launcher.cli.Stanzabus;

/// The command `stanzabus` with every service on its class path.
public final class Main {
    private Main() {}

    /// @param arguments the command with its options
    public static void main(String[] arguments) {
        System.exit(Stanzabus.execute(arguments));
    }
}
