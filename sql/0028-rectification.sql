-- Rectification (查摆整改): where a problem was found and what about, its cause and measure, and how far it is; what was
-- done in it; and which earlier ones it is like. The problem itself is the line's text.
CREATE TABLE rectification (
    line       INTEGER PRIMARY KEY REFERENCES line (id),
    state      TEXT NOT NULL,    -- of src/ledger/rectify.h, as origin and sort
    origin     TEXT NOT NULL,
    sort       TEXT NOT NULL,
    grave      INTEGER NOT NULL CHECK (grave IN (0, 1)),
    source     INTEGER REFERENCES line (id), -- where it was found
    cause      TEXT NOT NULL DEFAULT '',
    measure    TEXT NOT NULL DEFAULT '',
    since_day  INTEGER NOT NULL, -- it stands as it does
    told_by    INTEGER REFERENCES member (id), -- who said that it is put right
    told_day   INTEGER,
    struck_day INTEGER,
    returned   INTEGER NOT NULL DEFAULT 0, -- times it was sent back
    words      BLOB -- of title and text when it was struck off, as src/ledger/likeness.h packs them; NULL: read them anew
) STRICT;
CREATE INDEX rectification_state ON rectification (state);
CREATE INDEX rectification_struck ON rectification (struck_day) WHERE struck_day IS NOT NULL;
CREATE INDEX rectification_source ON rectification (source) WHERE source IS NOT NULL;

CREATE TABLE rectification_act (
    id      INTEGER PRIMARY KEY,
    line    INTEGER NOT NULL REFERENCES line (id),
    act     TEXT NOT NULL,
    member  INTEGER NOT NULL REFERENCES member (id),
    day     INTEGER NOT NULL,
    made_ms INTEGER NOT NULL,
    words   TEXT NOT NULL DEFAULT '',
    shown   TEXT NOT NULL DEFAULT '' -- where the evidence lies, if in no file of the line
) STRICT;
CREATE INDEX rectification_act_line ON rectification_act (line, id);

-- An earlier one that was struck off and that this one is like; whether it is the same again, a person says.
CREATE TABLE recurrence (
    line       INTEGER NOT NULL REFERENCES line (id),
    earlier    INTEGER NOT NULL REFERENCES line (id),
    likeness   INTEGER NOT NULL CHECK (likeness BETWEEN 0 AND 100),
    state      TEXT NOT NULL DEFAULT 'proposed' CHECK (state IN ('proposed', 'confirmed', 'denied')),
    member     INTEGER REFERENCES member (id), -- who decided
    decided_ms INTEGER,
    PRIMARY KEY (line, earlier),
    CHECK (line <> earlier)
) WITHOUT ROWID, STRICT;
CREATE INDEX recurrence_earlier ON recurrence (earlier);
