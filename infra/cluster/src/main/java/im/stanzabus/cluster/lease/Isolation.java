package im.stanzabus.cluster.lease;

import im.stanzabus.bus.Listeners;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Whether this process is cut off from the larger part of its cluster, and must serve nobody until that is
/// over: the others take its accounts for theirs. Safe from any thread.
public final class Isolation {
    private final Listeners<Boolean> listeners = new Listeners<>();
    private volatile @Nullable String reason;

    /// For a process that is alone: nobody can be cut off from it.
    public static Isolation none() {
        return new Isolation();
    }

    public boolean isolated() {
        return reason != null;
    }

    /// Why, in words for the operator; null if it is not isolated.
    public @Nullable String reason() {
        return reason;
    }

    /// Has it told when it begins (true) and when it is over (false), on no particular thread. The handler
    /// must not block.
    ///
    /// @return takes the listener away again
    public Runnable listen(Consumer<Boolean> listener) {
        return listeners.add(listener);
    }

    /// For whoever watches the cluster: says that it has begun or is over.
    ///
    /// @param now the reason; null when it is over
    public synchronized void set(@Nullable String now) {
        boolean before = reason != null;
        reason = now;
        if (before != (now != null)) {
            listeners.tell(now != null);
        }
    }
}
