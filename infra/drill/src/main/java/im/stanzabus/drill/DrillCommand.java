package im.stanzabus.drill;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import im.stanzabus.drill.books.Report;
import im.stanzabus.drill.books.Verdict;
import im.stanzabus.drill.cluster.Build;
import im.stanzabus.drill.cluster.Layout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `stanzabus drill`: the exit code is 0 if the contract was kept, 1 if not, 2 if there was no drill.
@Command(
        name = "drill",
        mixinStandardHelpOptions = true,
        description = {
            "Start a cluster of processes with their own PostgreSQL on this machine, let clients send numbered messages,",
            "kill, freeze, split and restart its parts, and tell from the clients' books whether anything that was",
            "acknowledged is lost, doubled or out of order, and how long the pauses were."
        })
public final class DrillCommand implements Callable<Integer> {
    private static final int BROKEN = 1;
    private static final int NO_DRILL = 2;
    private static final int MINUTES = 20;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--short",
            description = {
                "About three minutes: each fault that is quick, once; with --upgrade-from rolling-upgrade too. Sets the",
                "time, so --minutes is not possible with it."
            })
    private boolean brief;

    @Option(names = "--minutes", description = "No fault begins later than this after the first. Default: 20.")
    private @Nullable Integer minutes;

    @Option(names = "--rounds", description = "Each fault happens at most so often. Default: as time allows.")
    private int rounds = Integer.MAX_VALUE;

    @Option(names = "--clients", description = "Clients that send messages. Default: 200, or 60 in a short drill.")
    private @Nullable Integer clients;

    @Option(
            names = "--rate",
            description = "Messages of one client per second. Default: ${DEFAULT-VALUE}.",
            defaultValue = "1")
    private double rate;

    @Option(
            names = "--faults",
            split = ",",
            description = "Names or beginnings of names, such as kill,freeze-session-service. Default: all.")
    private List<String> faults = List.of();

    @Option(names = "--seed", description = "Decides order and victims. Default: a random one, which is told.")
    private @Nullable Long seed;

    @Option(
            names = "--layout",
            description =
                    "one: all services in one process; grouped: gateways, session-services and the rest, two processes"
                            + " each; apart: two processes for each service. Default: ${DEFAULT-VALUE}.",
            defaultValue = "grouped")
    private Layout layout = Layout.GROUPED;

    @Option(
            names = "--upgrade-from",
            description = {
                "A folder with another build of the server. All processes begin with that one, and the fault",
                "rolling-upgrade restarts one after the other with this one; the next time back (rolling-downgrade)."
            })
    private @Nullable Path upgradeFrom;

    @Option(names = "--keep", description = "Keep logs and configurations of the processes in this folder.")
    private @Nullable Path keep;

    @Option(names = "--json", description = "Write the verdict with every pause to this file.")
    private @Nullable Path json;

    @Option(names = "--strict", description = "Exit with 1 also if a pause is longer than its goal.")
    private boolean strict;

    /// @param arguments the options
    public static void main(String[] arguments) {
        if (LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME) instanceof Logger root) {
            root.setLevel(Level.WARN);
        }
        CommandLine command = new CommandLine(new DrillCommand()).setCaseInsensitiveEnumValuesAllowed(true);
        System.exit(command.execute(arguments));
    }

    @Override
    public Integer call() {
        AtomicBoolean told = new AtomicBoolean();
        try (Drill drill = new Drill(options(), line -> System.err.println(line))) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(drill, told), "drill-end"));
            Verdict verdict = run(drill, told);
            if (told.compareAndSet(false, true)) {
                tell(verdict);
            }
            boolean good = verdict.isKept() && (!strict || verdict.arePausesWithinGoals());
            return good ? 0 : BROKEN;
        } catch (IOException | IllegalArgumentException e) {
            if (!told.get()) {
                System.err.println("stanzabus drill: " + e.getMessage());
            }
            return NO_DRILL;
        }
    }

    /// A cluster that does not recover ends the drill; what happened until then is told all the same.
    private static Verdict run(Drill drill, AtomicBoolean told) throws IOException {
        try {
            return drill.run();
        } catch (IOException e) {
            Verdict verdict = told.get() ? null : drill.soFar();
            if (verdict == null) {
                throw e;
            }
            return verdict.brokenOffBy(String.valueOf(e.getMessage()));
        }
    }

    /// The process ends: somebody has interrupted it, or all is done.
    private void end(Drill drill, AtomicBoolean told) {
        try {
            if (told.compareAndSet(false, true)) {
                Verdict verdict = drill.soFar();
                if (verdict != null) {
                    tell(verdict);
                }
            }
        } catch (IOException e) {
            System.err.println("stanzabus drill: " + e.getMessage());
        } finally {
            drill.close();
        }
    }

    private void tell(Verdict verdict) throws IOException {
        System.out.print(Report.markdown(verdict));
        System.out.flush();
        if (json != null) {
            Files.writeString(json, Report.json(verdict).encodePrettily() + "\n");
        }
    }

    private DrillOptions options() throws IOException {
        long chosen = seed == null ? new Random().nextInt(Integer.MAX_VALUE) : seed;
        String path = System.getProperty("stanzabus.drill.server-path", System.getProperty("java.class.path"));
        String old = upgradeFrom == null ? null : Build.classPath(upgradeFrom);
        if (brief) {
            if (minutes != null) {
                throw new ParameterException(
                        Objects.requireNonNull(spec).commandLine(), "--short sets the time: leave --minutes out");
            }
            DrillOptions usual = DrillOptions.brief(layout, chosen, path, old, keep);
            return new DrillOptions(
                    layout,
                    faults.isEmpty() ? usual.faults() : faults,
                    usual.limit(),
                    Math.min(rounds, usual.rounds()),
                    clients == null ? usual.clients() : clients,
                    rate,
                    chosen,
                    path,
                    old,
                    keep);
        }
        List<String> names =
                faults.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
        return new DrillOptions(
                layout,
                names,
                Duration.ofMinutes(minutes == null ? MINUTES : minutes),
                rounds,
                clients == null ? 200 : clients,
                rate,
                chosen,
                path,
                old,
                keep);
    }
}
