package im.stanzabus.s2s.remote;

/// Runs things later, on the context of whoever asks.
interface Timers {
    /// Something that is to happen.
    interface Timer {
        /// It will not happen; nothing if it has.
        void cancel();
    }

    Timer after(long millis, Runnable task);
}
