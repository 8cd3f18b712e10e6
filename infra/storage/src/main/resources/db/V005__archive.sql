-- The message log as the archive: what accounts sent and received, kept as long as their host keeps messages.
--
-- It takes the place of log_entry and log_mark. What waits there is copied at the end of this file; those tables stay
-- until no process of the version before can run any more. Such a process beside a newer one goes on with the old
-- tables alone: it still delivers what waited when this migration ran, so those messages may come twice, and what it
-- takes in from then on is delivered by processes of its version only.

-- One message of one account. Rows lie in a table per week of their last day, so that letting messages go is dropping
-- a table. No foreign keys and two indexes: every row costs what its indexes cost.
CREATE TABLE message_log (
    owner         text COLLATE "C" NOT NULL, -- bare JID of the account
    id            bigint           NOT NULL CHECK (id > 0), -- grows with each message of the account
    peer          text COLLATE "C" NOT NULL, -- bare JID of whom it was sent to or received from
    sent          boolean          NOT NULL, -- by the account; else it was received
    archived      boolean          NOT NULL, -- stays after it was delivered
    received_at   timestamptz      NOT NULL, -- when the server took it in
    expires_on    date             NOT NULL, -- its last day; 'infinity' for ever
    origin_stream bigint           NOT NULL, -- where it came in
    origin_number bigint           NOT NULL,
    stanza        bytea            NOT NULL, -- the whole stanza as UTF-8 XML
    PRIMARY KEY (owner, id, expires_on)
) PARTITION BY RANGE (expires_on);

-- Stanzas are mostly small, and the next one differs: compressing them costs more than it saves.
ALTER TABLE message_log ALTER COLUMN stanza SET STORAGE EXTERNAL;

-- The beginning of the address: two whole ones may be longer than what an index entry can hold.
CREATE INDEX message_log_peer ON message_log (owner, left(peer, 128), id);

CREATE TABLE message_log_forever PARTITION OF message_log FOR VALUES FROM ('infinity') TO (MAXVALUE);
-- Rows of weeks whose table could not be made in time.
CREATE TABLE message_log_rest PARTITION OF message_log DEFAULT;

-- Where the log of an account stands. Every change of its rows locks this row first; half of each page is left free so
-- that changing it does not touch the index.
CREATE TABLE log_standing (
    owner        text COLLATE "C" PRIMARY KEY,
    epoch        bigint NOT NULL DEFAULT 0, -- the highest that has claimed the account
    last_id      bigint NOT NULL DEFAULT 0, -- the highest id ever written
    delivered_id bigint NOT NULL DEFAULT 0, -- received rows up to this one have reached the user
    received_id  bigint NOT NULL DEFAULT 0, -- the highest id of a received row
    passing_id   bigint NOT NULL DEFAULT 0  -- the highest id of a received row that goes when it is delivered
) WITH (fillfactor = 50);

-- What accounts want archived (XEP-0441); no row is the default, all.
CREATE TABLE archive_preference (
    owner    text COLLATE "C" PRIMARY KEY,
    fallback text   NOT NULL CHECK (fallback IN ('always', 'never', 'roster')),
    always   text[] NOT NULL,
    never    text[] NOT NULL
);

-- How long hosts keep messages, or once did: a time of receipt lies that long before the last day. 0 is for ever.
CREATE TABLE log_retention (
    host    text COLLATE "C" NOT NULL,
    seconds bigint           NOT NULL CHECK (seconds >= 0),
    PRIMARY KEY (host, seconds)
);

-- The functions. A statement's plan must not depend on how small a table was when it was made, so they look rows up by
-- their keys; and they give up before their callers do.

-- Locks accounts in one order, whoever calls, so that two callers cannot wait for each other.
CREATE FUNCTION log_hold(owners text[], missing_too boolean) RETURNS void LANGUAGE plpgsql
SET enable_seqscan = off SET lock_timeout = '4s' AS $$
BEGIN
    IF missing_too THEN
        INSERT INTO log_standing (owner)
            SELECT DISTINCT o COLLATE "C" FROM unnest(owners) AS o
            WHERE NOT EXISTS (SELECT FROM log_standing s WHERE s.owner = o)
            ORDER BY 1
            ON CONFLICT (owner) DO NOTHING;
    END IF;
    PERFORM FROM log_standing s WHERE s.owner = ANY (owners) ORDER BY s.owner FOR UPDATE;
END $$;

-- Deletes received rows that do not stay, between where the delivered marks of accounts were and where they are now.
-- The caller holds the accounts.
CREATE FUNCTION log_let_pass(owners text[], after_ids bigint[]) RETURNS void LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
    DELETE FROM message_log m
    USING unnest(owners, after_ids) AS d (owner, after_id)
        CROSS JOIN LATERAL (SELECT s.delivered_id FROM log_standing s WHERE s.owner = d.owner LIMIT 1) k
    WHERE m.owner = d.owner AND m.id > d.after_id AND m.id <= k.delivered_id AND NOT m.archived AND NOT m.sent;
END $$;

-- Writes messages whose accounts may need a second look: repeated ones, those of an owner that was replaced, those
-- that were taken in before, and those whose delivered mark passes rows to delete. Outcomes: 0 kept, 1 duplicate,
-- 2 stale. What is there or was delivered already is kept and not written again. A message below the last id that is
-- neither was overtaken when its first attempt failed, and is written in its place.
CREATE FUNCTION log_append_with_care(
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
    ), recent AS MATERIALIZED (
        SELECT m.owner, m.id, m.sent, m.origin_stream, m.origin_number
        FROM (SELECT DISTINCT owner, last_id FROM entry WHERE retry AND NOT stale) a
        CROSS JOIN LATERAL (
            SELECT * FROM message_log l WHERE l.owner = a.owner AND l.id > a.last_id - 5000 OFFSET 0) m
    ), known AS (
        SELECT DISTINCT e.n FROM entry e JOIN recent m
            ON m.owner = e.owner AND m.origin_stream = e.stream AND m.origin_number = e.number AND m.sent = e.sent
        WHERE e.retry AND m.id <> e.id
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

-- Writes messages. The first seven arguments are per account: its messages in this call are in order, at most one
-- epoch, all ids from `firsts` to `lasts`; `firsts` is 0 where that does not hold or a message may be there already.
-- The others are per message. Null for all kept, else the outcomes, see log_append_with_care.
CREATE FUNCTION log_write(
    accounts text[], claims bigint[], firsts bigint[], lasts bigint[], receives bigint[], passes bigint[],
    marks bigint[],
    owners text[], epochs bigint[], ids bigint[], delivered bigint[], retries boolean[],
    peers text[], sents boolean[], archives boolean[], received timestamptz[], expiries date[],
    streams bigint[], numbers bigint[], stanzas bytea[], today date)
RETURNS smallint[] LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET lock_timeout = '4s' AS $$
DECLARE
    plain text[];
    rest integer[];
    outcomes smallint[];
    cared smallint[];
BEGIN
    WITH account AS (
        SELECT * FROM unnest(accounts, claims, firsts, lasts, receives, passes, marks)
            AS a (owner, epoch, first, last, received, passing, mark)
        ORDER BY owner COLLATE "C"
    ), moved AS (
        UPDATE log_standing s
        SET epoch = a.epoch, last_id = a.last, delivered_id = greatest(s.delivered_id, a.mark),
            received_id = greatest(s.received_id, a.received), passing_id = greatest(s.passing_id, a.passing)
        FROM account a
        WHERE s.owner = a.owner AND s.epoch <= a.epoch AND s.last_id < a.first AND s.delivered_id < a.first
            AND (a.mark <= s.delivered_id OR s.passing_id <= s.delivered_id)
        RETURNING s.owner
    )
    SELECT array_agg(owner) INTO plain FROM moved;

    IF cardinality(plain) = cardinality(accounts) THEN
        INSERT INTO message_log
            (owner, id, peer, sent, archived, received_at, expires_on, origin_stream, origin_number, stanza)
        SELECT unnest(owners), unnest(ids), unnest(peers), unnest(sents), unnest(archives), unnest(received),
            unnest(expiries), unnest(streams), unnest(numbers), unnest(stanzas);
        RETURN NULL;
    END IF;

    INSERT INTO message_log
        (owner, id, peer, sent, archived, received_at, expires_on, origin_stream, origin_number, stanza)
    SELECT e.owner, ids[n], peers[n], sents[n], archives[n], received[n], expiries[n], streams[n], numbers[n], stanzas[n]
    FROM unnest(owners) WITH ORDINALITY AS e (owner, n) WHERE e.owner = ANY (plain);
    SELECT array_agg(n ORDER BY n) INTO rest FROM unnest(owners) WITH ORDINALITY AS e (owner, n)
    WHERE plain IS NULL OR NOT e.owner = ANY (plain);
    SELECT log_append_with_care(array_agg(owners[n] ORDER BY i), array_agg(epochs[n] ORDER BY i),
        array_agg(ids[n] ORDER BY i), array_agg(delivered[n] ORDER BY i), array_agg(retries[n] ORDER BY i),
        array_agg(peers[n] ORDER BY i), array_agg(sents[n] ORDER BY i), array_agg(archives[n] ORDER BY i),
        array_agg(received[n] ORDER BY i), array_agg(expiries[n] ORDER BY i), array_agg(streams[n] ORDER BY i),
        array_agg(numbers[n] ORDER BY i), array_agg(stanzas[n] ORDER BY i), today)
    INTO cared FROM unnest(rest) WITH ORDINALITY AS r (n, i);
    outcomes := array_fill(0::smallint, ARRAY[cardinality(owners)]);
    FOR i IN 1 .. cardinality(rest) LOOP
        outcomes[rest[i]] := cared[i];
    END LOOP;
    RETURN outcomes;
END $$;

-- Takes an account's log over: from now on, lower epochs are refused.
CREATE FUNCTION log_claim(account text, claimed bigint, most bigint, today date)
RETURNS TABLE (stale boolean, last bigint, delivered bigint, waiting bigint) LANGUAGE plpgsql
SET enable_seqscan = off SET lock_timeout = '4s' AS $$
DECLARE
    standing log_standing;
BEGIN
    SELECT * INTO standing FROM log_standing s WHERE s.owner = account;
    IF coalesce(standing.epoch, -1) < claimed THEN
        INSERT INTO log_standing AS s (owner, epoch) VALUES (account, claimed)
            ON CONFLICT (owner) DO UPDATE SET epoch = greatest(s.epoch, excluded.epoch)
            RETURNING * INTO standing;
    END IF;
    stale := standing.epoch > claimed;
    last := greatest(standing.last_id, standing.delivered_id);
    delivered := standing.delivered_id;
    waiting := 0;
    IF standing.received_id > standing.delivered_id THEN
        SELECT count(*) INTO waiting FROM (
            SELECT FROM message_log m
            WHERE m.owner = account AND m.id > standing.delivered_id AND NOT m.sent AND m.expires_on >= today
            LIMIT most) AS w;
    END IF;
    RETURN NEXT;
END $$;

-- Moves delivered marks forward, never back, and deletes what need not stay. An account without a log has none to
-- move: it may have been removed.
CREATE FUNCTION log_reached(owners text[], ids bigint[]) RETURNS void LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET lock_timeout = '4s' AS $$
DECLARE
    passed text[];
    passed_after bigint[];
BEGIN
    PERFORM log_hold(owners, false);
    WITH mark AS MATERIALIZED (
        SELECT d.owner, d.id, s.delivered_id, s.passing_id
        FROM unnest(owners, ids) AS d (owner, id)
        CROSS JOIN LATERAL (SELECT * FROM log_standing k WHERE k.owner = d.owner LIMIT 1) s
        WHERE d.id > s.delivered_id
    ), moved AS (
        UPDATE log_standing s SET delivered_id = d.id FROM mark d WHERE s.owner = d.owner
    )
    SELECT array_agg(owner), array_agg(delivered_id) INTO passed, passed_after
    FROM mark WHERE passing_id > delivered_id;
    IF passed IS NOT NULL THEN
        PERFORM log_let_pass(passed, passed_after);
    END IF;
END $$;

-- The first received messages after an id and after the delivered mark.
CREATE FUNCTION log_undelivered(account text, after_id bigint, most bigint, today date)
RETURNS TABLE (
    id bigint, received_at timestamptz, peer text, archived boolean, origin_stream bigint, origin_number bigint,
    stanza bytea) LANGUAGE plpgsql
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off AS $$
BEGIN
    RETURN QUERY SELECT m.id, m.received_at, m.peer, m.archived, m.origin_stream, m.origin_number, m.stanza
    FROM message_log m
    WHERE m.owner = account AND NOT m.sent AND m.expires_on >= today AND m.id > greatest(after_id,
        coalesce((SELECT s.delivered_id FROM log_standing s WHERE s.owner = account), 0))
    ORDER BY m.id LIMIT most;
END $$;

-- Forgets an account, a bounded number of messages at a time; false if there are more. A request that comes late must not
-- touch a new account of the same name.
CREATE FUNCTION log_forget(account text, most integer) RETURNS boolean LANGUAGE plpgsql
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off SET lock_timeout = '4s' AS $$
DECLARE
    upto bigint;
BEGIN
    IF NOT account_is_gone(split_part(account, '@', 2), split_part(account, '@', 1)) THEN
        RETURN true;
    END IF;
    PERFORM log_hold(ARRAY[account], false);
    SELECT m.id INTO upto FROM message_log m WHERE m.owner = account ORDER BY m.id OFFSET most - 1 LIMIT 1;
    DELETE FROM message_log m WHERE m.owner = account AND m.id <= coalesce(upto, 9223372036854775807);
    IF upto IS NOT NULL THEN
        RETURN false;
    END IF;
    DELETE FROM archive_preference p WHERE p.owner = account;
    DELETE FROM log_standing s WHERE s.owner = account;
    PERFORM log_purge(account); -- the tables of the version before
    RETURN true;
END $$;

-- Makes the table of a week; rows of the week that came too early move into it. Taking it in needs no lock that
-- appends wait for.
CREATE FUNCTION log_make_week(monday date) RETURNS text LANGUAGE plpgsql
SET lock_timeout = '1s' AS $$
DECLARE
    name text := 'message_log_' || to_char(monday, 'YYYYMMDD');
BEGIN
    EXECUTE format('CREATE TABLE %I (LIKE message_log INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE,'
        ' CONSTRAINT week CHECK (expires_on >= %L AND expires_on < %L))', name, monday, monday + 7);
    LOCK TABLE message_log_rest IN ACCESS EXCLUSIVE MODE;
    EXECUTE format('WITH early AS (DELETE FROM message_log_rest WHERE expires_on >= %L AND expires_on < %L RETURNING *)'
        ' INSERT INTO %I SELECT * FROM early', monday, monday + 7, name);
    EXECUTE format('ALTER TABLE message_log ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', name, monday, monday + 7);
    EXECUTE format('ALTER TABLE %I DROP CONSTRAINT week', name);
    RETURN 'made ' || name;
END $$;

-- Does one thing of what the calendar asks for and says which; null if nothing is left to do. `lasting` has the last
-- day of a message that comes today, for every host that lets messages go. Instances take turns; one that cannot get
-- what it needs in a second gives up, so that nobody waits longer for it, and tries again later.
CREATE FUNCTION log_turn(today date, lasting date[]) RETURNS text LANGUAGE plpgsql
SET lock_timeout = '1s' AS $$
DECLARE
    weeks date[];
    wanted date;
    old record;
    removed bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('message_log'));
    SELECT array_agg(to_date(substr(c.relname, 13), 'YYYYMMDD')) INTO weeks
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'message_log'::regclass AND c.relname ~ '^message_log_\d{8}$';

    SELECT w INTO wanted
    FROM unnest(lasting) AS l, LATERAL unnest(ARRAY[0, 7, 14]) AS ahead,
        LATERAL (SELECT date_trunc('week', l + ahead)::date AS w) AS week
    WHERE l < 'infinity' AND NOT w = ANY (coalesce(weeks, '{}')) ORDER BY w LIMIT 1;
    IF FOUND THEN
        RETURN log_make_week(wanted);
    END IF;

    SELECT w INTO wanted FROM unnest(weeks) AS w WHERE w + 7 <= today ORDER BY w LIMIT 1;
    IF FOUND THEN
        EXECUTE format('DROP TABLE message_log_%s', to_char(wanted, 'YYYYMMDD'));
        RETURN 'dropped message_log_' || to_char(wanted, 'YYYYMMDD');
    END IF;

    DELETE FROM message_log_rest WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM message_log_rest WHERE expires_on < today LIMIT 5000));
    GET DIAGNOSTICS removed = ROW_COUNT;
    RETURN CASE WHEN removed > 0 THEN 'removed ' || removed || ' messages' END;
END $$;

-- What waits in the tables of the version before. Their ids go on; where they came in is not known, so each is its own
-- origin.
INSERT INTO log_standing (owner, last_id, delivered_id, received_id, passing_id)
    SELECT m.owner, greatest(m.last_id, m.delivered_id, m.refused_id), m.delivered_id,
        coalesce(e.last, 0), coalesce(e.last, 0)
    FROM log_mark m LEFT JOIN (SELECT owner, max(id) AS last FROM log_entry GROUP BY owner) e ON e.owner = m.owner;

INSERT INTO message_log
    (owner, id, peer, sent, archived, received_at, expires_on, origin_stream, origin_number, stanza)
    SELECT e.owner, e.id,
        coalesce(split_part(substring(convert_from(e.stanza, 'UTF8')
            FROM '^<message xmlns=''jabber:client'' type=''[a-z]+''(?: id=''[^'']*'')? from=''([^'']*)'''), '/', 1),
            e.owner),
        false, false, e.received_at, coalesce((e.expires_at AT TIME ZONE 'UTC')::date, 'infinity'), 0, e.id, e.stanza
    FROM log_entry e JOIN log_mark m ON m.owner = e.owner
    WHERE e.id > m.delivered_id;
