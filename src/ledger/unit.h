/* Units: the parts of the organisation that lines of the ledger belong to, in a tree. Each has members and perhaps a
 * head, who is one of them. A unit is written U1, U2 … in events. Changes run within the caller's open write
 * transaction and add their event. */
#ifndef LEDGER_UNIT_H
#define LEDGER_UNIT_H

#include "store/store.h"

#define UNIT_NAME_MAX 100 /* characters */

struct unit {
    int64_t id;
    struct str key; /* its name in addresses */
    struct str name;
    int64_t parent; /* 0: none */
    int64_t head;   /* member; 0: none */
    int64_t created_ms, closed_ms;
    struct str closed_why;
    /* read only */
    int64_t members, lines; /* open lines of its own */
};

/* Makes one; fills id, key (in the arena) and created_ms. STATUS_INPUT when the name can't be taken, STATUS_CONFLICT when
 * there is one of that name, STATUS_MISSING when the parent is not there. */
enum status ledger_make_unit(struct arena *arena, struct store *store, struct unit *unit,
                             int64_t now_ms, struct error *err);
/* Puts name, parent and head in force; the head becomes a member of it. Errors as above, STATUS_CONFLICT too where a
 * unit would come under itself. What is so already makes no event. */
enum status ledger_change_unit(struct store *store, const struct unit *unit, struct error *err);
/* Closes it: takes no further lines. STATUS_CONFLICT while it has open lines or open units under it, STATUS_INPUT without
 * a reason. Opens it again. What is so already is no error and no event. */
enum status ledger_close_unit(struct store *store, int64_t unit, struct str why, int64_t now_ms,
                              struct error *err);
enum status ledger_reopen_unit(struct store *store, int64_t unit, struct error *err);
/* Who is in already, or not there to take out, makes no event. Who is taken out is no longer its head. */
enum status ledger_put_in_unit(struct store *store, int64_t unit, int64_t member,
                               struct error *err);
enum status ledger_take_out_of_unit(struct store *store, int64_t unit, int64_t member,
                                    struct error *err);

/* STATUS_MISSING when there is none. */
enum status ledger_find_unit(struct arena *arena, struct store *store, struct str key,
                             struct unit *unit, struct error *err);
enum status ledger_find_unit_by_id(struct arena *arena, struct store *store, int64_t id,
                                   struct unit *unit, struct error *err);
/* All of them by name, open ones first. */
enum status ledger_list_units(struct arena *arena, struct store *store, struct unit **list,
                              size_t *count, struct error *err);
/* Numbers of its members. */
enum status ledger_list_unit_members(struct arena *arena, struct store *store, int64_t unit,
                                     int64_t **list, size_t *count, struct error *err);

#endif
