package im.stanzabus.c2s;

import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.xml.StanzaWriter;
import java.util.ArrayList;
import java.util.List;
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
    /// A piece of output with the stanzas in it that the owner must have back if the client does not get them.
    static final class Batch {
        private static final int MANY = 64;

        final StanzaWriter writer = new StanzaWriter();
        private List<Stanza> stanzas = new ArrayList<>();
        private @Nullable Batch next;

        void clear() {
            writer.reset();
            if (stanzas.size() > MANY) {
                stanzas = new ArrayList<>();
            } else {
                stanzas.clear();
            }
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

    /// Writes a stanza that nobody wants back.
    void stanza(Stanza stanza) {
        writer().stanza(stanza);
    }

    /// Writes a stanza that comes back in {@link #undelivered} if the client does not get it.
    void returnable(Stanza stanza) {
        Batch batch = open();
        batch.writer.stanza(stanza);
        batch.stanzas.add(stanza);
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
        flusher.giveBack(batch);
        connection.sent();
    }

    /// True when the operating system has taken everything.
    boolean isEmpty() {
        return first == null;
    }

    /// The stanzas that the client may not have got, in order. To be asked when the connection is gone.
    List<Stanza> undelivered() {
        List<Stanza> stanzas = new ArrayList<>();
        for (Batch batch = first; batch != null; batch = batch.next) {
            stanzas.addAll(batch.stanzas);
        }
        return stanzas;
    }
}
