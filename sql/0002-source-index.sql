-- The source index: the winnowed grams of each edition (48 bits of the hash; see
-- src/library/source.h). Clustered by hash, so that a look-up is one short range scan.
CREATE TABLE gram (
    hash    INTEGER NOT NULL,
    paper   INTEGER NOT NULL,
    edition INTEGER NOT NULL,
    PRIMARY KEY (hash, paper, edition)
) WITHOUT ROWID, STRICT;
