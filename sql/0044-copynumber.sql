-- The number of a copy, which its visible mark shows: at random, so that it says nothing of whose copy it is. A copy
-- given before gets one when it is given again.
ALTER TABLE copy ADD COLUMN number TEXT;
CREATE UNIQUE INDEX copy_number ON copy (number) WHERE number IS NOT NULL;
