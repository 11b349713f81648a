-- The Word document that an edition was read from, and that a draft's text was taken from: SHA-256 of its blob, NULL for
-- none. Of an edition only where it reads as the edition does, so that copies can be made in its likeness.
ALTER TABLE edition ADD COLUMN original BLOB;
ALTER TABLE draft ADD COLUMN original BLOB;
