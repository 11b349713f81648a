-- Inspections (观摩督导): tours with stops and scorers. What is filled in at a stop is a row of filled whose part is the
-- stop. States and acts are a table of src/ledger/inspect.h.

CREATE TABLE inspection (
    line      INTEGER PRIMARY KEY REFERENCES line (id),
    state     TEXT NOT NULL,
    sheet     INTEGER NOT NULL REFERENCES sheet (id),
    rule      TEXT NOT NULL,    -- by which scores are settled, see rank.h
    far       INTEGER NOT NULL, -- its points
    scored_ms INTEGER           -- the scoring was closed first: since then marks are known
) STRICT;
CREATE INDEX inspection_sheet ON inspection (sheet);

CREATE TABLE inspection_stop (
    id          INTEGER PRIMARY KEY,
    key         TEXT NOT NULL UNIQUE,
    line        INTEGER NOT NULL REFERENCES line (id),
    place       TEXT NOT NULL,
    target      INTEGER REFERENCES line (id), -- what is looked at
    unit        INTEGER REFERENCES unit (id), -- whose it is
    removed_ms  INTEGER,
    removed_why TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX inspection_stop_line ON inspection_stop (line, id);
CREATE INDEX inspection_stop_target ON inspection_stop (target) WHERE target IS NOT NULL;

CREATE TABLE inspection_scorer (
    line   INTEGER NOT NULL REFERENCES line (id),
    member INTEGER NOT NULL REFERENCES member (id),
    weight INTEGER NOT NULL CHECK (weight >= 1),
    PRIMARY KEY (line, member)
) WITHOUT ROWID, STRICT;
CREATE INDEX inspection_scorer_member ON inspection_scorer (member);
