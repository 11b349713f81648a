-- Lines that their lead wants another to lead: in force once the other accepts.
CREATE TABLE handover (
    id          INTEGER PRIMARY KEY,
    key         TEXT NOT NULL UNIQUE,
    line        INTEGER NOT NULL REFERENCES line (id),
    giver       INTEGER NOT NULL REFERENCES member (id), -- leads it
    taker       INTEGER NOT NULL REFERENCES member (id), -- is asked to
    why         TEXT NOT NULL,
    asked_ms    INTEGER NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('open', 'accepted', 'declined', 'withdrawn')),
    answered_ms INTEGER,
    answer      TEXT NOT NULL DEFAULT '' -- why it was declined
) STRICT;
CREATE UNIQUE INDEX handover_open ON handover (line) WHERE state = 'open';
CREATE INDEX handover_giver ON handover (giver, state);
CREATE INDEX handover_taker ON handover (taker, state);
