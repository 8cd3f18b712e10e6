package im.stanzabus.bus;

import java.util.function.Consumer;

/// Who is on the bus, and what this process offers there. Safe from any thread.
public interface Membership {
    NodeId self();

    /// Who is there now, this process among them.
    View view();

    /// Has every later change told, in order, on no particular thread. The handler must not block.
    ///
    /// @return takes the listener away again
    Runnable listen(Consumer<View> listener);

    /// Makes known that this process serves a name.
    void offer(String name);

    /// Takes that back.
    void retract(String name);

    /// Makes a service of this process known.
    void announce(ServiceDescriptor descriptor);

    /// Takes that back.
    void withdraw(ServiceDescriptor descriptor);

    /// Makes known that this process is about to stop.
    void leaving();
}
