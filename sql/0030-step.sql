-- Steps with time limits: what several units or people are to do or say about a line, stage by stage, and the questions that
-- stop their clocks. States, acts and reasons are tables of src/ledger/step_rules.c.

CREATE TABLE step (
    id         INTEGER PRIMARY KEY,
    key        TEXT NOT NULL UNIQUE,
    line       INTEGER NOT NULL REFERENCES line (id),
    stage      INTEGER NOT NULL CHECK (stage > 0),
    round      INTEGER NOT NULL DEFAULT 1, -- how often its stage was asked
    title      TEXT NOT NULL DEFAULT '',
    unit       INTEGER REFERENCES unit (id),
    member     INTEGER REFERENCES member (id), -- NULL: anybody of the unit
    limit_days INTEGER NOT NULL DEFAULT 0,     -- working days; 0: none
    work       INTEGER NOT NULL DEFAULT 0,     -- to be carried out; else an opinion is asked for
    silence    INTEGER NOT NULL DEFAULT 0,     -- no answer within the limit is consent
    state      TEXT NOT NULL DEFAULT 'waiting',
    made_ms    INTEGER NOT NULL,
    opened_ms  INTEGER,
    due_day    INTEGER, -- last day by the calendar when it was looked at last; NULL: none, or a question holds it off
    ended_ms   INTEGER,
    ended_by   INTEGER REFERENCES member (id), -- NULL: it lapsed
    -- at its end, by the calendar of then: working days that counted, that stood still, and that were too late
    used_days    INTEGER,
    stopped_days INTEGER,
    late_days    INTEGER,
    words      TEXT NOT NULL DEFAULT '',       -- said at its end
    again_ms   INTEGER,                        -- sent back: another round counts instead
    tell       TEXT,                           -- what whose it is are to be told next, and when
    tell_ms    INTEGER,
    CHECK (unit IS NOT NULL OR member IS NOT NULL)
) STRICT;
CREATE INDEX step_line ON step (line, stage);
CREATE INDEX step_running ON step (state, due_day) WHERE state IN ('open', 'asked');
CREATE INDEX step_unit ON step (unit, state) WHERE unit IS NOT NULL;
CREATE INDEX step_member ON step (member, state) WHERE member IS NOT NULL;
CREATE INDEX step_tell ON step (tell_ms) WHERE tell_ms IS NOT NULL;

-- Questions: the clock stands still from the day of one to the day of its answer.
CREATE TABLE step_pause (
    id          INTEGER PRIMARY KEY,
    step        INTEGER NOT NULL REFERENCES step (id),
    asked_ms    INTEGER NOT NULL,
    asked_by    INTEGER NOT NULL REFERENCES member (id),
    reason      TEXT NOT NULL,
    question    TEXT NOT NULL,
    answered_ms INTEGER,
    answered_by INTEGER REFERENCES member (id), -- NULL: the step ended without an answer
    answer      TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX step_pause_step ON step_pause (step);

-- When the clocks are looked at next.
CREATE TABLE step_round (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    next_ms INTEGER NOT NULL
) STRICT;
INSERT INTO step_round (id, next_ms) VALUES (1, 0);
