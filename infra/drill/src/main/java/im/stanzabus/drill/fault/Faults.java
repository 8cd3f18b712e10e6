package im.stanzabus.drill.fault;

import im.stanzabus.drill.books.Incident;
import im.stanzabus.drill.client.Population;
import im.stanzabus.drill.cluster.Build;
import im.stanzabus.drill.cluster.Cluster;
import im.stanzabus.drill.cluster.DrillDatabase;
import im.stanzabus.drill.cluster.Network;
import im.stanzabus.drill.cluster.ServerProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/// Does one fault after the other to a cluster and sees that it becomes whole again. Its methods block.
public final class Faults {
    private static final int POLL_MILLIS = 200;
    private static final int ATTEMPTS = 20;

    private final Cluster cluster;
    private final DrillDatabase database;
    private final Network network;
    private final Population population;
    private final Timing timing;
    private final Random random;

    public Faults(
            Cluster cluster,
            DrillDatabase database,
            Network network,
            Population population,
            Timing timing,
            Random random) {
        this.cluster = cluster;
        this.database = database;
        this.network = network;
        this.population = population;
        this.timing = timing;
        this.random = random;
    }

    /// Does it, undoes it and waits until everything is as it was.
    ///
    /// @throws IOException if the drill cannot go on
    public Incident happen(Fault fault) throws IOException {
        List<ServerProcess> fitting = cluster.processes().stream()
                .filter(process -> process.kind().name().equals(fault.target()))
                .toList();
        return fitting.isEmpty() ? happenToAll(fault) : happenTo(fitting.get(random.nextInt(fitting.size())), fault);
    }

    private Incident happenTo(ServerProcess victim, Fault fault) throws IOException {
        int gateway = cluster.gatewayIndex(victim);
        Set<String> touched = gateway < 0 ? Set.of() : Blocking.await(population.connectedTo(gateway));
        long startedAt = population.now();
        if (fault.action() == Fault.Action.KILL) {
            victim.kill();
            sleep(timing.down());
            victim.start();
        } else {
            victim.freeze();
            sleep(timing.frozen());
            victim.thaw();
        }
        List<String> failures = makeWhole(fault.name() + " of " + victim.name());
        failures.addAll(severed(fault.name(), startedAt, touched));
        long backAt = Blocking.await(population.lastOnlineSince(touched));
        if (gateway >= 0) {
            failures.addAll(goBack(fault.name()));
        }
        return new Incident(
                fault.name(),
                victim.name(),
                startedAt,
                population.now(),
                touched,
                backAt < 0 ? -1 : Math.max(0, backAt - startedAt),
                failures);
    }

    private Incident happenToAll(Fault fault) throws IOException {
        long startedAt = population.now();
        List<String> failures = new ArrayList<>();
        String kind = fault.name();
        switch (fault.action()) {
            case KILL_DATABASE -> {
                database.kill();
                sleep(timing.databaseDown());
                database.start();
            }
            case SPLIT, CUT_OFF -> {
                network.split(fault.action() == Fault.Action.CUT_OFF);
                sleep(timing.split());
                network.heal();
            }
            case RESTART_ALL -> failures.addAll(restartAll(kind));
            case UPGRADE_ALL -> {
                Build next = cluster.processes().getFirst().build().other();
                kind = next == Build.NEW ? kind : "rolling-downgrade";
                failures.addAll(upgradeAll(kind, next));
            }
            default -> throw new IOException("there is no process for " + fault.name());
        }
        failures.addAll(makeWhole(kind));
        if (fault.action() == Fault.Action.KILL_DATABASE) {
            failures.addAll(severed(kind, startedAt, Set.of()));
        }
        failures.addAll(goBack(kind));
        return new Incident(kind, "", startedAt, population.now(), Set.of(), -1, failures);
    }

    /// Whoever is connected to a process to which nothing was done notices a pause, and nothing else.
    private List<String> severed(String kind, long since, Set<String> touched) throws IOException {
        List<String> clients = Blocking.await(population.severedSince(since, touched));
        return clients.isEmpty()
                ? List.of()
                : List.of(kind + ": " + clients.size() + " clients of processes that were left alone lost their"
                        + " connection: " + clients.stream().limit(5).collect(Collectors.joining(", ")));
    }

    /// Services first, then session managers, then gateways, as one is told to; the other way round to go
    /// back. After each step processes of both builds must be one cluster.
    private List<String> upgradeAll(String kind, Build next) throws IOException {
        List<String> failures = new ArrayList<>();
        for (ServerProcess process : next == Build.NEW ? cluster.processes().reversed() : cluster.processes()) {
            process.use(next);
            failures.addAll(restart(kind, process));
            failures.addAll(makeWhole(kind + " of " + process.name()));
        }
        return failures;
    }

    private List<String> restartAll(String kind) throws IOException {
        List<String> failures = new ArrayList<>();
        for (ServerProcess process : cluster.processes()) {
            failures.addAll(restart(kind, process));
        }
        return failures;
    }

    private List<String> restart(String kind, ServerProcess process) throws IOException {
        List<String> failures = new ArrayList<>();
        try {
            process.stop();
        } catch (IOException e) {
            failures.add(kind + ": " + process.name() + " after SIGTERM: " + e.getMessage());
            process.kill();
        }
        process.start();
        for (ServerProcess late : cluster.awaitReady(List.of(process), timing.whole())) {
            failures.add(kind + ": " + late.name() + " was not ready again; it said:\n" + late.lastWords());
        }
        return failures;
    }

    /// Brings the clients back to the gateways that they had at first, so that the next fault of a
    /// gateway meets some; one that does not get in there at once is at another and has to be sent again.
    private List<String> goBack(String after) throws IOException {
        List<String> failures = new ArrayList<>();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Blocking.await(population.goHome());
            sleep(Duration.ofMillis(POLL_MILLIS));
            failures.addAll(makeWhole("going back after " + after));
            if (Blocking.await(population.state()).astray() == 0) {
                return failures;
            }
        }
        return failures;
    }

    /// Starts what has ended meanwhile, as an orchestrator does, and waits until all processes are ready
    /// and all clients online. What is not by then is a failure; it is killed and started anew so that
    /// the drill can go on.
    private List<String> makeWhole(String after) throws IOException {
        List<String> failures = new ArrayList<>();
        String missing = awaitWhole(after, failures);
        if (missing.isEmpty()) {
            return failures;
        }
        failures.add(after + ": not whole within " + timing.whole().toSeconds() + " s: " + missing);
        for (ServerProcess late : cluster.awaitReady(cluster.processes(), Duration.ZERO)) {
            late.kill();
            late.start();
        }
        String still = awaitWhole(after, failures);
        if (!still.isEmpty()) {
            failures.add("the cluster did not recover from " + after + ": " + still);
            for (ServerProcess late : cluster.awaitReady(cluster.processes(), Duration.ZERO)) {
                failures.add(late.name() + " said:\n" + late.lastWords());
            }
            throw new IOException(String.join("\n", failures));
        }
        return failures;
    }

    /// @return what is missing when the time is over, empty if nothing
    private String awaitWhole(String after, List<String> failures) throws IOException {
        long deadline = System.nanoTime() + timing.whole().toNanos();
        String missing;
        do {
            for (ServerProcess process : cluster.processes()) {
                if (!process.isAlive()) {
                    failures.add(after + ": " + process.name() + " ended by itself; it said:\n" + process.lastWords());
                    process.start();
                }
            }
            int absent = Blocking.await(population.state()).absent();
            missing = absent > 0 ? absent + " clients are not online" : cluster.misses();
            if (missing.isEmpty()) {
                return "";
            }
            sleep(Duration.ofMillis(POLL_MILLIS));
        } while (System.nanoTime() < deadline);
        return missing;
    }

    private static void sleep(Duration time) throws IOException {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
