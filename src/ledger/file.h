/* What is attached to lines: papers signed, sheets, photos of a site with the day and place that the sender states.
 *
 * The content lies in the blob store under its digest; a row says what it is and who added it. Nothing is deleted: a
 * file that is removed is given to nobody any more, and its record stays with the reason. Its content leaves the store
 * LINE_FILE_KEPT_DAYS later, unless it was evidence of a matter, on which something was decided: that is held.
 *
 * Whoever builds on it (evidence of a watch, of a report) says in `about` which of the line's matters a file belongs
 * to, a short name of their own as "watch.start"; empty is the line itself. */
#ifndef LEDGER_FILE_H
#define LEDGER_FILE_H

#include "ledger/line.h"

#define LINE_FILE_MAX       ((size_t)20 << 20) /* bytes */
#define LINE_FILE_TEXT_MAX  ((size_t)2 << 20)  /* of plain text, whose words are looked through */
#define LINE_FILES_MAX      200                /* of one matter of a line at a time */
#define LINE_FILE_NAME_MAX  120                /* characters */
#define LINE_FILE_NOTE_MAX  500                /* characters */
#define LINE_FILE_PLACE_MAX 200                /* characters */
#define LINE_FILE_KEPT_DAYS 30                 /* of the content of a removed file */

/* What a file may be: the end of its name and its first bytes must agree. */
struct ledger_file_kind {
    const char *end;   /* "jpg" */
    const char *media; /* "image/jpeg" */
    const char *begins;
    size_t begins_len, begins_at;
    bool text; /* looked through for words of papers */
};
/* NULL for what is not taken: programs, pages with scripts, archives. Pure. */
const struct ledger_file_kind *ledger_file_kind_of(struct str name, struct str bytes);
/* The name without folders, control and invisible characters and what file systems refuse, cut to
 * LINE_FILE_NAME_MAX before its ending; in the arena. Pure. */
struct str ledger_clean_file_name(struct arena *arena, struct str name);

struct line_file {
    int64_t id;
    struct str key;
    int64_t line;
    struct str name, media;
    struct digest digest;
    int64_t bytes;
    struct str about; /* see above */
    struct str note;  /* what it shows */
    int64_t taken_ms; /* of a photo, as its sender states it; 0: not stated */
    struct str place;
    int64_t member, added_ms;
    int64_t removed_ms; /* 0: it stands */
    int64_t swept_ms;   /* its content left the store; 0: it is there */
    struct str removed_why;
};

/* Keeps a file whose bytes store_put_blob has put under `digest` before the transaction; fills id, key (in the arena)
 * and added_ms. Event line.file. STATUS_INPUT when name, note, place or moment can't be taken, STATUS_CONFLICT when the
 * line is closed, STATUS_LIMITED when the matter has LINE_FILES_MAX. */
enum status ledger_attach_file(struct arena *arena, struct store *store, struct line_file *file,
                               const struct ledger_deed *deed, struct error *err);
/* Removes it, for deed->why. Event line.file-removed. STATUS_INPUT without a reason, STATUS_CONFLICT when it is removed
 * already. */
enum status ledger_remove_file(struct store *store, const struct line_file *file,
                               const struct ledger_deed *deed, struct error *err);
/* When the content of a removed file is due to leave the store; 0: it stands, is held as evidence, or has left. Pure. */
int64_t ledger_file_until(const struct line_file *file);
/* When the next of them is due, one time or none (Unix ms). */
#define LINE_FILE_KEPT_SQL STORE_DAYS_SQL(LINE_FILE_KEPT_DAYS)
#define LEDGER_FILES_DUE_SQL                                                          \
    "SELECT min(removed_ms) + " LINE_FILE_KEPT_SQL " FROM line_file WHERE removed_ms" \
    " IS NOT NULL AND swept_ms IS NULL AND about = ''"
/* Takes the content of those that are due out of the store, each in a transaction of its own, with event
 * line.file-swept. What other files or rows share stays for them; the record says that it is gone for this one. */
enum status ledger_sweep_files(struct store *store, int64_t now_ms, struct error *err);
/* STATUS_MISSING when the line has none of this key. */
enum status ledger_find_file(struct arena *arena, struct store *store, int64_t line, struct str key,
                             struct line_file *file, struct error *err);
/* All files of a line about something, newest first, removed ones too. `about` empty: those of the line itself. */
enum status ledger_list_files(struct arena *arena, struct store *store, int64_t line,
                              struct str about, struct line_file **list, size_t *count,
                              struct error *err);
/* Those that stand of all matters "<matter>.…", oldest first. */
enum status ledger_list_files_of_matters(struct arena *arena, struct store *store, int64_t line,
                                         struct str matter, struct line_file **list, size_t *count,
                                         struct error *err);

#endif
