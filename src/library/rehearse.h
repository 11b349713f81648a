/* Rehearsal: a paper's copies attacked in every known way with made-up members, to see what the
 * paper withstands. Touches no record and no real member. */
#ifndef LIBRARY_REHEARSE_H
#define LIBRARY_REHEARSE_H

#include "format/format.h"
#include "library/paper.h"

struct rehearsal_row {
    const char *en, *zh; /* the attack's name */
    unsigned leakers;    /* members whose copies went in, per trial */
    unsigned trials;
    unsigned caught;               /* trials in which at least one leaker was named */
    unsigned leakers_named;        /* over all trials, out of trials × leakers */
    unsigned wrong;                /* innocent members named, over all trials */
    uint64_t read, misread, sites; /* marks, over all trials; misread: not any leaker's */
    bool pictured;                 /* read from pictures of pages */
    double seconds;                /* that took */
};

struct rehearsal {
    unsigned trials;   /* per attack; 0: none but pictures */
    unsigned pictured; /* trials per way of bringing a printed copy back, seconds a page; 0: none */
    unsigned
        office; /* trials of Word copies saved again and printed by LibreOffice, seconds each; 0: none */
    const enum format_way *only; /* this way alone; NULL: all */
    uint32_t members;            /* made-up members among whom the leakers hide */
    uint64_t seed;
    double false_alarm;
    /* Called before each row; return true to stop early with STATUS_INTERRUPTED. */
    bool (*stop)(void *context, size_t done, size_t all);
    void *context;
};

/* Rows of LibreOffice are left out where there is none (format_office_there). */
enum status library_rehearse(struct arena *arena, struct store *store,
                             const struct edition_text *text, const struct rehearsal *plan,
                             struct rehearsal_row **rows, size_t *count, struct error *err);

#endif
