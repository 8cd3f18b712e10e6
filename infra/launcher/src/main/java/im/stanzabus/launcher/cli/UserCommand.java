package im.stanzabus.launcher.cli;

import im.stanzabus.launcher.Administration;
import im.stanzabus.launcher.LaunchOptions;
import im.stanzabus.launcher.StartupException;
import im.stanzabus.launcher.http.Accounts;
import im.stanzabus.launcher.http.Refused;
import im.stanzabus.stanza.Jid;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `stanzabus user …`: the accounts.
@Command(
        name = "user",
        description = {
            "Add, remove and list accounts, and set their passwords.",
            "The running server is asked; if it does not run, the command does its work without it."
        },
        synopsisSubcommandLabel = "COMMAND")
final class UserCommand implements Runnable {
    @ParentCommand
    private @Nullable Stanzabus stanzabus;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(Commands.parent(spec).commandLine(), "add, remove, password or list?");
    }

    @Command(name = "add", description = "Add an account.")
    int add(
            @Parameters(paramLabel = "USER@HOST", description = "The address of the new account.") String address,
            @Mixin PasswordOptions options) {
        Jid account = account(address);
        String password = options.ask("Password for " + account + ": ");
        return administer(administration -> {
            administration.add(account, password);
            out().println("added " + account);
        });
    }

    @Command(name = "password", description = "Set a new password for an account.")
    int password(
            @Parameters(paramLabel = "USER@HOST", description = "The address of the account.") String address,
            @Mixin PasswordOptions options) {
        Jid account = account(address);
        String password = options.ask("New password for " + account + ": ");
        return administer(administration -> {
            administration.changePassword(account, password);
            out().println("changed the password of " + account);
        });
    }

    @Command(
            name = "remove",
            description = "Remove an account with everything it owns, such as its roster and its messages.")
    int remove(@Parameters(paramLabel = "USER@HOST", description = "The address of the account.") String address) {
        Jid account = account(address);
        return administer(administration -> {
            administration.remove(account);
            out().println("removed " + account);
        });
    }

    @Command(name = "list", description = "List the accounts, one address a line.")
    int list(
            @Parameters(paramLabel = "HOST", arity = "0..1", description = "Only the accounts of this host.") @Nullable
                    String host) {
        return administer(administration -> {
            List<String> hosts = host == null ? administration.hosts() : List.of(host);
            hosts.forEach(each -> administration.list(each).forEach(out()::println));
        });
    }

    private int administer(Consumer<Administration> work) {
        LaunchOptions options = LaunchOptions.of(Commands.parent(stanzabus).config());
        try (Administration administration = Administration.open(options)) {
            work.accept(administration);
        }
        out().flush();
        return 0;
    }

    private static Jid account(String address) {
        try {
            return Accounts.jid(address);
        } catch (Refused e) {
            throw new StartupException(String.valueOf(e.getMessage()));
        }
    }

    private PrintWriter out() {
        return Commands.out(spec);
    }
}
