-- Standing requests: searches that members keep, to be told of new papers that fit. The words are theirs alone.

CREATE TABLE standing (
    id         INTEGER PRIMARY KEY,
    key        TEXT NOT NULL UNIQUE,
    member     INTEGER NOT NULL REFERENCES member (id),
    words      TEXT NOT NULL,
    pace       TEXT NOT NULL CHECK (pace IN ('once', 'digest')), -- letters at once, or with the digest
    since_seq  INTEGER NOT NULL,                                 -- what was published by then is not told
    created_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX standing_member ON standing (member);

-- Papers that the member was told of, each once.
CREATE TABLE standing_fit (
    standing INTEGER NOT NULL REFERENCES standing (id),
    paper    INTEGER NOT NULL REFERENCES paper (id),
    member   INTEGER NOT NULL REFERENCES member (id),
    found_ms INTEGER NOT NULL,
    PRIMARY KEY (standing, paper)
) WITHOUT ROWID, STRICT;
CREATE INDEX standing_fit_member ON standing_fit (member);
