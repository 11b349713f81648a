-- Sheets (checklists and score sheets are one thing), what was filled in by them, and what was found: of visits, sweeps
-- of risks and checks of policies. Headers sheet.h and filled.h of src/ledger/ say what holds.

CREATE TABLE sheet (
    id        INTEGER PRIMARY KEY, -- written Q1, Q2 … in events
    key       TEXT NOT NULL UNIQUE,
    use       TEXT NOT NULL,
    name      TEXT NOT NULL COLLATE NOCASE,
    member    INTEGER NOT NULL REFERENCES member (id), -- who made it
    made_ms   INTEGER NOT NULL,
    closed_ms INTEGER
) STRICT;
CREATE UNIQUE INDEX sheet_name ON sheet (use, name) WHERE closed_ms IS NULL;

CREATE TABLE sheet_item (
    id     INTEGER PRIMARY KEY,
    sheet  INTEGER NOT NULL REFERENCES sheet (id),
    text   TEXT NOT NULL,
    most   INTEGER NOT NULL CHECK (most >= 0), -- points; 0: yes, no or does not apply
    weight INTEGER NOT NULL CHECK (weight >= 0)
) STRICT;
CREATE INDEX sheet_item_sheet ON sheet_item (sheet, id);

CREATE TABLE filled (
    id          INTEGER PRIMARY KEY,
    key         TEXT NOT NULL UNIQUE,
    sent_key    TEXT NOT NULL, -- made by the sender, so that a repeat doubles nothing
    sheet       INTEGER NOT NULL REFERENCES sheet (id),
    line        INTEGER NOT NULL REFERENCES line (id), -- a tour, a sweep, a check
    part        INTEGER NOT NULL DEFAULT 0,            -- place within it, as its own procedure counts; 0: none
    target      INTEGER REFERENCES line (id),
    unit        INTEGER REFERENCES unit (id),
    member      INTEGER NOT NULL REFERENCES member (id),
    filled_ms   INTEGER NOT NULL, -- as the sender says
    sent_ms     INTEGER NOT NULL,
    replaced_ms INTEGER,          -- by a later one of the same member about the same
    words       TEXT NOT NULL DEFAULT '',
    UNIQUE (member, sent_key)
) STRICT;
CREATE UNIQUE INDEX filled_standing ON filled (line, part, coalesce(target, 0), coalesce(unit, 0), member)
    WHERE replaced_ms IS NULL;
CREATE INDEX filled_sheet ON filled (sheet);

CREATE TABLE filled_item (
    filled INTEGER NOT NULL REFERENCES filled (id),
    item   INTEGER NOT NULL REFERENCES sheet_item (id),
    value  INTEGER NOT NULL, -- tenths of a point; of yes or no 1 or 0; -1: does not apply
    words  TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (filled, item)
) WITHOUT ROWID, STRICT;

-- What of it is to be put right, and what became of that.
CREATE TABLE finding (
    id          INTEGER PRIMARY KEY,
    key         TEXT NOT NULL UNIQUE,
    filled      INTEGER NOT NULL REFERENCES filled (id),
    item        INTEGER NOT NULL REFERENCES sheet_item (id),
    line        INTEGER REFERENCES line (id), -- made of it
    settled_ms  INTEGER,
    dropped_why TEXT NOT NULL DEFAULT '',     -- why none was
    UNIQUE (filled, item)
) STRICT;
CREATE INDEX finding_line ON finding (line) WHERE line IS NOT NULL;
