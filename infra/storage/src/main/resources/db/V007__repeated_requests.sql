-- What makes requests repeatable that are not so by themselves: whoever asks a service asks another instance when the
-- one that was asked dies, and cannot know whether that one had finished.

-- The request that made the account; asked again, it finds its own account and not a name that is taken.
ALTER TABLE account ADD COLUMN creation bigint NOT NULL DEFAULT 0;

-- What the last changes of each roster entailed: told again when the change is asked for again.
CREATE TABLE roster_outcome (
    owner   text COLLATE "C" NOT NULL,
    -- The stanza that asked for the change: the number of its stream, its own number there, and what it is about.
    stream  bigint      NOT NULL,
    number  bigint      NOT NULL,
    kind    text        NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now(),
    -- A roster push followed.
    pushed  boolean     NOT NULL,
    -- The stanza itself went on.
    forward boolean     NOT NULL,
    -- Types of the presence stanzas that were sent to the contact.
    send    text[]      NOT NULL,
    -- Whether the contact began or ceased to see the presence.
    sharing text,
    PRIMARY KEY (owner, stream, number, kind)
);

-- True if there is no such account, or it is being removed. It cannot be made anew before the transaction that asks has
-- ended. A service asks this before it deletes what it keeps of an account: a request to do so that comes late, from or to
-- a process that was frozen, must not delete what a new account of the same name keeps.
CREATE FUNCTION account_is_gone(text, text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('account ' || $2 || '@' || $1, 0));
    RETURN NOT EXISTS (SELECT FROM account WHERE host = $1 AND localpart = $2 AND removing_since IS NULL);
END $$;

-- True if nobody deletes anything of an account of this name; nobody begins to before the transaction that asks has ended.
CREATE FUNCTION account_may_be_made(text, text) RETURNS boolean LANGUAGE sql AS $$
    SELECT pg_try_advisory_xact_lock(hashtextextended('account ' || $2 || '@' || $1, 0))
$$;
