-- Rosters, subscription requests and block lists: the tables of roster-service.
-- Every table leads with the account (a bare JID), so that the tables can be distributed by it.

-- One row for each account that ever had anything below. Every change locks it first, so that changes of one account
-- happen one after the other, whichever instance makes them.
CREATE TABLE roster (
    owner       text COLLATE "C" PRIMARY KEY,
    -- Tells the versions of this roster from those of an account of the same name that was removed before.
    incarnation text   NOT NULL,
    -- Rises by one with each roster push (RFC 6121 section 2.6).
    version     bigint NOT NULL DEFAULT 0,
    -- Changes since older versions cannot be told any more: removed contacts up to here have been forgotten.
    oldest      bigint NOT NULL DEFAULT 0
);

-- The contacts that the roster shows (RFC 6121 section 2.1.2).
CREATE TABLE roster_item (
    owner        text COLLATE "C" NOT NULL,
    contact      text COLLATE "C" NOT NULL,
    name         text,
    groups       text[]  NOT NULL,
    subscription text    NOT NULL CHECK (subscription IN ('none', 'to', 'from', 'both')),
    ask          boolean NOT NULL,
    approved     boolean NOT NULL,
    -- The roster's version at the item's last change.
    version      bigint  NOT NULL,
    PRIMARY KEY (owner, contact)
);

-- Removed contacts, kept for a while for clients that know an older version.
CREATE TABLE roster_removed (
    owner      text COLLATE "C" NOT NULL,
    contact    text COLLATE "C" NOT NULL,
    version    bigint      NOT NULL,
    removed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (owner, contact)
);

-- Requests of contacts that wait for the user's answer, whole (RFC 6121 section 3.1.3). A contact here is not in the
-- roster unless the user put it there.
CREATE TABLE roster_request (
    owner       text COLLATE "C" NOT NULL,
    contact     text COLLATE "C" NOT NULL,
    stanza_id   text,
    lang        text,
    payload     bytea       NOT NULL,
    -- Namespace and local name of each child of the payload, in turn.
    children    text[]      NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (owner, contact)
);

-- The block list (XEP-0191): bare and full JIDs and domains.
CREATE TABLE roster_blocked (
    owner text COLLATE "C" NOT NULL,
    jid   text COLLATE "C" NOT NULL,
    PRIMARY KEY (owner, jid)
);
