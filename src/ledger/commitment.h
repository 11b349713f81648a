/* What a paper commits to: the sentences that say what is to be done, each proposed as a line of the
 * ledger with its date, its quantity and the body that is to do it, where the text has them.
 *
 * Works by rules that are data (rules/): a sentence commits because of words that bind (要, 必须, shall,
 * no later than …), unless it only tells what was or what somebody said; what kind of line it becomes is a
 * sum of weighted words. Nothing is decided here: an editor accepts, changes or drops what is proposed.
 *
 * Pure: no files, no database, no clock. The ledger knows papers only as passages of text. */
#ifndef LEDGER_COMMITMENT_H
#define LEDGER_COMMITMENT_H

#include "base/error.h"
#include "base/lang.h"
#include "base/str.h"
#include "ledger/kind.h"

enum ledger_passage_kind { LEDGER_HEADING, LEDGER_PARAGRAPH, LEDGER_ITEM };

/* One block of a paper, in order. */
struct ledger_passage {
    enum ledger_passage_kind kind;
    unsigned level; /* of a heading: 1 is the highest */
    struct str text;
    unsigned number; /* the caller's own: comes back with what is found in it */
};

/* The last day that a commitment names. Month and day are 0 where the text leaves them open; year is 0
 * where it names none ("年底前"). */
struct ledger_date {
    int year;
    unsigned month, day;
};

struct ledger_commitment {
    enum ledger_kind kind;
    struct str sentence; /* as it stands in the passage; in English without the space after it */
    unsigned number;     /* its passage's */
    struct str date;     /* the words that say until when, empty where none */
    struct ledger_date due;
    struct str
        quantity; /* with its measure: "不少于20天", "at least 300 placements"; may be empty */
    struct str body; /* who is to do it; may be empty */
};

/* The rules of one language. */
struct ledger_rules;

/* Reads the rules that are built in. They live in the arena. Fails (STATUS_DAMAGED, naming file and line)
 * only when the data is wrong, which tests show. */
enum status ledger_load_rules(struct arena *arena, enum lang lang, struct ledger_rules **rules,
                              struct error *err);
/* The same from bytes, for tests and fuzzing. `name` is said in errors. STATUS_DAMAGED. */
enum status ledger_read_rules(struct arena *arena, enum lang lang, const char *name,
                              struct str bytes, struct ledger_rules **rules, struct error *err);

/* Finds the commitments of a paper, in order, in the arena; texts point into the passages. Any bytes will
 * do. Takes O(text × rules). */
size_t ledger_find_commitments(struct arena *arena, const struct ledger_rules *rules,
                               const struct ledger_passage *passages, size_t npassages,
                               struct ledger_commitment **found);

#endif
