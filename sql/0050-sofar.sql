-- What the wall reads of a large ledger without adding it up anew: the year so far of an indicator that is entered, kept up
-- with each actual and target (src/ledger/indicator.c), and watches by their state.

CREATE TABLE indicator_so_far (
    line    INTEGER NOT NULL REFERENCES indicator (line),
    month   INTEGER NOT NULL, -- that has an actual
    actual  INTEGER NOT NULL,
    target  INTEGER,
    both    INTEGER NOT NULL, -- months of its year up to this one that have an actual and a target
    actuals INTEGER,          -- their sums
    targets INTEGER,
    PRIMARY KEY (line, month)
) WITHOUT ROWID, STRICT;
INSERT INTO indicator_so_far SELECT a.line, a.month, a.amount, t.amount, count(t.amount) OVER y,
    sum(iif(t.amount IS NULL, NULL, a.amount)) OVER y, sum(t.amount) OVER y FROM indicator_actual a
    LEFT JOIN indicator_month t ON t.line = a.line AND t.month = a.month
    WHERE a.replaced_ms IS NULL AND a.amount IS NOT NULL
    WINDOW y AS (PARTITION BY a.line, a.month / 12 ORDER BY a.month);

CREATE INDEX project_watch_state ON project_watch (watch, state, planned_day);
CREATE INDEX project_watch_reported ON project_watch (planned_day, line) WHERE state = 'reported';
