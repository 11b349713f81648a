-- In which language a letter was asked for.
ALTER TABLE asking ADD COLUMN lang TEXT NOT NULL DEFAULT 'en' CHECK (lang IN ('zh', 'en'));
