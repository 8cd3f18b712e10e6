package im.stanzabus.bus;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// The membership of a process that is alone.
public final class LocalMembership implements Membership {
    private final NodeId node;
    private final Listeners<View> listeners = new Listeners<>();
    private volatile View view;

    public LocalMembership(NodeId node, String version) {
        this.node = node;
        view = new View(List.of(new Member(node, version, List.of(), Set.of(), false)));
    }

    @Override
    public NodeId self() {
        return node;
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
    public synchronized void change(UnaryOperator<Member> change) {
        Member before = view.members().getFirst();
        Member after = change.apply(before);
        if (!after.equals(before)) {
            View changed = new View(List.of(after));
            view = changed;
            listeners.tell(changed);
        }
    }
}
