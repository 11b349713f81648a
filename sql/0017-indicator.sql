-- Indicators: what is measured, its targets by month, its actuals with every revision, and whom it is compared with.
-- Amounts count steps of the indicator's last decimal place; months are year × 12 + (month − 1); see
-- src/ledger/amount.h.

CREATE TABLE indicator (
    line           INTEGER PRIMARY KEY REFERENCES line (id),
    measure        TEXT NOT NULL, -- "亿元", "%", "km"
    places         INTEGER NOT NULL CHECK (places BETWEEN 0 AND 6),
    fold           TEXT NOT NULL CHECK (fold IN ('sum', 'last', 'mean')),
    direction      TEXT NOT NULL CHECK (direction IN ('up', 'down')), -- which way is better
    formula        TEXT NOT NULL DEFAULT '', -- empty: its actuals are entered
    begins         INTEGER NOT NULL, -- the first month whose actual is expected
    due_day        INTEGER NOT NULL DEFAULT 10 CHECK (due_day BETWEEN 1 AND 31),
    behind_percent INTEGER NOT NULL DEFAULT 5 CHECK (behind_percent BETWEEN 0 AND 100)
) STRICT;

-- Which indicators a formula uses.
CREATE TABLE indicator_use (
    line INTEGER NOT NULL REFERENCES indicator (line),
    uses INTEGER NOT NULL REFERENCES indicator (line),
    PRIMARY KEY (line, uses)
) WITHOUT ROWID, STRICT;
CREATE INDEX indicator_use_uses ON indicator_use (uses);

-- Every value that a month was ever said to have; the one that holds is not replaced.
CREATE TABLE indicator_actual (
    id          INTEGER PRIMARY KEY,
    line        INTEGER NOT NULL REFERENCES indicator (line),
    month       INTEGER NOT NULL,
    amount      INTEGER, -- NULL: taken back
    member      INTEGER NOT NULL REFERENCES member (id),
    entered_ms  INTEGER NOT NULL,
    why         TEXT NOT NULL DEFAULT '',
    replaced_ms INTEGER
) STRICT;
CREATE UNIQUE INDEX indicator_actual_month ON indicator_actual (line, month) WHERE replaced_ms IS NULL;
CREATE INDEX indicator_actual_line ON indicator_actual (line, month);

-- In which years it was ever entered, so that a list of all needs no look at each month.
CREATE TABLE indicator_entered (
    line INTEGER NOT NULL REFERENCES indicator (line),
    year INTEGER NOT NULL,
    PRIMARY KEY (line, year)
) WITHOUT ROWID, STRICT;
CREATE INDEX indicator_entered_year ON indicator_entered (year);

CREATE TABLE indicator_year (
    line  INTEGER NOT NULL REFERENCES indicator (line),
    year  INTEGER NOT NULL,
    whole INTEGER NOT NULL,
    split TEXT NOT NULL CHECK (split IN ('even', 'seasonal')), -- of the months not set by hand
    PRIMARY KEY (line, year)
) WITHOUT ROWID, STRICT;

CREATE TABLE indicator_month (
    line    INTEGER NOT NULL REFERENCES indicator (line),
    month   INTEGER NOT NULL,
    amount  INTEGER NOT NULL,
    by_hand INTEGER NOT NULL CHECK (by_hand IN (0, 1)),
    PRIMARY KEY (line, month)
) WITHOUT ROWID, STRICT;

-- Whom it is compared with: "National", "全市", or any series.
CREATE TABLE benchmark (
    id   INTEGER PRIMARY KEY,
    line INTEGER NOT NULL REFERENCES indicator (line),
    name TEXT NOT NULL COLLATE NOCASE,
    UNIQUE (line, name)
) STRICT;

CREATE TABLE benchmark_value (
    benchmark INTEGER NOT NULL REFERENCES benchmark (id),
    month     INTEGER NOT NULL,
    amount    INTEGER NOT NULL, -- in the indicator's steps, of the same kind as its actuals
    PRIMARY KEY (benchmark, month)
) WITHOUT ROWID, STRICT;

-- What spreadsheets call indicators: said once, known at every import.
CREATE TABLE indicator_name (
    name TEXT PRIMARY KEY COLLATE NOCASE,
    line INTEGER NOT NULL REFERENCES indicator (line)
) WITHOUT ROWID, STRICT;
