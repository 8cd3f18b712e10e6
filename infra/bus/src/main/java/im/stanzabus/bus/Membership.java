package im.stanzabus.bus;

import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// Who is on the bus, and what this process offers there. Safe from any thread.
public interface Membership {
    NodeId self();

    /// Who is there now, this process among them.
    View view();

    /// Has every later change told, in order, on no particular thread. The handler must not block.
    ///
    /// @return takes the listener away again
    Runnable listen(Consumer<View> listener);

    /// Makes known what this process offers from now on.
    ///
    /// @param change gives this process's entry of the view as it is to be
    void change(UnaryOperator<Member> change);

    /// Makes known that this process serves a name.
    default void offer(String name) {
        change(me -> me.withName(name));
    }

    /// Takes that back.
    default void retract(String name) {
        change(me -> me.withoutName(name));
    }

    /// Makes a service of this process known.
    default void announce(ServiceDescriptor descriptor) {
        change(me -> me.withService(descriptor));
    }

    /// Takes that back.
    default void withdraw(ServiceDescriptor descriptor) {
        change(me -> me.withoutService(descriptor));
    }

    /// Makes known that this process is about to stop.
    default void leaving() {
        change(Member::aboutToLeave);
    }
}
