-- Joint reviews (联审联批): what of a review is not its line's or its steps' (0030). States and acts are tables of
-- src/ledger/review_rules.c.

CREATE TABLE review (
    line     INTEGER PRIMARY KEY REFERENCES line (id),
    state    TEXT NOT NULL,
    asked_by INTEGER NOT NULL REFERENCES member (id), -- who made it
    basis    TEXT NOT NULL DEFAULT ''                 -- by which rule it is asked, and silence counts
) STRICT;
CREATE INDEX review_state ON review (state);

-- Replies; the last one counts, while the review is replied to.
CREATE TABLE review_reply (
    id         INTEGER PRIMARY KEY,
    line       INTEGER NOT NULL REFERENCES line (id),
    verdict    TEXT NOT NULL,
    words      TEXT NOT NULL,
    replied_ms INTEGER NOT NULL,
    replied_by INTEGER NOT NULL REFERENCES member (id)
) STRICT;
CREATE INDEX review_reply_line ON review_reply (line, id);
