-- Risks (风险): how likely and how grave each is, before disposal and after it; the marks at which an indicator's figures
-- raise its alarm, and the alarms raised. Scales, matrix, states and acts are tables of src/ledger/risk.c.

CREATE TABLE risk (
    line                INTEGER PRIMARY KEY REFERENCES line (id),
    category            TEXT NOT NULL,
    state               TEXT NOT NULL,
    likelihood          INTEGER NOT NULL CHECK (likelihood BETWEEN 1 AND 5), -- inherent: before disposal
    impact              INTEGER NOT NULL CHECK (impact BETWEEN 1 AND 5),
    residual_likelihood INTEGER CHECK (residual_likelihood BETWEEN 1 AND 5), -- what another found to be left
    residual_impact     INTEGER CHECK (residual_impact BETWEEN 1 AND 5),
    told_by             INTEGER REFERENCES member (id), -- who said that disposal is done
    CHECK ((residual_likelihood IS NULL) = (residual_impact IS NULL))
) STRICT;
CREATE INDEX risk_state ON risk (state);

-- What was done about it; the last row that assesses, up to a day, says how it stood on that day.
CREATE TABLE risk_act (
    id         INTEGER PRIMARY KEY,
    line       INTEGER NOT NULL REFERENCES line (id),
    act        TEXT NOT NULL,
    member     INTEGER NOT NULL REFERENCES member (id),
    day        INTEGER NOT NULL,
    made_ms    INTEGER NOT NULL,
    likelihood INTEGER, -- of acts that assess
    impact     INTEGER,
    words      TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX risk_act_line ON risk_act (line, day, id);

-- Marks over an indicator's months, in its steps; see src/ledger/threshold.h. Others are set by ending one and making
-- another.
CREATE TABLE risk_threshold (
    id        INTEGER PRIMARY KEY,
    key       TEXT NOT NULL UNIQUE,
    line      INTEGER NOT NULL REFERENCES line (id),
    indicator INTEGER NOT NULL REFERENCES indicator (line),
    warn      INTEGER NOT NULL,
    act       INTEGER NOT NULL,
    margin    INTEGER NOT NULL CHECK (margin >= 0),
    months    INTEGER NOT NULL CHECK (months BETWEEN 1 AND 12),
    member    INTEGER NOT NULL REFERENCES member (id), -- who set it
    made_ms   INTEGER NOT NULL,
    ended_ms  INTEGER
) STRICT;
CREATE UNIQUE INDEX risk_threshold_of ON risk_threshold (line, indicator) WHERE ended_ms IS NULL;
CREATE INDEX risk_threshold_indicator ON risk_threshold (indicator) WHERE ended_ms IS NULL;

-- A month raises an alarm of a level once: what falls and is raised by the same month again stands again, and is not told again.
CREATE TABLE risk_alarm (
    id         INTEGER PRIMARY KEY,
    threshold  INTEGER NOT NULL REFERENCES risk_threshold (id),
    level      TEXT NOT NULL CHECK (level IN ('warn', 'act')),
    month      INTEGER NOT NULL, -- with which the mark was passed
    raised_ms  INTEGER NOT NULL,
    fell_ms    INTEGER,
    told_ms    INTEGER, -- in letters, or found not to be told
    UNIQUE (threshold, level, month)
) STRICT;
CREATE INDEX risk_alarm_standing ON risk_alarm (threshold) WHERE fell_ms IS NULL;
CREATE INDEX risk_alarm_untold ON risk_alarm (raised_ms) WHERE told_ms IS NULL;
