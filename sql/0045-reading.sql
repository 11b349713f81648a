-- What chancery-reader read of exhibits that are PDF or pictures: blobs, see src/library/exhibit.h. A trace refers to the
-- reading that it was made from; the newest reader's is found by the exhibit.
CREATE TABLE exhibit_reading (
    exhibit TEXT PRIMARY KEY,   -- SHA-256 of its bytes, in hexadecimal digits: this row does not keep the exhibit itself
    version INTEGER NOT NULL,   -- of the reader
    reading BLOB NOT NULL       -- SHA-256 of a blob
) WITHOUT ROWID, STRICT;
ALTER TABLE trace_exhibit ADD COLUMN reading BLOB; -- NULL: text, or not read yet
