-- Members who ask to join a group by invitation, and what they were answered.
CREATE TABLE application (
    id          INTEGER PRIMARY KEY,
    key         TEXT NOT NULL UNIQUE,
    "group"     INTEGER NOT NULL REFERENCES "group" (id),
    member      INTEGER NOT NULL REFERENCES member (id),
    words       TEXT NOT NULL DEFAULT '', -- their own
    asked_ms    INTEGER NOT NULL,
    answered_ms INTEGER,
    why         TEXT NOT NULL DEFAULT ''  -- they were declined; empty: admitted
) STRICT;
CREATE UNIQUE INDEX application_open ON application ("group", member) WHERE answered_ms IS NULL;
CREATE INDEX application_member ON application (member, "group");
