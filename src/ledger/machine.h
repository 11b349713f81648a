/* A machine of acts as data: from which states to which an act leads, who may, and what it needs; with the words of all
 * four in both languages. A procedure gives its tables (rectify.h, session.h); what every one of them asks of its tables
 * is asked here. Pure. */
#ifndef LEDGER_MACHINE_H
#define LEDGER_MACHINE_H

#include "base/error.h"
#include "base/lang.h"
#include "base/str.h"

#define MACHINE_BIT(n) (1U << (unsigned)(n))

struct machine_term {
    const char *name, *en, *zh; /* as kept, and in words */
};
struct machine_terms {
    const struct machine_term *at;
    int count;
};
/* A row by its act. */
struct machine_rule {
    unsigned from;  /* bits of states */
    int to;         /* 0: the state stays */
    int who;        /* who may */
    unsigned needs; /* bits of needs */
};
struct machine {
    struct machine_terms states, acts, whos, needs; /* state 0 is none: it is said of nothing */
    const struct machine_rule *rules;
};

struct machine_facts {
    unsigned met; /* needs that are met */
    unsigned is;  /* bits of whos that the person is */
};
/* STATUS_CONFLICT when the state does not allow it or something is lacking, the first of it said; STATUS_FORBIDDEN when it
 * is somebody else's. */
enum status machine_allow(const struct machine *machine, int state, int act,
                          struct machine_facts facts, struct error *err);
/* STATUS_CONFLICT, with the state that does not allow it. */
enum status machine_refuse(const struct machine *machine, int state, struct error *err);
/* Which acts the state allows whom `is` says, as bits. */
unsigned machine_acts(const struct machine *machine, int state, unsigned is);

/* The place of the term of that name; `count` for anything else. */
int machine_named(struct machine_terms terms, struct str name);
const char *machine_words(struct machine_terms terms, int at, enum lang lang);
/* Of the first of the bits, such as of a rule's needs; there is one. */
const char *machine_need_words(struct machine_terms terms, unsigned bits, enum lang lang);

#endif
