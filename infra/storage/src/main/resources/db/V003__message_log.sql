-- The message log: what was taken in for an account and has not reached its user yet.

CREATE TABLE log_entry (
    owner       text COLLATE "C" NOT NULL, -- bare JID of the account
    id          bigint           NOT NULL CHECK (id > 0), -- grows with each entry of the account
    received_at timestamptz      NOT NULL,
    expires_at  timestamptz,               -- never, if null
    stanza      bytea            NOT NULL, -- the whole stanza as UTF-8 XML
    PRIMARY KEY (owner, id)
) WITH (autovacuum_vacuum_scale_factor = 0.05);

-- Stanzas live short and are mostly small: compressing them costs more than it saves.
ALTER TABLE log_entry ALTER COLUMN stanza SET STORAGE EXTERNAL;

CREATE INDEX log_entry_expiry ON log_entry (expires_at) WHERE expires_at IS NOT NULL;

-- Where the log of an account stands. Every change of its entries locks this row first; half of each page is left free
-- so that changing it does not touch the index.
CREATE TABLE log_mark (
    owner        text COLLATE "C" PRIMARY KEY,
    last_id      bigint NOT NULL DEFAULT 0, -- the highest id ever written
    delivered_id bigint NOT NULL DEFAULT 0, -- entries up to this one have reached the user and are deleted
    refused_id   bigint NOT NULL DEFAULT 0, -- the highest id ever refused for want of room
    waiting      bigint NOT NULL DEFAULT 0 CHECK (waiting >= 0) -- how many rows log_entry has
) WITH (fillfactor = 50);

-- The functions: a statement's plan must not depend on how small a table was when it was made, so they look rows up by
-- their keys only; and they give up before their callers do.

-- Locks accounts in one order, whoever calls, so that two callers cannot wait for each other.
CREATE FUNCTION log_lock(owners text[]) RETURNS void LANGUAGE plpgsql
SET enable_seqscan = off SET lock_timeout = '4s' AS $$
BEGIN
    INSERT INTO log_mark (owner)
        SELECT DISTINCT o COLLATE "C" FROM unnest(owners) AS o
        WHERE NOT EXISTS (SELECT FROM log_mark m WHERE m.owner = o)
        ORDER BY 1
        ON CONFLICT (owner) DO NOTHING;
    PERFORM FROM log_mark m WHERE m.owner = ANY (owners) ORDER BY m.owner FOR UPDATE;
END $$;

-- Writes entries and says for each whether it is kept. May be repeated: an entry that is there, or was and has been
-- delivered, is kept and not written again. An entry of before the delivered mark that is not there was either
-- delivered or refused; it counts as refused when it might have been, so that nothing is lost behind a false "kept".
-- keep_seconds is 0 for ever.
CREATE FUNCTION log_append(
    owners text[], ids bigint[], received timestamptz[], stanzas bytea[], quota bigint, keep_seconds bigint)
RETURNS boolean[] LANGUAGE plpgsql
SET enable_seqscan = off SET lock_timeout = '4s' AS $$
DECLARE
    kept boolean[];
BEGIN
    PERFORM log_lock(owners);
    WITH entry AS (
        SELECT e.n, e.owner, e.id, e.received_at, e.stanza, m.delivered_id, m.refused_id, m.waiting,
            p.found IS NOT NULL AS present,
            p.found IS NULL AND e.id > m.delivered_id AS fresh
        FROM unnest(owners, ids, received, stanzas) WITH ORDINALITY AS e (owner, id, received_at, stanza, n)
        CROSS JOIN LATERAL (SELECT * FROM log_mark k WHERE k.owner = e.owner LIMIT 1) m
        LEFT JOIN LATERAL (SELECT 1 AS found FROM log_entry l WHERE l.owner = e.owner AND l.id = e.id LIMIT 1) p
            ON true
    ), judged AS (
        SELECT *, fresh AND waiting + dense_rank() OVER (PARTITION BY owner, fresh ORDER BY id) <= quota AS fits
        FROM entry
    ), written AS (
        INSERT INTO log_entry (owner, id, received_at, expires_at, stanza)
        SELECT owner, id, received_at,
            CASE WHEN keep_seconds > 0 THEN received_at + keep_seconds * interval '1 second' END, stanza
        FROM judged WHERE fits ORDER BY n
        ON CONFLICT (owner, id) DO NOTHING
        RETURNING owner, id
    ), change AS (
        SELECT owner, sum(count) AS count, max(last) AS last, max(refused) AS refused
        FROM (
            SELECT owner, 1 AS count, id AS last, 0 AS refused FROM written
            UNION ALL SELECT owner, 0, 0, id FROM judged WHERE fresh AND NOT fits
        ) AS parts
        GROUP BY owner
    ), stands AS (
        UPDATE log_mark m
        SET last_id = greatest(m.last_id, c.last), refused_id = greatest(m.refused_id, c.refused),
            waiting = m.waiting + c.count
        FROM change c WHERE m.owner = c.owner
    )
    SELECT array_agg(present OR fits OR (id <= delivered_id AND id > refused_id) ORDER BY n) INTO kept FROM judged;
    IF cardinality(kept) IS DISTINCT FROM cardinality(owners) THEN
        RAISE EXCEPTION 'an account was purged meanwhile' USING ERRCODE = 'serialization_failure';
    END IF;
    RETURN kept;
END $$;

-- Moves delivered marks forward, never back, and deletes what they pass.
CREATE FUNCTION log_delivered(owners text[], ids bigint[]) RETURNS void LANGUAGE plpgsql
SET enable_seqscan = off SET lock_timeout = '4s' AS $$
BEGIN
    PERFORM log_lock(owners);
    WITH moved AS (
        SELECT m.owner, m.delivered_id AS before, d.id
        FROM unnest(owners, ids) AS d (owner, id)
        CROSS JOIN LATERAL (SELECT * FROM log_mark k WHERE k.owner = d.owner LIMIT 1) m
        WHERE d.id > m.delivered_id
    ), gone AS (
        DELETE FROM log_entry l USING moved d
        WHERE l.owner = d.owner AND l.id > d.before AND l.id <= d.id
        RETURNING l.owner
    ), counted AS (
        SELECT owner, count(*) AS count FROM gone GROUP BY owner
    )
    UPDATE log_mark m SET delivered_id = d.id, waiting = m.waiting - coalesce(c.count, 0)
    FROM moved d LEFT JOIN counted c ON c.owner = d.owner
    WHERE m.owner = d.owner;
END $$;

-- Deletes some entries whose time is over and says how many. Accounts that somebody else is changing are left for the
-- next time.
CREATE FUNCTION log_expire(batch bigint) RETURNS bigint LANGUAGE plpgsql
SET enable_seqscan = off SET lock_timeout = '4s' AS $$
DECLARE
    due text[];
    removed bigint;
BEGIN
    SELECT array_agg(DISTINCT e.owner) INTO due FROM (
        SELECT owner FROM log_entry WHERE expires_at <= now() ORDER BY expires_at LIMIT batch) AS e;
    SELECT array_agg(k.owner) INTO due FROM (
        SELECT owner FROM log_mark m WHERE m.owner = ANY (due) ORDER BY owner FOR UPDATE SKIP LOCKED) AS k;
    WITH over AS (
        SELECT owner, id FROM log_entry
        WHERE expires_at <= now() AND owner = ANY (due) ORDER BY expires_at LIMIT batch
    ), gone AS (
        DELETE FROM log_entry l USING over o WHERE l.owner = o.owner AND l.id = o.id RETURNING l.owner
    ), counted AS (
        SELECT owner, count(*) AS count FROM gone GROUP BY owner
    ), stands AS (
        UPDATE log_mark m SET waiting = m.waiting - c.count FROM counted c WHERE m.owner = c.owner
    )
    SELECT coalesce(sum(count), 0) INTO removed FROM counted;
    RETURN removed;
END $$;

-- Forgets an account.
CREATE FUNCTION log_purge(account text) RETURNS void LANGUAGE plpgsql
SET lock_timeout = '4s' AS $$
BEGIN
    PERFORM FROM log_mark m WHERE m.owner = account FOR UPDATE;
    DELETE FROM log_entry l WHERE l.owner = account;
    DELETE FROM log_mark m WHERE m.owner = account;
END $$;
