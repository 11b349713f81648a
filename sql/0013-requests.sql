-- Requests: papers, or changes to one, that members ask for, and what editors answer.

CREATE TABLE request (
    id          INTEGER PRIMARY KEY,
    key         TEXT NOT NULL UNIQUE,
    author      INTEGER NOT NULL REFERENCES member (id),
    paper       INTEGER REFERENCES paper (id), -- the paper to be changed; NULL: a new one
    title       TEXT NOT NULL,
    text        TEXT NOT NULL DEFAULT '',
    state       TEXT NOT NULL DEFAULT 'open'
        CHECK (state IN ('open', 'planned', 'writing', 'published', 'declined')),
    reason      TEXT NOT NULL DEFAULT '',      -- what an editor said with the state
    fulfilled   INTEGER REFERENCES paper (id), -- the paper that grants it
    votes       INTEGER NOT NULL DEFAULT 0,    -- rows of request_vote
    created_ms  INTEGER NOT NULL,
    answered_ms INTEGER,
    removed_ms  INTEGER,
    removed_why TEXT NOT NULL DEFAULT ''       -- what a steward said; empty: by its author
) STRICT;
CREATE INDEX request_votes ON request (votes DESC, id DESC) WHERE removed_ms IS NULL;
CREATE INDEX request_author ON request (author, created_ms);

CREATE TABLE request_vote (
    request INTEGER NOT NULL REFERENCES request (id),
    member  INTEGER NOT NULL REFERENCES member (id),
    PRIMARY KEY (request, member)
) WITHOUT ROWID, STRICT;

CREATE TABLE request_follow (
    request INTEGER NOT NULL REFERENCES request (id),
    member  INTEGER NOT NULL REFERENCES member (id),
    PRIMARY KEY (request, member)
) WITHOUT ROWID, STRICT;
