/* The roster: the list of members as stewards work on it. */
#ifndef LIBRARY_ROSTER_H
#define LIBRARY_ROSTER_H

#include "store/store.h"

struct roster_member {
    int64_t id;
    struct str key;                 /* its name in addresses */
    struct str name, email, groups; /* groups: their names, commas between */
    struct str state;               /* "listed", "invited", "active" or "suspended" */
    struct str roles;               /* separated by spaces, empty for none */
    int64_t created_ms, seen_ms;    /* seen_ms 0: has no session */
};

struct roster_question {
    struct str search; /* in name, e-mail or group; empty: all */
    struct str state;  /* one of the above, or "roles"; empty: all */
    int64_t now_ms;
    int64_t from, most; /* rows left out before, rows wanted */
};

/* Members in order of id that the question asks for, in the arena, and how many there are in all. Walks
 * the whole list for a search. */
enum status roster_list(struct arena *arena, struct store *store,
                        const struct roster_question *question, struct roster_member **members,
                        size_t *count, int64_t *all, struct error *err);
/* One of them, by key. STATUS_MISSING when there is no such member. */
enum status roster_find(struct arena *arena, struct store *store, struct str key, int64_t now_ms,
                        struct roster_member *found, struct error *err);

#endif
