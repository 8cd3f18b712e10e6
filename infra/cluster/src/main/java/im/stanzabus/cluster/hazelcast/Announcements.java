package im.stanzabus.cluster.hazelcast;

import im.stanzabus.bus.Listeners;
import im.stanzabus.bus.Member;
import im.stanzabus.bus.NodeId;
import im.stanzabus.bus.RecordCodec;
import im.stanzabus.bus.View;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What every member says of itself, and the view that follows from it: who lives and has announced itself.
/// Safe from any thread.
final class Announcements {
    private static final Logger LOG = LoggerFactory.getLogger(Announcements.class);

    private final RecordCodec codec = new RecordCodec();
    private final Listeners<View> listeners = new Listeners<>();
    private final Map<NodeId, Announcement> others = new HashMap<>();
    private final Deque<View> untold = new ArrayDeque<>();
    private Announcement own;
    private Set<NodeId> living;
    private boolean telling;
    private volatile View view;

    Announcements(Member self) {
        own = new Announcement(self);
        living = Set.of(self.node());
        view = new View(List.of(self));
    }

    View view() {
        return view;
    }

    /// One that fails does not keep a view from the others.
    Runnable listen(Consumer<View> listener) {
        return listeners.add(heard -> {
            try {
                listener.accept(heard);
            } catch (RuntimeException e) {
                LOG.error("a listener failed with a view", e);
            }
        });
    }

    /// The own announcement, to be sent.
    byte[] own() {
        Announcement current;
        synchronized (this) {
            current = own;
        }
        Buffer buffer = Buffer.buffer();
        codec.encodeToWire(buffer, current);
        return buffer.getBytes();
    }

    /// @return false if nothing is different now
    boolean change(UnaryOperator<Member> change) {
        synchronized (this) {
            Member changed = change.apply(own.member());
            if (changed.equals(own.member())) {
                return false;
            }
            own = own.with(changed);
            compute();
        }
        tell();
        return true;
    }

    /// Others are to find this member's event bus there.
    synchronized void reachedAt(String host, int port) {
        own = own.reachedAt(host, port);
    }

    /// What a member says of itself; null if it does not live, or has not said anything yet.
    synchronized @Nullable Announcement of(NodeId node) {
        if (node.equals(own.member().node())) {
            return own;
        }
        return living.contains(node) ? others.get(node) : null;
    }

    /// Takes over what another member sent. What this version of Stanzabus cannot read is left aside.
    void learn(byte[] bytes) {
        if (bytes.length == 0) {
            return;
        }
        try {
            if (codec.decodeFromWire(0, Buffer.buffer(bytes)) instanceof Announcement announcement) {
                learn(announcement);
            }
        } catch (RuntimeException e) {
            LOG.warn("a member announces itself in a way that is not understood here: {}", e.toString());
        }
    }

    private void learn(Announcement announcement) {
        NodeId node = announcement.member().node();
        synchronized (this) {
            Announcement known = others.get(node);
            boolean stale = known != null && known.edition() >= announcement.edition();
            if (stale || node.equals(own.member().node())) {
                return;
            }
            others.put(node, announcement);
            compute();
        }
        tell();
    }

    /// Takes over who lives.
    void living(Set<NodeId> now) {
        synchronized (this) {
            living = Set.copyOf(now);
            compute();
        }
        tell();
    }

    /// Forgets what dead members said.
    synchronized void prune() {
        others.keySet().retainAll(living);
    }

    /// True when everybody who lives has announced itself.
    synchronized boolean isComplete() {
        return living.stream().allMatch(node -> node.equals(own.member().node()) || others.containsKey(node));
    }

    private void compute() {
        List<Member> members = new ArrayList<>(List.of(own.member()));
        for (Map.Entry<NodeId, Announcement> other : others.entrySet()) {
            if (living.contains(other.getKey())) {
                members.add(other.getValue().member());
            }
        }
        View computed = new View(members);
        if (!computed.equals(view)) {
            view = computed;
            untold.add(computed);
        }
    }

    /// Tells the listeners of every view in turn. Whoever finds another thread telling leaves it to that one,
    /// so that no listener hears of a newer view before an older one.
    private void tell() {
        View next = nextUntold(true);
        while (next != null) {
            listeners.tell(next);
            next = nextUntold(false);
        }
    }

    private synchronized @Nullable View nextUntold(boolean begins) {
        if (begins && telling) {
            return null;
        }
        View next = untold.poll();
        telling = next != null;
        return next;
    }
}
