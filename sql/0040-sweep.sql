-- Sweeps (排查): a checklist handed to units, to be answered by a day. What they answer lies in `filled` (0027), what they found
-- in `finding`. A sweep runs while its line is under way.

CREATE TABLE sweep (
    line  INTEGER PRIMARY KEY REFERENCES line (id),
    sheet INTEGER NOT NULL REFERENCES sheet (id)
) STRICT;

CREATE TABLE sweep_unit (
    line     INTEGER NOT NULL REFERENCES sweep (line),
    unit     INTEGER NOT NULL REFERENCES unit (id),
    given_ms INTEGER NOT NULL,
    told_ms  INTEGER, -- in letters, or found not to be told
    PRIMARY KEY (line, unit)
) WITHOUT ROWID, STRICT;
CREATE INDEX sweep_unit_unit ON sweep_unit (unit, line);
CREATE INDEX sweep_unit_untold ON sweep_unit (given_ms) WHERE told_ms IS NULL;
