-- Every message costs what its indexes cost, and most of that is finding the page where an entry goes. These two are shorter
-- than those before, as they have numbers where those had addresses; and what comes in by one stream is together in the first
-- one, not in as many places as there are accounts. Making them takes a while where the log is long; messages wait meanwhile.

-- For messages that come again.
CREATE INDEX message_log_stream ON message_log (origin_stream, origin_number);

-- For what two have said to each other. A number may stand for more than one pair, so the addresses are compared as well.
CREATE INDEX message_log_pair ON message_log (hashtextextended(owner || ' ' || peer, 0), id);

-- At last, for who drops an index keeps readers out as well.
DROP INDEX message_log_origin;
DROP INDEX message_log_peer;

CREATE OR REPLACE FUNCTION log_append_with_care(
    owners text[], epochs bigint[], ids bigint[], delivered bigint[], retries boolean[],
    peers text[], sents boolean[], archives boolean[], received timestamptz[], expiries date[],
    streams bigint[], numbers bigint[], stanzas bytea[], today date)
RETURNS smallint[] LANGUAGE plpgsql
SET enable_seqscan = off SET lock_timeout = '4s' AS $$
DECLARE
    outcomes smallint[];
    passed text[];
    passed_after bigint[];
BEGIN
    PERFORM log_hold(owners, true);
    -- A new statement sees what was committed while this one waited for the accounts.
    WITH entry AS MATERIALIZED (
        SELECT e.*, s.last_id, s.delivered_id,
            e.epoch < greatest(s.epoch, max(e.epoch) OVER (PARTITION BY e.owner ORDER BY e.n)) AS stale,
            greatest(s.delivered_id, max(e.mark) OVER (PARTITION BY e.owner)) AS delivered_now,
            row_number() OVER (PARTITION BY e.owner, e.epoch, e.id ORDER BY e.n) = 1 AS first_of_id,
            row_number() OVER (PARTITION BY e.owner, e.epoch, e.sent, e.stream, e.number ORDER BY e.n) = 1
                AS first_of_origin
        FROM unnest(owners, epochs, ids, delivered, retries, sents, archives, expiries, streams, numbers)
            WITH ORDINALITY
            AS e (owner, epoch, id, mark, retry, sent, archived, expires_on, stream, number, n)
        CROSS JOIN LATERAL (SELECT * FROM log_standing k WHERE k.owner = e.owner LIMIT 1) s
    ), known AS (
        SELECT e.n FROM entry e
        CROSS JOIN LATERAL (
            SELECT FROM message_log m
            WHERE m.origin_stream = e.stream AND m.origin_number = e.number AND m.sent = e.sent
                AND m.owner || '' = e.owner -- not by the key, whatever the planner believes
                AND m.id <> e.id
            LIMIT 1) m
        WHERE e.retry AND NOT e.stale
    ), judged AS MATERIALIZED (
        SELECT e.*,
            e.retry AND (k.n IS NOT NULL OR (NOT e.first_of_origin AND e.first_of_id)) AS duplicate,
            p.found IS NOT NULL AS present,
            e.id <= e.delivered_now AND NOT e.archived AND NOT e.sent AS reached
        FROM entry e
        LEFT JOIN known k ON k.n = e.n
        LEFT JOIN LATERAL (
            SELECT 1 AS found FROM message_log l WHERE e.id <= e.last_id AND l.owner = e.owner AND l.id = e.id LIMIT 1) p
            ON true
    ), fresh AS MATERIALIZED (
        SELECT * FROM judged
        WHERE NOT stale AND NOT duplicate AND NOT present AND NOT reached AND first_of_id AND expires_on >= today
    ), written AS (
        INSERT INTO message_log
            (owner, id, peer, sent, archived, received_at, expires_on, origin_stream, origin_number, stanza)
        SELECT owner, id, peers[n], sent, archived, received[n], expires_on, stream, number, stanzas[n]
        FROM fresh ORDER BY n
    ), change AS (
        SELECT j.owner, max(j.epoch) AS epoch, max(j.mark) AS mark, max(j.id) FILTER (WHERE NOT j.duplicate) AS last,
            max(f.id) FILTER (WHERE NOT f.sent) AS received,
            max(f.id) FILTER (WHERE NOT f.sent AND NOT f.archived) AS passing
        FROM judged j LEFT JOIN fresh f ON f.n = j.n
        WHERE NOT j.stale
        GROUP BY j.owner
    ), moved AS (
        UPDATE log_standing s
        SET epoch = greatest(s.epoch, c.epoch), last_id = greatest(s.last_id, c.last),
            delivered_id = greatest(s.delivered_id, c.mark), received_id = greatest(s.received_id, c.received),
            passing_id = greatest(s.passing_id, c.passing)
        FROM change c WHERE s.owner = c.owner
        RETURNING s.owner, s.passing_id
    ), pass AS (
        SELECT DISTINCT e.owner, e.delivered_id FROM moved m JOIN entry e ON e.owner = m.owner
        WHERE m.passing_id > e.delivered_id AND e.delivered_now > e.delivered_id AND NOT e.stale
    )
    SELECT (SELECT array_agg((CASE WHEN stale THEN 2 WHEN duplicate THEN 1 ELSE 0 END)::smallint ORDER BY n)
            FROM judged),
        (SELECT array_agg(owner) FROM pass), (SELECT array_agg(delivered_id) FROM pass)
    INTO outcomes, passed, passed_after;
    IF cardinality(outcomes) IS DISTINCT FROM cardinality(owners) THEN
        RAISE EXCEPTION 'an account was purged meanwhile' USING ERRCODE = 'serialization_failure';
    END IF;
    IF passed IS NOT NULL THEN
        PERFORM log_let_pass(passed, passed_after);
    END IF;
    RETURN outcomes;
END $$;
