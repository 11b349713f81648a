/* What is kept about a member: the register of every column that holds a member's number, and what reads it.
 *
 * One row a column: what its rows are, how they read in an export, what erasing makes of them and what stays
 * and why. The page that a member sees, the file that they take along, the erasure and its certificate follow
 * from it; a test walks the database's own schema and fails where a table that holds a member is not here. */
#ifndef LIBRARY_PERSONAL_H
#define LIBRARY_PERSONAL_H

#include "base/lang.h"
#include "store/store.h"

/* Whose eyes a list or file is for. An inquiry must not be given away by it: whoever is accused may be a steward,
 * who exports the data of whom they suspect of having reported them. */
enum personal_view {
    PERSONAL_PLAIN, /* what a steward hands over at a member's request */
    PERSONAL_OWN, /* the member's own eyes: what they reported and what was decided about them besides */
    PERSONAL_SECRET, /* by command on the machine itself: inquiries too */
};

struct personal {
    const char *table, *column; /* the column holds the member's number */
    const char *en, *zh;        /* what the rows are, to whomever: "Papers given" */
    /* One JSON object a row, of plain names and values; ?1 is the member. NULL: another entry of the table
     * shows them. Secrets and other members' data stand in none. */
    const char *rows_sql;
    /* Makes rows forget the member; ?1 the member, ?2 now. NULL: they stay. */
    const char *erase_sql;
    const char *left_en,
        *left_zh;             /* what stays when the member is erased, and why; NULL: nothing */
    enum personal_view shown; /* in the narrowest of views that it stands in */
};
/* In the order in which erasing goes through it: what refers to a row before the row. Ends with a table of
 * NULL. */
extern const struct personal personal_register[];

/* What a name in a row of the register or of an event is called in a language; the name itself when it has no
 * words. */
const char *personal_word(enum lang lang, struct str name);

/* All that is kept about a member as a JSON object of its own (RFC 8259), in the arena: their number, every
 * entry that has rows, and the events that they caused or that are about them; of inquiries (trace.*, case.*, report.*,
 * sanction.*, reward.*) only with PERSONAL_SECRET. */
enum status library_export_member(struct arena *arena, struct store *store, int64_t member,
                                  enum personal_view view, struct str *json, struct error *err);

struct personal_value {
    struct str name, value; /* the value as text */
};
struct personal_row {
    struct personal_value *values;
    size_t nvalues;
};
/* What a value in an event's details is called, by the event's kind and the value's name; "" where whoever asks knows no words
 * for it. Events of other rooms (the ledger's) are said so by who knows both. */
typedef const char *personal_say(struct str event, struct str name, struct str value,
                                 enum lang lang);
/* The row's value at that place as people say it: a time in their language and the installation's zone, a kind or state in
 * words, an event's details as names and values, by `say` (which may be NULL) first; else as it is kept. Kept or in the
 * arena. */
struct str personal_shown(struct arena *arena, enum lang lang, const struct personal_row *row,
                          size_t at, personal_say *say);
struct personal_part {
    const struct personal *entry; /* NULL: events */
    struct personal_row *rows;
    size_t nrows; /* read: at most `most` */
    size_t count; /* that there are */
};
/* The same as lists: entries with rows, events last; at most `most` rows of each, the newest of events. */
enum status library_list_personal(struct arena *arena, struct store *store, int64_t member,
                                  enum personal_view view, size_t most,
                                  struct personal_part **parts, size_t *count, struct error *err);
/* The same as an HTML document that needs nothing else, in the arena; `say` as above. */
enum status library_export_member_page(struct arena *arena, struct store *store, int64_t member,
                                       enum personal_view view, enum lang lang, personal_say *say,
                                       struct str *html, struct error *err);

#endif
