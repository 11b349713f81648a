-- Policies (政策红利): the register by industry, field and category, the leaflet in plain words for those whom a
-- policy is for, who is told of changes, and how far it reaches month by month. Steps towards a policy and checks of its
-- carrying out lie with those of other lines.

-- The words by which policies are sorted, and the lines and people that they may serve. One that is ended is offered no
-- more and stays where it stands.
CREATE TABLE policy_term (
    id       INTEGER PRIMARY KEY,
    key      TEXT NOT NULL UNIQUE,
    facet    TEXT NOT NULL CHECK (facet IN ('industry', 'field', 'category', 'audience')),
    en       TEXT NOT NULL, -- one of the two may be empty, then the other is shown
    zh       TEXT NOT NULL,
    ended_ms INTEGER,
    CHECK (en <> '' OR zh <> '')
) STRICT;
INSERT INTO policy_term (key, facet, en, zh) VALUES
    ('farming', 'industry', 'Farming and fishing', '农林牧渔'),
    ('manufacturing', 'industry', 'Manufacturing', '制造业'),
    ('building', 'industry', 'Building', '建筑业'),
    ('trade', 'industry', 'Trade, food and lodging', '商贸餐饮住宿'),
    ('transport', 'industry', 'Transport and storage', '交通物流'),
    ('energy', 'industry', 'Energy and water', '能源和水务'),
    ('digital', 'industry', 'Information and software', '信息和软件'),
    ('culture', 'industry', 'Culture and travel', '文化旅游'),
    ('care', 'industry', 'Health, schools and care', '医疗教育和养老'),
    ('growth', 'field', 'Steady growth', '稳增长'),
    ('innovation', 'field', 'Innovation', '科技创新'),
    ('work', 'field', 'Work and skills', '就业和技能'),
    ('green', 'field', 'Environment', '生态环境'),
    ('villages', 'field', 'Villages', '乡村振兴'),
    ('livelihood', 'field', 'People''s livelihood', '民生保障'),
    ('opening', 'field', 'Reform and opening', '改革开放'),
    ('money', 'category', 'Grants and subsidies', '资金补助'),
    ('tax', 'category', 'Taxes and fees', '税费减免'),
    ('credit', 'category', 'Loans and guarantees', '金融支持'),
    ('land', 'category', 'Land and power', '用地和要素'),
    ('people', 'category', 'Talent', '人才支持'),
    ('permits', 'category', 'Permits and services', '审批和服务'),
    ('small-firm', 'audience', 'Small firms', '小微企业'),
    ('large-firm', 'audience', 'Larger firms', '大中型企业'),
    ('self-employed', 'audience', 'Self-employed people', '个体工商户'),
    ('farmer', 'audience', 'Farmers and cooperatives', '农户和合作社'),
    ('job-seeker', 'audience', 'People who look for work', '求职人员'),
    ('graduate', 'audience', 'Graduates', '高校毕业生'),
    ('family', 'audience', 'Families with children', '有子女的家庭'),
    ('elderly', 'audience', 'Older people', '老年人'),
    ('researcher', 'audience', 'Researchers and institutes', '科研人员和机构');

-- Which of them a line has: a policy, or what a policy may serve.
CREATE TABLE line_term (
    line INTEGER NOT NULL REFERENCES line (id),
    term INTEGER NOT NULL REFERENCES policy_term (id),
    PRIMARY KEY (line, term)
) WITHOUT ROWID, STRICT;
CREATE INDEX line_term_term ON line_term (term);

-- A line of the kind policy that has no row here was never entered in the register.
CREATE TABLE policy (
    line          INTEGER PRIMARY KEY REFERENCES line (id),
    route         TEXT NOT NULL CHECK (route IN ('seek', 'match', 'pilot')), -- 向上争取、自身配套、先行先试
    state         TEXT NOT NULL, -- names of src/ledger/policy.h
    since_ms      INTEGER NOT NULL, -- in this state
    words         TEXT NOT NULL DEFAULT '', -- why
    source        TEXT NOT NULL DEFAULT '', -- which paper of whose it is, or is hoped to be
    from_day      INTEGER, -- in force from this day …
    until_day     INTEGER, -- … to this one; NULL: until further notice
    hoped_granted INTEGER, -- so many are to have it …
    hoped_paid    INTEGER, -- … and so much, in hundredths, is to reach them …
    hoped_day     INTEGER, -- … by this day
    hoped_words   TEXT NOT NULL DEFAULT '', -- what it is to bring about
    public        INTEGER NOT NULL DEFAULT 0 CHECK (public IN (0, 1)), -- its leaflet is read without signing in
    -- What the figures come to, kept up with each entry, so that lists need not add them up.
    meant         INTEGER NOT NULL DEFAULT 0, -- how many it is for, by the latest month
    claimed       INTEGER NOT NULL DEFAULT 0,
    granted       INTEGER NOT NULL DEFAULT 0,
    paid          INTEGER NOT NULL DEFAULT 0,
    last_month    INTEGER -- year × 12 + month − 1 of the latest figures
) STRICT;
CREATE INDEX policy_state ON policy (state);

-- What was done with it, the newest last.
CREATE TABLE policy_act (
    id      INTEGER PRIMARY KEY,
    line    INTEGER NOT NULL REFERENCES policy (line),
    act     TEXT NOT NULL,
    member  INTEGER NOT NULL REFERENCES member (id),
    made_ms INTEGER NOT NULL,
    words   TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX policy_act_line ON policy_act (line);

-- The leaflet (明白卡), edition by edition: written by one, looked at by another, then shown until the next one is.
CREATE TABLE policy_leaflet (
    id         INTEGER PRIMARY KEY,
    line       INTEGER NOT NULL REFERENCES policy (line),
    number     INTEGER NOT NULL, -- edition, from 1
    state      TEXT NOT NULL CHECK (state IN ('draft', 'asked', 'shown', 'past')),
    claim_from INTEGER, -- days between which it is claimed; NULL: from its first to its last
    claim_until INTEGER,
    link       TEXT NOT NULL DEFAULT '', -- where its own text is found
    writer     INTEGER NOT NULL REFERENCES member (id),
    written_ms INTEGER NOT NULL,
    checker    INTEGER REFERENCES member (id), -- who looked at it last
    checked_ms INTEGER,
    words      TEXT NOT NULL DEFAULT '', -- why it was sent back or withdrawn
    UNIQUE (line, number)
) STRICT;
CREATE UNIQUE INDEX policy_leaflet_open ON policy_leaflet (line) WHERE state IN ('draft', 'asked');
CREATE UNIQUE INDEX policy_leaflet_shown ON policy_leaflet (line) WHERE state = 'shown';

CREATE TABLE policy_leaflet_text (
    leaflet INTEGER NOT NULL REFERENCES policy_leaflet (id),
    lang    TEXT NOT NULL CHECK (lang IN ('en', 'zh')),
    title   TEXT NOT NULL,
    gives   TEXT NOT NULL, -- what one gets
    who     TEXT NOT NULL, -- who may claim it
    how     TEXT NOT NULL, -- and how
    contact TEXT NOT NULL, -- who answers questions
    source  TEXT NOT NULL, -- what it rests on
    PRIMARY KEY (leaflet, lang)
) WITHOUT ROWID, STRICT;

-- Who is told of changes of one policy, or of all with a word. The key stands in letters: whoever has it may end it.
CREATE TABLE policy_follow (
    id     INTEGER PRIMARY KEY,
    key    TEXT NOT NULL UNIQUE,
    member INTEGER NOT NULL REFERENCES member (id),
    line   INTEGER REFERENCES policy (line),
    term   INTEGER REFERENCES policy_term (id),
    CHECK ((line IS NULL) <> (term IS NULL)),
    UNIQUE (member, line),
    UNIQUE (member, term)
) STRICT;
CREATE INDEX policy_follow_line ON policy_follow (line) WHERE line IS NOT NULL;
CREATE INDEX policy_follow_term ON policy_follow (term) WHERE term IS NOT NULL;

-- How far it reaches and how it is used, month by month. A figure that is entered anew takes the place of the old one,
-- which stands in the line's history.
CREATE TABLE policy_month (
    line       INTEGER NOT NULL REFERENCES policy (line),
    month      INTEGER NOT NULL, -- year × 12 + month − 1
    meant      INTEGER NOT NULL CHECK (meant >= 0),   -- how many it is for, at its end
    claimed    INTEGER NOT NULL CHECK (claimed >= 0), -- in it
    granted    INTEGER NOT NULL CHECK (granted >= 0),
    paid       INTEGER NOT NULL CHECK (paid >= 0),    -- hundredths
    member     INTEGER NOT NULL REFERENCES member (id),
    entered_ms INTEGER NOT NULL,
    PRIMARY KEY (line, month)
) WITHOUT ROWID, STRICT;

-- What somebody who does not answer for it found it to bring about (跟踪评估).
CREATE TABLE policy_appraisal (
    id      INTEGER PRIMARY KEY,
    line    INTEGER NOT NULL REFERENCES policy (line),
    verdict TEXT NOT NULL CHECK (verdict IN ('works', 'partly', 'fails')),
    words   TEXT NOT NULL,
    member  INTEGER NOT NULL REFERENCES member (id),
    made_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX policy_appraisal_line ON policy_appraisal (line);
