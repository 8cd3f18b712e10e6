package im.stanzabus.drill.client;

import im.stanzabus.drill.books.Label;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a client has sent on a stream and the server has not acknowledged (XEP-0198 section 4).
final class Outbox {
    /// A stanza that was sent.
    ///
    /// @param label null if it is no numbered message
    record Sent(String stanza, @Nullable Label label) {}

    private final Deque<Sent> unacknowledged = new ArrayDeque<>();
    private long acknowledged;

    void sent(Sent stanza) {
        unacknowledged.add(stanza);
    }

    int size() {
        return unacknowledged.size();
    }

    /// Takes out what is covered by the server's count.
    ///
    /// @return the labels among it
    /// @throws IllegalArgumentException if the server has counted more than was sent, or less than before
    List<Label> covered(long h) {
        long newly = h - acknowledged;
        if (newly < 0 || newly > unacknowledged.size()) {
            throw new IllegalArgumentException(
                    "h is " + h + " after " + acknowledged + ", and " + unacknowledged.size() + " stanzas wait");
        }
        List<Label> labels = new ArrayList<>();
        for (long i = 0; i < newly; i++) {
            Label label = unacknowledged.remove().label();
            if (label != null) {
                labels.add(label);
            }
        }
        acknowledged = h;
        return labels;
    }

    /// What a resumed stream must carry again, in order.
    List<String> stanzas() {
        return unacknowledged.stream().map(Sent::stanza).toList();
    }

    /// Begins a new stream.
    ///
    /// @return the messages of which nobody knows whether the old one brought them to the server
    List<Label> restart() {
        List<Label> unsure = new ArrayList<>();
        for (Sent stanza : unacknowledged) {
            if (stanza.label() != null) {
                unsure.add(stanza.label());
            }
        }
        unacknowledged.clear();
        acknowledged = 0;
        return unsure;
    }
}
