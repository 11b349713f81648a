-- A trace that took longer than the place kept for quick ones allows: it waits for another place. See src/server/tracer.h.
ALTER TABLE trace ADD COLUMN heavy INTEGER NOT NULL DEFAULT 0 CHECK (heavy IN (0, 1));
