-- The library: members, papers, editions with their frozen sites, copies given, the source index,
-- settings, and the chain of events. Times are Unix milliseconds, UTC.

CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID, STRICT;

CREATE TABLE member (
    id         INTEGER PRIMARY KEY AUTOINCREMENT, -- also the member's number in codewords; never reused
    name       TEXT NOT NULL,
    email      TEXT NOT NULL COLLATE NOCASE UNIQUE,
    "group"    TEXT NOT NULL DEFAULT '',
    created_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE paper (
    id         INTEGER PRIMARY KEY,        -- written P1, P2 … outside
    key_epoch  INTEGER NOT NULL,           -- which secret its key derives from
    colluders  INTEGER NOT NULL,           -- coalition size the code is planned for
    created_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE edition (
    paper      INTEGER NOT NULL REFERENCES paper (id),
    number     INTEGER NOT NULL,           -- from 1, without gaps
    title      TEXT NOT NULL,
    lang       TEXT NOT NULL CHECK (lang IN ('zh', 'en')),
    level      TEXT NOT NULL CHECK (level IN ('discreet', 'standard', 'full')),
    doc        BLOB NOT NULL,              -- SHA-256 of the packed document, a blob
    sites      BLOB NOT NULL,              -- SHA-256 of the packed sites, a blob
    nsites     INTEGER NOT NULL,           -- length of a codeword as of this edition
    published_ms INTEGER NOT NULL,
    PRIMARY KEY (paper, number)
) WITHOUT ROWID, STRICT;

-- Who was given a copy of what: the members a trace tests.
CREATE TABLE copy (
    paper      INTEGER NOT NULL,
    edition    INTEGER NOT NULL,
    member     INTEGER NOT NULL REFERENCES member (id),
    first_ms   INTEGER NOT NULL,
    PRIMARY KEY (paper, edition, member),
    FOREIGN KEY (paper, edition) REFERENCES edition (paper, number)
) WITHOUT ROWID, STRICT;

-- The chain. data is a JSON object; hash covers the line before it, and what the event says by a digest
-- with its salt, so that it can be cut down later (see src/store/store.h).
CREATE TABLE event (
    seq     INTEGER PRIMARY KEY,
    time_ms INTEGER NOT NULL,
    actor   TEXT NOT NULL,
    kind    TEXT NOT NULL,
    subject TEXT NOT NULL,
    data    TEXT NOT NULL,
    salt    BLOB NOT NULL,
    hash    BLOB NOT NULL
) STRICT;

-- What was taken out of events: the digest of what each said before, and the event that tells of it.
CREATE TABLE event_cut (
    event  INTEGER NOT NULL REFERENCES event (seq),
    by     INTEGER NOT NULL, -- seq
    before BLOB NOT NULL,
    PRIMARY KEY (event, by)
) WITHOUT ROWID, STRICT;
CREATE INDEX event_cut_by ON event_cut (by, event);

CREATE INDEX event_subject ON event (subject, seq);
