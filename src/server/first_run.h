/* The first run: until an installation has an owner, every page leads to the one that makes the owner.
 *
 * Whoever sets it up proves it by a code that `chancery serve` prints on its terminal. The code is kept in
 * memory only and is another one at each start. */
#ifndef SERVER_FIRST_RUN_H
#define SERVER_FIRST_RUN_H

#include "base/error.h"
#include "store/store.h"

struct first_run;
struct request;

/* Looks whether there is an owner. Lives in the arena. */
enum status first_run_make(struct arena *arena, struct store *store, struct first_run **first,
                           struct error *err);
/* The code "ABCD-EFGH-JKLM"; NULL when there was an owner at start. */
const char *first_run_code(const struct first_run *first);
/* Whether there still is no owner; one made by another process counts. Any thread; costs nothing once
 * there is one. */
bool first_run_waits(struct first_run *first, struct store *store);
/* Compares in constant time, without regard to case, dashes and spaces. */
bool first_run_code_is(const struct first_run *first, struct str typed);
/* What a request to another page gets while it waits: sent to /first-run, or refused. */
enum status first_run_divert(struct request *rq, struct error *err);

#endif
