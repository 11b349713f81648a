/* The room of the data folder: database, migrations, secret key, blobs, events.
 *
 * One interface for SQL, today over SQLite (WAL); nothing above this header names SQLite. Every
 * change of state and its event commit in one transaction. Enters only base/.
 *
 * Layout of a data folder:
 *   chancery.db      SQLite database, schema in sql/NNNN-name.sql
 *   secret.key       the secrets, one an epoch, mode 0600; codewords derive from them (see keys.c)
 *   blobs/ab/cdef…   content-addressed files, named by SHA-256 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdint.h>

#include "base/digest.h"
#include "base/error.h"
#include "base/json.h"
#include "base/str.h"

struct store;

/* Makes a new data folder at `dir` (created with parents, mode 0700) with database, key and blobs.
 * STATUS_CONFLICT when one is there already. On error nothing that was there is changed. */
enum status store_create(const char *dir, struct error *err);
/* Opens a data folder, running migrations that it lacks, all in one transaction. STATUS_MISSING when
 * there is none (the message says `chancery init`), STATUS_CONFLICT when its database is newer than
 * this program (left unharmed), STATUS_IO when key or database can't be used, or the key file's mode
 * lets others read it, STATUS_DAMAGED when a migration does not fit its database (left unharmed). A folder that can't be written is opened for reading alone: store_begin and what
 * writes fail with STATUS_IO. */
enum status store_open(const char *dir, struct store **store, struct error *err);
/* For a store that looks at a little again and again while others write: whoever maps the file into memory maps
 * it anew after each commit, and stops every thread for it. */
enum status store_follow(struct store *store, struct error *err);
/* For the one store of a process that writes all the time: the log grows longer before it is copied back into
 * the database, where its newest states of a page count only. */
enum status store_lead(struct store *store, struct error *err);
void store_close(struct store *store);
/* The installation's secret, 32 bytes, valid until store_close: that of the first epoch, for whatever is no
 * paper's key and must stay the same. */
const struct digest *store_secret(const struct store *store);

/* Key epochs: papers derive their keys from the secret of the epoch in which they were first published. */
/* The newest, whose secret is then at hand. STATUS_IO when the key file is older than the database. */
enum status store_newest_epoch(struct store *store, int64_t *epoch, struct error *err);
/* Sees to it that an epoch's secret is at hand, also one that another process began. STATUS_IO as above. */
enum status store_need_epoch(struct store *store, int64_t epoch, struct error *err);
/* The secret of an epoch that was asked for by one of these. */
const struct digest *store_epoch_secret(const struct store *store, int64_t epoch);
/* Begins an epoch with a secret of its own, within the open write transaction: written to the key file, durably,
 * then to the database. When the transaction is undone or the program is killed, the file holds a secret that
 * is not used, and the next call replaces it. STATUS_LIMITED after 64. */
enum status store_begin_epoch(struct store *store, int64_t *epoch, struct error *err);
/* Takes away what a rotation that was killed left of a key file half written, within the open write transaction,
 * so that none is at work. */
enum status store_clear_keys(struct store *store, struct error *err);
const char *store_folder(const struct store *store);

/* A secret of dealings with others, such as the password of a mail server: kept in a file of the data folder of
 * its own, mode 0600, and neither in the database nor in a backup. `name` is a plain file name; an empty value
 * removes it. Durable on return. */
enum status store_put_secret(struct store *store, const char *name, struct str value,
                             struct error *err);
/* Empty when there is none. */
enum status store_get_secret(struct arena *arena, struct store *store, const char *name,
                             struct str *value, struct error *err);

/* --- SQL --------------------------------------------------------------------------------------- */
/* A prepared statement, cached by its text (which must be a literal or live as long as the store).
 * Use: q = query(...); bind; while (query_row(q)) { columns }; check query_end. Errors are kept
 * in the query and reported once, by query_end, which also makes the statement reusable. */
struct query;
struct query *query_start(struct store *store, const char *sql);
/* The same for a text that was put together: prepared anew each time, and one at a time, until query_end. Never put
 * anything into it that came from outside. */
struct query *query_start_made(struct store *store, struct str sql);
void query_bind_int(struct query *q, int at, int64_t value);         /* `at` counts from 1 */
void query_bind_int_or_null(struct query *q, int at, int64_t value); /* NULL for 0 */
void query_bind_real(struct query *q, int at, double value);
void query_bind_str(struct query *q, int at,
                    struct str text); /* kept by the caller until query_end */
void query_bind_blob(struct query *q, int at, struct str bytes);
void query_bind_null(struct query *q, int at);
bool query_row(struct query *q);                /* true: a row stands ready */
int64_t query_int(struct query *q, int column); /* columns count from 0 */
double query_real(struct query *q, int column);
struct str query_str(struct query *q, int column); /* valid until the next query_row / query_end */
struct str query_blob(struct query *q, int column);
bool query_is_null(struct query *q, int column);
enum status query_end(struct query *q, struct error *err);
/* Runs a statement that gives no rows and has no parameters. */
enum status store_run(struct store *store, const char *sql, struct error *err);
/* Row id of the last insert. */
int64_t store_last_id(struct store *store);
/* Rows changed by the last statement. */
int64_t store_changes(struct store *store);
/* Whether the last failed query_end broke a UNIQUE rule. */
bool store_was_duplicate(struct store *store);

/* A write transaction; waits up to 30 s for another process's. Inside one, a further store_begin opens
 * a part that can be rolled back alone; it is durable when the outermost one is. store_rollback undoes
 * the innermost; after a failure it is always safe, also when no transaction is open. */
enum status store_begin(struct store *store, struct error *err);
enum status store_commit(struct store *store, struct error *err);
void store_rollback(struct store *store);
/* Keeps what is open now from store_rollback until store_let_go, so that what is called in between can undo
 * its own parts only. */
void store_hold(struct store *store);
void store_let_go(struct store *store);
/* How many transactions and parts are open, one within the other. */
unsigned store_depth(const struct store *store);
/* A read transaction, so that several queries see one state; ended by store_rollback. */
enum status store_begin_read(struct store *store, struct error *err);

/* --- what decides ------------------------------------------------------------------------------ */
/* Most writes change something that it depends on who may do what; some only keep a record. From now on the
 * store tells them apart. `records` names the tables of the latter kind, and columns as "table.column"; it ends
 * with NULL and stays the caller's. Call right after store_open. */
void store_watch(struct store *store, const char *const *records);
/* Whether anything but records was written since this was last asked: through this store, whether or not it
 * was undone, or by anybody else to the same database. Inside a write transaction nobody else writes, so the
 * answer holds. */
bool store_wrote_more(struct store *store);

/* --- events ------------------------------------------------------------------------------------ */
/* Whoever acts from now on, "M17" or "" for nobody in particular; stands in events in the place of the
 * role that store_add_event is told. */
void store_act_as(struct store *store, struct str actor);
/* Appends an event inside the open write transaction (required). kind like "paper.published",
 * subject like "P1"; data a JSON object's text. Its line is chained:
 *   said = SHA-256(salt ‖ actor ‖ subject ‖ data),
 *   hash = SHA-256(previous hash ‖ seq ‖ time ‖ kind ‖ said),
 * each text preceded by its length, so that no two events share an encoding. The salt is 16 random bytes of
 * the event's own: who has the digest and not the salt can't find out by trying whom an event was about, so
 * that what it says can be taken out and the chain still stand. */
enum status store_add_event(struct store *store, const char *actor, const char *kind,
                            struct str subject, struct str data, struct error *err);
/* The same about what has a letter and a number: G3, P17, M2. `data` is a JSON object, which is released, or NULL
 * for {}; STATUS_INPUT where a text in it is no UTF-8. */
enum status store_add_event_about(struct store *store, const char *actor, const char *kind,
                                  char letter, int64_t number, json_t *data, struct error *err);
struct event {
    int64_t seq;     /* from 1, without gaps */
    int64_t time_ms; /* Unix time, milliseconds, UTC */
    struct str actor, kind, subject, data;
    struct digest hash;
    int64_t cut_by; /* the event that tells why this one says less than it did; 0: whole */
};
/* Calls `each` for events after `after`, oldest first, until it returns false. */
enum status store_list_events(struct store *store, int64_t after,
                              bool (*each)(void *context, const struct event *event), void *context,
                              struct error *err);
/* Seq of the newest event, another process's too; 0 when there is none. On error *seq is as it was. */
enum status store_newest_event(struct store *store, int64_t *seq, struct error *err);
/* How far the reader of events that is named has come; *found is false, and *seq 0, at its first start. */
enum status store_find_cursor(struct store *store, struct str name, bool *found, int64_t *seq,
                              struct error *err);
/* Notes it, within the open write transaction. */
enum status store_keep_cursor(struct store *store, struct str name, int64_t seq, struct error *err);
/* Takes words out of events, within the open write transaction: begin, cut each, end. Time, kind and place in
 * the chain stay. What an event said before is kept as its digest, which the chain goes on holding; what is
 * left is bound by the event that end adds, so that store_verify_events finds any change to it. */
struct store_cutting {
    int64_t by;    /* seq that the event which tells of it will have */
    int64_t count; /* events cut so far */
};
enum status store_begin_cutting(struct store *store, struct store_cutting *cutting,
                                struct error *err);
/* Puts event->actor, subject and data in the place of what the event `event->seq` said. An event is cut at
 * most once between begin and end. */
enum status store_cut_event(struct store *store, struct store_cutting *cutting,
                            const struct event *event, struct error *err);
/* Adds the event that tells of it; no other may have been added since begin. `data` is the inside of a JSON
 * object, empty or ending in a comma: "events" and "cut", their number and digest, follow it. */
enum status store_end_cutting(struct store *store, const struct store_cutting *cutting,
                              const char *actor, const char *kind, struct str subject,
                              struct str data, struct error *err);
/* An event as others are shown it who have not the record: its place in the chain, and what opens its digest. */
struct store_shown {
    struct event event;
    struct digest before, said;
    struct str salt;
    bool cut; /* what it says now is not what `said` is of: show the digest alone */
};
/* In the arena. STATUS_MISSING when there is none. */
enum status store_show_event(struct arena *arena, struct store *store, int64_t seq,
                             struct store_shown *shown, struct error *err);
/* The root of the tree over all events there are (chain.h), their number, and the path of each one wanted; paths are
 * sorted by seq. Takes O(events). */
struct chain_path;
enum status store_prove_events(struct store *store, struct chain_path *paths, size_t npaths,
                               int64_t *lines, struct digest *root, struct error *err);
/* An event of this kind says of the record before it: "lines", how many, and "tree", their root in hexadecimal
 * digits. store_verify_events holds it to that. */
#define STORE_TREE_KIND "case.file"
/* Walks the chain, and what was cut in it. *count gets the events checked. STATUS_DAMAGED names the first
 * that does not fit, in the message and in *bad (0 when all fit). */
enum status store_verify_events(struct store *store, int64_t *count, int64_t *bad,
                                struct error *err);

/* --- blobs ------------------------------------------------------------------------------------- */
/* Writes bytes under their digest (temporary file, fsync, rename); writing the same again reads what is there, and mends
 * it where it is damaged. Call before the transaction that refers to it. */
enum status store_put_blob(struct store *store, struct str bytes, struct digest *digest,
                           struct error *err);
/* Reads a blob whole and checks its digest: STATUS_MISSING, STATUS_DAMAGED. */
enum status store_get_blob(struct arena *arena, struct store *store, const struct digest *digest,
                           struct str *bytes, struct error *err);

/* Takes a blob away; one that is not there is no error. Call after the transaction that no longer refers to it. */
enum status store_remove_blob(struct store *store, const struct digest *digest, struct error *err);

/* Takes a blob away unless more rows than `own` of the database's columns of bytes hold its digest. Where somebody put it
 * within the last hour, whose row may be on its way, it stays and *wait is set. One that is not there is no error. Takes
 * a look at each of those columns. */
enum status store_drop_blob(struct store *store, const struct digest *digest, int64_t own,
                            int64_t now_ms, bool *wait, struct error *err);

/* --- forgetting --------------------------------------------------------------------------------- */
/* Puts `with` in the place of `text` in every column of text of every table but settings, events, and tables
 * that are made anew from others, within the open write transaction. Takes O(database). */
enum status store_replace_text(struct store *store, struct str text, struct str with,
                               struct error *err);
/* Calls `each` for every column of text of every table that holds `text`, with the number of its rows.
 * Takes O(database). */
enum status store_find_text(struct store *store, struct str text,
                            void (*each)(void *context, struct str table, struct str column,
                                         int64_t rows),
                            void *context, struct error *err);
/* Takes away the blobs that no column of the database and no event names, and what killed commands left of
 * blobs half written, if they are more than an hour older than now_ms: who puts a blob refers to it later. May run
 * beside others who put and read. Takes O(blobs), and O(events) for each that no column names. */
enum status store_sweep_blobs(struct store *store, int64_t now_ms, struct error *err);
/* Overwrites what the database no longer uses, and its log: what was deleted is then in none of its files, nor
 * in a backup made later. No transaction may be open on this connection; writers elsewhere wait meanwhile.
 * STATUS_CONFLICT when somebody read for so long that the log still holds old pages: call again. Takes
 * O(database), and as much room on the disk. */
enum status store_sweep(struct store *store, struct error *err);

/* --- backup ------------------------------------------------------------------------------------ */
/* Writes one file that holds database, key and blobs as of one moment, while other commands run; it
 * appears under its name only when whole, mode 0600. STATUS_CONFLICT when the file exists. */
enum status store_backup(struct store *store, const char *file,
                         void (*progress)(void *context, uint64_t done, uint64_t all),
                         void *context, struct error *err);
/* Makes a data folder at dir (must not exist or be empty) from a backup. Members and letters added to it get numbers from
 * STORE_RESTORE_SKIP beyond those in it, as others may have got the next ones since; joint tests from
 * STORE_RESTORE_SKIP_JOINT beyond. */
#define STORE_RESTORE_SKIP       100000
#define STORE_RESTORE_SKIP_JOINT 50
enum status store_restore(const char *file, const char *dir, struct error *err);

#define STORE_DAY_MS ((int64_t)24 * 3600 * 1000)
/* What a macro stands for that is a number, as text of SQL; and so many days in milliseconds. */
#define STORE_NUMBER_SQL(number) STORE_TEXT_OF(number)
#define STORE_DAYS_SQL(days)     "(" STORE_NUMBER_SQL(days) " * 86400000)"
#define STORE_TEXT_OF(words)     #words
/* Now, in Unix milliseconds. */
int64_t store_now_ms(void);

#endif
