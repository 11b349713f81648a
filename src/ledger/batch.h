/* Many lines changed at once, and taken back at once.
 *
 * A batch is a row; its changes are the events whose data names it. Undoing reads them backwards: where a field still has
 * the value that the batch gave it, the old one is written back; what somebody changed since is left and said. An undo
 * is a batch itself, so that it can be undone. What is taken back: fields of lines, and actuals of indicators. */
#ifndef LEDGER_BATCH_H
#define LEDGER_BATCH_H

#include "ledger/line.h"
#include "ledger/workday.h"

#define BATCH_LINES_MAX 1000

struct ledger_batch {
    int64_t id;
    struct str key; /* its name in addresses */
    int64_t member, made_ms;
    struct str why;
    int64_t lines;  /* that it changed */
    int64_t undoes; /* the batch that it took back; 0: none */
    int64_t undone_ms;
};

/* Begins one within the open write transaction: deed->batch is to be its id for what follows. Fills id and key. */
enum status ledger_begin_batch(struct arena *arena, struct store *store, struct ledger_batch *batch,
                               const struct ledger_deed *deed, struct error *err);
/* Ends it; where nothing changed the batch is gone, and its id is 0. */
enum status ledger_end_batch(struct store *store, struct ledger_batch *batch, struct error *err);

/* Days that move by as many days for each line that has them. */
struct ledger_shift {
    bool begins, due;
    int64_t days;                    /* back where below 0; 0: nothing is shifted */
    const struct workdays *calendar; /* they count by its working days; NULL: by all */
};
#define SHIFT_MOST 3650

/* What came of one line. */
struct ledger_outcome {
    struct line was, is;  /* the same where it was refused or nothing changed */
    struct error refused; /* its status STATUS_OK: it was not */
};
/* Puts the changes and the shift in force for each line that takes them and that the member may change; the others are as they were,
 * and `outcomes` (one a line) says why. `batch` gets what was made. Fails only when the store does, or with STATUS_LIMITED
 * for more than BATCH_LINES_MAX, or STATUS_INPUT where a day is both set and shifted. */
enum status ledger_change_lines(struct arena *arena, struct store *store, int64_t member,
                                const int64_t *lines, size_t count,
                                const struct line_change *changes, size_t nchanges,
                                const struct ledger_shift *shift, const struct ledger_deed *deed,
                                struct ledger_outcome *outcomes, struct ledger_batch *batch,
                                struct error *err);

/* What an undo left as it is. */
struct ledger_left {
    int64_t line;
    enum line_field field;
    int month; /* the actual of this month; 0: the field */
    struct error why;
};
struct ledger_undoing {
    struct ledger_batch made; /* id 0: nothing was left to write back */
    struct ledger_left *left;
    size_t nleft;
    size_t written; /* fields and actuals */
};
/* Takes a batch back for a member. STATUS_CONFLICT when that was done before. Refused lines and fields stand in `left`. */
enum status ledger_undo_batch(struct arena *arena, struct store *store, int64_t member,
                              const struct ledger_batch *batch, const struct ledger_deed *deed,
                              struct ledger_undoing *undoing, struct error *err);

/* STATUS_MISSING when there is none. */
enum status ledger_find_batch(struct arena *arena, struct store *store, struct str key,
                              struct ledger_batch *batch, struct error *err);
/* The newest, at most `most`. */
enum status ledger_list_batches(struct arena *arena, struct store *store, size_t most,
                                struct ledger_batch **list, size_t *count, struct error *err);

/* A field of a line or the actual of a month that a batch changed, with the value before and after as events say it;
 * newest change first. */
struct ledger_batch_change {
    int64_t line;
    enum line_field field;
    int month;              /* the actual of this month, its values texts; 0: the field */
    json_t *before, *after; /* released by ledger_release_changes */
};
enum status ledger_list_batch_changes(struct arena *arena, struct store *store, int64_t batch,
                                      struct ledger_batch_change **list, size_t *count,
                                      struct error *err);
void ledger_release_changes(struct ledger_batch_change *list, size_t count);

#endif
