package im.stanzabus.cluster;

import im.stanzabus.bus.Listeners;
import im.stanzabus.bus.Member;
import im.stanzabus.bus.Membership;
import im.stanzabus.bus.NodeId;
import im.stanzabus.bus.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// Who one process believes is there, as a test says. Told by one thread, asked by any.
public final class SimulatedMembership implements Membership {
    private final Map<String, Member> members = new TreeMap<>();
    private final Listeners<View> listeners = new Listeners<>();
    private volatile View view;
    private volatile Member me;

    /// @param names what it serves
    public SimulatedMembership(NodeId self, Set<String> names) {
        me = new Member(self, "test", List.of(), names, false);
        members.put(self.name(), me);
        view = new View(List.copyOf(members.values()));
    }

    Member me() {
        return me;
    }

    public void see(Member member) {
        if (!member.equals(members.put(member.node().name(), member))) {
            changed();
        }
    }

    public void lose(NodeId node) {
        if (members.remove(node.name()) != null) {
            changed();
        }
    }

    private void changed() {
        View now = new View(new ArrayList<>(members.values()));
        view = now;
        listeners.tell(now);
    }

    @Override
    public NodeId self() {
        return me.node();
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
        me = change.apply(me);
        see(me);
    }
}
