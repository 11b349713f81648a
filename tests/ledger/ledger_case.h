/* A data folder with members for one test of the ledger, removed afterwards. */
#ifndef TESTS_LEDGER_CASE_H
#define TESTS_LEDGER_CASE_H

#include "../case.h"

#include "store/store.h"

struct ledger_case {
    char dir[64];
    struct store *store;
    struct arena *arena;
    struct error err;
};

/* A folder with members 1 to 9, in an open transaction. */
static inline int open_case(void **state)
{
    struct ledger_case *c = calloc(1, sizeof *c);
    if (!make_folder(c->dir, sizeof c->dir))
        return -1;
    c->arena = arena_make();
    *state = c;
    if (store_create(c->dir, &c->err) || store_open(c->dir, &c->store, &c->err) ||
        store_begin(c->store, &c->err))
        return -1;
    return store_run(c->store,
                     "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9)"
                     " INSERT INTO member (name, email, created_ms, key)"
                     " SELECT 'Member ' || i, 'm' || i || '@example.org', 0, 'k' || i FROM n",
                     &c->err)
               ? -1
               : 0;
}

static inline int close_case(void **state)
{
    struct ledger_case *c = *state;
    store_rollback(c->store);
    store_close(c->store);
    arena_free(c->arena);
    remove_folder(c->dir);
    free(c);
    return 0;
}

#endif
