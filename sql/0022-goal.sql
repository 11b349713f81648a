-- Goals: how far ahead they look, what of a higher level's goals is taken over by which line, and programmes, several
-- plans over one area, whose statements must not contradict each other.

-- What is under a line is looked for by kind too: of a field's parts most are indicators and projects.
DROP INDEX line_parent;
CREATE INDEX line_parent ON line (parent, kind) WHERE parent IS NOT NULL;

CREATE TABLE goal (
    line    INTEGER PRIMARY KEY REFERENCES line (id),
    horizon TEXT NOT NULL CHECK (horizon IN ('near', 'middle', 'far')) -- said by hand; else it follows the due day
) STRICT;

-- Goals that a higher level sets. The title is the editor's own short heading, never words of a paper.
CREATE TABLE higher_goal (
    id         INTEGER PRIMARY KEY, -- written H1, H2 … in events
    key        TEXT NOT NULL UNIQUE,
    title      TEXT NOT NULL,
    level      TEXT NOT NULL CHECK (level IN ('national', 'province', 'city', 'county', 'other')),
    body       TEXT NOT NULL DEFAULT '', -- who sets it
    document   TEXT NOT NULL DEFAULT '', -- where it is set
    due_day    INTEGER,
    quantity   REAL CHECK (quantity > 0), -- NULL: taken over by percent
    measure    TEXT NOT NULL DEFAULT '',  -- unit of the quantity
    created_ms INTEGER NOT NULL,
    closed_ms  INTEGER,
    closed_why TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE goal_taking (
    higher INTEGER NOT NULL REFERENCES higher_goal (id),
    line   INTEGER NOT NULL REFERENCES line (id),
    amount REAL NOT NULL CHECK (amount > 0), -- of the quantity, or percent where there is none
    PRIMARY KEY (higher, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX goal_taking_line ON goal_taking (line);

CREATE TABLE programme (
    id         INTEGER PRIMARY KEY, -- written N1, N2 … in events
    key        TEXT NOT NULL UNIQUE,
    name       TEXT NOT NULL UNIQUE COLLATE NOCASE,
    area       TEXT NOT NULL,            -- from the large to the small: "City/East district"
    body       TEXT NOT NULL DEFAULT '', -- who made it
    created_ms INTEGER NOT NULL,
    closed_ms  INTEGER,
    closed_why TEXT NOT NULL DEFAULT ''
) STRICT;

-- What a programme says about one subject, in the editor's own words.
CREATE TABLE statement (
    id         INTEGER PRIMARY KEY,
    key        TEXT NOT NULL UNIQUE,
    programme  INTEGER NOT NULL REFERENCES programme (id),
    line       INTEGER REFERENCES line (id), -- the line that this is about
    subject    TEXT NOT NULL,
    first_day  INTEGER,
    last_day   INTEGER,
    least      REAL,
    most       REAL,
    measure    TEXT NOT NULL DEFAULT '',
    place      TEXT NOT NULL DEFAULT '',
    use        TEXT NOT NULL DEFAULT '', -- what the place is for
    changes    INTEGER NOT NULL DEFAULT 1, -- goes up with every change; a clash is settled for one state of both
    created_ms INTEGER NOT NULL,
    closed_ms  INTEGER,
    closed_why TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX statement_programme ON statement (programme);
CREATE INDEX statement_line ON statement (line) WHERE line IS NOT NULL;

-- Clashes that the rules find, kept up with every change of a statement; gone once the statements agree.
CREATE TABLE clash (
    id       INTEGER PRIMARY KEY, -- written Z1, Z2 … in events
    key      TEXT NOT NULL UNIQUE,
    one      INTEGER NOT NULL REFERENCES statement (id),
    other    INTEGER NOT NULL REFERENCES statement (id),
    aspect   TEXT NOT NULL CHECK (aspect IN ('date', 'quantity', 'place', 'use')),
    found_ms INTEGER NOT NULL,
    gone_ms  INTEGER,
    UNIQUE (one, other, aspect),
    CHECK (one < other)
) STRICT;
CREATE INDEX clash_other ON clash (other);

-- What was decided about a clash, while the two statements stood as they did.
CREATE TABLE clash_settlement (
    id            INTEGER PRIMARY KEY,
    clash         INTEGER NOT NULL REFERENCES clash (id),
    one_changes   INTEGER NOT NULL,
    other_changes INTEGER NOT NULL,
    member        INTEGER NOT NULL REFERENCES member (id), -- who settled it
    words         TEXT NOT NULL,
    settled_ms    INTEGER NOT NULL
) STRICT;
CREATE INDEX clash_settlement_clash ON clash_settlement (clash);
