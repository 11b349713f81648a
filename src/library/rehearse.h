/* Rehearsal: a paper's copies attacked in every known way with made-up members, to see what the
 * paper withstands. Touches no record and no real member. */
#ifndef LIBRARY_REHEARSE_H
#define LIBRARY_REHEARSE_H

#include "library/paper.h"

struct rehearsal_row {
    const char *en, *zh; /* the attack's name */
    unsigned leakers;    /* members whose copies went in, per trial */
    unsigned trials;
    unsigned caught;               /* trials in which at least one leaker was named */
    unsigned leakers_named;        /* over all trials, out of trials × leakers */
    unsigned wrong;                /* innocent members named, over all trials */
    uint64_t read, misread, sites; /* marks, over all trials; misread: not any leaker's */
};

struct rehearsal {
    unsigned trials;  /* per attack */
    uint32_t members; /* made-up members among whom the leakers hide */
    uint64_t seed;
    double false_alarm;
    /* Called before each row; return true to stop early with STATUS_INTERRUPTED. */
    bool (*stop)(void *context, size_t done, size_t all);
    void *context;
};

enum status library_rehearse(struct arena *arena, struct store *store,
                             const struct edition_text *text, const struct rehearsal *plan,
                             struct rehearsal_row **rows, size_t *count, struct error *err);

#endif
