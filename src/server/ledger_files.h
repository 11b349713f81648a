/* Files of a line on pages: the list, the form that adds one, and taking one in. See ledger/file.h.
 *
 * A page that shows files of a matter of its own has a struct ledger_files as a part named "files", filled by
 * ledger_fill_files, and shows it by {{#files}}{{>ledger-files}}{{/files}}; its route of POST has .uploads, the inputs
 * LEDGER_FILE_INPUTS, and calls ledger_take_file. */
#ifndef SERVER_LEDGER_FILES_H
#define SERVER_LEDGER_FILES_H

#include "ledger/file.h"
#include "server/ledger.h"

struct ledger_file_row {
    struct str key, name, media, size, note, place, by, path, removed_why;
    int64_t bytes, taken, added, removed;
    int64_t until, swept; /* of the content of a removed one: when it is due to go, or went */
    bool may_remove;
};
struct ledger_files {
    struct str path; /* where the form goes */
    bool may_attach;
    struct ledger_file_row *files, *gone; /* those that stand, and those that were removed */
    size_t nfiles, ngone;
};
extern const struct field ledger_files_fields[];
#define LEDGER_FILES_FIELD(type, member) FIELD_OF_PART(type, member, ledger_files_fields)

/* Fills the part with the line's files about a matter ("": the line itself), in the request's arena. */
enum status ledger_fill_files(struct request *rq, const struct ledger_sight *sight,
                              struct str about, struct ledger_files *files, struct error *err);

#define LEDGER_FILE_INPUTS                                                               \
    {.name = "file", .kind = INPUT_FILE, .needed = true, .en = "File", .zh = "文件"},    \
        {.name = "note",                                                                 \
         .kind = INPUT_TEXT,                                                             \
         .most = LINE_FILE_NOTE_MAX,                                                     \
         .en = "What it shows",                                                          \
         .zh = "说明"},                                                                  \
        {.name = "taken", .kind = INPUT_MOMENT, .en = "Taken at", .zh = "拍摄时间"},     \
    {                                                                                    \
        .name = "place", .kind = INPUT_TEXT, .most = LINE_FILE_PLACE_MAX, .en = "Place", \
        .zh = "地点"                                                                   \
    }
/* Takes in the file of such a form for a line's matter; who may report may. Text files that hold words of the sender's
 * copy of a paper are refused, as their words are. STATUS_INPUT for a file that is too large or of no kind that is
 * taken. */
enum status ledger_take_file(struct request *rq, int64_t line, struct str about,
                             struct line_file *file, struct error *err);
/* The same without adding it: its content is kept, and the caller's step attaches it (ledger_attach_file) together with what
 * else it writes. There must be one in the form. */
enum status ledger_read_file(struct request *rq, int64_t line, struct str about,
                             struct line_file *file, struct error *err);

#endif
