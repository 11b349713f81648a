-- The portal: accounts, groups, plans, notices, drafts, links, talk, and what goes out. Times are Unix
-- milliseconds, UTC. Secrets (sessions, tickets, tokens, codes, links) are kept as SHA-256 only; `key`
-- is the unguessable name that stands in addresses.

-- A member's unguessable name in addresses; the number is for people and codewords.
ALTER TABLE member ADD COLUMN key TEXT NOT NULL DEFAULT '';
UPDATE member SET key = lower(hex(randomblob(8)));
CREATE UNIQUE INDEX member_key ON member (key) WHERE key <> '';

-- An account is a member who can sign in. A member without one is on the list only.
CREATE TABLE account (
    member       INTEGER PRIMARY KEY REFERENCES member (id),
    password     TEXT NOT NULL DEFAULT '', -- Argon2id, libsodium's own text form; '' until chosen
    totp         BLOB,                     -- secret of the second factor (RFC 6238); NULL: none
    totp_step    INTEGER NOT NULL DEFAULT 0, -- last time step used: a code serves once
    lang         TEXT NOT NULL DEFAULT '' CHECK (lang IN ('', 'zh', 'en')), -- '': the browser's
    mail         TEXT NOT NULL DEFAULT 'each' CHECK (mail IN ('each', 'daily', 'weekly', 'none')),
    suspended_ms INTEGER,                  -- may not sign in since then
    created_ms   INTEGER NOT NULL
) STRICT;

-- Every account is a member's; these are the further roles of design section 1.
CREATE TABLE role (
    member INTEGER NOT NULL REFERENCES member (id),
    role   TEXT NOT NULL CHECK (role IN ('editor', 'steward', 'lead', 'inspector', 'owner')),
    PRIMARY KEY (member, role)
) WITHOUT ROWID, STRICT;

CREATE TABLE recovery_code (
    member INTEGER NOT NULL REFERENCES member (id),
    hash   BLOB NOT NULL,
    PRIMARY KEY (member, hash)
) WITHOUT ROWID, STRICT;

CREATE TABLE session (
    hash       BLOB PRIMARY KEY,
    member     INTEGER NOT NULL REFERENCES member (id),
    created_ms INTEGER NOT NULL,
    seen_ms    INTEGER NOT NULL, -- to the minute, so that reading writes seldom
    expires_ms INTEGER NOT NULL,
    agent      TEXT NOT NULL,    -- kind of browser and system, no version
    place      TEXT NOT NULL     -- network the sign-in came from, cut to /24 or /48
) WITHOUT ROWID, STRICT;
CREATE INDEX session_member ON session (member);

-- Networks that a member signed in from, cut like session.place: strangers' failed tries at the account
-- do not slow who comes from there.
CREATE TABLE known_network (
    member  INTEGER NOT NULL REFERENCES member (id),
    network TEXT NOT NULL,
    seen_ms INTEGER NOT NULL,
    PRIMARY KEY (member, network)
) WITHOUT ROWID, STRICT;

-- Links that are mailed or handed over: once, for a time.
CREATE TABLE ticket (
    hash       BLOB PRIMARY KEY,
    kind       TEXT NOT NULL CHECK (kind IN ('invitation', 'reset', 'unsubscribe')),
    member     INTEGER NOT NULL REFERENCES member (id),
    created_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL,
    used_ms    INTEGER
) WITHOUT ROWID, STRICT;
CREATE INDEX ticket_member ON ticket (member, kind);

-- Letters asked for by typing an address, whether it is known here or not; gone as soon as they are
-- answered, see src/library/asking.h.
CREATE TABLE asking (
    id       INTEGER PRIMARY KEY,
    kind     TEXT NOT NULL CHECK (kind IN ('reset', 'join')),
    name     TEXT NOT NULL, -- of who asks to join
    email    TEXT NOT NULL,
    asked_ms INTEGER NOT NULL,
    event    INTEGER NOT NULL -- seq of the asking
) STRICT;

-- Changes of e-mail address: asked for, or confirmed and open to objection; see src/library/address.h.
CREATE TABLE email_change (
    id         INTEGER PRIMARY KEY,
    member     INTEGER NOT NULL REFERENCES member (id),
    email      TEXT NOT NULL,
    old_email  TEXT NOT NULL,
    confirm    BLOB NOT NULL UNIQUE, -- hash of the secret mailed to the new address
    object     BLOB NOT NULL UNIQUE, -- and to the old
    expires_ms INTEGER NOT NULL,     -- of what can still be done with it
    done_ms    INTEGER               -- confirmed
) STRICT;
CREATE INDEX email_change_member ON email_change (member);

-- For scripts and feed readers. scopes: words separated by a space: read, publish, manage, feed.
CREATE TABLE token (
    id         INTEGER PRIMARY KEY,
    hash       BLOB NOT NULL UNIQUE,
    member     INTEGER NOT NULL REFERENCES member (id),
    name       TEXT NOT NULL,
    scopes     TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    seen_ms    INTEGER,
    ended_ms   INTEGER
) STRICT;
CREATE INDEX token_member ON token (member);

-- Failed sign-ins by account and by network; the wait grows with failures, and never locks for good.
CREATE TABLE attempt (
    subject  TEXT PRIMARY KEY, -- digest of what was tried or of where from
    failures INTEGER NOT NULL,
    last_ms  INTEGER NOT NULL
) WITHOUT ROWID, STRICT;

-- --- groups, plans, subscriptions ------------------------------------------------------------------

CREATE TABLE "group" (
    id         INTEGER PRIMARY KEY,
    key        TEXT NOT NULL UNIQUE,
    name       TEXT NOT NULL UNIQUE COLLATE NOCASE,
    about      TEXT NOT NULL DEFAULT '',
    paid       INTEGER NOT NULL DEFAULT 0 CHECK (paid IN (0, 1)), -- opened by plans
    door       TEXT NOT NULL DEFAULT 'invitation' CHECK (door IN ('public', 'asking', 'invitation')),
    created_ms INTEGER NOT NULL,
    closed_ms  INTEGER
) STRICT;

CREATE TABLE group_member (
    "group"  INTEGER NOT NULL REFERENCES "group" (id),
    member   INTEGER NOT NULL REFERENCES member (id),
    since_ms INTEGER NOT NULL,
    PRIMARY KEY ("group", member)
) WITHOUT ROWID, STRICT;
CREATE INDEX group_member_member ON group_member (member);

-- What was the member's group on the list becomes a group by invitation.
INSERT INTO "group" (key, name, created_ms)
    SELECT lower(hex(randomblob(8))), "group", min(created_ms) FROM member
    WHERE "group" <> '' GROUP BY "group" COLLATE NOCASE;
INSERT INTO group_member ("group", member, since_ms)
    SELECT g.id, m.id, m.created_ms FROM member m
    JOIN "group" g ON g.name = m."group" COLLATE NOCASE WHERE m."group" <> '';
ALTER TABLE member DROP COLUMN "group";

-- A plan's present terms. What was sold keeps the version of them that it was sold by: its days are in the
-- subscription, its groups in plan_group; former price, length and look-back in plan_former.
CREATE TABLE plan (
    id            INTEGER PRIMARY KEY,
    key           TEXT NOT NULL UNIQUE,
    name          TEXT NOT NULL UNIQUE COLLATE NOCASE,
    about         TEXT NOT NULL DEFAULT '',
    version       INTEGER NOT NULL DEFAULT 1,
    price         INTEGER NOT NULL CHECK (price >= 0), -- in hundredths of the currency
    currency      TEXT NOT NULL DEFAULT 'CNY',         -- ISO 4217
    days          INTEGER NOT NULL CHECK (days > 0),   -- length of a subscription
    lookback_days INTEGER NOT NULL DEFAULT 1096 CHECK (lookback_days >= 0), -- three years
    created_ms    INTEGER NOT NULL,
    closed_ms     INTEGER                              -- no new subscriptions since then
) STRICT;

CREATE TABLE plan_group (
    plan    INTEGER NOT NULL REFERENCES plan (id),
    version INTEGER NOT NULL DEFAULT 1,
    "group" INTEGER NOT NULL REFERENCES "group" (id),
    PRIMARY KEY (plan, version, "group")
) WITHOUT ROWID, STRICT;

CREATE TABLE plan_former (
    plan          INTEGER NOT NULL REFERENCES plan (id),
    version       INTEGER NOT NULL,
    price         INTEGER NOT NULL,
    currency      TEXT NOT NULL,
    days          INTEGER NOT NULL,
    lookback_days INTEGER NOT NULL,
    until_ms      INTEGER NOT NULL,
    PRIMARY KEY (plan, version)
) WITHOUT ROWID, STRICT;

CREATE TABLE subscription (
    id          INTEGER PRIMARY KEY,
    member      INTEGER NOT NULL REFERENCES member (id),
    plan        INTEGER NOT NULL REFERENCES plan (id),
    version     INTEGER NOT NULL DEFAULT 1, -- of the plan, that it was sold by
    starts_ms   INTEGER NOT NULL,
    ends_ms     INTEGER NOT NULL,
    lookback_ms INTEGER NOT NULL,  -- papers published from this time on
    keeps       INTEGER NOT NULL DEFAULT 0 CHECK (keeps IN (0, 1)), -- what was open stays open at the end
    paused_ms   INTEGER,           -- opens nothing since then
    ended_ms    INTEGER,           -- ended early
    source      TEXT NOT NULL CHECK (source IN ('steward', 'import', 'code', 'reward')),
    reminded_ms INTEGER
) STRICT;
CREATE INDEX subscription_member ON subscription (member);

CREATE TABLE code_batch (
    id         INTEGER PRIMARY KEY,
    key        TEXT NOT NULL UNIQUE,
    plan       INTEGER NOT NULL REFERENCES plan (id),
    version    INTEGER NOT NULL DEFAULT 1, -- of the plan, that its codes were made for
    count      INTEGER NOT NULL,
    note       TEXT NOT NULL DEFAULT '',
    expires_ms INTEGER,
    made_ms    INTEGER NOT NULL,
    voided_ms  INTEGER
) STRICT;

CREATE TABLE code (
    hash        BLOB PRIMARY KEY,
    batch       INTEGER NOT NULL REFERENCES code_batch (id),
    tail        TEXT NOT NULL, -- last four characters, to talk about it
    redeemed_by INTEGER REFERENCES member (id),
    redeemed_ms INTEGER
) WITHOUT ROWID, STRICT;
CREATE INDEX code_of_batch ON code (batch);

-- --- papers in the portal ---------------------------------------------------------------------------

-- How a paper is offered. Every paper has a row, made with its first edition.
CREATE TABLE offer (
    paper        INTEGER PRIMARY KEY REFERENCES paper (id),
    key          TEXT NOT NULL UNIQUE,       -- its name in addresses
    kind         TEXT NOT NULL DEFAULT '',   -- speech, minutes, note … as the editor calls it
    author       TEXT NOT NULL DEFAULT '',
    summary      TEXT NOT NULL DEFAULT '',   -- shown to who may not open it; never marked
    access       TEXT NOT NULL DEFAULT 'groups' CHECK (access IN ('members', 'groups')),
    free         INTEGER NOT NULL DEFAULT 1 CHECK (free IN (0, 1)), -- 0: needs a subscription
    formats      TEXT NOT NULL DEFAULT 'txt md html docx epub pdf', -- to download; '': for reading only
    expires_ms   INTEGER,                    -- opens to nobody since then
    copy_days    INTEGER,                    -- a copy can be opened so long after it was first given
    delete_days  INTEGER,                    -- to be deleted so long after it was first given
    published_ms INTEGER NOT NULL,           -- of the first edition: what look-back asks
    withdrawn_ms INTEGER,
    withdrawn_why TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX offer_published ON offer (published_ms);

-- What was published before there was a portal is open to every member.
INSERT INTO offer (paper, key, access, published_ms)
    SELECT p.id, lower(hex(randomblob(8))), 'members', min(e.published_ms)
    FROM paper p JOIN edition e ON e.paper = p.id GROUP BY p.id;

CREATE TABLE group_paper (
    "group" INTEGER NOT NULL REFERENCES "group" (id),
    paper   INTEGER NOT NULL REFERENCES paper (id),
    PRIMARY KEY ("group", paper)
) WITHOUT ROWID, STRICT;
CREATE INDEX group_paper_paper ON group_paper (paper);

-- A copy, or all of a member's or a group's, that may no longer be opened.
CREATE TABLE revocation (
    id         INTEGER PRIMARY KEY,
    paper      INTEGER REFERENCES paper (id),   -- NULL: all papers
    member     INTEGER REFERENCES member (id),  -- NULL: all members
    "group"    INTEGER REFERENCES "group" (id), -- NULL: any group
    reason     TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    lifted_ms  INTEGER
) STRICT;
CREATE INDEX revocation_paper ON revocation (paper);
CREATE INDEX revocation_member ON revocation (member);

-- A text being written. decisions: what the editor said of its sites, JSON.
CREATE TABLE draft (
    id         INTEGER PRIMARY KEY,
    key        TEXT NOT NULL UNIQUE,
    author     INTEGER NOT NULL REFERENCES member (id),
    paper      INTEGER REFERENCES paper (id), -- the paper whose next edition it becomes
    title      TEXT NOT NULL DEFAULT '',
    text       TEXT NOT NULL DEFAULT '',
    form       TEXT NOT NULL DEFAULT 'md' CHECK (form IN ('txt', 'md')),
    options    TEXT NOT NULL DEFAULT '{}',    -- how it is to be offered, JSON
    decisions  TEXT NOT NULL DEFAULT '[]',
    version    INTEGER NOT NULL DEFAULT 1,    -- so that two windows do not overwrite each other
    saved_ms   INTEGER NOT NULL,
    due_ms     INTEGER,                       -- to be published then
    failed     TEXT NOT NULL DEFAULT ''       -- why publishing at that time failed
) STRICT;
CREATE INDEX draft_author ON draft (author);

-- The last opening to read that is on record; openings are recorded once a day.
ALTER TABLE copy ADD COLUMN opened_ms INTEGER NOT NULL DEFAULT 0;

-- An address that gives a member's own copy to whoever holds it, for a time and so many times.
CREATE TABLE link (
    hash       BLOB PRIMARY KEY,                        -- of the secret in the address
    key        TEXT NOT NULL UNIQUE,                    -- its name in the member's list
    paper      INTEGER NOT NULL,
    edition    INTEGER NOT NULL,
    member     INTEGER NOT NULL REFERENCES member (id), -- whose copy it opens
    format     TEXT NOT NULL,
    note       TEXT NOT NULL DEFAULT '',                -- for whom, as the member calls them
    created_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL,
    uses       INTEGER NOT NULL CHECK (uses > 0),
    uses_left  INTEGER NOT NULL CHECK (uses_left >= 0),
    ended_ms   INTEGER,                                 -- by the member
    FOREIGN KEY (paper, edition) REFERENCES edition (paper, number)
) WITHOUT ROWID, STRICT;
CREATE INDEX link_member ON link (member, created_ms);

-- Copies that a paper asks to be deleted after use.
CREATE TABLE deletion (
    paper       INTEGER NOT NULL REFERENCES paper (id),
    member      INTEGER NOT NULL REFERENCES member (id),
    due_ms      INTEGER NOT NULL,
    reminded_ms INTEGER,
    attested_ms INTEGER,
    PRIMARY KEY (paper, member)
) WITHOUT ROWID, STRICT;

CREATE TABLE reading (
    member  INTEGER NOT NULL REFERENCES member (id),
    paper   INTEGER NOT NULL REFERENCES paper (id),
    edition INTEGER NOT NULL,
    anchor  TEXT NOT NULL,   -- id of the paragraph last read
    seen_ms INTEGER NOT NULL,
    PRIMARY KEY (member, paper)
) WITHOUT ROWID, STRICT;

-- --- notices --------------------------------------------------------------------------------------

-- Terms to accept before reading; a new wording is a new row and ends the old one.
CREATE TABLE notice (
    id         INTEGER PRIMARY KEY,
    key        TEXT NOT NULL UNIQUE,
    scope      TEXT NOT NULL CHECK (scope IN ('library', 'group', 'paper')),
    subject    INTEGER NOT NULL DEFAULT 0, -- group or paper; 0 for the library
    text       TEXT NOT NULL,
    digest     BLOB NOT NULL,              -- SHA-256 of text
    since_ms   INTEGER NOT NULL,
    ended_ms   INTEGER
) STRICT;
CREATE INDEX notice_scope ON notice (scope, subject);

CREATE TABLE acknowledgement (
    member  INTEGER NOT NULL REFERENCES member (id),
    notice  INTEGER NOT NULL REFERENCES notice (id),
    digest  BLOB NOT NULL,
    time_ms INTEGER NOT NULL,
    address TEXT NOT NULL,   -- as the notice says that it is recorded
    PRIMARY KEY (member, notice)
) WITHOUT ROWID, STRICT;

-- --- talk -----------------------------------------------------------------------------------------

CREATE TABLE post (
    id         INTEGER PRIMARY KEY,
    key        TEXT NOT NULL UNIQUE,
    "group"    INTEGER REFERENCES "group" (id), -- in a group, or
    under      INTEGER REFERENCES paper (id),   -- under a paper
    parent     INTEGER REFERENCES post (id),
    author     INTEGER NOT NULL REFERENCES member (id),
    text       TEXT NOT NULL,
    paper      INTEGER REFERENCES paper (id), -- attached; each reader gets their own copy
    created_ms INTEGER NOT NULL,
    edited_ms  INTEGER,
    removed_ms INTEGER,
    removed_why TEXT NOT NULL DEFAULT '', -- why a steward hid it; empty: erased by its author
    CHECK (("group" IS NULL) <> (under IS NULL))
) STRICT;
CREATE INDEX post_place ON post ("group", under, id);
CREATE INDEX post_author ON post (author, created_ms);

-- What an edited post said before.
CREATE TABLE post_former (
    post     INTEGER NOT NULL REFERENCES post (id),
    until_ms INTEGER NOT NULL,
    text     TEXT NOT NULL,
    PRIMARY KEY (post, until_ms)
) WITHOUT ROWID, STRICT;

CREATE TABLE mention (
    post   INTEGER NOT NULL REFERENCES post (id),
    member INTEGER NOT NULL REFERENCES member (id),
    PRIMARY KEY (post, member)
) WITHOUT ROWID, STRICT;

-- --- what goes out ----------------------------------------------------------------------------------

-- How far each reader of the events has come: mail, hook, search …
CREATE TABLE cursor (
    name TEXT PRIMARY KEY,
    seq  INTEGER NOT NULL
) WITHOUT ROWID, STRICT;

-- Letters to send; (event, member, kind) once, whatever crashes between. A letter ends by being sent
-- (sent_ms), or without (ended_ms): refused for good, as failed says, or wanted no more.
CREATE TABLE letter (
    id         INTEGER PRIMARY KEY AUTOINCREMENT, -- its Message-ID comes from it: never used again
    event      INTEGER NOT NULL,        -- seq; 0 for what no event causes
    member     INTEGER NOT NULL REFERENCES member (id),
    kind       TEXT NOT NULL,           -- see src/library/letter.h
    data       TEXT NOT NULL,           -- JSON for the template; gone once the letter has ended
    created_ms INTEGER NOT NULL,
    due_ms     INTEGER NOT NULL,
    tries      INTEGER NOT NULL DEFAULT 0,
    sent_ms    INTEGER,
    ended_ms   INTEGER,
    failed     TEXT NOT NULL DEFAULT '' -- what the mail server said last
) STRICT;
CREATE UNIQUE INDEX letter_once ON letter (event, member, kind) WHERE event > 0;
CREATE INDEX letter_due ON letter (due_ms) WHERE sent_ms IS NULL AND ended_ms IS NULL;
CREATE INDEX letter_failed ON letter (ended_ms) WHERE ended_ms IS NOT NULL AND failed <> '';

CREATE TABLE hook (
    id         INTEGER PRIMARY KEY,
    key        TEXT NOT NULL UNIQUE,
    url        TEXT NOT NULL,
    salt       BLOB NOT NULL,          -- its signatures' key derives from this and the installation's secret
    kinds      TEXT NOT NULL,          -- event kinds separated by spaces
    created_ms INTEGER NOT NULL,
    ended_ms   INTEGER
) STRICT;

CREATE TABLE delivery (
    hook       INTEGER NOT NULL REFERENCES hook (id),
    event      INTEGER NOT NULL,         -- seq; below 0: a test
    created_ms INTEGER NOT NULL,
    due_ms     INTEGER NOT NULL,
    tries      INTEGER NOT NULL DEFAULT 0,
    done_ms    INTEGER,                  -- taken by the receiver
    ended_ms   INTEGER,                  -- given up
    failed     TEXT NOT NULL DEFAULT '', -- what came back last
    PRIMARY KEY (hook, event)
) WITHOUT ROWID, STRICT;
CREATE INDEX delivery_open ON delivery (hook, event) WHERE done_ms IS NULL AND ended_ms IS NULL;
