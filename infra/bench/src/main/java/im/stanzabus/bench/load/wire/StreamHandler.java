package im.stanzabus.bench.load.wire;

/// Speaks on a connection. Everything is called by the thread of the loop.
public interface StreamHandler {
    /// The connection can carry a stream: it has just been made, or TLS has just begun on it.
    void ready();

    /// A stanza, or another element below the stream. The bytes are good for this call only.
    ///
    /// @return false if what follows in these bytes is not to be looked at, since the stream begins anew
    boolean element(byte[] bytes, int from, int to);

    /// The connection is gone; called once.
    ///
    /// @param how in words
    void closed(String how);
}
