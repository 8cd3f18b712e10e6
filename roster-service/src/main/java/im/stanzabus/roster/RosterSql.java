package im.stanzabus.roster;

import java.util.List;

/// The statements of roster-service. `$1` is the account where one is meant.
final class RosterSql {
    /// Rows of four kinds in one form. A request's name, groups and subscription columns hold its id, the names
    /// of its children and its language.
    static final String LOAD = """
            SELECT 0, incarnation, NULL::text, NULL::text[], NULL::text, false, false, NULL::bytea, version
              FROM roster WHERE owner = $1
            UNION ALL
            SELECT 1, contact, name, groups, subscription, ask, approved, NULL, version
              FROM roster_item WHERE owner = $1
            UNION ALL
            SELECT 2, jid, NULL, NULL, NULL, false, false, NULL, 0
              FROM roster_blocked WHERE owner = $1
            UNION ALL
            SELECT 3, contact, stanza_id, children, lang, false, false, payload,
                   (extract(epoch FROM received_at) * 1000000)::bigint
              FROM roster_request WHERE owner = $1
            """;

    static final String CHANGES_SINCE = """
            SELECT 0, incarnation, NULL::text, NULL::text[], oldest::text, false, false, NULL::bytea, version
              FROM roster WHERE owner = $1
            UNION ALL
            SELECT 1, contact, name, groups, subscription, ask, approved, NULL, version
              FROM roster_item WHERE owner = $1 AND version > $2
            UNION ALL
            SELECT 1, contact, NULL, NULL, 'remove', false, false, NULL, version
              FROM roster_removed WHERE owner = $1 AND version > $2
            """;

    static final String LOCK = "SELECT incarnation, version FROM roster WHERE owner = $1 FOR UPDATE";

    /// Waits for another transaction that makes the same row, and then makes none.
    static final String CREATE = "INSERT INTO roster (owner, incarnation) VALUES ($1, $2) ON CONFLICT DO NOTHING";

    static final String SET_VERSION = "UPDATE roster SET version = $2 WHERE owner = $1";

    /// Always one row.
    static final String CONTACT = """
            SELECT item.name, item.groups, item.subscription, item.ask, item.approved, request.contact IS NOT NULL
              FROM (SELECT $1::text AS owner, $2::text AS contact) AS wanted
              LEFT JOIN roster_item AS item ON item.owner = $1 AND item.contact = $2
              LEFT JOIN roster_request AS request ON request.owner = $1 AND request.contact = $2
            """;

    /// When a contact changed last; null when that is not known any more.
    static final String CHANGED_AT = """
            SELECT coalesce((SELECT version FROM roster_item WHERE owner = $1 AND contact = $2),
                            (SELECT version FROM roster_removed WHERE owner = $1 AND contact = $2))
            """;

    static final String COUNT_ITEMS = "SELECT count(*) FROM roster_item WHERE owner = $1";

    static final String COUNT_REQUESTS = "SELECT count(*) FROM roster_request WHERE owner = $1";

    static final String SAVE_ITEM = """
            WITH added_again AS (DELETE FROM roster_removed WHERE owner = $1 AND contact = $2)
            INSERT INTO roster_item (owner, contact, name, groups, subscription, ask, approved, version)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (owner, contact) DO UPDATE
               SET name = excluded.name, groups = excluded.groups, subscription = excluded.subscription,
                   ask = excluded.ask, approved = excluded.approved, version = excluded.version
            """;

    static final String REMOVE_ITEM = """
            WITH gone AS (DELETE FROM roster_item WHERE owner = $1 AND contact = $2)
            INSERT INTO roster_removed (owner, contact, version) VALUES ($1, $2, $3)
            ON CONFLICT (owner, contact) DO UPDATE SET version = excluded.version, removed_at = excluded.removed_at
            """;

    /// Forgets removed contacts beyond `$2` and older than `$3` seconds, and notes since when the rest is
    /// complete.
    static final String FORGET_REMOVED = """
            WITH forgotten AS (
              DELETE FROM roster_removed
               WHERE owner = $1
                 AND (removed_at < now() - make_interval(secs => $3)
                      OR version <= (SELECT version FROM roster_removed
                                      WHERE owner = $1 ORDER BY version DESC OFFSET $2 LIMIT 1))
              RETURNING version)
            UPDATE roster SET oldest = greatest(oldest, (SELECT max(version) FROM forgotten))
             WHERE owner = $1 AND EXISTS (SELECT FROM forgotten)
            """;

    static final String SAVE_REQUEST = """
            INSERT INTO roster_request (owner, contact, stanza_id, lang, payload, children)
            VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (owner, contact) DO UPDATE
               SET stanza_id = excluded.stanza_id, lang = excluded.lang, payload = excluded.payload,
                   children = excluded.children, received_at = excluded.received_at
            """;

    static final String FORGET_REQUEST = "DELETE FROM roster_request WHERE owner = $1 AND contact = $2";

    static final String BLOCK =
            "INSERT INTO roster_blocked (owner, jid) SELECT $1, unnest($2::text[]) ON CONFLICT DO NOTHING";

    static final String UNBLOCK = "DELETE FROM roster_blocked WHERE owner = $1 AND jid = ANY ($2::text[])";

    static final String UNBLOCK_ALL = "DELETE FROM roster_blocked WHERE owner = $1";

    static final String BLOCKED = "SELECT jid FROM roster_blocked WHERE owner = $1 ORDER BY jid";

    static final String OUTCOME = """
            SELECT pushed, forward, send, sharing FROM roster_outcome
              WHERE owner = $1 AND stream = $2 AND number = $3 AND kind = $4
            """;

    /// Keeps an outcome, and forgets all but the last `$9` before it.
    static final String SAVE_OUTCOME = """
            WITH forgotten AS (
              DELETE FROM roster_outcome
               WHERE owner = $1
                 AND made_at <= (SELECT made_at FROM roster_outcome
                                  WHERE owner = $1 ORDER BY made_at DESC OFFSET $9 LIMIT 1))
            INSERT INTO roster_outcome (owner, stream, number, kind, pushed, forward, send, sharing)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            """;

    /// Leaves to another instance what that is just forgetting.
    static final String FORGET_OUTCOMES = """
            DELETE FROM roster_outcome WHERE ctid IN (
              SELECT ctid FROM roster_outcome WHERE made_at < now() - make_interval(secs => $1)
                 FOR UPDATE SKIP LOCKED)
            """;

    static final String IS_GONE = "SELECT account_is_gone($1, $2)";

    static final List<String> PURGE = List.of(
            "DELETE FROM roster_outcome WHERE owner = $1",
            "DELETE FROM roster_item WHERE owner = $1",
            "DELETE FROM roster_removed WHERE owner = $1",
            "DELETE FROM roster_request WHERE owner = $1",
            "DELETE FROM roster_blocked WHERE owner = $1",
            "DELETE FROM roster WHERE owner = $1");

    private RosterSql() {}
}
