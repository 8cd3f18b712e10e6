package im.stanzabus.cluster;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.NodeId;
import im.stanzabus.bus.SlotClaim;
import im.stanzabus.bus.SlotTable;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// One simulated process: may be killed, and may be frozen and thawed.
final class Node {
    private static final long TICK_MILLIS = 50;

    final World world;
    final NodeId id;
    final Network network;
    final SimulatedMembership membership;
    final SlotTable table;
    boolean alive = true;
    boolean frozen;

    /// True while this process cannot reach the database.
    boolean databaseCut;

    private final Map<String, Consumer<Object>> handlers = new HashMap<>();
    private final Deque<Runnable> inbox = new ArrayDeque<>();

    Node(World world, Network network, String name, Set<String> names) {
        this.world = world;
        this.network = network;
        id = new NodeId(name);
        membership = new SimulatedMembership(id, names);
        table = new SlotTable(membership);
        serve(Addresses.SLOTS, message -> table.claimed((SlotClaim) message));
    }

    void serve(String name, Consumer<Object> handler) {
        handlers.put(Addresses.at(name, id), handler);
    }

    void take(String address, Object message) {
        Consumer<Object> handler = handlers.get(address);
        if (handler != null) {
            handler.accept(message);
        }
    }

    void send(String address, Object message) {
        network.send(this, address, message);
    }

    /// Runs something in this process: now, when it is thawed, or never.
    void run(Runnable what) {
        if (!alive) {
            return;
        }
        if (frozen) {
            inbox.add(what);
        } else {
            what.run();
        }
    }

    /// A queue of one thread of this process: what is put in runs a little later, in order.
    Consumer<Runnable> context() {
        long[] last = new long[1];
        return what -> {
            last[0] = Math.max(last[0], world.now() + world.between(0, 3));
            world.at(last[0], () -> run(what));
        };
    }

    void everyTick(Runnable what) {
        every(TICK_MILLIS, what);
    }

    void every(long millis, Runnable what) {
        world.after(
                millis,
                () -> run(() -> {
                    what.run();
                    every(millis, what);
                }));
    }

    void freeze() {
        frozen = true;
        network.changed(this);
    }

    void thaw() {
        frozen = false;
        while (alive && !frozen && !inbox.isEmpty()) {
            inbox.remove().run();
        }
        network.changed(this);
    }

    void kill() {
        alive = false;
        network.changed(this);
    }

    void leaving() {
        membership.leaving();
        network.announced(this);
    }
}
