/* Programmes (规划) over the same area, and where they say what can't both be (多规合一).
 *
 * A programme is a set of statements: of a subject ("Ring road, east") when it is to be there, how much of it, where,
 * and for what use that place is meant. Two statements of different programmes, whose areas overlap, clash
 *   in dates       about the same subject, when no day suits both, or both say nothing but by when and differ;
 *   in quantities  about the same subject in units of one kind (gauge.h), when no number suits both;
 *   in places      about the same subject, when neither place lies in the other;
 *   in uses        about different subjects, when one place lies in the other and their uses differ.
 * What a statement leaves open clashes with nothing. Subjects are the same when they are the same line of the ledger, or,
 * where one of them names no line, when they are called the same.
 *
 * A place is named from the large to the small, "East district/Harbour/Plot 12": a place lies in another when the other's
 * parts begin its name. Names are compared folded (width, case, Traditional characters, spaces).
 *
 * Pure: no database, no clock. */
#ifndef LEDGER_CLASH_H
#define LEDGER_CLASH_H

#include "base/lang.h"
#include "base/str.h"
#include "ledger/gauge.h"

enum clash_aspect { CLASH_DATE, CLASH_QUANTITY, CLASH_PLACE, CLASH_USE, CLASH_ASPECTS };
/* "date", "quantity", "place", "use", as in the database and JSON; static. */
const char *clash_aspect_name(enum clash_aspect aspect);
bool clash_aspect_named(struct str name, enum clash_aspect *aspect);
/* "Dates", "时间"; static. */
const char *clash_aspect_word(enum clash_aspect aspect, enum lang lang);
/* When it is one, as a sentence; static. */
const char *clash_aspect_rule(enum clash_aspect aspect, enum lang lang);

struct clash_statement {
    int64_t id, programme;
    int64_t line;                /* of the ledger that it is about; 0: none */
    struct str area;             /* of its programme; empty: everywhere */
    struct str subject;          /* never empty */
    int64_t first_day, last_day; /* 0: open */
    double least, most;          /* NAN: open */
    struct str measure;          /* of least and most */
    struct str place, use;       /* empty: left open */
};

struct clash_pair {
    int64_t one, other; /* ids of the statements, the smaller first */
    enum clash_aspect aspect;
};
/* All clashes, ordered by the ids and aspect, each once, in the arena. The same whatever the order of the statements.
 * Takes O(n log n + pairs that share a line, a subject or a place). */
size_t clash_find_pairs(struct arena *arena, const struct gauges *gauges,
                        const struct clash_statement *statements, size_t count,
                        struct clash_pair **pairs);
/* By ids and aspect, for qsort. */
int clash_compare_pairs(const void *a, const void *b);

/* A name as names are compared, in the arena. */
struct str clash_fold_name(struct arena *arena, struct str name);
/* Whether `inner` is `outer` or lies in it, both folded. */
bool clash_lies_in(struct str inner, struct str outer);

#endif
