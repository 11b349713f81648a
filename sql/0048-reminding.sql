-- Letters that ask for a sheet: a scorer when the tour begins, a unit when a sweep nears its day. See
-- src/server/sheet_letters.h.

ALTER TABLE inspection_scorer ADD COLUMN told_ms INTEGER; -- that the tour is under way
CREATE INDEX inspection_scorer_untold ON inspection_scorer (line) WHERE told_ms IS NULL;
-- Whoever scores a tour that has begun before this was kept is told nothing any more.
UPDATE inspection_scorer SET told_ms = 0 WHERE line IN (SELECT line FROM inspection WHERE state <> 'planned');

ALTER TABLE sweep ADD COLUMN look_ms INTEGER NOT NULL DEFAULT 0; -- when it is looked at next for units to remind
ALTER TABLE sweep_unit ADD COLUMN near_day INTEGER; -- the last day that they were reminded of
