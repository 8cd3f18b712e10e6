package im.stanzabus.launcher.cli;

import im.stanzabus.cluster.hazelcast.NameCache;
import im.stanzabus.launcher.LaunchOptions;
import im.stanzabus.launcher.Launcher;
import im.stanzabus.launcher.RunningServer;
import im.stanzabus.launcher.ServiceModule;
import im.stanzabus.launcher.Version;
import im.stanzabus.launcher.VirtualHost;
import io.vertx.core.Future;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `stanzabus run`: the server with all or some of its services in this process, until it is told to stop.
@Command(
        name = "run",
        description = {
            "Start the server with all its services and keep it running.",
            "With names of services start those alone, as a member of a cluster: see cluster in the configuration.",
            "SIGTERM or Ctrl+C stops it in good order: clients are told, what is accepted is kept."
        })
final class RunCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);
    private static final long START_SECONDS = 60;

    @Parameters(paramLabel = "SERVICE", description = "Services to start, such as c2s-gateway. Default: all.")
    private List<String> services = List.of();

    @ParentCommand
    private @Nullable Stanzabus stanzabus;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        NameCache.shorten();
        LaunchOptions options =
                chosen(LaunchOptions.of(Commands.parent(stanzabus).config())).withLogging();
        Future<RunningServer> starting = Launcher.start(options);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(starting), "stanzabus-shutdown"));
        RunningServer server = await(starting);
        greet(Commands.out(spec), server);
        new CountDownLatch(1).await();
        return 0;
    }

    private LaunchOptions chosen(LaunchOptions options) {
        List<String> known = options.modules().stream().map(ServiceModule::name).toList();
        for (String service : services) {
            if (!known.contains(service)) {
                throw new CommandLine.ParameterException(
                        Commands.parent(spec).commandLine(),
                        "there is no service '" + service + "'; there are " + String.join(", ", known));
            }
        }
        Set<String> chosen = new HashSet<>();
        for (String service : services) {
            if (!chosen.add(service)) {
                throw new CommandLine.ParameterException(
                        Commands.parent(spec).commandLine(), "'" + service + "' is named twice");
            }
        }
        return options.withServices(chosen);
    }

    /// The process's own start is waited for without a limit: every step of it has one.
    private static RunningServer await(Future<RunningServer> starting) throws InterruptedException {
        try {
            return starting.toCompletionStage().toCompletableFuture().get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e);
        }
    }

    /// Runs when the process is told to end, which is no failure: the exit code is 0 when all has been
    /// stopped. A start that is under way is finished first, so that there is something to stop.
    private static void stop(Future<RunningServer> starting) {
        if (starting.failed()) {
            return;
        }
        try {
            RunningServer server =
                    starting.toCompletionStage().toCompletableFuture().get(START_SECONDS, TimeUnit.SECONDS);
            server.stop()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(server.stopLimit().toMillis(), TimeUnit.MILLISECONDS);
            LOG.info("stopped");
            Runtime.getRuntime().halt(0);
        } catch (ExecutionException | TimeoutException e) {
            if (starting.failed()) {
                LOG.debug("it could not start meanwhile, and has stopped what it had started", e);
                Runtime.getRuntime().halt(0);
            }
            LOG.error("the server did not stop in good order", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(1);
    }

    private static List<String> members(RunningServer server) {
        return server.context().bus().membership().view().members().stream()
                .map(member -> member.node().name())
                .toList();
    }

    private static void greet(PrintWriter out, RunningServer server) {
        Map<String, Integer> ports = server.ports();
        String listens = ports.entrySet().stream()
                .filter(port -> !port.getKey().equals("http.port"))
                .sorted(Map.Entry.comparingByValue())
                .map(port -> port.getValue() + " (" + port.getKey() + ")")
                .collect(Collectors.joining(", "));
        String host = server.hosts().getFirst().domain();
        String hosts = server.hosts().stream().map(VirtualHost::domain).collect(Collectors.joining(", "));
        if (server.logsJson()) {
            LOG.info(
                    "ready; hosts {}; ports {}; data in {}; services {}; node {}; members {}",
                    hosts,
                    ports,
                    server.dataFolder(),
                    server.services(),
                    server.context().bus().self(),
                    members(server));
            return;
        }
        double seconds = ManagementFactory.getRuntimeMXBean().getUptime() / 1000.0;
        out.printf("Stanzabus %s is ready after %.1f s.%n", Version.CURRENT, seconds);
        out.printf("  hosts       %s%n", hosts);
        if (!listens.isEmpty()) {
            out.printf("  ports       %s%n", listens);
        }
        if (server.cluster() != null) {
            out.printf("  services    %s%n", String.join(", ", server.services()));
            out.printf("  node        %s%n", server.context().bus().self());
            out.printf("  cluster     %s: %s%n", server.cluster(), String.join(", ", members(server)));
        }
        out.printf("  add a user  %s user add romeo@%s%n", Commands.name(), host);
        out.printf("  data        %s%n", server.dataFolder());
        out.printf("  health      %s/health/ready%n", server.httpAddress());
        out.printf("  stop        Ctrl+C%n");
        out.flush();
    }
}
