/* The form of a sheet, the same for visits, sweeps and checks, and taking in what it sends. See ledger/filled.h.
 *
 * A page holds any number of them, each a struct sheet_form in a list or as a part, filled by sheet_form_fill (and, where
 * what was typed is refused, by sheet_form_again) and shown by {{>ledger-fill}} with the form's names in scope. Its route
 * of POST has .uploads and the inputs SHEET_FORM_INPUTS, and reads them by sheet_form_read.
 *
 * The page is whole without a script. With one, what is filled in is kept in the browser from the first stroke on, photos
 * too, until the server says that it has it; data-kept in web/chancery.js says how. For it the page shows
 * {{>ledger-kept}} once, and each form within an element whose id is the form's with "-part" behind, which is put anew
 * when the sheet has arrived; answering what was sent, the route leads back to the page that the form stands on. */
#ifndef SERVER_SHEET_FORM_H
#define SERVER_SHEET_FORM_H

#include "ledger/file.h"
#include "ledger/filled.h"
#include "server/ledger.h"

#define SHEET_PHOTOS_MAX 12U /* with one sheet */

struct sheet_form_item {
    int64_t item, most;
    struct str id, text, value, words;
    bool points, yes, no, inapplicable, problem;
};
struct sheet_form_photo {
    struct str key, name, path;
};
struct sheet_form {
    struct str id, path;           /* of the form on its page, and where it goes */
    struct str title;              /* what it is about */
    struct str sent_key, standing; /* of what is filled in now, and of what was sent before */
    struct str owner;              /* whose: a browser gives it to nobody else */
    struct str remark;
    int64_t sent;  /* when the one that stands was sent; 0: none was */
    bool may_fill; /* else what was sent is shown */
    bool open;     /* unfolded */
    struct sheet_form_item *items;
    struct sheet_form_photo *photos; /* sent with the one that stands */
    size_t nitems, nphotos;
};
extern const struct field sheet_form_fields[];

/* Fills items, keys and what stands (`filled`, NULL: nothing was sent yet); id, path, title and the flags are the
 * caller's. `files` are those of the line's sheets, see ledger_list_files_of_matters. */
enum status sheet_form_fill(struct request *rq, const struct line *line, const struct sheet *sheet,
                            const struct filled *filled, const struct line_file *files,
                            size_t nfiles, struct sheet_form *form, struct error *err);
/* Puts what the request sent into the form, and unfolds it, so that it can be mended. */
void sheet_form_again(struct request *rq, struct sheet_form *form);

#define SHEET_FORM_INPUTS                                                                    \
    {.name = "sent",                                                                         \
     .kind = INPUT_TEXT,                                                                     \
     .needed = true,                                                                         \
     .most = FILLED_KEY_MOST,                                                                \
     .en = "The form's key",                                                                 \
     .zh = "表单编号"},                                                                      \
        {.name = "replaces",                                                                 \
         .kind = INPUT_TEXT,                                                                 \
         .most = 2000,                                                                       \
         .en = "The form's key before",                                                      \
         .zh = "原表单编号"},                                                                \
        {.name = "at",                                                                       \
         .kind = INPUT_NUMBER,                                                               \
         .least = 0,                                                                         \
         .most = INT64_MAX,                                                                  \
         .en = "Filled in at, in milliseconds",                                              \
         .zh = "填写时间（毫秒）"},                                                          \
        {.name = "item", .kind = INPUT_LIST, .most = 20, .en = "Item", .zh = "项目"},        \
        {.name = "value", .kind = INPUT_LIST, .most = 20, .en = "Mark", .zh = "评分或结果"}, \
        {.name = "words",                                                                    \
         .kind = INPUT_LONG_LIST,                                                            \
         .most = FILLED_WORDS_MAX,                                                           \
         .en = "Remark",                                                                     \
         .zh = "备注"},                                                                      \
        {.name = "problem", .kind = INPUT_LIST, .most = 20, .en = "Problem", .zh = "问题"},  \
        {.name = "remark",                                                                   \
         .kind = INPUT_LONG_TEXT,                                                            \
         .most = FILLED_WORDS_MAX,                                                           \
         .en = "Remark on the whole",                                                        \
         .zh = "总体备注"},                                                                  \
    {                                                                                        \
        .name = "photo", .kind = INPUT_FILE, .en = "Photos", .zh = "照片"                  \
    }
/* What came from such a form: member, keys, moment, words and items of `filled`. STATUS_INPUT for a value that can't be
 * taken, or words of a paper. */
enum status sheet_form_read(struct request *rq, const struct sheet *sheet, struct filled *filled,
                            struct error *err);
/* Its photos, whose bytes are put by into the blob store, where they stay for a while though nothing comes of it: only for
 * who may send them. `*count` of them in the arena. STATUS_INPUT for one that can't be taken. */
enum status sheet_form_read_photos(struct request *rq, struct line_file **photos, size_t *count,
                                   struct error *err);
/* Within the step that writes, after ledger_fill_sheet: attaches the photos to what was filled in, unless it was kept
 * before. */
enum status sheet_form_attach(struct arena *arena, struct store *store, const struct filled *filled,
                              struct line_file *photos, size_t count,
                              const struct ledger_deed *deed, struct error *err);

#endif
