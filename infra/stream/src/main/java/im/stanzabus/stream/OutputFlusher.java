package im.stanzabus.stream;

import io.vertx.core.Context;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/// Flushes all streams that were written to in a turn of the event loop at its end, after all its
/// sockets were read: one system call per stream and turn, however many stanzas there are.
/// Confined to its context.
public final class OutputFlusher {
    private static final int POOLED = 256;

    private final Context context;
    private final IntConsumer flushed;
    private final ArrayDeque<StreamOutput.Batch> pool = new ArrayDeque<>();
    private List<StreamOutput.Owner> dirty = new ArrayList<>();
    private List<StreamOutput.Owner> flushing = new ArrayList<>();

    /// @param flushed told at the end of a turn how many streams are about to be flushed
    public OutputFlusher(Context context, IntConsumer flushed) {
        this.context = context;
        this.flushed = flushed;
    }

    /// A batch for a stream that begins to write; it will be flushed.
    StreamOutput.Batch borrow(StreamOutput.Owner owner) {
        wake(owner);
        StreamOutput.Batch batch = pool.poll();
        return batch == null ? new StreamOutput.Batch() : batch;
    }

    /// Has the stream flushed at the end of this turn, which gives its owner the time to write
    /// until then.
    public void wake(StreamOutput.Owner owner) {
        if (dirty.isEmpty()) {
            context.runOnContext(_ -> flush());
        }
        dirty.add(owner);
    }

    void giveBack(StreamOutput.Batch batch) {
        if (pool.size() < POOLED) {
            batch.clear();
            pool.push(batch);
        }
    }

    private void flush() {
        List<StreamOutput.Owner> owners = dirty;
        dirty = flushing;
        flushing = owners;
        try {
            flushed.accept(owners.size());
            for (StreamOutput.Owner owner : owners) {
                try {
                    owner.flush();
                } catch (RuntimeException e) {
                    owner.failed(e);
                }
            }
        } finally {
            owners.clear(); // also after an error, or nobody would be flushed any more
        }
    }
}
