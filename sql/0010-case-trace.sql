-- A trace of a case's exhibits. Its finding is the case's, too; to whom the case does not exist, it does not.
ALTER TABLE trace ADD COLUMN case_file INTEGER REFERENCES case_file (id);
CREATE INDEX trace_case ON trace (case_file);
