package im.stanzabus.offline.archive;

import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.StanzaError.Condition;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which part of a result set is asked for (XEP-0059).
///
/// @param max how many items at most; null if the asker leaves it to us
/// @param after the item before the page
/// @param before the item behind the page
/// @param backwards true for the page that ends at `before`, or at the end of the set
record PageRequest(
        @Nullable Integer max,
        @Nullable Long after,
        @Nullable Long before,
        boolean backwards) {
    static final String NAMESPACE = "http://jabber.org/protocol/rsm";

    private static final int MOST_DIGITS = 9;

    /// @param set the request's element; null for the first page
    /// @throws im.stanzabus.bus.BusFailure if it cannot be met
    static PageRequest of(@Nullable Element set, ArchiveIds ids) {
        if (set == null) {
            return new PageRequest(null, null, null, false);
        }
        if (set.child("index") != null) {
            throw Refusal.of(Condition.FEATURE_NOT_IMPLEMENTED, "pages are found by ids, not by an index");
        }
        String max = set.childText("max");
        String after = set.childText("after");
        String before = set.childText("before");
        return new PageRequest(
                max == null ? null : number(max.strip()),
                after == null ? null : Long.valueOf(ids.parse(after)),
                before == null || before.isEmpty() ? null : Long.valueOf(ids.parse(before)),
                before != null);
    }

    private static int number(String text) {
        if (text.isEmpty() || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw Refusal.badRequest("the size of a page is a number");
        }
        return text.length() > MOST_DIGITS ? Integer.MAX_VALUE : Integer.parseInt(text);
    }

    /// How many items the page may have, of a server that sends `most`.
    int limit(int most) {
        return max == null ? most : Math.min(max, most);
    }

    /// The ids that must be there.
    List<Long> ids() {
        List<Long> ids = new ArrayList<>();
        if (after != null) {
            ids.add(after);
        }
        if (before != null) {
            ids.add(before);
        }
        return ids;
    }
}
