package im.stanzabus.bus;

import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// Those who want to hear of something, in the order in which they came. Safe for all threads.
///
/// @param <T> what they hear
public final class Listeners<T> {
    private final CopyOnWriteArrayList<Consumer<T>> all = new CopyOnWriteArrayList<>();

    /// One more.
    ///
    /// @return takes the listener away again
    public Runnable add(Consumer<T> listener) {
        all.add(listener);
        return () -> all.remove(listener);
    }

    /// Tells all of them, on this thread.
    public void tell(T news) {
        all.forEach(listener -> listener.accept(news));
    }
}
