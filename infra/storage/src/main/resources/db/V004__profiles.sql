-- What accounts keep about themselves: the tables of profile-service.
-- Every table leads with the account (a bare JID), so that the tables can be distributed by it.

-- vCards (XEP-0054).
CREATE TABLE profile_vcard (
    owner text COLLATE "C" PRIMARY KEY,
    vcard text NOT NULL -- the whole element as XML
);

-- Private XML (XEP-0049): what a client stored under one element name.
CREATE TABLE profile_private (
    owner     text COLLATE "C" NOT NULL,
    namespace text COLLATE "C" NOT NULL,
    name      text COLLATE "C" NOT NULL,
    content   text NOT NULL, -- the elements of that name, one after the other, as XML
    PRIMARY KEY (owner, namespace, name)
);

-- When the last resource of an account became unavailable, and what it said (XEP-0012).
CREATE TABLE profile_last_seen (
    owner   text COLLATE "C" PRIMARY KEY,
    seen_at timestamptz NOT NULL,
    status  text        NOT NULL
);
