-- A delivered mark counts only if nobody has replaced the owner that tells it. What such an owner knows of the log is true as
-- long as it is the same log; but the account may have been removed and made anew since, with ids from 1 again, and its mark
-- would let messages pass that nobody has got. A mark of epoch 0 is told by a process of the version before, which does not say
-- whose it is. That version calls the function with two arguments.
CREATE FUNCTION log_reached(owners text[], ids bigint[], epochs bigint[]) RETURNS void LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET lock_timeout = '4s' AS $$
DECLARE
    passed text[];
    passed_after bigint[];
BEGIN
    PERFORM log_hold(owners, false);
    WITH mark AS MATERIALIZED (
        SELECT d.owner, d.id, s.delivered_id, s.passing_id
        FROM unnest(owners, ids, epochs) AS d (owner, id, epoch)
        CROSS JOIN LATERAL (SELECT * FROM log_standing k WHERE k.owner = d.owner LIMIT 1) s
        WHERE d.id > s.delivered_id AND (d.epoch = 0 OR d.epoch >= s.epoch)
    ), moved AS (
        UPDATE log_standing s SET delivered_id = d.id FROM mark d WHERE s.owner = d.owner
    )
    SELECT array_agg(owner), array_agg(delivered_id) INTO passed, passed_after
    FROM mark WHERE passing_id > delivered_id;
    IF passed IS NOT NULL THEN
        PERFORM log_let_pass(passed, passed_after);
    END IF;
END $$;
