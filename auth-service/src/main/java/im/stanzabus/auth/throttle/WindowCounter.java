package im.stanzabus.auth.throttle;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;

/// Counts events of a key within a window of time that begins with the first of them. Keeps a bounded
/// number of keys; those seen least are forgotten first. Safe from any thread.
public final class WindowCounter<K> {
    private static final int MOST_KEYS = 100_000;

    private record Window(long began, int count) {}

    private final Cache<K, Window> windows;
    private final Ticker ticker;
    private final long lengthNanos;
    private final int limit;

    /// @param limit how many events of a key fit into a window
    public WindowCounter(Ticker ticker, Duration length, int limit) {
        this(ticker, length, limit, MOST_KEYS);
    }

    WindowCounter(Ticker ticker, Duration length, int limit, int mostKeys) {
        this.ticker = ticker;
        this.lengthNanos = length.toNanos();
        this.limit = limit;
        this.windows = Caffeine.newBuilder()
                .maximumSize(mostKeys)
                .expireAfterWrite(length)
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
    }

    /// True if no further event fits into the key's window.
    public boolean isFull(K key) {
        return count(key) >= limit;
    }

    /// Counts one event; false if it does not fit, and then it is not counted either.
    public boolean tryAdd(K key) {
        long now = ticker.read();
        boolean[] fits = {true};
        windows.asMap().compute(key, (_, window) -> {
            if (window == null || isOver(window, now)) {
                return new Window(now, 1);
            }
            fits[0] = window.count < limit;
            return fits[0] ? new Window(window.began, window.count + 1) : window;
        });
        return fits[0];
    }

    /// Takes one event back.
    public void takeBack(K key) {
        windows.asMap()
                .computeIfPresent(
                        key, (_, window) -> window.count <= 1 ? null : new Window(window.began, window.count - 1));
    }

    /// Forgets the key's events.
    public void clear(K key) {
        windows.invalidate(key);
    }

    /// How many keys are kept now.
    long size() {
        windows.cleanUp();
        return windows.estimatedSize();
    }

    private int count(K key) {
        Window window = windows.getIfPresent(key);
        return window == null || isOver(window, ticker.read()) ? 0 : window.count;
    }

    private boolean isOver(Window window, long now) {
        return now - window.began >= lengthNanos;
    }
}
