package im.stanzabus.stream;

/// A token bucket for the bytes of one stream: a second's worth may come at once. Confined to its
/// stream.
final class Throttle {
    private static final long NANOS = 1_000_000_000L;

    private final int bytesPerSecond;
    private double available;
    private long filled = System.nanoTime();

    Throttle(int bytesPerSecond) {
        this.bytesPerSecond = bytesPerSecond;
        this.available = bytesPerSecond;
    }

    /// Takes the bytes from the bucket; true if they were more than there was.
    boolean exceeded(int bytes) {
        long now = System.nanoTime();
        available = Math.min(bytesPerSecond, available + (double) (now - filled) / NANOS * bytesPerSecond) - bytes;
        filled = now;
        return available < 0;
    }

    /// How long it takes until the bucket is not in debt any more.
    long pauseMillis() {
        return Math.max(1, (long) Math.ceil(-available * 1_000 / bytesPerSecond));
    }
}
