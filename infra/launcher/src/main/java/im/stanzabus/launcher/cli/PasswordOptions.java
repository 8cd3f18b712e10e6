package im.stanzabus.launcher.cli;

import im.stanzabus.launcher.StartupException;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import picocli.CommandLine.Option;

/// How a command gets a password: typed twice, or from standard input. Never as an argument, which every
/// user of the machine could read.
final class PasswordOptions {
    @Option(
            names = "--password-stdin",
            description = "Read the password from the first line of standard input instead of asking for it.")
    private boolean fromStandardInput;

    /// The password; asks with the prompt if there is a terminal.
    String ask(String prompt) {
        String password = fromStandardInput ? firstLine() : typed(prompt);
        if (password.isEmpty()) {
            throw new StartupException("the password is empty");
        }
        return password;
    }

    private static String firstLine() {
        try {
            String line = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
            return line == null ? "" : line;
        } catch (IOException e) {
            throw new StartupException("cannot read standard input: " + e.getMessage());
        }
    }

    @SuppressWarnings("SystemConsoleNull") // it is null again with the console of java.base, Java 25's default
    private static String typed(String prompt) {
        Console console = System.console();
        if (console == null || !console.isTerminal()) {
            throw new StartupException("there is no terminal to ask for the password; use --password-stdin");
        }
        char[] first = console.readPassword("%s", prompt);
        char[] second = console.readPassword("%s", "Again: ");
        if (first == null || second == null) {
            throw new StartupException("no password was typed");
        }
        if (!Arrays.equals(first, second)) {
            throw new StartupException("the two passwords are not the same");
        }
        return new String(first);
    }
}
