package im.stanzabus.stream;

import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.xml.StanzaWriter;
import org.jspecify.annotations.Nullable;

/// What goes out on one stream. Everything written in one turn of the event loop leaves in one
/// piece.
///
/// Invariants:
/// - The batches form a chain in the order of writing: first those given to the socket, at the end the one
///   being filled, if any. A batch leaves the chain when the operating system has taken it.
/// - `unsent` is the number of bytes in the chain that were given to the socket.
/// - An idle stream has no batch.
///
/// Confined to its event loop.
public final class StreamOutput {
    /// Whose output it is.
    public interface Owner {
        /// A turn ends in which something was written: what is to go with it can be written now,
        /// before the owner calls {@link StreamOutput#flush}.
        void flush();

        /// The operating system has taken bytes.
        ///
        /// @param delivery the number of the last delivery in them; 0 for none
        void sent(long delivery);

        /// The stream must end because of a mistake of ours.
        void failed(RuntimeException mistake);
    }

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

    private final Owner owner;
    private final StreamSocket socket;
    private final OutputFlusher flusher;
    private @Nullable Batch first;
    private @Nullable Batch last;
    private @Nullable Batch open;
    private int unsent;

    public StreamOutput(Owner owner, StreamSocket socket, OutputFlusher flusher) {
        this.owner = owner;
        this.socket = socket;
        this.flusher = flusher;
    }

    private StanzaWriter writer() {
        return open().writer;
    }

    private Batch open() {
        Batch batch = open;
        if (batch == null) {
            batch = flusher.borrow(owner);
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

    /// Writes an element that is no stanza.
    public void element(Element element) {
        writer().element(element);
    }

    /// Writes ASCII text as it is.
    public void raw(String ascii) {
        writer().raw(ascii);
    }

    /// Writes a stanza of which nobody wants to know when it is sent.
    public void stanza(Stanza stanza) {
        writer().stanza(stanza);
    }

    /// Writes a stanza and has its number told when the operating system has taken it.
    ///
    /// @param number more than that of any before; not 0
    public void delivery(Stanza stanza, long number) {
        Batch batch = open();
        batch.writer.stanza(stanza);
        batch.delivery = number;
    }

    /// How many bytes wait, for this turn's end or for the peer to read.
    public int waiting() {
        return open == null ? unsent : unsent + open.writer.size();
    }

    /// Gives what was written in this turn to the socket; tells how many bytes that are.
    public int flush() {
        Batch batch = open;
        if (batch == null) {
            return 0;
        }
        open = null;
        byte[] bytes = batch.writer.toBytes();
        batch.writer.reset();
        unsent += bytes.length;
        socket.write(bytes, () -> sent(batch, bytes.length));
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
        owner.sent(delivery);
    }

    /// True when the operating system has taken everything.
    public boolean isEmpty() {
        return first == null;
    }
}
