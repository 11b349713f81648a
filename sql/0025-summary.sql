-- Reports of the ledger that are drafted by themselves: which, for whom, and when the next one is due.
CREATE TABLE summary_plan (
    kind    TEXT PRIMARY KEY CHECK (kind IN ('week', 'month', 'quarter')),
    member  INTEGER NOT NULL REFERENCES member (id), -- the editor whose draft it becomes
    lang    TEXT NOT NULL CHECK (lang IN ('en', 'zh')),
    "group" INTEGER REFERENCES "group" (id), -- published to it by itself; NULL: the editor looks through it first
    next_ms INTEGER NOT NULL
) STRICT;
