-- What waits for what among the lines under one line: `after` begins `lag` days or more after `before` has ended.
CREATE TABLE line_link (
    before INTEGER NOT NULL REFERENCES line (id),
    after  INTEGER NOT NULL REFERENCES line (id),
    lag    INTEGER NOT NULL DEFAULT 0 CHECK (lag BETWEEN 0 AND 3650),
    PRIMARY KEY (before, after),
    CHECK (before <> after)
) STRICT, WITHOUT ROWID;
CREATE INDEX line_link_after ON line_link (after);
