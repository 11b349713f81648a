-- Keeping: members erased, and who asked for it and decided.

-- Since then nothing is kept that says who the member was; name and email read M17.
ALTER TABLE member ADD COLUMN erased_ms INTEGER;

CREATE TABLE erasure (
    id         INTEGER PRIMARY KEY,
    key        TEXT NOT NULL UNIQUE,
    member     INTEGER NOT NULL REFERENCES member (id),
    asked_by   INTEGER NOT NULL REFERENCES member (id),
    asked_ms   INTEGER NOT NULL,
    decided_by INTEGER REFERENCES member (id), -- somebody other than who asked
    decided_ms INTEGER,
    state      TEXT NOT NULL DEFAULT 'asked' CHECK (state IN ('asked', 'withdrawn', 'done')),
    done       TEXT NOT NULL DEFAULT '[]',     -- what was taken out, JSON: [[number in the register, rows], …]
    event      INTEGER,                        -- the one that tells of it
    swept_ms   INTEGER                         -- unused bytes of the database are overwritten since then
) STRICT;
CREATE UNIQUE INDEX erasure_open ON erasure (member) WHERE state = 'asked';
