-- Templates: papers with blanks, and what members fill in.

-- What the editor said of a draft's placeholders, JSON; see src/library/blank.h.
ALTER TABLE draft ADD COLUMN blanks TEXT NOT NULL DEFAULT '{}';

-- The blanks of an edition that is a template, frozen with their places in its text.
CREATE TABLE template (
    paper   INTEGER NOT NULL,
    edition INTEGER NOT NULL,
    blanks  TEXT NOT NULL, -- JSON, in the same form
    PRIMARY KEY (paper, edition),
    FOREIGN KEY (paper, edition) REFERENCES edition (paper, number)
) WITHOUT ROWID, STRICT;

-- What a member keeps for a paper's blanks, by the blank's name, so that a new edition finds it again.
CREATE TABLE fill (
    member  INTEGER NOT NULL REFERENCES member (id),
    paper   INTEGER NOT NULL REFERENCES paper (id),
    name    TEXT NOT NULL,
    value   TEXT NOT NULL, -- dates as 2026-11-24, numbers as digits
    kept_ms INTEGER NOT NULL,
    PRIMARY KEY (member, paper, name)
) WITHOUT ROWID, STRICT;
