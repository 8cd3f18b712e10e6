package im.stanzabus.drill.client;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// A bound resource with its counters, which outlives its connection.
final class PretendSession {
    private final String id;
    private final String jid;
    private final Deque<String> unacknowledged = new ArrayDeque<>();
    private long acknowledged;
    private long handled;
    private boolean managed;
    private @Nullable PretendStream stream;

    PretendSession(String id, String jid, PretendStream stream) {
        this.id = id;
        this.jid = jid;
        this.stream = stream;
    }

    String id() {
        return id;
    }

    String jid() {
        return jid;
    }

    long handled() {
        return handled;
    }

    void managed() {
        managed = true;
    }

    void count() {
        handled += managed ? 1 : 0;
    }

    void stream(@Nullable PretendStream next) {
        stream = next;
    }

    /// Takes over what an older session of the same resource could not deliver.
    void inherit(PretendSession older) {
        unacknowledged.addAll(older.unacknowledged);
    }

    void deliver(String stanza) {
        unacknowledged.add(stanza);
        PretendStream open = stream;
        if (open != null) {
            open.write(stanza);
        }
    }

    void acknowledged(long h) {
        for (; acknowledged < h; acknowledged++) {
            unacknowledged.remove();
        }
    }

    void deliverAgain() {
        PretendStream open = stream;
        if (open != null) {
            unacknowledged.forEach(open::write);
        }
    }
}
