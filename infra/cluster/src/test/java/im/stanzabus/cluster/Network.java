package im.stanzabus.cluster;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.NodeId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The bus between simulated processes: in order from each to each, with delays. A cut link keeps what is
/// sent until it is whole again, or until the sender takes the receiver for dead and drops it. Of what is
/// sent on a link that lives, some is lost, and some arrives twice: the second time perhaps behind what
/// was sent later.
final class Network {
    private record Pair(NodeId from, NodeId to) {}

    private record Sent(long time, String address, Object message) {}

    private static final class Link {
        final Deque<Sent> sent = new ArrayDeque<>();
        long last;
    }

    private static final int MOST_PER_MILLE = 20;
    private static final int LATEST_DOUBLE_MILLIS = 3_000;

    private final World world;
    private final int lostPerMille;
    private final int doubledPerMille;
    private final Map<NodeId, Node> nodes = new LinkedHashMap<>();
    private final Map<Pair, Link> links = new HashMap<>();
    private final Set<Pair> cuts = new HashSet<>();

    /// @param lossy false if nothing is lost or doubled on a link that lives
    Network(World world, boolean lossy) {
        this.world = world;
        lostPerMille = lossy ? world.between(0, MOST_PER_MILLE) : 0;
        doubledPerMille = lossy ? world.between(0, MOST_PER_MILLE) : 0;
    }

    List<Node> nodes() {
        return nodes.values().stream().filter(node -> node.alive).toList();
    }

    void join(Node node) {
        nodes.put(node.id, node);
        for (Node other : nodes()) {
            if (!other.frozen) {
                node.membership.see(other.membership.me());
            }
        }
        changed(node);
    }

    void send(Node from, String address, Object message) {
        NodeId to = Addresses.nodeOf(address);
        if (!from.alive || !from.membership.view().has(to)) {
            return;
        }
        boolean own = to.equals(from.id);
        if (own || !happens(lostPerMille)) {
            enqueue(from.id, to, address, message);
        }
        if (!own && happens(doubledPerMille)) {
            world.after(world.between(0, LATEST_DOUBLE_MILLIS), () -> {
                if (from.alive && from.membership.view().has(to)) {
                    enqueue(from.id, to, address, message);
                }
            });
        }
    }

    private boolean happens(int perMille) {
        return perMille > 0 && world.random.nextInt(1_000) < perMille;
    }

    private void enqueue(NodeId from, NodeId to, String address, Object message) {
        Link link = link(from, to);
        int delay = world.chance(3) ? world.between(20, 300) : world.between(0, 5);
        link.last = Math.max(link.last, world.now() + delay);
        link.sent.add(new Sent(link.last, address, message));
        world.at(link.last, () -> pump(from, to));
    }

    /// Cuts or mends what is between two nodes.
    void cut(Node one, Node other, boolean cut) {
        for (Pair pair : List.of(new Pair(one.id, other.id), new Pair(other.id, one.id))) {
            if (cut) {
                cuts.add(pair);
            } else {
                cuts.remove(pair);
                pump(pair.from, pair.to);
            }
        }
        review(one, other);
        review(other, one);
    }

    void mendAll() {
        for (Pair pair : Set.copyOf(cuts)) {
            Node from = nodes.get(pair.from);
            Node to = nodes.get(pair.to);
            if (from != null && to != null) {
                cut(from, to, false);
            }
        }
    }

    /// The node was started, frozen, thawed or killed: the others find out, each in its time.
    void changed(Node node) {
        for (Node other : nodes.values()) {
            if (other != node) {
                review(other, node);
                review(node, other);
            }
        }
    }

    /// The node offers something else than before.
    void announced(Node node) {
        for (Node other : nodes()) {
            world.after(
                    other == node ? 0 : world.between(5, 200),
                    () -> other.run(() -> {
                        if (other.membership.view().has(node.id)) {
                            other.membership.see(node.membership.me());
                        }
                    }));
        }
    }

    private void review(Node observer, Node subject) {
        int delay = reachable(observer, subject) ? world.between(20, 600) : world.between(400, 2_500);
        world.after(
                delay,
                () -> observer.run(() -> {
                    boolean seen = observer.membership.view().has(subject.id);
                    if (reachable(observer, subject)) {
                        observer.membership.see(subject.membership.me());
                    } else if (seen) {
                        observer.membership.lose(subject.id);
                        link(observer.id, subject.id).sent.clear();
                    }
                }));
    }

    private boolean reachable(Node one, Node other) {
        return one.alive && other.alive && !one.frozen && !other.frozen && !cuts.contains(new Pair(one.id, other.id));
    }

    private void pump(NodeId from, NodeId to) {
        Link link = link(from, to);
        Node receiver = nodes.get(to);
        while (!link.sent.isEmpty() && link.sent.element().time <= world.now() && !cuts.contains(new Pair(from, to))) {
            Sent sent = link.sent.remove();
            if (receiver != null) {
                receiver.run(() -> receiver.take(sent.address, sent.message));
            }
        }
    }

    private Link link(NodeId from, NodeId to) {
        return links.computeIfAbsent(new Pair(from, to), _ -> new Link());
    }

    @Nullable
    Node node(NodeId id) {
        return nodes.get(id);
    }
}
