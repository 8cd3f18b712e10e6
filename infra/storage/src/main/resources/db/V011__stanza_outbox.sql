-- Stanzas that other programs want to have sent: they insert, sender-service sends and says what became of it.
--     INSERT INTO stanza_outbox (idempotency_key, stanza) VALUES (..., ...) ON CONFLICT (idempotency_key) DO NOTHING
CREATE TABLE stanza_outbox (
    -- Receivers know by it what they have already. It must never begin anew: no TRUNCATE with RESTART IDENTITY.
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- Chosen by the program that inserts; what it inserts a second time under one key is not sent a second time.
    idempotency_key text COLLATE "C" NOT NULL UNIQUE CHECK (length(idempotency_key) BETWEEN 1 AND 255),
    -- One message, presence or IQ as XML, with from and to.
    stanza          text        NOT NULL CHECK (octet_length(stanza) BETWEEN 1 AND 262144),
    created_at      timestamptz NOT NULL DEFAULT now(),
    -- When a process took it to send it, the last time; it may have been sent since, whatever became of that process.
    taken_at        timestamptz,
    done_at         timestamptz,
    -- Null while it waits. sent: its receiver's part of the server has taken it over. refused: it is none that may be sent.
    -- unreachable: nobody serves its receiver.
    outcome         text CHECK (outcome IN ('sent', 'refused', 'unreachable')),
    -- Why, in words for people.
    detail          text CHECK (length(detail) <= 1000),
    CHECK ((outcome IS NULL) = (done_at IS NULL))
);

CREATE INDEX stanza_outbox_waiting ON stanza_outbox (id) WHERE outcome IS NULL;
CREATE INDEX stanza_outbox_done ON stanza_outbox (done_at) WHERE done_at IS NOT NULL;

-- Wakes the sender when the transaction commits.
CREATE FUNCTION stanza_outbox_wake() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('stanza_outbox', '');
    RETURN NULL;
END $$;

CREATE TRIGGER stanza_outbox_inserted AFTER INSERT ON stanza_outbox
    FOR EACH STATEMENT EXECUTE FUNCTION stanza_outbox_wake();
