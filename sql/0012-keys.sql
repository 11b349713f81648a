-- Key epochs: which of the secrets in the key file new papers derive their keys from (the newest), and which
-- may be known to others.
CREATE TABLE key_epoch (
    epoch     INTEGER PRIMARY KEY, -- from 1, without gaps; its place in the key file
    began_ms  INTEGER NOT NULL,
    stolen_ms INTEGER              -- known to others since then, or thought to be
) STRICT;
INSERT INTO key_epoch (epoch, began_ms)
    SELECT 1, coalesce((SELECT min(time_ms) FROM event), 
        CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER));
