package im.stanzabus.offline.archive;

import im.stanzabus.offline.stored.Retention;
import im.stanzabus.offline.stored.StoredStanza;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaType;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Says in SQL which rows of `message_log` a query means. Made for one statement.
final class Conditions {
    /// How a stored message of a room begins: its type is its first attribute.
    private static final byte[] GROUPCHAT = startTag(StanzaType.GROUPCHAT, null, null);

    private final StringBuilder where = new StringBuilder();
    private final Tuple values = Tuple.tuple();

    /// The archive of an account.
    Conditions(Jid account, LocalDate today) {
        this("owner = ?", account, today);
    }

    private Conditions(String owner, Jid account, LocalDate today) {
        where.append("archived");
        add(owner, account.toString());
        add("expires_on >= ?", today);
    }

    /// What a query finds.
    ///
    /// @param keeps how long the host keeps messages, or once did
    static Conditions of(ArchiveQuery query, List<Duration> keeps, LocalDate today) {
        Jid with = query.with();
        boolean isPair = with != null && (with.isBare() || !with.bare().equals(query.account()));
        // a pair is found by its number, whatever the planner believes of the key that begins with the owner
        Conditions conditions = new Conditions(isPair ? "owner || '' = ?" : "owner = ?", query.account(), today);
        if (with != null && isPair) {
            conditions.pair(query.account(), with.bare());
        }
        if (with != null && with.isFull()) {
            conditions.fullAddress(with);
        }
        conditions.times(query, keeps);
        if (query.afterId() != null) {
            conditions.add("id > ?", query.afterId());
        }
        if (query.beforeId() != null) {
            conditions.add("id < ?", query.beforeId());
        }
        if (!query.ids().isEmpty()) {
            conditions.add("id = ANY (?)", query.ids().toArray(Long[]::new));
        }
        if (!query.groupchat()) {
            conditions.add("substring(stanza FROM 1 FOR " + GROUPCHAT.length + ") <> ?", Buffer.buffer(GROUPCHAT));
        }
        return conditions;
    }

    private void pair(Jid account, Jid peer) {
        add("hashtextextended(owner || ' ' || peer, 0) = hashtextextended(?, 0)", account + " " + peer);
        add("peer = ?", peer.toString());
    }

    /// Section 4.1.1: a bare address means all its resources; a full one is looked for in the stanza, as
    /// the account itself may have that address.
    private void fullAddress(Jid with) {
        where.append(" AND (");
        inStartTag(attribute(startTag(StanzaType.CHAT, with, null), " from='"));
        where.append(" OR ");
        inStartTag(attribute(startTag(StanzaType.CHAT, null, with), " to='"));
        where.append(')');
    }

    /// Values have neither quotes nor `>` in them, so the first `>` ends the tag.
    private void inStartTag(byte[] attribute) {
        values.addBuffer(Buffer.buffer(attribute));
        where.append("position($")
                .append(values.size())
                .append(" IN stanza) BETWEEN 1 AND position('\\x3e'::bytea IN stanza)");
    }

    private void times(ArchiveQuery query, List<Duration> keeps) {
        Instant start = query.start();
        Instant end = query.end();
        if (start != null) {
            add("received_at >= ?", start.atOffset(ZoneOffset.UTC));
            keeps.stream()
                    .map(keep -> Retention.lastDay(keep, start))
                    .min(Comparator.naturalOrder())
                    .ifPresent(day -> add("expires_on >= ?", day));
        }
        if (end != null) {
            add("received_at <= ?", end.atOffset(ZoneOffset.UTC));
            keeps.stream()
                    .map(keep -> Retention.lastDay(keep, end))
                    .max(Comparator.naturalOrder())
                    .ifPresent(day -> add("expires_on <= ?", day));
        }
    }

    /// The part of the result that a page is taken from.
    void within(PageRequest page) {
        if (page.after() != null) {
            add("id > ?", page.after());
        }
        if (page.before() != null) {
            add("id < ?", page.before());
        }
    }

    /// @param condition with one question mark, for the value
    void add(String condition, Object value) {
        values.addValue(value);
        where.append(" AND ").append(condition.replace("?", "$" + values.size()));
    }

    String where() {
        return where.toString();
    }

    /// The values, and another one at their end.
    Tuple valuesAnd(Object value) {
        return values.addValue(value);
    }

    /// The number of the value that comes next.
    int next() {
        return values.size() + 1;
    }

    private static byte[] startTag(StanzaType type, @Nullable Jid from, @Nullable Jid to) {
        String empty = new String(StoredStanza.write(Stanza.message(type, from, to)), StandardCharsets.UTF_8);
        return empty.substring(0, empty.length() - 2).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] attribute(byte[] tag, String start) {
        String text = new String(tag, StandardCharsets.UTF_8);
        return text.substring(text.indexOf(start)).getBytes(StandardCharsets.UTF_8);
    }
}
