-- Each time that a watch was said to be reached, and when that was answered: how long work towards it took, and how long
-- reports wait to be checked.
CREATE TABLE project_watch_report (
    id          INTEGER PRIMARY KEY,
    line        INTEGER NOT NULL REFERENCES line (id),
    watch       TEXT NOT NULL,
    since_ms    INTEGER, -- the answer before it, of whatever watch of the project; NULL: it was the first
    again       INTEGER NOT NULL DEFAULT 0 CHECK (again IN (0, 1)), -- which had sent it back
    reported_ms INTEGER NOT NULL,
    answered_ms INTEGER,
    passed      INTEGER NOT NULL DEFAULT 0 CHECK (passed IN (0, 1))
) STRICT;
CREATE INDEX project_watch_report_line ON project_watch_report (line, answered_ms);

INSERT INTO project_watch_report (line, watch, since_ms, again, reported_ms, answered_ms, passed)
SELECT line, watch, lag(answered_ms) OVER of_line, coalesce(lag(passed) OVER of_line = 0, 0), reported_ms, answered_ms, passed
FROM (SELECT CAST(substr(subject, 2) AS INTEGER) AS line, seq, watch, act, time_ms AS reported_ms,
             lead(time_ms) OVER of_watch AS answered_ms, coalesce(lead(act) OVER of_watch = 'pass', 0) AS passed
      FROM (SELECT subject, seq, time_ms, json_extract(data, '$.watch') AS watch, json_extract(data, '$.act') AS act
            FROM event WHERE kind = 'line.watch')
      WHERE act IN ('report', 'pass', 'return')
      WINDOW of_watch AS (PARTITION BY subject, watch ORDER BY seq))
WHERE act = 'report'
WINDOW of_line AS (PARTITION BY line ORDER BY seq)
ORDER BY seq;
