-- Plans that were agreed upon: the days of a line and of all under it, as they stood when the plan was frozen.
CREATE TABLE baseline (
    id        INTEGER PRIMARY KEY,
    key       TEXT NOT NULL UNIQUE,
    line      INTEGER NOT NULL REFERENCES line (id),
    name      TEXT NOT NULL,
    frozen_ms INTEGER NOT NULL,
    UNIQUE (line, name)
) STRICT;

CREATE TABLE baseline_line (
    baseline   INTEGER NOT NULL REFERENCES baseline (id),
    line       INTEGER NOT NULL REFERENCES line (id),
    begins_day INTEGER,
    due_day    INTEGER,
    PRIMARY KEY (baseline, line)
) STRICT, WITHOUT ROWID;
