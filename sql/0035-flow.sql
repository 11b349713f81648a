-- Each time that a watch was said to be reached, and when that was answered: how long reports wait to be checked.
CREATE TABLE project_watch_report (
    id          INTEGER PRIMARY KEY,
    line        INTEGER NOT NULL REFERENCES line (id),
    watch       TEXT NOT NULL,
    reported_ms INTEGER NOT NULL,
    answered_ms INTEGER,
    passed      INTEGER NOT NULL DEFAULT 0 CHECK (passed IN (0, 1))
) STRICT;
CREATE INDEX project_watch_report_line ON project_watch_report (line, watch);

INSERT INTO project_watch_report (line, watch, reported_ms, answered_ms, passed)
SELECT CAST(substr(subject, 2) AS INTEGER), watch, time_ms, next_ms, coalesce(next_act = 'pass', 0)
FROM (SELECT subject, seq, time_ms, json_extract(data, '$.watch') AS watch, json_extract(data, '$.act') AS act,
             lead(time_ms) OVER of_watch AS next_ms, lead(json_extract(data, '$.act')) OVER of_watch AS next_act
      FROM event WHERE kind = 'line.watch' AND json_extract(data, '$.act') IN ('report', 'pass', 'return')
      WINDOW of_watch AS (PARTITION BY subject, json_extract(data, '$.watch') ORDER BY seq))
WHERE act = 'report' ORDER BY seq;
