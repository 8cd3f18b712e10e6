package im.stanzabus.c2s;

import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.xml.StanzaWriter;
import org.jspecify.annotations.Nullable;

/// What goes out on one connection. Everything written in one turn of the event loop leaves in one piece.
///
/// Invariants:
/// - The batches form a chain in the order of writing: first those given to the socket, at the end the one
///   being filled, if any. A batch leaves the chain when the operating system has taken it.
/// - `unsent` is the number of bytes in the chain that were given to the socket.
/// - An idle connection has no batch.
///
/// Confined to its event loop.
final class Outbound {
    /// A piece of output, with the number of the last delivery in it.
    static final class Batch {
        private static final long NONE = 0;

        final StanzaWriter writer = new StanzaWriter();
        private long delivery;
        private @Nullable Batch next;

        void clear() {
            writer.reset();
            delivery = NONE;
            next = null;
        }
    }

    private final Connection connection;
    private final Flusher flusher;
    private @Nullable Batch first;
    private @Nullable Batch last;
    private @Nullable Batch open;
    private int unsent;

    Outbound(Connection connection, Flusher flusher) {
        this.connection = connection;
        this.flusher = flusher;
    }

    private StanzaWriter writer() {
        return open().writer;
    }

    private Batch open() {
        Batch batch = open;
        if (batch == null) {
            batch = flusher.borrow(connection);
            open = batch;
            if (last == null) {
                first = batch;
            } else {
                last.next = batch;
            }
            last = batch;
        }
        return batch;
    }

    void element(Element element) {
        writer().element(element);
    }

    void raw(String ascii) {
        writer().raw(ascii);
    }

    /// Writes a stanza of the gateway's own.
    void stanza(Stanza stanza) {
        writer().stanza(stanza);
    }

    /// Writes a stanza that the owner handed over.
    void delivery(Stanza stanza, long number) {
        Batch batch = open();
        batch.writer.stanza(stanza);
        batch.delivery = number;
    }

    /// How many bytes wait, for this turn's end or for the client to read.
    int waiting() {
        return open == null ? unsent : unsent + open.writer.size();
    }

    /// Gives what was written in this turn to the socket; tells how many bytes that are.
    int flush() {
        Batch batch = open;
        if (batch == null) {
            return 0;
        }
        open = null;
        byte[] bytes = batch.writer.toBytes();
        batch.writer.reset();
        unsent += bytes.length;
        connection.socket().write(bytes, () -> sent(batch, bytes.length));
        return bytes.length;
    }

    private void sent(Batch batch, int bytes) {
        unsent -= bytes;
        // the socket takes batches in order, so this one is the first
        first = batch.next;
        if (first == null) {
            last = null;
        }
        long delivery = batch.delivery;
        flusher.giveBack(batch);
        connection.sent(delivery);
    }

    /// True when the operating system has taken everything.
    boolean isEmpty() {
        return first == null;
    }
}
