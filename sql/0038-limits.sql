-- By what numbers lights and notices go; see src/ledger/limits.h.

CREATE TABLE ledger_limits (
    one           INTEGER PRIMARY KEY CHECK (one = 1),
    near_days     INTEGER NOT NULL,
    behind_points INTEGER NOT NULL,
    from_hour     INTEGER NOT NULL,
    until_hour    INTEGER NOT NULL
) STRICT;
INSERT INTO ledger_limits VALUES (1, 7, 20, 8, 18);

-- A notice tells its rule by the numbers of its day.
ALTER TABLE supervision_notice ADD COLUMN near_days INTEGER NOT NULL DEFAULT 7;
ALTER TABLE supervision_notice ADD COLUMN behind_points INTEGER NOT NULL DEFAULT 20;
