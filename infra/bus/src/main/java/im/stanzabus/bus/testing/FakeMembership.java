package im.stanzabus.bus.testing;

import im.stanzabus.bus.Listeners;
import im.stanzabus.bus.LocalMembership;
import im.stanzabus.bus.Member;
import im.stanzabus.bus.Membership;
import im.stanzabus.bus.NodeId;
import im.stanzabus.bus.View;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// A membership whose other members come and go as a test says.
public final class FakeMembership implements Membership {
    private final LocalMembership me;
    private final Listeners<View> listeners = new Listeners<>();
    private volatile List<Member> others = List.of();

    public FakeMembership(String node) {
        me = new LocalMembership(new NodeId(node), "test");
        me.listen(_ -> tell());
    }

    public static Member member(String node, String... names) {
        return new Member(new NodeId(node), "test", List.of(), Set.copyOf(Arrays.asList(names)), false);
    }

    public static Member leavingMember(String node, String... names) {
        return new Member(new NodeId(node), "test", List.of(), Set.copyOf(Arrays.asList(names)), true);
    }

    /// From now on these are the other members.
    public void others(Member... now) {
        others = List.of(now);
        tell();
    }

    private void tell() {
        View view = view();
        listeners.tell(view);
    }

    @Override
    public NodeId self() {
        return me.self();
    }

    @Override
    public View view() {
        List<Member> all = new ArrayList<>(me.view().members());
        all.addAll(others);
        return new View(all);
    }

    @Override
    public Runnable listen(Consumer<View> listener) {
        return listeners.add(listener);
    }

    @Override
    public void change(UnaryOperator<Member> change) {
        me.change(change);
    }
}
