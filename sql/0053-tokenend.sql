-- A token holds until its last day is over. NULL: until it is ended, as the addresses of feeds and calendars do, and what was
-- made before tokens had a last day.
ALTER TABLE token ADD COLUMN expires_ms INTEGER;
