-- Traces asked for from a page. One at a time is at work; its progress is in the server's memory only.

CREATE TABLE trace (
    id          INTEGER PRIMARY KEY,
    key         TEXT NOT NULL UNIQUE,
    paper       INTEGER REFERENCES paper (id), -- known to be the source; NULL: found among all
    everyone    INTEGER NOT NULL CHECK (everyone IN (0, 1)), -- all members are tested, not only holders
    false_alarm REAL NOT NULL,                 -- the chance, at most, of naming anybody innocent
    asked_by    INTEGER NOT NULL REFERENCES member (id),
    asked_ms    INTEGER NOT NULL,
    state       TEXT NOT NULL DEFAULT 'waiting'
                CHECK (state IN ('waiting', 'running', 'done', 'cancelled', 'interrupted', 'failed')),
    began_ms    INTEGER,
    ended_ms    INTEGER,
    failed      TEXT NOT NULL DEFAULT '', -- why, in both languages: JSON {"en", "zh"}
    finding     TEXT NOT NULL DEFAULT '', -- docs/trace-json.md, without names
    matches     BLOB                      -- SHA-256 of a blob: where the marks stand
) STRICT;
CREATE INDEX trace_open ON trace (asked_ms) WHERE state IN ('waiting', 'running');
CREATE INDEX trace_asked ON trace (asked_ms);

CREATE TABLE trace_exhibit (
    trace  INTEGER NOT NULL REFERENCES trace (id),
    number INTEGER NOT NULL, -- from 1
    name   TEXT NOT NULL,    -- of the file, as it was given
    digest BLOB NOT NULL,    -- SHA-256 of its bytes, a blob
    PRIMARY KEY (trace, number)
) WITHOUT ROWID, STRICT;
