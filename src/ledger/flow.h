/* Where the ledger's time goes: the spans of its procedures, drawn from the tables and events that they keep anyway, and
 * the net of lines that wait for each other. What is made of them is defined in span.h.
 *
 * Where spans come from is a table in flow_sources.c, a query each: a further source is a row more. Reads only; takes one
 * query a source and three for the net, whatever the size of the ledger. */
#ifndef LEDGER_FLOW_H
#define LEDGER_FLOW_H

#include "base/lang.h"
#include "ledger/kind.h"
#include "ledger/span.h"
#include "store/store.h"

struct flow_step {
    const char *name;
    const char *en, *zh;
    bool last; /* the last step before the user */
};
extern const struct flow_step flow_steps[]; /* end with a name of NULL */
struct flow_reason {
    const char *name;
    const char *en, *zh;
    bool waits; /* else it is worked */
};
extern const struct flow_reason flow_reasons[]; /* end with a name of NULL */
const char *flow_step_words(unsigned step, enum lang lang);
const char *flow_reason_words(unsigned reason, enum lang lang);
/* By their names; false for anything else. */
bool flow_step_named(struct str name, unsigned *step);
bool flow_reason_named(struct str name, unsigned *reason);

/* What each gives is said in flow_sources.c; ends with NULL. */
extern const char *const flow_sources[];

struct flow_filter {
    struct span_period period; /* its last day is today */
    int64_t unit;              /* whose turn it is, or that answers for the line; 0: any */
    int kind;                  /* of line, enum ledger_kind; -1: any, also what is about no line */
};
/* A line of the net beside what span.h knows of it. */
struct flow_line {
    int64_t unit;
    enum ledger_kind kind;
    bool active; /* or has ended well: it is more than proposed */
    bool begun;  /* it has progress */
};
struct flow {
    struct span_clock *clock;
    struct span *spans; /* that touch the period and pass the filter */
    size_t nspans;
    struct span_net
        net; /* lines that have not ended, or ended in the period well, of all units and kinds */
    struct flow_line *lines;
    struct span_delay *delays; /* one a line of the net */
    bool *shown;               /* the line passes the filter */
};
/* In the arena. */
enum status ledger_load_flow(struct arena *arena, struct store *store,
                             const struct workdays *calendar, const struct flow_filter *filter,
                             struct flow *flow, struct error *err);

/* The delays of the lines that pass the filter, added up. */
struct flow_delay {
    int64_t unit; /* that answers for them; 0: none */
    int64_t late; /* lines */
    int64_t days, inherited, own, caused;
};
/* By unit, the one whose lines caused most first; `all` gets them all together. In the arena. */
struct flow_delay *flow_sum_delays(struct arena *arena, const struct flow *flow,
                                   struct flow_delay *all, size_t *count);
/* Places of the lines that others inherited most from, most first, at most `most`. In the arena. */
size_t *flow_find_origins(struct arena *arena, const struct flow *flow, size_t most, size_t *count);

#endif
