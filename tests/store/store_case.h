/* A data folder for one test, removed afterwards. */
#ifndef TESTS_STORE_CASE_H
#define TESTS_STORE_CASE_H

#include "../case.h"

#include <string.h>
#include <sys/stat.h>

#include "store/store.h"

struct store_case {
    char top[64];
    char dir[80];
    struct store *store;
    struct arena *arena;
    struct error err;
};

static inline int make_case(void **state)
{
    struct store_case *c = calloc(1, sizeof *c);
    if (!make_folder(c->top, sizeof c->top))
        return -1;
    (void)snprintf(c->dir, sizeof c->dir, "%s/data", c->top);
    c->arena = arena_make();
    *state = c;
    return 0;
}

static inline int open_case(void **state)
{
    if (make_case(state))
        return -1;
    struct store_case *c = *state;
    return store_create(c->dir, &c->err) || store_open(c->dir, &c->store, &c->err) ? -1 : 0;
}

static inline int close_case(void **state)
{
    struct store_case *c = *state;
    store_close(c->store);
    arena_free(c->arena);
    remove_folder(c->top);
    free(c);
    return 0;
}

static inline const char *file_in(struct store_case *c, const char *name)
{
    return str_format(c->arena, "%s/%s", c->dir, name).at;
}

static inline void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fputs(text, file) >= 0, 1);
    assert_int_equal(fclose(file), 0);
}

static inline void add_events(struct store_case *c, struct store *store, int count)
{
    for (int i = 0; i < count; i++) {
        must(c, store_begin(store, &c->err));
        must(c, store_add_event(store, "test", "test.made", STR("T1"), STR("{\"a\":1}"), &c->err));
        must(c, store_commit(store, &c->err));
    }
}

#endif
