/* Views: ways to look at a list of the ledger that a member keeps under a name, for themselves or for all whom the ledger
 * is open to. What they hold is the list's address and the query behind it. Views are no part of what was done, so that
 * they leave no event and may be deleted. */
#ifndef LEDGER_VIEW_H
#define LEDGER_VIEW_H

#include "store/store.h"

#define VIEW_NAME_MAX  60   /* characters */
#define VIEW_QUERY_MAX 1000 /* bytes */
#define VIEWS_MAX      50   /* of one member for one list */

struct ledger_view {
    struct str key;  /* its name in addresses */
    int64_t member;  /* whose it is */
    struct str grid; /* the list's path, "/ledger" */
    struct str name, query;
    bool shared; /* with all of the ledger */
    bool
        opens; /* its member sees the list so unless the address asks otherwise; one a list at most */
};

/* Keeps it; one of the same name, member and list is replaced. Fills key. STATUS_INPUT when name or query can't be
 * taken, STATUS_LIMITED when there are VIEWS_MAX. */
enum status ledger_keep_view(struct arena *arena, struct store *store, struct ledger_view *view,
                             struct error *err);
/* Puts name, shared and opens in force. STATUS_INPUT, STATUS_CONFLICT when another has the name. */
enum status ledger_change_view(struct store *store, const struct ledger_view *view,
                               struct error *err);
enum status ledger_drop_view(struct store *store, struct str key, struct error *err);
/* STATUS_MISSING when there is none. */
enum status ledger_find_view(struct arena *arena, struct store *store, struct str key,
                             struct ledger_view *view, struct error *err);
/* Those of a list that a member sees, their own first, by name. */
enum status ledger_list_views(struct arena *arena, struct store *store, int64_t member,
                              struct str grid, struct ledger_view **list, size_t *count,
                              struct error *err);

#endif
