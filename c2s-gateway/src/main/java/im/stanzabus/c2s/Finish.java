package im.stanzabus.c2s;

/// The end of a stream that waits until what its client sent is handled, for a limited time. Confined to its
/// connection.
final class Finish {
    private final Gateway gateway;
    private final boolean clean;
    private final Runnable then;
    private final long timer;

    Finish(Gateway gateway, boolean clean, long millis, Runnable then) {
        this.gateway = gateway;
        this.clean = clean;
        this.then = then;
        this.timer = gateway.after(Math.max(1, millis), then);
    }

    /// Nothing more is waited for.
    void now() {
        gateway.cancel(timer);
        then.run();
    }

    void cancel() {
        gateway.cancel(timer);
    }

    /// True if it was the client who ended the stream.
    boolean isClean() {
        return clean;
    }
}
