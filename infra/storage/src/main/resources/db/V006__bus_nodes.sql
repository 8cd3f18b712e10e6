-- Who runs on this database, and who may own which slots. All times are the database's.

-- Made once: tells this installation from every other one.
CREATE TABLE installation (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    id     uuid    NOT NULL DEFAULT gen_random_uuid()
);

INSERT INTO installation DEFAULT VALUES;

-- The processes. A row that was not seen for two seconds is that of a dead one. Half of each page is left free, as every
-- process changes its row twice a second.
CREATE TABLE bus_node (
    node       text COLLATE "C" PRIMARY KEY,
    cluster    text COLLATE "C" NOT NULL,              -- its cluster's name; empty for a process that is alone
    address    text             NOT NULL,              -- where others join it; empty for a process that is alone
    version    text             NOT NULL,
    protocol   integer          NOT NULL,
    started_at timestamptz      NOT NULL DEFAULT now(),
    seen_at    timestamptz      NOT NULL DEFAULT now(),
    sees       text[]           NOT NULL DEFAULT '{}'  -- the members it sees, itself included; empty until it has joined
) WITH (fillfactor = 50, autovacuum_vacuum_threshold = 1000);

-- Who owns a slot. An epoch never goes back: each new holder's is one higher.
CREATE TABLE slot_lease (
    slot   integer PRIMARY KEY CHECK (slot BETWEEN 0 AND 1023),
    epoch  bigint  NOT NULL DEFAULT 0,
    holder text COLLATE "C", -- the bus address of a session manager; null for nobody
    node   text COLLATE "C"  -- the process of the holder
) WITH (fillfactor = 50);

INSERT INTO slot_lease (slot) SELECT generate_series(0, 1023);

-- Whether a process lives, by when it was seen.
CREATE FUNCTION bus_lives(seen timestamptz) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT seen > now() - interval '2 seconds'
$$;

-- A process comes, unless one that lives does not go together with it: of another cluster, of another protocol, or one
-- that means to be alone. Gives the living others, each with whether it goes together.
CREATE FUNCTION bus_enter(me text, my_cluster text, my_address text, my_version text, my_protocol integer)
RETURNS TABLE (other text, other_cluster text, other_address text, other_version text, other_protocol integer, fits boolean)
LANGUAGE plpgsql SET lock_timeout = '4s' AS $$
BEGIN
    LOCK TABLE bus_node IN SHARE ROW EXCLUSIVE MODE;
    DELETE FROM bus_node n WHERE n.seen_at < now() - interval '1 hour';
    IF NOT EXISTS (
        SELECT FROM bus_node n
        WHERE n.node <> me AND bus_lives(n.seen_at)
            AND (my_cluster = '' OR n.cluster <> my_cluster OR n.protocol <> my_protocol)) THEN
        INSERT INTO bus_node (node, cluster, address, version, protocol)
        VALUES (me, my_cluster, my_address, my_version, my_protocol)
        ON CONFLICT (node) DO UPDATE SET seen_at = now();
    END IF;
    RETURN QUERY SELECT n.node, n.cluster, n.address, n.version, n.protocol,
            my_cluster <> '' AND n.cluster = my_cluster AND n.protocol = my_protocol
        FROM bus_node n WHERE n.node <> me AND bus_lives(n.seen_at) ORDER BY n.node;
END $$;

-- A process lives and sees these members. Gives the living others with what they see. Need not outlast a crash of the
-- database, so its commit is not waited for.
CREATE FUNCTION bus_beat(
    me text, my_cluster text, my_address text, my_version text, my_protocol integer, my_members text[])
RETURNS TABLE (other text, other_members text[])
LANGUAGE plpgsql SET lock_timeout = '2s' AS $$
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    INSERT INTO bus_node (node, cluster, address, version, protocol, sees)
    VALUES (me, my_cluster, my_address, my_version, my_protocol, my_members)
    ON CONFLICT (node) DO UPDATE SET seen_at = now(), address = excluded.address, sees = excluded.sees;
    RETURN QUERY SELECT n.node, n.sees FROM bus_node n WHERE n.node <> me AND bus_lives(n.seen_at);
END $$;

-- Gives the claimant those of the wanted slots that are free or whose holder's process is dead, and names with their
-- epochs all that it has then. A process that is alone on the database takes what other ones left behind at once.
CREATE FUNCTION slot_claim(claimant text, its_node text, wanted integer[], alone boolean)
RETURNS TABLE (granted integer, granted_epoch bigint)
LANGUAGE plpgsql SET lock_timeout = '4s' AS $$
DECLARE
    living text[];
BEGIN
    PERFORM FROM slot_lease l WHERE l.slot = ANY (wanted) ORDER BY l.slot FOR UPDATE;
    SELECT coalesce(array_agg(n.node), '{}') INTO living FROM bus_node n WHERE bus_lives(n.seen_at);
    UPDATE slot_lease l SET epoch = l.epoch + 1, holder = claimant, node = its_node
    WHERE l.slot = ANY (wanted) AND l.holder IS DISTINCT FROM claimant
        AND (l.holder IS NULL OR (l.node <> its_node AND (alone OR l.node <> ALL (living))));
    RETURN QUERY SELECT l.slot, l.epoch FROM slot_lease l WHERE l.slot = ANY (wanted) AND l.holder = claimant;
END $$;

-- Takes slots from a holder. Without a list it is all that a process holds.
CREATE FUNCTION slot_release(its_holder text, its_node text, given integer[]) RETURNS void
LANGUAGE plpgsql SET lock_timeout = '4s' AS $$
BEGIN
    PERFORM FROM slot_lease l
    WHERE l.node = its_node AND (its_holder IS NULL OR l.holder = its_holder) AND (given IS NULL OR l.slot = ANY (given))
    ORDER BY l.slot FOR UPDATE;
    UPDATE slot_lease l SET holder = NULL, node = NULL
    WHERE l.node = its_node AND (its_holder IS NULL OR l.holder = its_holder) AND (given IS NULL OR l.slot = ANY (given));
END $$;
