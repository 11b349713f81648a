-- Guarding: a leak or a reseller reported, the case that it opens, what was found, decided, answered and
-- rewarded. States, acts and who may are in src/library/case.h. Times are Unix milliseconds, UTC.
--
-- Who reported stands in report.reporter and reward.member, and nowhere else: no step, exhibit or event names them.

-- A case is written C1, C2 … in events.
CREATE TABLE case_file (
    id         INTEGER PRIMARY KEY,
    key        TEXT NOT NULL UNIQUE,
    state      TEXT NOT NULL CHECK (state IN ('open', 'proposed', 'decided', 'dismissed', 'settled')),
    opened_ms  INTEGER NOT NULL,
    changed_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE report (
    id         INTEGER PRIMARY KEY,
    key        TEXT NOT NULL UNIQUE,
    case_file  INTEGER NOT NULL REFERENCES case_file (id),
    reporter   INTEGER NOT NULL REFERENCES member (id),
    anonymous  INTEGER NOT NULL CHECK (anonymous IN (0, 1)),
    kind       TEXT NOT NULL CHECK (kind IN ('leak', 'reseller')),
    link       TEXT NOT NULL DEFAULT '',
    place      TEXT NOT NULL DEFAULT '', -- where it was seen, in the reporter's words
    seen_ms    INTEGER,                  -- the day on which it was seen
    words      TEXT NOT NULL DEFAULT '',
    made_ms    INTEGER NOT NULL
) STRICT;
CREATE INDEX report_case ON report (case_file);
CREATE INDEX report_reporter ON report (reporter, made_ms);

-- What was found, byte for byte; the bytes are a blob.
CREATE TABLE case_exhibit (
    id        INTEGER PRIMARY KEY,
    key       TEXT NOT NULL UNIQUE,
    case_file INTEGER NOT NULL REFERENCES case_file (id),
    source    TEXT NOT NULL CHECK (source IN ('report', 'steward', 'appeal')),
    member    INTEGER REFERENCES member (id),   -- the steward or the accused who added it; NULL of a report
    sanction  INTEGER REFERENCES sanction (id), -- of an appeal: against which
    name      TEXT NOT NULL,
    size      INTEGER NOT NULL,
    digest    BLOB NOT NULL,
    added_ms  INTEGER NOT NULL,
    UNIQUE (case_file, digest)
) STRICT;

-- What a trace found. finding: as docs/trace-json.md has it; asked: what it was asked with, JSON.
CREATE TABLE case_finding (
    id        INTEGER PRIMARY KEY,
    key       TEXT NOT NULL UNIQUE,
    case_file INTEGER NOT NULL REFERENCES case_file (id),
    made_by   INTEGER NOT NULL REFERENCES member (id),
    made_ms   INTEGER NOT NULL,
    verdict   TEXT NOT NULL,
    asked     TEXT NOT NULL DEFAULT '{}',
    finding   TEXT NOT NULL
) STRICT;
CREATE INDEX case_finding_case ON case_finding (case_file);

CREATE TABLE case_finding_exhibit (
    finding INTEGER NOT NULL REFERENCES case_finding (id),
    exhibit INTEGER NOT NULL REFERENCES case_exhibit (id),
    PRIMARY KEY (finding, exhibit)
) WITHOUT ROWID, STRICT;

-- Whom a case is about: named by a finding, or by a steward with a reason. To them it does not exist.
CREATE TABLE case_accused (
    case_file INTEGER NOT NULL REFERENCES case_file (id),
    member    INTEGER NOT NULL REFERENCES member (id),
    finding   INTEGER REFERENCES case_finding (id), -- NULL: by a steward
    words     TEXT NOT NULL DEFAULT '',             -- the steward's reason
    since_ms  INTEGER NOT NULL,
    PRIMARY KEY (case_file, member)
) WITHOUT ROWID, STRICT;
CREATE INDEX case_accused_member ON case_accused (member);

-- Everything that was done in a case, in its order; notes are steps too.
CREATE TABLE case_step (
    id         INTEGER PRIMARY KEY,
    case_file  INTEGER NOT NULL REFERENCES case_file (id),
    sanction   INTEGER REFERENCES sanction (id),
    act        TEXT NOT NULL,
    actor      INTEGER REFERENCES member (id), -- NULL: the reporter, or time
    from_state TEXT NOT NULL,
    to_state   TEXT NOT NULL,
    words      TEXT NOT NULL DEFAULT '',
    time_ms    INTEGER NOT NULL
) STRICT;
CREATE INDEX case_step_case ON case_step (case_file);

-- What one steward proposes and a second confirms or sends back.
CREATE TABLE decision (
    id          INTEGER PRIMARY KEY,
    case_file   INTEGER NOT NULL REFERENCES case_file (id),
    proposer    INTEGER NOT NULL REFERENCES member (id),
    proposed_ms INTEGER NOT NULL,
    grounds     TEXT NOT NULL, -- for the stewards
    second      INTEGER REFERENCES member (id) CHECK (second <> proposer),
    ended_ms    INTEGER,
    outcome     TEXT CHECK (outcome IN ('confirmed', 'returned', 'withdrawn'))
) STRICT;
CREATE INDEX decision_case ON decision (case_file);

CREATE TABLE decision_member (
    decision INTEGER NOT NULL REFERENCES decision (id),
    member   INTEGER NOT NULL REFERENCES member (id),
    measure  TEXT NOT NULL CHECK (measure IN ('none', 'warning', 'suspension', 'end')),
    days     INTEGER NOT NULL DEFAULT 0,                                      -- of a suspension
    keeps    INTEGER NOT NULL DEFAULT 0 CHECK (keeps IN (0, 1)), -- of an end: what was open stays open
    grounds  TEXT NOT NULL DEFAULT '',                           -- told to the member
    PRIMARY KEY (decision, member)
) WITHOUT ROWID, STRICT;

-- A sanction is written X1, X2 … in events.
CREATE TABLE sanction (
    id              INTEGER PRIMARY KEY,
    key             TEXT NOT NULL UNIQUE,
    case_file       INTEGER NOT NULL REFERENCES case_file (id),
    decision        INTEGER NOT NULL REFERENCES decision (id),
    member          INTEGER NOT NULL REFERENCES member (id),
    measure         TEXT NOT NULL CHECK (measure IN ('warning', 'suspension', 'end')),
    keeps           INTEGER NOT NULL DEFAULT 0 CHECK (keeps IN (0, 1)),
    grounds         TEXT NOT NULL,
    state           TEXT NOT NULL CHECK (state IN ('standing', 'appealed', 'upheld', 'lifted')),
    told_ms         INTEGER NOT NULL,
    until_ms        INTEGER,          -- of a suspension
    appeal_until_ms INTEGER NOT NULL,
    read_ms         INTEGER,          -- first opened by the member
    settled_ms      INTEGER           -- upheld or lifted
) STRICT;
CREATE INDEX sanction_member ON sanction (member);
CREATE INDEX sanction_case ON sanction (case_file);
CREATE INDEX sanction_due ON sanction (appeal_until_ms) WHERE state = 'standing';

-- The subscriptions that a sanction ended, as they were, so that lifting it gives them back.
CREATE TABLE sanction_subscription (
    sanction     INTEGER NOT NULL REFERENCES sanction (id),
    subscription INTEGER NOT NULL REFERENCES subscription (id),
    keeps        INTEGER NOT NULL,
    paused_ms    INTEGER,
    PRIMARY KEY (sanction, subscription)
) WITHOUT ROWID, STRICT;

CREATE TABLE appeal (
    sanction   INTEGER PRIMARY KEY REFERENCES sanction (id),
    words      TEXT NOT NULL,
    made_ms    INTEGER NOT NULL,
    decided_by INTEGER REFERENCES member (id),
    decided_ms INTEGER,
    reasons    TEXT NOT NULL DEFAULT '' -- told to the member
) STRICT;

-- A year of subscription for who reported. Given at due_ms: at once, or after a time of its own where the
-- reporter stays unnamed, so that no neighbour in time tells who it was.
CREATE TABLE reward (
    id           INTEGER PRIMARY KEY,
    case_file    INTEGER NOT NULL REFERENCES case_file (id),
    member       INTEGER NOT NULL REFERENCES member (id),
    made_ms      INTEGER NOT NULL,
    due_ms       INTEGER NOT NULL,
    given_ms     INTEGER,
    subscription INTEGER REFERENCES subscription (id),
    until_ms     INTEGER,         -- the subscription's end with it
    UNIQUE (case_file, member)
) STRICT;
CREATE INDEX reward_due ON reward (due_ms) WHERE given_ms IS NULL;

-- When a suspension ends by itself; NULL: when a steward lifts it.
ALTER TABLE account ADD COLUMN suspended_until_ms INTEGER;
