package im.stanzabus.drill.books;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What one resource has received, as a client sees it that drops what has a stanza-id it knows (XEP-0359).
final class Inbox {
    /// What a delivery turned out to be.
    enum Kind {
        /// The first of the message.
        FIRST,
        /// The first of the message, but a later message of the same sender has been here before it.
        LATE,
        /// One with a stanza-id that this resource has seen on this message: dropped.
        KNOWN,
        /// The message was here, as the client had sent it on another stream.
        OWN_COPY,
        /// What the client sent once was here, and no stanza-id gives that away.
        DOUBLE,
        /// Another message under a stanza-id that has been used: a client drops it unseen.
        CLASH
    }

    /// What one client sends to the account.
    private static final class Pair {
        private final Set<Integer> numbers = new HashSet<>();
        private final Map<Integer, Integer> highestOfStreams = new HashMap<>();
        private int highest = -1;
    }

    private final Map<String, Label> ids = new HashMap<>();
    private final Map<String, Pair> pairs = new HashMap<>();
    private final Set<Copy> copies = new HashSet<>();

    /// Messages of one stream come in their order. So does one that was sent on one stream only, whatever the
    /// later ones came on. Of one that was sent again, the first copy may have missed this resource, and the
    /// second come after messages that followed the first.
    ///
    /// @param once true if the client has sent the message on one stream only
    Kind take(Copy copy, boolean once, @Nullable String stanzaId) {
        Label label = copy.label();
        Label known = stanzaId == null ? null : ids.putIfAbsent(stanzaId, label);
        if (known != null) {
            return known.equals(label) ? Kind.KNOWN : Kind.CLASH;
        }
        if (!copies.add(copy)) {
            return Kind.DOUBLE;
        }
        Pair pair = pairs.computeIfAbsent(label.sender(), sender -> new Pair());
        boolean first = pair.numbers.add(label.number());
        int before = once ? pair.highest : pair.highestOfStreams.getOrDefault(copy.stream(), -1);
        pair.highest = Math.max(pair.highest, label.number());
        pair.highestOfStreams.merge(copy.stream(), label.number(), Math::max);
        if (label.number() < before) {
            return Kind.LATE;
        }
        return first ? Kind.FIRST : Kind.OWN_COPY;
    }
}
