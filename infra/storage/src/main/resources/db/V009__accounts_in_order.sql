-- A call that writes some accounts the plain way and some with care locked the plain ones first, and so not all of them in
-- one order: it and another call could wait for each other until PostgreSQL ended one of them. Now it locks all of them
-- first. Nothing else differs from before.

-- Writes messages. The first seven arguments are per account: its messages in this call are in order, at most one
-- epoch, all ids from `firsts` to `lasts`; `firsts` is 0 where that does not hold or a message may be there already.
-- The others are per message. Null for all kept, else the outcomes, see log_append_with_care.
CREATE OR REPLACE FUNCTION log_write(
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
    IF 0 = ANY (firsts) THEN
        PERFORM log_hold(accounts, false);
    END IF;
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
