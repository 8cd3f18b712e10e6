package im.stanzabus.drill;

import im.stanzabus.drill.client.Population;
import im.stanzabus.drill.cluster.Build;
import im.stanzabus.drill.cluster.Cluster;
import im.stanzabus.drill.cluster.DrillDatabase;
import im.stanzabus.drill.cluster.Loopback;
import im.stanzabus.drill.cluster.Namespaces;
import im.stanzabus.drill.cluster.Network;
import im.stanzabus.drill.fault.Blocking;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Everything that must be built before a drill and taken away after it: the folder, the network, the database, the
/// processes and the event loop of the clients. Can be closed at any time from another thread.
final class Rig implements AutoCloseable {
    private static final String DOMAIN = "drill.example";
    private static final String DATABASE = "postgres";
    private static final String PASSWORD = "only for the drill";
    private static final Duration START_LIMIT = Duration.ofMinutes(2);

    private final DrillOptions options;
    private final Progress progress;
    private @Nullable Path folder;
    private @Nullable Network network;
    private @Nullable DrillDatabase database;
    private @Nullable Cluster cluster;
    private @Nullable Vertx vertx;
    private boolean closed;

    Rig(DrillOptions options, Progress progress) {
        this.options = options;
        this.progress = progress;
    }

    /// @param split whether the network shall be one that can be split
    void build(boolean split) throws IOException {
        Path home = home(options.keep());
        folder = home;
        Network wires = keep(split ? splittable() : new Loopback("it was not chosen"));
        network = wires;
        progress.say("starting PostgreSQL in " + home);
        DrillDatabase store = keep(DrillDatabase.create(home.resolve(DATABASE), wires, Cluster.port()));
        database = store;
        Cluster servers = keep(Cluster.prepare(home, options.layout(), wires, store, DOMAIN, java()));
        cluster = servers;
        progress.say("starting " + servers.processes().size() + " processes");
        servers.start(START_LIMIT);
        progress.say("all are ready");
    }

    /// A new folder: what an earlier drill has left in it would be in the way.
    private static Path home(@Nullable Path keep) throws IOException {
        if (keep == null) {
            return Files.createTempDirectory("stanzabus-drill-");
        }
        String time =
                LocalDateTime.now(ZoneId.systemDefault()).format(DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss-SSS"));
        return Files.createDirectories(keep.toAbsolutePath().resolve(time));
    }

    /// What has been built while the rig was being closed goes at once.
    private synchronized <T extends AutoCloseable> T keep(T part) throws IOException {
        if (closed) {
            try {
                part.close();
            } catch (Exception e) {
                throw new IOException(e);
            }
            throw new IOException("the drill is over");
        }
        return part;
    }

    private static Network splittable() {
        try {
            return Namespaces.build();
        } catch (IOException e) {
            return new Loopback("network namespaces cannot be made (" + e.getMessage() + ")");
        }
    }

    /// The start of the command line of a server process: little memory, and no time for the second compiler, since
    /// the processes are started again all the time.
    private Map<Build, List<String>> java() {
        Map<Build, List<String>> java = new EnumMap<>(Build.class);
        java.put(Build.NEW, java(options.serverPath()));
        if (options.oldPath() != null) {
            java.put(Build.OLD, java(options.oldPath()));
        }
        return java;
    }

    private static List<String> java(String classPath) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:+UseCompactObjectHeaders",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                classPath,
                "im.stanzabus.server.Main");
    }

    /// Makes the accounts and starts the clients.
    Population populate(long originNanos, Random random) throws IOException {
        Vertx loop = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        vertx = loop;
        List<SocketAddress> gateways = cluster().gateways().stream()
                .map(SocketAddress::inetSocketAddress)
                .toList();
        long period = Math.max(1, Math.round(1000 / options.rate()));
        Population population =
                new Population(loop, gateways, DOMAIN, PASSWORD, options.clients(), period, originNanos, random);
        progress.say("making " + population.jids().size() + " accounts");
        cluster().createAccounts(population.jids(), PASSWORD);
        Blocking.await(population.start());
        return population;
    }

    Network network() throws IOException {
        return built(network);
    }

    DrillDatabase database() throws IOException {
        return built(database);
    }

    Cluster cluster() throws IOException {
        return built(cluster);
    }

    private static <T> T built(@Nullable T part) throws IOException {
        if (part == null) {
            throw new IOException("it has not been built");
        }
        return part;
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        close(cluster);
        close(database);
        close(network);
        if (vertx != null) {
            vertx.close();
        }
        Path home = folder;
        if (home != null) {
            remove(options.keep() == null ? home : home.resolve(DATABASE));
        }
    }

    private void close(@Nullable AutoCloseable part) {
        try {
            if (part != null) {
                part.close();
            }
        } catch (Exception e) {
            progress.say("cannot be closed: " + e);
        }
    }

    private void remove(Path home) {
        if (!Files.exists(home)) {
            return;
        }
        try (Stream<Path> all = Files.walk(home)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            progress.say("the folder " + home + " was not removed: " + e.getMessage());
        }
    }
}
