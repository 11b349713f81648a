-- Which column of a source's tables of figures holds what; see src/ledger/mapping.h.

CREATE TABLE figure_mapping (
    id            INTEGER PRIMARY KEY, -- written F1, F2 … in events
    key           TEXT NOT NULL UNIQUE,
    name          TEXT NOT NULL UNIQUE COLLATE NOCASE, -- of the source
    member        INTEGER NOT NULL REFERENCES member (id), -- who keeps it
    kept_ms       INTEGER NOT NULL,
    used_ms       INTEGER,
    since_january INTEGER NOT NULL CHECK (since_january IN (0, 1))
) STRICT;
CREATE INDEX figure_mapping_member ON figure_mapping (member);

CREATE TABLE figure_column (
    mapping INTEGER NOT NULL REFERENCES figure_mapping (id),
    place   INTEGER NOT NULL,
    heading TEXT NOT NULL,
    role    TEXT NOT NULL, -- names of src/ledger/import.h
    PRIMARY KEY (mapping, place)
) WITHOUT ROWID, STRICT;
