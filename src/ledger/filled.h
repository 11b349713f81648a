/* Sheets filled in, and what was found: the marks and words that one person gave to one thing by a sheet (sheet.h), and
 * the problems that become lines.
 *
 * What is filled in is part of a line: a tour, a sweep, the check of a policy. What it is about is a place within that
 * line (`part`, which the line's own procedure counts), another line, a unit, or any of these together. One person has at
 * most one standing about the same thing: a further one takes its place, and says so.
 *
 * It may be sent from a phone hours later, and sent again when the answer was lost: who fills it in makes its key, and
 * what is kept under that key already is not kept twice. Callers decide who may; all changes run within their open
 * write transaction. Events tell neither marks nor words. */
#ifndef LEDGER_FILLED_H
#define LEDGER_FILLED_H

#include "ledger/sheet.h"

#define FILLED_WORDS_MAX 2000 /* characters, of each item and of the whole */
#define FILLED_KEY_LEAST 16U  /* characters of the sender's key: letters, digits, '-', '_' */
#define FILLED_KEY_MOST  64U

/* What files that were sent with it are about (file.h): "filled." and its id, in the arena. They follow the sheet that
 * takes its place. */
#define FILLED_FILES STR("filled")
struct str filled_files_about(struct arena *arena, int64_t filled);

struct filled_item {
    int64_t item;     /* sheet_item */
    int64_t value;    /* see sheet.h */
    struct str words; /* may be empty */
    bool problem;     /* to be put right: makes a finding, and needs words */
};
struct filled {
    int64_t id;
    struct str key;      /* its name in addresses */
    struct str sent_key; /* made by the sender */
    struct str
        replaces; /* sent_keys, any of which it may take the place of; empty: it is the first */
    int64_t sheet, line, part, target, unit, member; /* part, target, unit 0: none */
    int64_t filled_ms;                               /* as the sender says; 0: when it was sent */
    int64_t sent_ms;
    int64_t replaced_ms; /* 0: it stands */
    struct str words;
    struct filled_item *items; /* in the sheet's order, one for each of its items */
    size_t nitems;
    bool repeated; /* by ledger_fill_sheet: it was kept before */
};

/* Keeps it; fills id, key (in the arena) and sent_ms. Event line.filled. What the member sent before under the same
 * sent_key is found again: repeated is set, nothing changes. STATUS_INPUT when a value, words or keys can't be taken,
 * STATUS_CONFLICT when the key was sent with other marks or words, when the sheet is closed, or when another one stands
 * than `replaces` says: then *standing (may be NULL) gets its sent_key, in the arena, so that the sender can look at it
 * and say so. */
enum status ledger_fill_sheet(struct arena *arena, struct store *store, struct filled *filled,
                              struct str *standing, const struct ledger_deed *deed,
                              struct error *err);
/* The standing ones of a line with their items, by part, target, unit and member. */
enum status ledger_list_filled(struct arena *arena, struct store *store, int64_t line,
                               struct filled **list, size_t *count, struct error *err);
/* One of a line's by its key, replaced or not. STATUS_MISSING. */
enum status ledger_find_filled(struct arena *arena, struct store *store, int64_t line,
                               struct str key, struct filled *filled, struct error *err);
/* What it comes to by its sheet: hundredths of a point of 100, or RANK_NONE. */
int64_t filled_score(const struct sheet *sheet, const struct filled *filled);

/* --- findings ------------------------------------------------------------------------------------- */

struct finding {
    int64_t id;
    struct str key;
    int64_t filled, line, part, target, unit, member; /* of what it was found in */
    int64_t item;
    struct str item_text, words;
    int64_t made_ms;
    int64_t settled_ms; /* decided about: a line was made of it, or it leads to nothing; 0: open */
    int64_t made_line;
    struct str dropped_why;
};
/* Findings of a line, oldest first: those of what stands, and those that led to something before it was replaced. */
enum status ledger_list_findings(struct arena *arena, struct store *store, int64_t line,
                                 struct finding **list, size_t *count, struct error *err);
/* STATUS_MISSING when there is no such one among those. */
enum status ledger_find_finding(struct arena *arena, struct store *store, int64_t line,
                                struct str key, struct finding *finding, struct error *err);
/* A line was made of it (a rectification, a risk), or is the one that it joins. Event line.finding-settled about the line that
 * it was found in. STATUS_CONFLICT when something was decided about it before. */
enum status ledger_settle_finding(struct store *store, const struct finding *finding,
                                  int64_t made_line, const struct ledger_deed *deed,
                                  struct error *err);
/* It leads to nothing. Event line.finding-dropped. STATUS_INPUT without deed->why; STATUS_CONFLICT as above. */
enum status ledger_drop_finding(struct store *store, const struct finding *finding,
                                const struct ledger_deed *deed, struct error *err);

#endif
