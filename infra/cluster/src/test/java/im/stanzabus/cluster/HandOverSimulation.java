package im.stanzabus.cluster;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Origin;
import im.stanzabus.stanza.Jid;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A cluster of simulated processes whose clients write messages to each other while faults happen. The
/// seed decides everything.
final class HandOverSimulation {
    private static final long FAULTS_END = 13_000;
    private static final long END = 45_000;
    private static final int ACCOUNTS = 10;
    private static final int CONNECTIONS = 4;

    private final World world;
    private final Set<Rule> rules;
    private final Network network;
    private final SimulatedLog log;
    private final SimulatedLeases leases;
    private final List<SimulatedGateway> gateways = new ArrayList<>();
    private final Map<Node, List<SimulatedSessions>> sessions = new HashMap<>();
    private int started;

    /// @param lossy whether messages are lost and doubled on links that live
    HandOverSimulation(long seed, Set<Rule> rules, boolean lossy) {
        this.rules = rules;
        world = new World(seed);
        network = new Network(world, lossy);
        log = new SimulatedLog(rules);
        leases = new SimulatedLeases(world);
    }

    /// Runs the simulation.
    ///
    /// @return what went wrong
    List<String> run() {
        for (int i = world.between(1, 3); i > 0; i--) {
            startSessions();
        }
        for (int i = world.between(1, 3); i > 0; i--) {
            startGateway();
        }
        for (int faults = world.between(1, 8); faults > 0; faults--) {
            world.at(world.between(500, (int) FAULTS_END - 500), this::fault);
        }
        world.runUntil(FAULTS_END);
        heal();
        for (long time = FAULTS_END; time < END && !isAllHandled(); time += 500) {
            world.runUntil(time);
        }
        return judge();
    }

    private Node start(String kind, Set<String> names) {
        Node node = new Node(world, network, kind + started++, names);
        network.join(node);
        leases.beat(node);
        return node;
    }

    private void startSessions() {
        Set<String> names = new HashSet<>(Set.of(Addresses.SLOTS));
        int partitions = world.between(1, 2);
        for (int partition = 0; partition < partitions; partition++) {
            names.add(Addresses.sessions(partition));
        }
        Node node = start("sessions", names);
        List<SimulatedSessions> all = new ArrayList<>();
        for (int partition = 0; partition < partitions; partition++) {
            all.add(new SimulatedSessions(node, Addresses.sessions(partition), log, leases, rules));
        }
        sessions.put(node, all);
    }

    private void startGateway() {
        Node node = start("gateway", Set.of(Addresses.SLOTS, SimulatedGateway.NAME));
        SimulatedGateway gateway = new SimulatedGateway(node, rules);
        gateways.add(gateway);
        for (int i = 0; i < CONNECTIONS; i++) {
            Jid client = Jid.of(account(world.random.nextInt(ACCOUNTS)) + "/" + gateways.size() + "-" + i);
            world.after(world.between(0, 1_000), () -> node.run(() -> gateway.connect(client)));
        }
        world.after(1_001, () -> write(gateway));
    }

    /// Every connection has a favourite, so that there is an order to be kept.
    private void write(SimulatedGateway gateway) {
        gateway.node.run(() -> {
            SimulatedGateway.Connection connection =
                    gateway.connections.get(world.random.nextInt(gateway.connections.size()));
            int to = world.chance(60) ? Math.floorMod(connection.stream, ACCOUNTS) : world.random.nextInt(ACCOUNTS);
            gateway.write(connection, account(to));
        });
        if (world.now() < FAULTS_END) {
            world.after(world.between(1, 60), () -> write(gateway));
        }
    }

    private void fault() {
        List<Node> nodes = network.nodes();
        if (nodes.isEmpty()) {
            return;
        }
        Node node = nodes.get(world.random.nextInt(nodes.size()));
        switch (world.between(0, 7)) {
            case 0, 1 -> kill(node);
            case 2 -> {
                if (!node.frozen) {
                    node.freeze();
                    world.after(world.between(100, 6_000), node::thaw);
                }
            }
            case 3 -> {
                Node other = nodes.get(world.random.nextInt(nodes.size()));
                if (other != node) {
                    network.cut(node, other, true);
                    world.after(world.between(50, 6_000), () -> network.cut(node, other, false));
                }
            }
            case 4 -> isolate(node);
            case 5 -> {
                world.databaseUp = false;
                world.after(world.between(100, 5_000), () -> world.databaseUp = true);
            }
            case 6 -> startSessions();
            default -> {
                if (sessions.containsKey(node)) {
                    leave(node);
                }
            }
        }
    }

    private void kill(Node node) {
        node.kill();
        boolean manager = sessions.containsKey(node);
        world.after(world.between(0, 3_000), manager ? this::startSessions : this::startGateway);
    }

    private void isolate(Node node) {
        node.databaseCut = world.chance(50);
        List<Node> others =
                network.nodes().stream().filter(other -> other != node).toList();
        others.forEach(other -> network.cut(node, other, true));
        world.after(world.between(100, 6_000), () -> {
            node.databaseCut = false;
            others.forEach(other -> network.cut(node, other, false));
        });
    }

    private void leave(Node node) {
        startSessions();
        node.run(() -> {
            node.leaving();
            sessions.getOrDefault(node, List.of()).forEach(manager -> manager.ownership.leave());
        });
        world.after(world.between(1_000, 5_000), node::kill);
    }

    private void heal() {
        world.databaseUp = true;
        network.mendAll();
        for (Node node : network.nodes()) {
            node.databaseCut = false;
            if (node.frozen) {
                node.thaw();
            }
        }
        startSessions();
    }

    private boolean isAllHandled() {
        return gateways.stream()
                .filter(gateway -> gateway.node.alive)
                .flatMap(gateway -> gateway.connections.stream())
                .allMatch(connection -> connection.unconfirmed.isEmpty());
    }

    private List<String> judge() {
        List<String> wrong = new ArrayList<>(log.violations);
        Map<Jid, Map<Origin, Integer>> counts = new HashMap<>();
        for (int i = 0; i < ACCOUNTS; i++) {
            Jid receiver = account(i);
            Map<Long, Long> last = new HashMap<>();
            Map<Origin, Integer> count = new HashMap<>();
            for (Origin origin : log.received(receiver)) {
                count.merge(origin, 1, Integer::sum);
                Long before = last.put(origin.stream(), origin.number());
                if (before != null && before >= origin.number()) {
                    wrong.add(receiver + " has " + origin.number() + " after " + before + " of " + origin.stream());
                }
            }
            counts.put(receiver, count);
        }
        for (SimulatedGateway gateway : gateways) {
            for (SimulatedGateway.Connection connection : gateway.connections) {
                judge(gateway, connection, counts, wrong);
            }
        }
        return wrong;
    }

    private static void judge(
            SimulatedGateway gateway,
            SimulatedGateway.Connection connection,
            Map<Jid, Map<Origin, Integer>> counts,
            List<String> wrong) {
        if (gateway.node.alive && connection.handled < connection.number) {
            wrong.add(connection.stream + " of " + connection.client + " waits for " + (connection.handled + 1) + " of "
                    + connection.number);
        }
        connection.receivers.forEach((number, receiver) -> {
            int times = counts.getOrDefault(receiver, Map.of()).getOrDefault(new Origin(connection.stream, number), 0);
            if (times > 1 || (times == 0 && number <= connection.handled)) {
                wrong.add(number + " of " + connection.id + " is in the log of " + receiver + " " + times + " times");
            }
        });
    }

    private static Jid account(int number) {
        return Jid.of("u" + number + "@a.example");
    }
}
