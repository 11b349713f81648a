-- Passages of papers quoted in talk: the place in the master, never anybody's words. A post names one by its key.

CREATE TABLE quotation (
    key      TEXT PRIMARY KEY,
    paper    INTEGER NOT NULL,
    edition  INTEGER NOT NULL,
    at       INTEGER NOT NULL, -- bytes of the edition's text
    len      INTEGER NOT NULL CHECK (len > 0),
    FOREIGN KEY (paper, edition) REFERENCES edition (paper, number)
) WITHOUT ROWID, STRICT;
