package im.stanzabus.bench.load.wire;

import java.nio.ByteBuffer;

/// Room for one turn of one connection, shared by all connections of a loop.
final class Buffers {
    /// No element may be longer.
    static final int LONGEST = 1 << 20;

    private static final int NETWORK = 1 << 17;
    private static final int OUTGOING = 1 << 16;

    private final byte[] bytes = new byte[LONGEST];
    private final ByteBuffer plain = ByteBuffer.wrap(bytes);
    private final ByteBuffer network = ByteBuffer.allocate(NETWORK);
    private final ByteBuffer outgoing = ByteBuffer.allocateDirect(OUTGOING);

    /// What lies below {@link #plain}.
    byte[] bytes() {
        return bytes;
    }

    /// What is to be scanned: it begins with what was left before.
    ByteBuffer plain(byte[] rest) {
        return plain.clear().put(rest);
    }

    /// What is to be deciphered: it begins with what was left before.
    ByteBuffer network(byte[] rest) {
        return network.clear().put(rest);
    }

    /// Empty, for what is to be written.
    ByteBuffer outgoing() {
        return outgoing.clear();
    }
}
