package im.stanzabus.drill.books;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What one resource has received, as a client sees it that drops what has a stanza-id it knows (XEP-0359).
final class Inbox {
    /// What a delivery turned out to be.
    enum Kind {
        /// The first copy.
        FIRST,
        /// The first copy, but a later message of the same sender has been here before it.
        LATE,
        /// A copy with a stanza-id that this resource has seen on this message: dropped.
        KNOWN,
        /// A copy that no stanza-id gives away.
        DOUBLE,
        /// Another message under a stanza-id that has been used: a client drops it unseen.
        CLASH
    }

    private record Pair(String sender, String receiver) {}

    private static final class Seen {
        private final BitSet numbers = new BitSet();
        private int highest = -1;
    }

    private final Map<String, Label> ids = new HashMap<>();
    private final Map<Pair, Seen> pairs = new HashMap<>();
    private final Map<Label, Integer> copies = new HashMap<>();

    Kind take(Label label, @Nullable String stanzaId) {
        Label known = stanzaId == null ? null : ids.putIfAbsent(stanzaId, label);
        if (known != null) {
            return known.equals(label) ? Kind.KNOWN : Kind.CLASH;
        }
        Seen seen = pairs.computeIfAbsent(new Pair(label.sender(), label.receiver()), pair -> new Seen());
        if (seen.numbers.get(label.number())) {
            copies.merge(label, 2, (have, first) -> have + 1);
            return Kind.DOUBLE;
        }
        seen.numbers.set(label.number());
        if (label.number() < seen.highest) {
            return Kind.LATE;
        }
        seen.highest = label.number();
        return Kind.FIRST;
    }

    /// How many copies with stanza-ids of their own have come of a message that was found doubled.
    int copies(Label label) {
        return copies.getOrDefault(label, 1);
    }
}
