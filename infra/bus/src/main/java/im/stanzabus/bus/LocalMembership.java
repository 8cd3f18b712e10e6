package im.stanzabus.bus;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// The membership of a process that is alone.
public final class LocalMembership implements Membership {
    private final NodeId node;
    private final CopyOnWriteArrayList<Consumer<View>> listeners = new CopyOnWriteArrayList<>();
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
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public void offer(String name) {
        change(me -> {
            Set<String> names = new HashSet<>(me.names());
            names.add(name);
            return new Member(me.node(), me.version(), me.services(), names, me.leaving());
        });
    }

    @Override
    public void retract(String name) {
        change(me -> {
            Set<String> names = new HashSet<>(me.names());
            names.remove(name);
            return new Member(me.node(), me.version(), me.services(), names, me.leaving());
        });
    }

    @Override
    public void announce(ServiceDescriptor descriptor) {
        change(me -> {
            List<ServiceDescriptor> services = new ArrayList<>(me.services());
            if (!services.contains(descriptor)) {
                services.add(descriptor);
            }
            return new Member(me.node(), me.version(), services, me.names(), me.leaving());
        });
    }

    @Override
    public void withdraw(ServiceDescriptor descriptor) {
        change(me -> {
            List<ServiceDescriptor> services = new ArrayList<>(me.services());
            services.remove(descriptor);
            return new Member(me.node(), me.version(), services, me.names(), me.leaving());
        });
    }

    @Override
    public void leaving() {
        change(me -> new Member(me.node(), me.version(), me.services(), me.names(), true));
    }

    private synchronized void change(UnaryOperator<Member> operator) {
        Member before = view.members().getFirst();
        Member after = operator.apply(before);
        if (!after.equals(before)) {
            View changed = new View(List.of(after));
            view = changed;
            listeners.forEach(listener -> listener.accept(changed));
        }
    }
}
