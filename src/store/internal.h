/* What the files of store/ share; never included from elsewhere. */
#ifndef STORE_INTERNAL_H
#define STORE_INTERNAL_H

#include <sqlite3.h>

#include "store/store.h"

#define STORE_QUERIES_MAX 1024 /* distinct statements kept prepared; a power of two */
#define STORE_BUSY_MS     30000
#define STORE_DATABASE    "chancery.db"
#define STORE_KEY_FILE    "secret.key"
#define STORE_BLOBS       "blobs"
#define STORE_EPOCHS_MAX  64
#define STORE_SALT_BYTES  16
#define STORE_SALTS       64 /* drawn at once: a call for random bytes costs more than they do */

struct store_keys {
    struct digest secrets[STORE_EPOCHS_MAX]; /* of epoch 1, 2 … */
    size_t count;
};

struct query {
    struct store *store;
    const char *sql;
    sqlite3_stmt *statement;
    int code;      /* SQLITE_OK, or what went wrong first */
    bool finished; /* the last step gave SQLITE_DONE */
    bool more;     /* writes more than records; see store_watch */
};

struct store {
    sqlite3 *db;
    char *dir;
    struct store_keys keys;
    struct query queries[STORE_QUERIES_MAX];   /* hashed by the address of their text */
    struct query made;                         /* of query_start_made */
    int last_code;                             /* extended code of the last failed query */
    unsigned depth;                            /* of transactions open */
    unsigned held;                             /* of these, what store_rollback leaves alone */
    char actor[24];                            /* "" or whoever acts */
    struct arena *scratch;                     /* empty between calls */
    struct digest head;                        /* hash of the last event … */
    int64_t head_seq;                          /* … and its number; 0: to be looked up */
    char salts[STORE_SALTS][STORE_SALT_BYTES]; /* for events to come … */
    unsigned nsalts;                           /* … of which so many are left */
    const char *const *records;                /* see store_watch */
    bool *noting;                              /* where a statement that writes more is noted */
    bool wrote_more;
    int64_t version; /* of the database, as others change it */
};

/* Puts the seal behind a backup that is otherwise written; see backup.c. */
enum status store_seal_backup(const char *path, struct error *err);
/* dir/name in memory from malloc; the caller frees it. */
char *store_path(const char *dir, const char *name);
/* ---- keys.c: the key file ---- */

/* Makes a key file with its first epoch. */
enum status store_make_keys(const char *path, struct error *err);
/* STATUS_IO when it is not there or others can read it, STATUS_DAMAGED when it holds no keys. */
enum status store_read_keys(const char *path, struct store_keys *keys, struct error *err);
/* Whole under its name or as it was, mode 0600. Nobody else may be writing it: call within a write transaction, or
 * for a folder that is being made. */
enum status store_write_keys(const char *path, const struct store_keys *keys, struct error *err);
/* Reads the file's text, in either of its forms. */
bool store_parse_keys(struct str text, struct store_keys *keys);

/* Fills *err for a database call that failed: busy, full, damaged or other. */
enum status store_db_error(sqlite3 *db, int code, struct error *err);
/* Opens the database file and sets it up (WAL, foreign keys, waiting). */
enum status store_open_database(const char *path, bool create, sqlite3 **db, struct error *err);
/* Makes the full-text index's words known to a connection. Gives the database's code. */
int store_add_tokenizer(sqlite3 *db);
/* Brings the schema up to this program's. */
enum status store_migrate(sqlite3 *db, struct error *err);
/* The same for a database that must hold something: an empty one is STATUS_DAMAGED. */
enum status store_migrate_existing(sqlite3 *db, struct error *err);
/* Writes a file so that it is whole under its name or not there at all: temporary file, fsync,
 * rename, fsync of the folder. */
enum status store_write_file(const char *path, struct str bytes, unsigned mode, struct error *err);
/* The same for a file that nobody else can be writing: its draft is `path` and STORE_DRAFT, so that what a kill
 * left is replaced by the next call, or taken away by store_clear_draft, and no file of another name is. */
enum status store_write_file_alone(const char *path, struct str bytes, unsigned mode,
                                   struct error *err);
enum status store_clear_draft(const char *path, struct error *err);
#define STORE_DRAFT ".draft"
/* Reads a file of at most `limit` bytes into the arena. */
enum status store_read_file(struct arena *arena, const char *path, size_t limit, struct str *bytes,
                            struct error *err);
/* Makes a folder and its parents, mode 0700; one that exists is fine. */
enum status store_make_folder(const char *path, struct error *err);
/* The messages for a file that could not be written or read, from errno. */
enum status store_write_error(const char *path, struct error *err);
enum status store_read_error(const char *path, struct error *err);

#endif
