package im.stanzabus.c2s;

import im.stanzabus.bus.LocalMembership;
import im.stanzabus.bus.Member;
import im.stanzabus.bus.Membership;
import im.stanzabus.bus.NodeId;
import im.stanzabus.bus.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// A process that is alone, or believes that there is another one with a gateway.
final class TestMembership implements Membership {
    private final LocalMembership local = new LocalMembership(new NodeId("test"), "test");
    private volatile List<Member> others = List.of();

    /// From now on there is another gateway.
    void addGateway() {
        others = List.of(new Member(new NodeId("other"), "test", List.of(), Set.of("c2s.0"), false));
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
        return local.listen(_ -> listener.accept(view()));
    }

    @Override
    public void change(UnaryOperator<Member> change) {
        local.change(change);
    }
}
