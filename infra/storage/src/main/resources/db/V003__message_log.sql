-- The message log: what was taken in for an account and has not reached its user.

CREATE TABLE log_entry (
    owner       text        NOT NULL, -- bare JID of the account
    id          bigint      NOT NULL, -- grows with each entry of the account
    received_at timestamptz NOT NULL,
    expires_at  timestamptz,          -- never, if null
    stanza      bytea       NOT NULL, -- the whole stanza as UTF-8 XML
    PRIMARY KEY (owner, id)
);

-- Stanzas are short-lived and mostly small; compressing them costs more than it saves.
ALTER TABLE log_entry ALTER COLUMN stanza SET STORAGE EXTERNAL;

CREATE INDEX log_entry_expiry ON log_entry (expires_at) WHERE expires_at IS NOT NULL;

-- Where the log of an account stands.
CREATE TABLE log_mark (
    owner        text   PRIMARY KEY,
    last_id      bigint NOT NULL DEFAULT 0, -- the highest id ever written
    delivered_id bigint NOT NULL DEFAULT 0, -- entries up to this one have reached the user
    waiting      bigint NOT NULL DEFAULT 0  -- rows of log_entry
);
