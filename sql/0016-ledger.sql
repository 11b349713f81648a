-- The ledger: units, lines of every kind, and what each line has: the commitments it comes from, who follows it,
-- what is attached and said. Extension tables (goal, indicator, project …) refer to line by its id.
--
-- Days are civil days of the installation since 1970-01-01, moments Unix milliseconds, money hundredths.
-- Nothing is deleted: a row is closed, or removed from sight, with a reason.

-- Parts of the organisation, in a tree.
CREATE TABLE unit (
    id         INTEGER PRIMARY KEY, -- written U1, U2 … in events
    key        TEXT NOT NULL UNIQUE,
    name       TEXT NOT NULL UNIQUE COLLATE NOCASE,
    parent     INTEGER REFERENCES unit (id),
    head       INTEGER REFERENCES member (id), -- always one of its members
    created_ms INTEGER NOT NULL,
    closed_ms  INTEGER,
    closed_why TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX unit_parent ON unit (parent);
CREATE INDEX unit_head ON unit (head) WHERE head IS NOT NULL;

CREATE TABLE unit_member (
    unit   INTEGER NOT NULL REFERENCES unit (id),
    member INTEGER NOT NULL REFERENCES member (id),
    PRIMARY KEY (unit, member)
) WITHOUT ROWID, STRICT;
CREATE INDEX unit_member_member ON unit_member (member);

CREATE TABLE line (
    id         INTEGER PRIMARY KEY, -- written L1, L2 … in events
    key        TEXT NOT NULL UNIQUE,
    kind       TEXT NOT NULL,        -- names of src/ledger/kind.h
    number     TEXT NOT NULL UNIQUE, -- letter of the kind and count within it, never given again: "G12"
    title      TEXT NOT NULL,
    text       TEXT NOT NULL DEFAULT '',
    state      TEXT NOT NULL DEFAULT 'active' CHECK (state IN ('proposed', 'active', 'done', 'closed')),
    parent     INTEGER REFERENCES line (id),
    unit       INTEGER REFERENCES unit (id),   -- which answers for it
    lead       INTEGER REFERENCES member (id), -- who answers for it
    begins_day INTEGER,
    due_day    INTEGER,
    weight     REAL NOT NULL DEFAULT 1 CHECK (weight >= 0), -- among its parent's children
    progress   INTEGER NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 100),
    created_ms INTEGER NOT NULL,
    changed_ms INTEGER NOT NULL,
    ended_ms   INTEGER,                  -- done or closed since
    ended_why  TEXT NOT NULL DEFAULT ''  -- why it was closed
) STRICT;
CREATE INDEX line_kind ON line (kind, state, due_day);
CREATE INDEX line_parent ON line (parent) WHERE parent IS NOT NULL;
CREATE INDEX line_unit ON line (unit, state) WHERE unit IS NOT NULL;
CREATE INDEX line_lead ON line (lead, state) WHERE lead IS NOT NULL;
CREATE INDEX line_due ON line (due_day) WHERE state = 'active';
CREATE INDEX line_changed ON line (changed_ms);

-- How many lines of a kind there are, which is the last one's number.
CREATE TABLE line_count (
    kind TEXT PRIMARY KEY,
    last INTEGER NOT NULL
) WITHOUT ROWID, STRICT;

-- Changes made at once, which can be taken back at once. Their events name the batch, from the first to the
-- last seq.
CREATE TABLE line_batch (
    id        INTEGER PRIMARY KEY,
    key       TEXT NOT NULL UNIQUE,
    member    INTEGER NOT NULL REFERENCES member (id),
    made_ms   INTEGER NOT NULL,
    first_seq INTEGER NOT NULL,
    last_seq  INTEGER NOT NULL,
    lines     INTEGER NOT NULL,
    why       TEXT NOT NULL DEFAULT '',
    undoes    INTEGER REFERENCES line_batch (id), -- it took this one back
    undone_ms INTEGER
) STRICT;
CREATE INDEX line_batch_member ON line_batch (member, made_ms);

-- What an editor decided about a sentence of a paper: a place in editions of it, never anybody's words. What is
-- only proposed is not kept: the rules find it again.
CREATE TABLE commitment (
    id         INTEGER PRIMARY KEY,
    key        TEXT NOT NULL UNIQUE,
    paper      INTEGER NOT NULL REFERENCES paper (id),
    kind       TEXT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('accepted', 'merged', 'dropped')),
    line       INTEGER REFERENCES line (id), -- accepted: made for it; merged: it joined this one
    member     INTEGER NOT NULL REFERENCES member (id), -- who decided
    decided_ms INTEGER NOT NULL,
    why        TEXT NOT NULL DEFAULT '',
    CHECK ((line IS NULL) = (state = 'dropped'))
) STRICT;
CREATE INDEX commitment_paper ON commitment (paper);
CREATE INDEX commitment_line ON commitment (line) WHERE line IS NOT NULL;

-- Where it stands. In editions without a row of their own it stands where the same words do.
CREATE TABLE commitment_place (
    commitment INTEGER NOT NULL REFERENCES commitment (id),
    paper      INTEGER NOT NULL,
    edition    INTEGER NOT NULL,
    at         INTEGER NOT NULL, -- bytes of the edition's text
    len        INTEGER NOT NULL CHECK (len > 0),
    PRIMARY KEY (commitment, edition),
    FOREIGN KEY (paper, edition) REFERENCES edition (paper, number)
) WITHOUT ROWID, STRICT;

CREATE TABLE line_follow (
    line   INTEGER NOT NULL REFERENCES line (id),
    member INTEGER NOT NULL REFERENCES member (id),
    PRIMARY KEY (line, member)
) WITHOUT ROWID, STRICT;
CREATE INDEX line_follow_member ON line_follow (member);

CREATE TABLE line_file (
    id          INTEGER PRIMARY KEY,
    key         TEXT NOT NULL UNIQUE,
    line        INTEGER NOT NULL REFERENCES line (id),
    name        TEXT NOT NULL,
    media       TEXT NOT NULL,    -- "image/jpeg"
    digest      BLOB NOT NULL,    -- of a blob
    bytes       INTEGER NOT NULL,
    about       TEXT NOT NULL DEFAULT '', -- which matter of the line it belongs to; empty: the line itself
    note        TEXT NOT NULL DEFAULT '', -- what it shows
    taken_ms    INTEGER,          -- of a photo, where given
    place       TEXT NOT NULL DEFAULT '',
    member      INTEGER NOT NULL REFERENCES member (id),
    added_ms    INTEGER NOT NULL,
    removed_ms  INTEGER,
    removed_why TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX line_file_line ON line_file (line, about);

CREATE TABLE line_post (
    id          INTEGER PRIMARY KEY,
    key         TEXT NOT NULL UNIQUE,
    line        INTEGER NOT NULL REFERENCES line (id),
    member      INTEGER NOT NULL REFERENCES member (id),
    text        TEXT NOT NULL,
    posted_ms   INTEGER NOT NULL,
    removed_ms  INTEGER,
    removed_why TEXT NOT NULL DEFAULT '' -- empty: by its author
) STRICT;
CREATE INDEX line_post_line ON line_post (line, id);

-- Ways to look at a list that a member keeps: its address's query under a name.
CREATE TABLE saved_view (
    id     INTEGER PRIMARY KEY,
    key    TEXT NOT NULL UNIQUE,
    member INTEGER NOT NULL REFERENCES member (id),
    grid   TEXT NOT NULL, -- which list, by its path
    name   TEXT NOT NULL,
    query  TEXT NOT NULL,
    shared INTEGER NOT NULL DEFAULT 0 CHECK (shared IN (0, 1)), -- with all of the ledger
    opens  INTEGER NOT NULL DEFAULT 0 CHECK (opens IN (0, 1)),  -- its member sees the list so at first
    UNIQUE (member, grid, name)
) STRICT;
CREATE INDEX saved_view_grid ON saved_view (grid);
