-- What follows from figures, kept so that lists need no working out; see src/ledger/alarm.h.

-- What a formula makes of each month, and of the year up to and with it, in steps of its indicator's last place.
CREATE TABLE indicator_result (
    line   INTEGER NOT NULL REFERENCES indicator (line),
    month  INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    so_far INTEGER, -- NULL: not known
    PRIMARY KEY (line, month)
) WITHOUT ROWID, STRICT;

-- Alarms that stand.
CREATE TABLE indicator_alarm (
    id        INTEGER PRIMARY KEY,
    line      INTEGER NOT NULL REFERENCES indicator (line),
    kind      TEXT NOT NULL,    -- names of src/ledger/measure.h
    year      INTEGER NOT NULL, -- which is judged
    month     INTEGER,          -- late: the first month that lacks
    since_day INTEGER NOT NULL,
    UNIQUE (line, kind)
) STRICT;
CREATE INDEX indicator_alarm_kind ON indicator_alarm (kind, since_day);

-- Indicators of which a figure changed, until what follows is worked out.
CREATE TABLE indicator_stale (
    line INTEGER PRIMARY KEY REFERENCES indicator (line)
) STRICT;
INSERT INTO indicator_stale SELECT line FROM indicator;

-- When all alarms are next to be looked at, as some hang on the day.
CREATE TABLE alarm_round (
    one     INTEGER PRIMARY KEY CHECK (one = 1),
    next_ms INTEGER NOT NULL
) STRICT;
INSERT INTO alarm_round VALUES (1, 0);
