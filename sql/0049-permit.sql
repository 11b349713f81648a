-- The permit of a project that a joint review is about: an entry of the project's account that follows the review. See
-- src/ledger/permit.h.

ALTER TABLE review ADD COLUMN permit INTEGER REFERENCES project_entry (id);
CREATE INDEX review_permit ON review (permit) WHERE permit IS NOT NULL;
