package im.stanzabus.cluster;

import im.stanzabus.bus.Member;
import im.stanzabus.bus.Membership;
import im.stanzabus.bus.NodeId;
import im.stanzabus.bus.ServiceDescriptor;
import im.stanzabus.bus.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// Who one simulated process believes is there.
final class SimulatedMembership implements Membership {
    private final NodeId self;
    private final Set<String> names;
    private final Map<String, Member> members = new TreeMap<>();
    private final CopyOnWriteArrayList<Consumer<View>> listeners = new CopyOnWriteArrayList<>();
    private View view;
    private boolean leaving;

    SimulatedMembership(NodeId self, Set<String> names) {
        this.self = self;
        this.names = names;
        members.put(self.name(), me());
        view = new View(List.copyOf(members.values()));
    }

    Member me() {
        return new Member(self, "test", List.of(), names, leaving);
    }

    void see(Member member) {
        if (!member.equals(members.put(member.node().name(), member))) {
            changed();
        }
    }

    void lose(NodeId node) {
        if (members.remove(node.name()) != null) {
            changed();
        }
    }

    private void changed() {
        View now = new View(new ArrayList<>(members.values()));
        view = now;
        listeners.forEach(listener -> listener.accept(now));
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
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public void leaving() {
        leaving = true;
        see(me());
    }

    @Override
    public void offer(String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void retract(String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void announce(ServiceDescriptor descriptor) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void withdraw(ServiceDescriptor descriptor) {
        throw new UnsupportedOperationException();
    }
}
