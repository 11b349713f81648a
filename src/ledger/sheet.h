/* Sheets: lists of what is looked at on a visit, a sweep or a check. A checklist and a score sheet are one thing: of each
 * item either points are given, or it is so, is not so, or does not apply. A sheet that was filled in stays as it is;
 * who wants it otherwise copies it. What is filled in, and found, is filled.h.
 *
 * A sheet is written Q1, Q2 … in events. Changes run within the caller's open write transaction and add their event. */
#ifndef LEDGER_SHEET_H
#define LEDGER_SHEET_H

#include "ledger/line.h"

#define SHEET_NAME_MAX   100 /* characters */
#define SHEET_ITEM_MAX   300 /* characters */
#define SHEET_ITEMS_MAX  60U
#define SHEET_MOST_MAX   100  /* points of an item */
#define SHEET_WEIGHT_MAX 1000 /* of an item */

/* What a sheet is for. */
enum sheet_use { SHEET_INSPECTION, SHEET_SWEEP, SHEET_CHECK, SHEET_USES };
/* "inspection", "sweep", "check" as kept; SHEET_USES for anything else. */
const char *sheet_use_name(enum sheet_use use);
enum sheet_use sheet_use_named(struct str name);
/* "Inspections", "观摩督导"; static. */
const char *sheet_use_words(enum sheet_use use, enum lang lang);

struct sheet_item {
    int64_t id;
    struct str text;
    int64_t most;   /* points that can be given; 0: yes, no or does not apply */
    int64_t weight; /* in the sheet's score */
};
struct sheet {
    int64_t id;
    struct str key; /* its name in addresses */
    enum sheet_use use;
    struct str name;
    int64_t member; /* who made it */
    int64_t made_ms, closed_ms;
    struct sheet_item *items;
    size_t nitems;
    int64_t filled; /* read only: how often it was filled in */
};

/* --- pure ----------------------------------------------------------------------------------------- */

/* Items as people write them, one a line: "text | points | weight". Without points it is a matter of yes or no; without a
 * weight it weighs as much as it has points, or 1. The array lies in the arena, its texts in `text`. STATUS_INPUT names
 * the item. */
enum status sheet_read_items(struct arena *arena, struct str text, struct sheet_item **items,
                             size_t *count, struct error *err);
/* The other way round; read again it gives the same. */
struct str sheet_write_items(struct arena *arena, const struct sheet_item *items, size_t count);

/* What was found of an item: tenths of a point, or one of these. */
#define SHEET_NO           0
#define SHEET_YES          1
#define SHEET_INAPPLICABLE (-1)
/* "8.5" where there are points; "yes", "no", "inapplicable" where there are none. STATUS_INPUT names the item; *value is then
 * as it was. */
enum status sheet_read_value(const struct sheet_item *item, struct str text, int64_t *value,
                             struct error *err);
/* What reads as that again. In the arena. */
struct str sheet_value_text(struct arena *arena, const struct sheet_item *item, int64_t value);
/* As a person reads it: "8.5", "yes", "是". In the arena. */
struct str sheet_value_words(struct arena *arena, const struct sheet_item *item, int64_t value,
                             enum lang lang);
/* What values, one for each item in order, come to: hundredths of a point of 100; RANK_NONE when nothing applies. */
int64_t sheet_score(const struct sheet *sheet, const int64_t *values);

/* --- kept ----------------------------------------------------------------------------------------- */

/* Makes one of name, use, member and items; fills id, key (in the arena), made_ms and the items' ids. Event sheet.made.
 * STATUS_INPUT when name or items can't be taken, STATUS_CONFLICT when an open one of this use has the name. */
enum status ledger_make_sheet(struct arena *arena, struct store *store, struct sheet *sheet,
                              int64_t now_ms, struct error *err);
/* Puts another name and other items in force. Event sheet.changed. Errors as above, STATUS_CONFLICT too once it was filled
 * in or is closed. */
enum status ledger_change_sheet(struct arena *arena, struct store *store, struct sheet *sheet,
                                struct error *err);
/* It is not offered any more; what was filled in stays. Event sheet.closed. What is so already is no error and no
 * event. */
enum status ledger_close_sheet(struct store *store, int64_t sheet, int64_t now_ms,
                               struct error *err);

/* With items, texts in the arena. STATUS_MISSING. */
enum status ledger_find_sheet(struct arena *arena, struct store *store, struct str key,
                              struct sheet *sheet, struct error *err);
enum status ledger_find_sheet_by_id(struct arena *arena, struct store *store, int64_t id,
                                    struct sheet *sheet, struct error *err);
/* The open ones of a use, or of all with SHEET_USES, by name, without items. */
enum status ledger_list_sheets(struct arena *arena, struct store *store, enum sheet_use use,
                               struct sheet **list, size_t *count, struct error *err);

#endif
