/* What a programme states, as pages about programmes and clashes show it. */
#ifndef SERVER_LEDGER_PROGRAMME_H
#define SERVER_LEDGER_PROGRAMME_H

#include "ledger/programme.h"
#include "server/ledger.h"

/* A part of a page: FIELD_OF_LIST or FIELD_OF_PART with statement_fields. */
struct statement_sight {
    struct str key, subject, line, line_number, line_title; /* line: its key; empty: none */
    struct str days, quantity, place, use;                  /* as sentences: "by 30 June 2027" */
    struct str first_day, last_day, least, most, measure;   /* as a form holds them */
    struct str programme, programme_key, body;
    struct str clash; /* key of the oldest clash that waits to be settled; empty: none waits */
    int64_t changes, waiting; /* how many wait */
    bool closed;
};
extern const struct field statement_fields[];
/* Fills one, with its programme, its line and how many clashes of it wait. */
enum status ledger_see_statement(struct request *rq, const struct statement *statement,
                                 struct statement_sight *sight, struct error *err);

#endif
