-- Supervision (督查督办): how a line is driven to its end, the notices that its dates cause, and the assessment of those
-- who answer for lines, with objections to it. States, acts and rules are tables of src/ledger/.

CREATE TABLE supervision (
    line         INTEGER PRIMARY KEY REFERENCES line (id),
    state        TEXT NOT NULL,
    rhythm       TEXT NOT NULL, -- of feedback
    assigned_day INTEGER,
    signed_day   INTEGER,       -- feedback is counted from here
    fed_day      INTEGER,       -- the last feedback
    fault_day    INTEGER,       -- last found poorly done, or sent back
    told_by      INTEGER REFERENCES member (id) -- who said that it is done
) STRICT;
CREATE INDEX supervision_state ON supervision (state);

-- Whom it was handed to, level by level.
CREATE TABLE supervision_part (
    id        INTEGER PRIMARY KEY,
    key       TEXT NOT NULL UNIQUE,
    line      INTEGER NOT NULL REFERENCES line (id),
    above     INTEGER REFERENCES supervision_part (id), -- handed on by whom this was handed to; NULL: the first level
    unit      INTEGER REFERENCES unit (id),
    member    INTEGER REFERENCES member (id), -- NULL: anybody of the unit
    words     TEXT NOT NULL DEFAULT '',       -- what is to be done
    due_day   INTEGER,
    given_ms  INTEGER NOT NULL,
    signed_ms INTEGER,
    done_ms   INTEGER,
    taken_ms  INTEGER, -- taken back, or declined
    CHECK (unit IS NOT NULL OR member IS NOT NULL)
) STRICT;
CREATE INDEX supervision_part_line ON supervision_part (line);
CREATE INDEX supervision_part_above ON supervision_part (above) WHERE above IS NOT NULL;
CREATE INDEX supervision_part_member ON supervision_part (member) WHERE member IS NOT NULL;

-- What was done in it and said of it.
CREATE TABLE supervision_act (
    id       INTEGER PRIMARY KEY,
    line     INTEGER NOT NULL REFERENCES line (id),
    act      TEXT NOT NULL,
    part     INTEGER REFERENCES supervision_part (id),
    member   INTEGER NOT NULL REFERENCES member (id),
    day      INTEGER NOT NULL,
    made_ms  INTEGER NOT NULL,
    progress INTEGER, -- as feedback gave it
    words    TEXT NOT NULL DEFAULT '',
    shown    TEXT NOT NULL DEFAULT '' -- where the evidence lies, if in no file of the line
) STRICT;
CREATE INDEX supervision_act_line ON supervision_act (line, id);
CREATE INDEX supervision_act_day ON supervision_act (day, act);

-- A cause gives one notice for a line in a period, whatever becomes of the server meanwhile.
CREATE TABLE supervision_notice (
    id       INTEGER PRIMARY KEY, -- the sheet's number
    key      TEXT NOT NULL UNIQUE,
    line     INTEGER NOT NULL REFERENCES line (id),
    cause    TEXT NOT NULL,
    period   INTEGER NOT NULL, -- the due day, or the day that the cause's period is named by
    kind     TEXT NOT NULL,    -- the cause's, for lists
    made_day INTEGER NOT NULL,
    made_ms  INTEGER NOT NULL,
    -- as things stood
    lead     INTEGER REFERENCES member (id),
    unit     INTEGER REFERENCES unit (id),
    due_day  INTEGER NOT NULL,
    progress INTEGER NOT NULL,
    planned  INTEGER NOT NULL,
    unknown_year INTEGER NOT NULL DEFAULT 0, -- whose holidays the calendar lacked when days were counted
    UNIQUE (line, cause, period)
) STRICT;
CREATE INDEX supervision_notice_line ON supervision_notice (line, id);
CREATE INDEX supervision_notice_day ON supervision_notice (made_day, kind);

CREATE TABLE supervision_notice_to (
    notice INTEGER NOT NULL REFERENCES supervision_notice (id),
    member INTEGER NOT NULL REFERENCES member (id),
    told_ms INTEGER, -- in a letter, or found not to be told
    PRIMARY KEY (notice, member)
) WITHOUT ROWID, STRICT;
CREATE INDEX supervision_notice_to_tell ON supervision_notice_to (member) WHERE told_ms IS NULL;
CREATE INDEX supervision_notice_to_member ON supervision_notice_to (member, notice);

-- When notices are looked for next.
CREATE TABLE supervision_round (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    next_ms INTEGER NOT NULL
) STRICT;
INSERT INTO supervision_round (id, next_ms) VALUES (1, 0);

-- Scores of a month or quarter, by the formula of src/ledger/assess.h, in tenths of a point.
CREATE TABLE assessment (
    id        INTEGER PRIMARY KEY, -- written A1, A2 … in events
    first_day INTEGER NOT NULL,
    last_day  INTEGER NOT NULL,
    member    INTEGER NOT NULL REFERENCES member (id), -- who had it computed
    made_ms   INTEGER NOT NULL,
    UNIQUE (first_day, last_day)
) STRICT;

CREATE TABLE assessment_score (
    id         INTEGER PRIMARY KEY,
    key        TEXT NOT NULL UNIQUE,
    assessment INTEGER NOT NULL REFERENCES assessment (id),
    member     INTEGER REFERENCES member (id), -- one of the two
    unit       INTEGER REFERENCES unit (id),
    -- what the formula takes
    due        INTEGER NOT NULL,
    in_time    INTEGER NOT NULL,
    running    INTEGER NOT NULL,
    course     INTEGER NOT NULL, -- sum of percents reached of what was planned, over those running
    owed       INTEGER NOT NULL, -- feedbacks
    given      INTEGER NOT NULL,
    verdicts   INTEGER NOT NULL,
    good       INTEGER NOT NULL,
    reds       INTEGER NOT NULL,
    raised     INTEGER NOT NULL,
    circulars  INTEGER NOT NULL,
    tenths     INTEGER NOT NULL CHECK (tenths BETWEEN 0 AND 1000),
    corrected  INTEGER CHECK (corrected BETWEEN 0 AND 1000),
    CHECK ((member IS NULL) <> (unit IS NULL)),
    UNIQUE (assessment, member, unit)
) STRICT;
CREATE INDEX assessment_score_member ON assessment_score (member) WHERE member IS NOT NULL;

CREATE TABLE assessment_objection (
    id         INTEGER PRIMARY KEY,
    score      INTEGER NOT NULL REFERENCES assessment_score (id),
    member     INTEGER NOT NULL REFERENCES member (id),
    grounds    TEXT NOT NULL,
    made_ms    INTEGER NOT NULL,
    decided_by INTEGER REFERENCES member (id),
    decided_ms INTEGER,
    upheld     INTEGER NOT NULL DEFAULT 0,
    words      TEXT NOT NULL DEFAULT '', -- why it was decided so
    tenths     INTEGER                   -- the score as corrected
) STRICT;
CREATE UNIQUE INDEX assessment_objection_open ON assessment_objection (score) WHERE decided_ms IS NULL;
CREATE INDEX assessment_objection_score ON assessment_objection (score);
