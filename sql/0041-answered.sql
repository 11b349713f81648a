-- Who answered for a line until a moment at which it was given to another lead or unit; who answers now stands in the
-- line. See src/ledger/answered.h.
CREATE TABLE line_answered (
    line     INTEGER NOT NULL REFERENCES line (id),
    until_ms INTEGER NOT NULL,
    lead     INTEGER REFERENCES member (id),
    unit     INTEGER REFERENCES unit (id),
    PRIMARY KEY (line, until_ms)
) WITHOUT ROWID, STRICT;
CREATE INDEX line_answered_lead ON line_answered (lead) WHERE lead IS NOT NULL;
