/* What the site's search field finds in the ledger: its procedures by the words people call them by, and its lines by
 * number and title. For those to whom the ledger is open; for others there is nothing but what is for all members. */
#ifndef SERVER_LEDGER_FIND_H
#define SERVER_LEDGER_FIND_H

#include "server/request.h"

#define LEDGER_FOUND_MAX 5U

/* A page of the ledger where a procedure is at home. */
struct procedure {
    const char
        *path; /* of a page that there is, checked by a test; a list's may go on with a filter */
    const char *en, *zh; /* what it is */
    const char *called,
        *called_zh; /* other words for it or its parts, with | between; NULL: none */
    unsigned roles; /* who may; 0: to whom the ledger is open */
};
/* Ends with a path of NULL. */
extern const struct procedure ledger_procedures[];
/* How well a question fits what a procedure is called by: 3, it is one of its names; 2, it begins a word of one, or is
 * part of a Chinese one; 1, it holds one; 0, not at all. Letter case, quotation marks and spaces at its ends don't
 * count. Pure. */
int ledger_procedure_fits(const struct procedure *procedure, struct str question);

struct ledger_found {
    struct str path, text; /* "Campaigns", "P3 Bay road" */
    struct str hint;       /* what kind of line, and in which state; empty for a procedure */
};
extern const struct field ledger_found_fields[];
struct ledger_finds {
    struct ledger_found *procedures, *lines;
    size_t nprocedures, nlines;
    struct str
        all; /* the list of all lines that fit, where there are more than are shown; else empty */
};
/* Finds at most LEDGER_FOUND_MAX of each, best first. */
enum status ledger_find(struct request *rq, struct str question, struct ledger_finds *finds,
                        struct error *err);

#endif
