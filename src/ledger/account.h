/* A project's account (列单建账): money planned and paid, and what else it needs, entry by entry: land, permits, parties,
 * documents. An entry is never changed into another one nor taken out: it is struck, with a reason, and a right one
 * entered. Only what is needed besides money changes its state, from wanted to held, and history has each change.
 *
 * Money is hundredths. Changes run within the caller's open write transaction and add their event. */
#ifndef LEDGER_ACCOUNT_H
#define LEDGER_ACCOUNT_H

#include "ledger/line.h"

#define ENTRY_NAME_MAX  200 /* characters, of the source too */
#define ENTRY_CENTS_MAX ((int64_t)10000000000000)
#define ENTRIES_MAX     5000 /* of a project */

enum entry_kind {
    ENTRY_PLANNED,
    ENTRY_PAID,
    ENTRY_LAND,
    ENTRY_PERMIT,
    ENTRY_PARTY,
    ENTRY_DOCUMENT,
    ENTRY_KINDS
};
enum entry_state { ENTRY_MONEY, ENTRY_WANTED, ENTRY_ASKED, ENTRY_HELD, ENTRY_STATES };

/* "planned" …; static. */
const char *entry_kind_name(enum entry_kind kind);
const char *entry_kind_words(enum entry_kind kind, enum lang lang);
enum entry_kind entry_kind_named(struct str name); /* ENTRY_KINDS for anything else */
/* What an entry's source is called: where money comes from, who grants a permit. */
const char *entry_source_words(enum entry_kind kind, enum lang lang);
/* "wanted" …, empty of money. */
const char *entry_state_name(enum entry_state state);
/* A permit is granted, land handed over: the words of a state go by the kind. */
const char *entry_state_words(enum entry_kind kind, enum entry_state state, enum lang lang);
enum entry_state entry_state_named(struct str name); /* ENTRY_STATES for anything else */
static inline bool entry_is_money(enum entry_kind kind)
{
    return kind == ENTRY_PLANNED || kind == ENTRY_PAID;
}

struct account_entry {
    int64_t id;
    struct str key;
    enum entry_kind kind;
    struct str name, source;
    int64_t cents; /* of money; below nothing: what was cut, or paid back */
    enum entry_state state;
    int64_t day,
        due_day; /* money: its day; else: since when the state is so, and by when it is needed. 0: none */
    int64_t member, added_ms;
    int64_t struck_ms;
    struct str struck_why;
};
/* By kind, then in order of days; struck ones too. */
enum status ledger_list_entries(struct arena *arena, struct store *store, int64_t line,
                                struct account_entry **list, size_t *count, struct error *err);
/* STATUS_MISSING when the account has none of that key; one that is struck is found too. */
enum status ledger_find_entry(struct arena *arena, struct store *store, int64_t line,
                              struct str key, struct account_entry *entry, struct error *err);
/* Adds one; fills id and key. Event line.entered, with what was entered. STATUS_INPUT when something is missing or
 * can't be taken, STATUS_CONFLICT when the account is full or the line is no project. */
enum status ledger_enter(struct arena *arena, struct store *store, int64_t line,
                         struct account_entry *entry, const struct ledger_deed *deed,
                         struct error *err);
/* Puts a state and its day in force. Event line.entry. STATUS_MISSING, STATUS_CONFLICT for one that is struck,
 * STATUS_INPUT for money. */
enum status ledger_set_entry(struct arena *arena, struct store *store, int64_t line, struct str key,
                             enum entry_state state, int64_t day, const struct ledger_deed *deed,
                             struct error *err);
/* Strikes it, for deed's why. Event line.struck. STATUS_MISSING, STATUS_CONFLICT when it is struck, STATUS_INPUT
 * without a reason. */
enum status ledger_strike_entry(struct arena *arena, struct store *store, int64_t line,
                                struct str key, const struct ledger_deed *deed, struct error *err);

/* --- sums ----------------------------------------------------------------------------------------- */

/* What a group of entries comes to: those of one source, or of one year. */
struct account_part {
    struct str source; /* of sources; empty: none was said */
    int year;          /* of years */
    int64_t planned, paid;
};
struct account_sum {
    int64_t planned, paid;
    struct account_part *sources, *years; /* sources as they come, years in order */
    size_t nsources, nyears;
    int64_t needs, held,
        late; /* besides money: all, those held, those not held on the day they were due */
};
/* Of what is not struck. Pure; sums in the arena. */
void account_sum(struct arena *arena, const struct account_entry *entries, size_t count,
                 int64_t today, struct account_sum *sum);
/* "1,234,567.50", "-0.05"; in the arena. */
struct str account_money(struct arena *arena, int64_t cents);

#endif
