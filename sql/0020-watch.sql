-- The five watches of a project: a gate each, and the conditions of each that were met, with what shows it.
CREATE TABLE project_watch (
    line        INTEGER NOT NULL REFERENCES line (id),
    watch       TEXT NOT NULL CHECK (watch IN ('landing', 'start', 'progress', 'support', 'opening')),
    state       TEXT NOT NULL CHECK (state IN ('open', 'reported', 'passed', 'waived')),
    planned_day INTEGER,
    actual_day  INTEGER,
    member      INTEGER REFERENCES member (id), -- who said that it is reached
    words       TEXT NOT NULL DEFAULT '', -- of the last verdict
    PRIMARY KEY (line, watch)
) STRICT, WITHOUT ROWID;

CREATE TABLE project_condition (
    line   INTEGER NOT NULL REFERENCES line (id),
    watch  TEXT NOT NULL,
    number INTEGER NOT NULL CHECK (number BETWEEN 0 AND 11), -- of all projects' conditions, then of its own
    note   TEXT NOT NULL, -- what shows it
    PRIMARY KEY (line, watch, number)
) STRICT, WITHOUT ROWID;
