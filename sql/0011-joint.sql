-- Joint tests of the exhibits of two cases that share a source paper. Test k, counted over the whole library, has
-- 1 / (k (k + 1)) of the false-alarm budget, so that all there will ever be keep to it together (docs/marking.md,
-- section 5). A number is given to every such pair, whether its test is made or not.
CREATE TABLE joint (
    number     INTEGER PRIMARY KEY AUTOINCREMENT,
    one        INTEGER NOT NULL REFERENCES case_file (id), -- whose new finding gave occasion
    other      INTEGER NOT NULL REFERENCES case_file (id),
    cause      INTEGER NOT NULL REFERENCES trace (id),     -- that finding
    trace      INTEGER REFERENCES trace (id),              -- the joint test; NULL: none was made
    state      TEXT NOT NULL
               CHECK (state IN ('skipped', 'testing', 'nothing', 'proposed', 'joined', 'apart')),
    alike      INTEGER NOT NULL DEFAULT 0 CHECK (alike IN (0, 1)), -- proposed though it names nobody
    decided_by INTEGER REFERENCES member (id),
    decided_ms INTEGER
) STRICT;
CREATE INDEX joint_one ON joint (one);
CREATE INDEX joint_other ON joint (other);
CREATE UNIQUE INDEX joint_trace ON joint (trace) WHERE trace IS NOT NULL;
