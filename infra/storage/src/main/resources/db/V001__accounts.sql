-- Accounts and what is kept of their passwords (RFC 5802 section 3). Collation "C": names are in prepared form and are
-- compared and listed by their code points, whatever the locale of the database.
CREATE TABLE account (
    host              text COLLATE "C" NOT NULL,
    localpart         text COLLATE "C" NOT NULL,
    created_at        timestamptz      NOT NULL DEFAULT now(),
    password_set_at   timestamptz      NOT NULL DEFAULT now(),
    iterations        integer          NOT NULL CHECK (iterations > 0),
    sha512_salt       bytea            NOT NULL,
    sha512_stored_key bytea            NOT NULL,
    sha512_server_key bytea            NOT NULL,
    sha256_salt       bytea            NOT NULL,
    sha256_stored_key bytea            NOT NULL,
    sha256_server_key bytea            NOT NULL,
    sha1_salt         bytea            NOT NULL,
    sha1_stored_key   bytea            NOT NULL,
    sha1_server_key   bytea            NOT NULL,
    -- Set when the account is to be removed. From then on it exists for nobody, but its name is taken until every
    -- service in purge_services has deleted what it keeps of it.
    removing_since    timestamptz,
    purge_services    text[]           NOT NULL DEFAULT '{}',
    PRIMARY KEY (host, localpart)
);

CREATE INDEX account_removing ON account (removing_since, host, localpart) WHERE removing_since IS NOT NULL;

-- One random secret of the installation: made-up salts of unknown accounts and seals of half-done logins come from it.
CREATE TABLE auth_secret (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    secret bytea NOT NULL CHECK (length(secret) = 32)
);
