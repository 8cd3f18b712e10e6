package im.stanzabus.s2s.component;

import im.stanzabus.bus.LocalMembership;
import im.stanzabus.bus.Member;
import im.stanzabus.bus.Membership;
import im.stanzabus.bus.NodeId;
import im.stanzabus.bus.ServiceDescriptor;
import im.stanzabus.bus.ServiceDescriptor.ServedDomain;
import im.stanzabus.bus.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// A process that is alone, or believes that there is another one.
final class TestMembership implements Membership {
    private final LocalMembership local = new LocalMembership(new NodeId("n1"), "test");
    private final CopyOnWriteArrayList<Consumer<View>> listeners = new CopyOnWriteArrayList<>();
    private volatile List<Member> others = List.of();

    TestMembership() {
        local.listen(_ -> tell());
    }

    /// From now on another process answers for a component, and has a stream with it or waits for one.
    void otherServes(String domain, boolean connected) {
        ServiceDescriptor answers = ServiceDescriptor.internal(domain, "test", false)
                .withDomains(List.of(new ServedDomain(domain, "component", "generic", domain)));
        ServiceDescriptor hasStream = ServiceDescriptor.internal("connected:" + domain, "test", false);
        List<ServiceDescriptor> services = connected ? List.of(answers, hasStream) : List.of(answers);
        others = List.of(new Member(new NodeId("n2"), "test", services, Set.of("domain:" + domain), false));
        tell();
    }

    private void tell() {
        View now = view();
        listeners.forEach(listener -> listener.accept(now));
    }

    @Override
    public NodeId self() {
        return local.self();
    }

    @Override
    public View view() {
        List<Member> members = new ArrayList<>(local.view().members());
        members.addAll(others);
        return new View(members);
    }

    @Override
    public Runnable listen(Consumer<View> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public void change(UnaryOperator<Member> change) {
        local.change(change);
    }
}
