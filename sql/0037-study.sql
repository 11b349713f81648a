-- Study sessions (学习, "第一议题"): what each body is to study and how soon, sessions with their agenda, papers and decisions,
-- and who was there. The session's body is the line's unit, its chair the lead, its day the due day.

CREATE TABLE study_body (
    unit        INTEGER PRIMARY KEY REFERENCES unit (id),
    limit_days  INTEGER NOT NULL CHECK (limit_days BETWEEN 1 AND 60), -- working days from publication
    window_days INTEGER NOT NULL CHECK (window_days BETWEEN 1 AND 365),
    since_day   INTEGER NOT NULL, -- what was published before is not asked for
    for_all     INTEGER NOT NULL CHECK (for_all IN (0, 1)) -- papers for all members too, besides those of groups
) STRICT;
CREATE TABLE study_body_group (
    unit    INTEGER NOT NULL REFERENCES study_body (unit),
    "group" INTEGER NOT NULL REFERENCES "group" (id),
    PRIMARY KEY (unit, "group")
) WITHOUT ROWID, STRICT;

CREATE TABLE study (
    line         INTEGER PRIMARY KEY REFERENCES line (id),
    state        TEXT NOT NULL, -- of src/ledger/session.h
    place        TEXT NOT NULL DEFAULT '',
    held_day     INTEGER, -- the line's day when it was said to be held: what is changed there later moves no study
    minutes      TEXT NOT NULL DEFAULT '',
    written_by   INTEGER REFERENCES member (id),
    written_ms   INTEGER,
    confirmed_by INTEGER REFERENCES member (id),
    confirmed_ms INTEGER
) STRICT;
CREATE INDEX study_state ON study (state);

-- Records that were written anew: what stood there, and whether the chair had confirmed it.
CREATE TABLE study_former (
    id           INTEGER PRIMARY KEY,
    line         INTEGER NOT NULL REFERENCES line (id),
    minutes      TEXT NOT NULL,
    written_by   INTEGER NOT NULL REFERENCES member (id),
    written_ms   INTEGER NOT NULL,
    confirmed    INTEGER NOT NULL CHECK (confirmed IN (0, 1))
) STRICT;
CREATE INDEX study_former_line ON study_former (line, id);

CREATE TABLE study_item (
    id    INTEGER PRIMARY KEY,
    key   TEXT NOT NULL UNIQUE,
    line  INTEGER NOT NULL REFERENCES line (id),
    place INTEGER NOT NULL CHECK (place >= 1),
    title TEXT NOT NULL DEFAULT '', -- empty: the first item, of new papers
    text  TEXT NOT NULL DEFAULT '',
    UNIQUE (line, place)
) STRICT;
CREATE TABLE study_paper (
    item     INTEGER NOT NULL REFERENCES study_item (id),
    paper    INTEGER NOT NULL REFERENCES paper (id),
    added_ms INTEGER NOT NULL,
    PRIMARY KEY (item, paper)
) WITHOUT ROWID, STRICT;
CREATE INDEX study_paper_paper ON study_paper (paper);
CREATE TABLE study_decision (
    line INTEGER PRIMARY KEY REFERENCES line (id), -- that was made
    item INTEGER NOT NULL REFERENCES study_item (id)
) STRICT;
CREATE INDEX study_decision_item ON study_decision (item);

-- A record about people: for the body and who keeps the ledger alone.
CREATE TABLE study_attendance (
    line   INTEGER NOT NULL REFERENCES line (id),
    member INTEGER NOT NULL REFERENCES member (id),
    state  TEXT NOT NULL CHECK (state IN ('present', 'excused', 'absent')),
    PRIMARY KEY (line, member)
) WITHOUT ROWID, STRICT;
CREATE INDEX study_attendance_member ON study_attendance (member);
