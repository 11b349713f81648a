-- The library of projects: what stands of each project in it, the marks by which it was admitted and is reviewed, its
-- account, and what its watches have beyond project_watch. Money is hundredths; marks and totals are said below.

-- What projects are judged by. A criterion that no longer counts is ended, not deleted.
CREATE TABLE project_criterion (
    id       INTEGER PRIMARY KEY,
    key      TEXT NOT NULL UNIQUE,
    en       TEXT NOT NULL, -- one of the two may be empty, then the other is shown
    zh       TEXT NOT NULL,
    weight   INTEGER NOT NULL CHECK (weight BETWEEN 1 AND 1000), -- against the other criteria's
    least    INTEGER NOT NULL CHECK (least BETWEEN 0 AND 100),   -- of 100; below it nothing is admitted
    ended_ms INTEGER,
    CHECK (en <> '' OR zh <> '')
) STRICT;
INSERT INTO project_criterion (key, en, zh, weight, least) VALUES
    ('leads', 'Leads the way to where the area is to be', '引领性', 25, 0),
    ('carries', 'Carries other work, which could not be done without it', '支撑性', 20, 0),
    ('draws', 'Draws further work and money along', '带动性', 20, 0),
    ('mends', 'Closes a gap, or builds on a strength', '补短板、强优势', 15, 0),
    ('ready', 'Land, permits and money are within reach', '要素保障与前期成熟度', 20, 40);

-- What it takes to be admitted. One row.
CREATE TABLE project_bar (
    id        INTEGER PRIMARY KEY CHECK (id = 1),
    threshold INTEGER NOT NULL CHECK (threshold BETWEEN 0 AND 10000), -- total, hundredths of a point of 100
    scorers   INTEGER NOT NULL CHECK (scorers BETWEEN 1 AND 20)       -- so many must have marked every criterion
) STRICT;
INSERT INTO project_bar VALUES (1, 6000, 2);

-- A line of the kind project that has no row here was never proposed.
CREATE TABLE project (
    line     INTEGER PRIMARY KEY REFERENCES line (id),
    class    TEXT NOT NULL CHECK (class IN ('special', 'key')), -- 重大专项、重点项目
    state    TEXT NOT NULL, -- names of src/ledger/project.h
    proposer INTEGER NOT NULL REFERENCES member (id),
    turn     INTEGER NOT NULL, -- its present or last project_turn
    since_ms INTEGER NOT NULL, -- in this state
    words    TEXT NOT NULL DEFAULT '' -- why
) STRICT;
CREATE INDEX project_state ON project (state);

-- A review of the whole library: each project in it is marked again, and kept, suspended or withdrawn.
CREATE TABLE project_round (
    id        INTEGER PRIMARY KEY, -- written R1, R2 … in events
    key       TEXT NOT NULL UNIQUE,
    name      TEXT NOT NULL UNIQUE,
    opened_ms INTEGER NOT NULL,
    due_day   INTEGER, -- to be decided by
    closed_ms INTEGER
) STRICT;
CREATE UNIQUE INDEX project_round_open ON project_round ((1)) WHERE closed_ms IS NULL; -- one at a time

-- Each time that a project is marked and decided upon: when it is proposed, and once a round.
CREATE TABLE project_turn (
    line       INTEGER NOT NULL REFERENCES project (line),
    turn       INTEGER NOT NULL, -- from 1
    round      INTEGER REFERENCES project_round (id), -- NULL: admission outside a round
    total      INTEGER, -- hundredths of a point of 100; NULL: not marked by enough
    scorers    INTEGER NOT NULL DEFAULT 0,
    passes     INTEGER NOT NULL DEFAULT 0, -- total and every criterion are high enough
    verdict    TEXT NOT NULL DEFAULT '' CHECK (verdict IN ('', 'admit', 'decline', 'keep', 'suspend', 'resume', 'withdraw')),
    words      TEXT NOT NULL DEFAULT '',
    member     INTEGER REFERENCES member (id), -- who decided
    opened_ms  INTEGER NOT NULL,
    decided_ms INTEGER, -- marks and total stay as they were then
    PRIMARY KEY (line, turn)
) STRICT, WITHOUT ROWID;
CREATE INDEX project_turn_round ON project_turn (round);
CREATE INDEX project_turn_open ON project_turn (line) WHERE decided_ms IS NULL;

CREATE TABLE project_mark (
    line      INTEGER NOT NULL,
    turn      INTEGER NOT NULL,
    member    INTEGER NOT NULL REFERENCES member (id),
    criterion INTEGER NOT NULL REFERENCES project_criterion (id),
    mark      INTEGER NOT NULL CHECK (mark BETWEEN 0 AND 100),
    marked_ms INTEGER NOT NULL,
    PRIMARY KEY (line, turn, member, criterion),
    FOREIGN KEY (line, turn) REFERENCES project_turn (line, turn)
) STRICT, WITHOUT ROWID;

-- The account of a project: money planned and paid, and what it needs besides. An entry is never taken out, only
-- struck.
CREATE TABLE project_entry (
    id         INTEGER PRIMARY KEY,
    key        TEXT NOT NULL UNIQUE,
    line       INTEGER NOT NULL REFERENCES line (id),
    kind       TEXT NOT NULL CHECK (kind IN ('planned', 'paid', 'land', 'permit', 'party', 'document')),
    name       TEXT NOT NULL, -- what for, which plot, which permit …
    source     TEXT NOT NULL DEFAULT '', -- where money comes from, who grants, in what part …
    cents      INTEGER CHECK ((cents IS NULL) = (kind NOT IN ('planned', 'paid'))),
    day        INTEGER, -- of money; of the rest: since when the state is so
    due_day    INTEGER, -- of the rest: by when it is needed
    state      TEXT NOT NULL DEFAULT '' CHECK (state IN ('', 'wanted', 'asked', 'held')),
    member     INTEGER NOT NULL REFERENCES member (id), -- who entered it
    added_ms   INTEGER NOT NULL,
    struck_ms  INTEGER,
    struck_why TEXT NOT NULL DEFAULT '',
    CHECK ((state = '') = (kind IN ('planned', 'paid')))
) STRICT;
CREATE INDEX project_entry_line ON project_entry (line, kind);

-- What the account comes to, kept up with each entry, so that lists need not add it up.
CREATE TABLE project_money (
    line    INTEGER PRIMARY KEY REFERENCES line (id),
    planned INTEGER NOT NULL,
    paid    INTEGER NOT NULL
) STRICT;

-- What a project's watch asks for besides the conditions that all have.
CREATE TABLE project_own_condition (
    line     INTEGER NOT NULL REFERENCES line (id),
    watch    TEXT NOT NULL,
    number   INTEGER NOT NULL CHECK (number BETWEEN 4 AND 11), -- after those of all
    words    TEXT NOT NULL,
    ended_ms INTEGER,
    PRIMARY KEY (line, watch, number)
) STRICT, WITHOUT ROWID;

-- What a line is to bring about, in thousandths of its measure.
CREATE TABLE line_quantity (
    line     INTEGER PRIMARY KEY REFERENCES line (id),
    quantity INTEGER NOT NULL,
    measure  TEXT NOT NULL
) STRICT;
ALTER TABLE baseline_line ADD COLUMN cents INTEGER NOT NULL DEFAULT 0;
ALTER TABLE baseline_line ADD COLUMN quantity INTEGER NOT NULL DEFAULT 0;
ALTER TABLE baseline_line ADD COLUMN measure TEXT NOT NULL DEFAULT '';
