package im.stanzabus.drill.cluster;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;

/// All processes of one cluster. Its methods block.
public final class Cluster implements AutoCloseable {
    private static final int FIRST_PORT = 20_000;
    private static final int PORTS = 10_000;
    private static final int ACCOUNTS_AT_A_TIME = 8;
    private static final int CREATED = 201;
    private static final Set<Integer> GIVEN_PORTS = ConcurrentHashMap.newKeySet();
    private static final Duration FIRST_HEAD_START = Duration.ofSeconds(6);
    private static final int POLL_MILLIS = 100;

    private final List<ServerProcess> processes = new ArrayList<>();
    private final List<InetSocketAddress> gateways = new ArrayList<>();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    private Cluster() {}

    private record Planned(String name, Layout.Kind kind, Network.Place place, int client, int web, int bus) {}

    /// Prepares the processes in folders of their own inside `folder`; none runs yet.
    ///
    /// @param java the command that starts a server of each build, up to its arguments; if there is an old one, all
    ///     processes begin with that
    public static Cluster prepare(
            Path folder,
            Layout layout,
            Network network,
            DrillDatabase database,
            String domain,
            Map<Build, List<String>> java)
            throws IOException {
        Cluster cluster = new Cluster();
        List<Planned> plan = new ArrayList<>();
        for (Layout.Kind kind : layout.kinds()) {
            for (int instance = 1; instance <= layout.instances(); instance++) {
                plan.add(new Planned(
                        kind.name() + '-' + instance,
                        kind,
                        network.place((instance - 1) % 2),
                        freePort(),
                        freePort(),
                        freePort()));
            }
        }
        List<String> seeds = layout == Layout.ONE
                ? List.of()
                : plan.stream().map(one -> one.place().host() + ':' + one.bus()).toList();
        for (Planned one : plan) {
            cluster.add(folder, one, seeds, database, domain, java);
        }
        return cluster;
    }

    private void add(
            Path folder,
            Planned one,
            List<String> seeds,
            DrillDatabase database,
            String domain,
            Map<Build, List<String>> java)
            throws IOException {
        Path home = Files.createDirectories(folder.resolve(one.name()));
        String host = one.place().host();
        ProcessConfig config = new ProcessConfig(
                one.name(),
                domain,
                host,
                one.client(),
                one.web(),
                one.bus(),
                database.host(),
                database.config(),
                seeds);
        Files.writeString(home.resolve("stanzabus.yaml"), config.yaml());
        Map<Build, List<String>> commands = new EnumMap<>(Build.class);
        java.forEach((build, start) -> {
            List<String> command = new ArrayList<>(one.place().prefix());
            command.addAll(start);
            command.add("run");
            if (!seeds.isEmpty()) {
                command.addAll(one.kind().services());
            }
            commands.put(build, List.copyOf(command));
        });
        Build first = commands.containsKey(Build.OLD) ? Build.OLD : Build.NEW;
        URI address = URI.create("http://" + host + ':' + one.web());
        processes.add(new ServerProcess(one.name(), one.kind(), home, commands, first, address, http));
        if (one.kind().isGateway()) {
            gateways.add(new InetSocketAddress(host, one.client()));
        }
    }

    /// A port that is free now and was not given before, from a range that no system gives to outgoing
    /// connections, so that it stays free while its process is away.
    static int freePort() throws IOException {
        Random random = new Random();
        for (int attempt = 0; attempt < PORTS; attempt++) {
            int port = FIRST_PORT + random.nextInt(PORTS);
            if (isFree(port) && GIVEN_PORTS.add(port)) {
                return port;
            }
        }
        throw new IOException("there is no free port");
    }

    private static boolean isFree(int port) throws IOException {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (BindException e) {
            return false;
        }
    }

    /// Another free port, for the database.
    public static int port() throws IOException {
        return freePort();
    }

    /// The first process is given some time to make the cluster and the tables, then the others follow.
    ///
    /// @throws IOException if not all are ready in time
    public void start(Duration limit) throws IOException {
        processes.getFirst().start();
        awaitReady(List.of(processes.getFirst()), FIRST_HEAD_START);
        for (ServerProcess process : processes) {
            process.start();
        }
        List<ServerProcess> late = awaitReady(processes, limit);
        if (!late.isEmpty()) {
            ServerProcess first = late.getFirst();
            throw new IOException(
                    first.name() + " is not ready after " + limit.toSeconds() + " s; it said:\n" + first.lastWords());
        }
    }

    /// Waits until these are ready.
    ///
    /// @return those that are not after this time
    public List<ServerProcess> awaitReady(List<ServerProcess> which, Duration limit) throws IOException {
        long deadline = System.nanoTime() + limit.toNanos();
        List<ServerProcess> late = new ArrayList<>(which);
        while (true) {
            late.removeIf(ServerProcess::isReady);
            if (late.isEmpty() || System.nanoTime() > deadline) {
                return late;
            }
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
    }

    /// What keeps the cluster from being whole; empty if all processes are ready, see each other, and all
    /// slots are where they belong.
    public String misses() throws IOException {
        List<ServerProcess> late = awaitReady(processes, Duration.ZERO);
        if (!late.isEmpty()) {
            return late.getFirst().name() + " is not ready";
        }
        return processes.stream()
                .map(process -> process.misses(processes.size()))
                .filter(reason -> !reason.isEmpty())
                .findFirst()
                .orElse("");
    }

    public List<ServerProcess> processes() {
        return List.copyOf(processes);
    }

    /// Where clients connect.
    public List<InetSocketAddress> gateways() {
        return List.copyOf(gateways);
    }

    /// The index of a process among the gateways, -1 if it is none.
    public int gatewayIndex(ServerProcess process) {
        return processes.stream()
                .filter(other -> other.kind().isGateway())
                .toList()
                .indexOf(process);
    }

    /// Makes accounts through the administration of the first process.
    public void createAccounts(List<String> jids, String password) throws IOException {
        ServerProcess first = processes.getFirst();
        String token = first.token();
        for (int from = 0; from < jids.size(); from += ACCOUNTS_AT_A_TIME) {
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (String jid : jids.subList(from, Math.min(jids.size(), from + ACCOUNTS_AT_A_TIME))) {
                JsonObject body = new JsonObject().put("jid", jid).put("password", password);
                answers.add(http.sendAsync(
                        HttpRequest.newBuilder(first.http().resolve("/admin/users"))
                                .timeout(Duration.ofSeconds(30))
                                .header("authorization", "Bearer " + token)
                                .POST(HttpRequest.BodyPublishers.ofString(body.encode()))
                                .build(),
                        HttpResponse.BodyHandlers.ofString()));
            }
            for (CompletableFuture<HttpResponse<String>> answer : answers) {
                check(answer);
            }
        }
    }

    private static void check(CompletableFuture<HttpResponse<String>> answer) throws IOException {
        try {
            HttpResponse<String> response = answer.join();
            if (response.statusCode() != CREATED) {
                throw new IOException("an account was not made: " + response.statusCode() + ' ' + response.body());
            }
        } catch (CompletionException e) {
            throw new IOException("an account was not made: " + e.getCause(), e);
        }
    }

    /// Ends all processes at once.
    @Override
    public void close() {
        processes.forEach(ServerProcess::end);
        http.shutdownNow();
    }
}
