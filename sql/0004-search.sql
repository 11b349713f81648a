-- Search: the words of every paper's newest edition. All of it follows from the editions and can be made
-- anew (chancery search --rebuild). How words are made is said in src/base/token.h, what stands in which
-- column in src/library/search_index.c; a word that begins with = is one whose stem is another.

-- The index keeps words only, no text: what is to be taken out is made again from the blobs named here.
CREATE VIRTUAL TABLE search USING fts5 (
    title,
    sure,   -- sentences that read alike in every copy
    either, -- sentences with sites, in all their renderings
    content = '', tokenize = 'ready_words'
);

CREATE TABLE search_entry (
    id      INTEGER PRIMARY KEY, -- row of the index; the greater, the newer
    paper   INTEGER NOT NULL UNIQUE REFERENCES paper (id),
    edition INTEGER NOT NULL,
    doc     BLOB NOT NULL,
    sites   BLOB NOT NULL
) STRICT;

-- Words of letters that any indexed edition ever had, to find what a mistyped one may have meant.
CREATE TABLE search_word (
    word TEXT PRIMARY KEY
) WITHOUT ROWID, STRICT;

-- Who was shown sentences of an edition among what a search found; like a copy given, it makes them one
-- whom a trace tests.
CREATE TABLE glimpse (
    paper    INTEGER NOT NULL,
    edition  INTEGER NOT NULL,
    member   INTEGER NOT NULL REFERENCES member (id),
    first_ms INTEGER NOT NULL,
    PRIMARY KEY (paper, edition, member),
    FOREIGN KEY (paper, edition) REFERENCES edition (paper, number)
) WITHOUT ROWID, STRICT;
