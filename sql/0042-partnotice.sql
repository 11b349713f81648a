-- Notices about a part that was handed on, by its own day, beside those about its line: a cause gives one notice in its
-- period for each of them. SQLite drops no constraint, so that the table is made anew.
CREATE TABLE notice_to_kept AS SELECT * FROM supervision_notice_to;
DELETE FROM supervision_notice_to;
CREATE TABLE supervision_notice_anew (
    id       INTEGER PRIMARY KEY, -- the sheet's number
    key      TEXT NOT NULL UNIQUE,
    line     INTEGER NOT NULL REFERENCES line (id),
    part     INTEGER REFERENCES supervision_part (id), -- NULL: about the line itself
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
    unknown_year  INTEGER NOT NULL DEFAULT 0, -- whose holidays the calendar lacked when days were counted
    near_days     INTEGER NOT NULL DEFAULT 7, -- the limits that counted
    behind_points INTEGER NOT NULL DEFAULT 20
) STRICT;
INSERT INTO supervision_notice_anew SELECT id, key, line, NULL, cause, period, kind, made_day, made_ms, lead, unit,
    due_day, progress, planned, unknown_year, near_days, behind_points FROM supervision_notice;
DROP TABLE supervision_notice;
ALTER TABLE supervision_notice_anew RENAME TO supervision_notice;
CREATE UNIQUE INDEX supervision_notice_once ON supervision_notice (line, ifnull(part, 0), cause, period);
CREATE INDEX supervision_notice_line ON supervision_notice (line, id);
CREATE INDEX supervision_notice_day ON supervision_notice (made_day, kind);
INSERT INTO supervision_notice_to SELECT * FROM notice_to_kept;
DROP TABLE notice_to_kept;
