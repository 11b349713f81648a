-- When the content of a file that was removed left the store; its record stays. See src/ledger/file.h.
ALTER TABLE line_file ADD COLUMN swept_ms INTEGER;
CREATE INDEX line_file_removed ON line_file (removed_ms) WHERE removed_ms IS NOT NULL AND swept_ms IS NULL;
CREATE INDEX line_file_digest ON line_file (digest);
