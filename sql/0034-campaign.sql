-- Campaigns (攻坚): lines pushed together for 60 days, 100 days or another time. Its days and state are those of its own
-- line; acts and arithmetic are in src/ledger/campaign.h.

CREATE TABLE campaign (
    line     INTEGER PRIMARY KEY REFERENCES line (id),
    rule     TEXT NOT NULL, -- by which it is ranked
    over     TEXT NOT NULL, -- what is ranked: units, leads, lines
    state    TEXT NOT NULL, -- its line's, as its own acts have left it
    kept_day INTEGER        -- the last day in campaign_day
) STRICT;

-- A line that leaves and joins again has a row for each stay.
CREATE TABLE campaign_line (
    campaign   INTEGER NOT NULL REFERENCES line (id),
    line       INTEGER NOT NULL REFERENCES line (id),
    joined_day INTEGER NOT NULL,
    progress   INTEGER NOT NULL CHECK (progress BETWEEN 0 AND 99), -- on joining
    aim        INTEGER NOT NULL CHECK (aim > progress AND aim <= 100),
    points     INTEGER NOT NULL CHECK (points BETWEEN 1 AND 100),
    words      TEXT NOT NULL DEFAULT '', -- what is to be reached
    left_day   INTEGER,
    left_why   TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (campaign, line, joined_day)
) STRICT, WITHOUT ROWID;
CREATE INDEX campaign_line_line ON campaign_line (line);
CREATE UNIQUE INDEX campaign_line_in ON campaign_line (campaign, line) WHERE left_day IS NULL;

-- How each line stood when a day was over.
CREATE TABLE campaign_day (
    campaign INTEGER NOT NULL REFERENCES line (id),
    day      INTEGER NOT NULL,
    line     INTEGER NOT NULL REFERENCES line (id),
    progress INTEGER NOT NULL,
    PRIMARY KEY (campaign, day, line)
) STRICT, WITHOUT ROWID;

-- When days are kept next.
CREATE TABLE campaign_round (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    next_ms INTEGER NOT NULL
) STRICT;
INSERT INTO campaign_round (id, next_ms) VALUES (1, 0);
