/* Plans: what can be subscribed to. Price, length, how far it looks back, and the groups that it opens.
 *
 * A plan is written L1, L2 … in events. Its terms are price, length, look-back and groups. When they change,
 * what was sold before (subscriptions, and codes not yet redeemed) keeps the version of them that it was sold
 * by; whoever subscribes or renews afterwards does so by the new one. Changes run within the caller's open
 * write transaction and add their event. */
#ifndef LIBRARY_PLAN_H
#define LIBRARY_PLAN_H

#include "base/lang.h"
#include "store/store.h"

#define PLAN_LOOKBACK_DAYS 1096  /* three years */
#define PLAN_DAYS_MAX      36500 /* a hundred years */
#define PLAN_GROUPS_MAX    200U

struct plan_group {
    int64_t id;
    struct str key, name;
};
struct plan {
    int64_t id;
    struct str key; /* its name in addresses */
    struct str name, about;
    int64_t price;         /* in hundredths of the currency */
    struct str currency;   /* ISO 4217 */
    int64_t version;       /* of its terms, from 1 */
    int64_t days;          /* length of a subscription */
    int64_t lookback_days; /* papers published that long before its begin open too */
    int64_t created_ms, closed_ms;
    struct plan_group *groups; /* that it opens */
    size_t ngroups;
    int64_t running; /* subscriptions that run now */
    int64_t former;  /* those of them that were sold by former terms */
    int64_t codes;   /* that can still be redeemed, by whatever terms */
};

/* Makes a plan that opens the groups with the ids in plan->groups; fills id, key and created_ms. STATUS_INPUT
 * when something can't be taken, STATUS_CONFLICT when there is a plan of that name. */
enum status library_make_plan(struct arena *arena, struct store *store, struct plan *plan,
                              struct error *err);
/* Puts name, about, price, currency, days, lookback_days and groups of the plan with this id in force for what is
 * sold from now on; nothing that was sold changes. Errors as above. What is so already is no event. */
enum status library_change_plan(struct arena *arena, struct store *store, struct plan *plan,
                                int64_t now_ms, struct error *err);
/* Closes a plan: nobody subscribes to it any more, and what runs runs on. Or opens it again. What is so
 * already is no error and no event. */
enum status library_close_plan(struct store *store, int64_t plan, int64_t now_ms,
                               struct error *err);
enum status library_reopen_plan(struct store *store, int64_t plan, struct error *err);

/* Finds a plan by its key, or by its name in any case; STATUS_MISSING names it. */
enum status library_find_plan(struct arena *arena, struct store *store, struct str named,
                              int64_t now_ms, struct plan *plan, struct error *err);
/* The groups that a version of a plan opens, by name, in the arena. */
enum status library_list_plan_groups(struct arena *arena, struct store *store, int64_t plan,
                                     int64_t version, struct plan_group **groups, size_t *count,
                                     struct error *err);
/* All plans by name, closed ones last and only if asked for. */
enum status library_list_plans(struct arena *arena, struct store *store, bool closed,
                               int64_t now_ms, struct plan **list, size_t *count,
                               struct error *err);

/* Reads "128" or "128.50" as hundredths; false on anything else or above ten million. */
bool library_parse_price(struct str text, int64_t *price);
/* "CNY 128.50", and in Chinese "128.50 元" ("128.50 USD" for what is no yuan); in the arena. */
struct str library_price_text(struct arena *arena, int64_t price, struct str currency,
                              enum lang lang);

#endif
