package im.stanzabus.session;

import im.stanzabus.bus.Listeners;
import im.stanzabus.bus.Member;
import im.stanzabus.bus.Membership;
import im.stanzabus.bus.NodeId;
import im.stanzabus.bus.ServiceDescriptor;
import im.stanzabus.bus.View;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// Processes that a test lets come and go; all of them are in this JVM.
final class StagedMembership implements Membership {
    private final Listeners<View> listeners = new Listeners<>();
    private final Map<NodeId, Set<String>> names = new LinkedHashMap<>();
    private final Set<NodeId> leaving = new HashSet<>();
    private final NodeId main;
    private volatile NodeId self;
    private volatile View view;
    private volatile List<ServiceDescriptor> services = List.of();

    StagedMembership(NodeId main) {
        this.main = main;
        self = main;
        names.put(main, new HashSet<>());
        view = new View(List.of(new Member(main, "test", List.of(), Set.of(), false)));
    }

    /// Does something as if in another process.
    synchronized void as(NodeId node, Runnable what) {
        self = node;
        try {
            names.putIfAbsent(node, new HashSet<>());
            what.run();
        } finally {
            self = main;
        }
        names.get(node).add("c2s.0");
        publish();
    }

    /// A process is gone.
    void died(NodeId node) {
        synchronized (this) {
            names.remove(node);
        }
        publish();
    }

    /// A process is about to stop.
    void leaves(NodeId node) {
        synchronized (this) {
            leaving.add(node);
        }
        publish();
    }

    @Override
    public NodeId self() {
        return self;
    }

    @Override
    public View view() {
        return view;
    }

    @Override
    public Runnable listen(Consumer<View> listener) {
        return listeners.add(listener);
    }

    @Override
    public void change(UnaryOperator<Member> change) {
        synchronized (this) {
            Member after = change.apply(new Member(main, "test", services, names.get(main), false));
            services = after.services();
            names.put(main, new HashSet<>(after.names()));
        }
        publish();
    }

    private synchronized void publish() {
        view = new View(names.entrySet().stream()
                .map(entry -> new Member(
                        entry.getKey(), "test", services, entry.getValue(), leaving.contains(entry.getKey())))
                .toList());
        listeners.tell(view);
    }
}
