-- How a paper's copies show whose they are, besides the marks that nobody sees.
ALTER TABLE offer ADD COLUMN mark TEXT NOT NULL DEFAULT 'none' CHECK (mark IN ('none', 'margin', 'diagonal'));
