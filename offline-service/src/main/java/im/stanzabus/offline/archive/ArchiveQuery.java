package im.stanzabus.offline.archive;

import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.JidSyntaxException;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.StanzaError.Condition;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an account asks of its archive (XEP-0313 section 4).
///
/// @param with messages to or from this address only
/// @param start messages taken in then or later
/// @param end messages taken in then or earlier
/// @param afterId messages behind this one
/// @param beforeId messages before this one
/// @param ids these messages only; empty for all
/// @param groupchat false to leave out messages of rooms
/// @param page the part of the result
/// @param flipped true to be sent the page in reverse order
/// @param queryId what the asker calls the query
record ArchiveQuery(
        Jid account,
        @Nullable Jid with,
        @Nullable Instant start,
        @Nullable Instant end,
        @Nullable Long afterId,
        @Nullable Long beforeId,
        List<Long> ids,
        boolean groupchat,
        PageRequest page,
        boolean flipped,
        @Nullable String queryId) {
    private static final int MOST_IDS = 1000;
    private static final Instant FIRST_TIME = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LAST_TIME = Instant.parse("9999-12-31T23:59:59Z");

    /// @throws im.stanzabus.bus.BusFailure if it is wrong, or cannot be answered
    static ArchiveQuery read(Jid account, Element query, ArchiveIds ids) {
        if (query.attribute("node") != null) {
            throw Refusal.of(Condition.ITEM_NOT_FOUND, "an account has no nodes");
        }
        QueryForm form = QueryForm.read(query.child("x", Namespaces.DATA_FORMS));
        String afterId = form.value(QueryForm.AFTER_ID);
        String beforeId = form.value(QueryForm.BEFORE_ID);
        List<String> named = form.all(QueryForm.IDS);
        if (named.size() > MOST_IDS) {
            throw Refusal.of(Condition.POLICY_VIOLATION, "more than " + MOST_IDS + " ids");
        }
        return new ArchiveQuery(
                account,
                address(form.value(QueryForm.WITH)),
                time(form.value(QueryForm.START)),
                time(form.value(QueryForm.END)),
                afterId == null ? null : Long.valueOf(ids.parse(afterId)),
                beforeId == null ? null : Long.valueOf(ids.parse(beforeId)),
                named.stream().map(ids::parse).toList(),
                flag(form.value(QueryForm.INCLUDE_GROUPCHAT)),
                PageRequest.of(query.child("set", PageRequest.NAMESPACE), ids),
                query.child("flip-page") != null,
                query.attribute("queryid"));
    }

    private static @Nullable Jid address(@Nullable String text) {
        try {
            return text == null ? null : Jid.parse(text);
        } catch (JidSyntaxException e) {
            throw Refusal.of(Condition.JID_MALFORMED, "'with' is no address: " + e.getMessage());
        }
    }

    /// XEP-0082 section 3.2.
    private static @Nullable Instant time(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            Instant time = OffsetDateTime.parse(text).toInstant();
            if (time.isBefore(FIRST_TIME) || time.isAfter(LAST_TIME)) {
                throw Refusal.badRequest("a time out of range");
            }
            return time;
        } catch (DateTimeException _) {
            throw Refusal.badRequest("a time is written like 2026-02-03T04:05:06Z");
        }
    }

    private static boolean flag(@Nullable String text) {
        return switch (text) {
            case null -> true;
            case "true", "1" -> true;
            case "false", "0" -> false;
            default -> throw Refusal.badRequest("'" + QueryForm.INCLUDE_GROUPCHAT + "' is true or false");
        };
    }

    /// The ids that must be in the archive for the query to be answered.
    List<Long> namedIds() {
        List<Long> named = new ArrayList<>(ids);
        named.addAll(page.ids());
        if (afterId != null) {
            named.add(afterId);
        }
        if (beforeId != null) {
            named.add(beforeId);
        }
        return named.stream().distinct().toList();
    }
}
