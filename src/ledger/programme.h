/* Programmes as they are kept, what they state, and the clashes among them until they are settled; what a clash is
 * stands in clash.h. A programme is written N1, N2 … in events, a clash Z1, Z2 ….
 *
 * Changes run within the caller's open write transaction and add their event. Each change of a statement or programme
 * looks for clashes anew: events clash.found and clash.gone. A clash is settled only while both statements stand as they
 * did when it was settled. */
#ifndef LEDGER_PROGRAMME_H
#define LEDGER_PROGRAMME_H

#include "ledger/clash.h"
#include "ledger/line.h"

#define PROGRAMME_TEXT_MAX 200  /* characters of names, places, subjects … */
#define CLASH_WORDS_MAX    1000 /* characters */

struct programme {
    int64_t id;
    struct str key; /* its name in addresses, unguessable */
    struct str name, area, body;
    int64_t created_ms, closed_ms;
    struct str closed_why;
};
/* Makes one; fills id, key (in the arena) and created_ms. STATUS_INPUT, STATUS_CONFLICT when there is one of that name. */
enum status ledger_make_programme(struct arena *arena, struct store *store,
                                  struct programme *programme, int64_t now_ms, struct error *err);
/* Puts name, area and body in force; what is so already makes no event. Errors as above. */
enum status ledger_change_programme(struct store *store, const struct programme *programme,
                                    int64_t now_ms, struct error *err);
/* Closes it for a reason (STATUS_INPUT without), so that what it states clashes with nothing; opens it again. What is so
 * already is no error and no event. */
enum status ledger_close_programme(struct store *store, int64_t programme, struct str why,
                                   int64_t now_ms, struct error *err);
enum status ledger_reopen_programme(struct store *store, int64_t programme, int64_t now_ms,
                                    struct error *err);
/* STATUS_MISSING when there is none. */
enum status ledger_find_programme(struct arena *arena, struct store *store, struct str key,
                                  struct programme *programme, struct error *err);

struct statement {
    int64_t id;
    struct str key;
    int64_t programme;
    int64_t line; /* the line that it is about; 0: none */
    struct str subject;
    int64_t first_day, last_day; /* 0: open */
    double least, most;          /* NAN: open */
    struct str measure, place, use;
    int64_t changes; /* goes up with every change */
    int64_t closed_ms;
    struct str closed_why;
};
/* Adds one to its programme; fills id and key (in the arena). Event programme.stated. STATUS_INPUT when something can't be
 * taken, STATUS_CONFLICT when the programme is closed. */
enum status ledger_state(struct arena *arena, struct store *store, struct statement *statement,
                         int64_t now_ms, struct error *err);
/* Puts all but its programme in force. Event programme.restated; what is so already makes none. STATUS_INPUT,
 * STATUS_CONFLICT when it was withdrawn. */
enum status ledger_restate(struct store *store, const struct statement *statement, int64_t now_ms,
                           struct error *err);
/* Takes it out of force for a reason. Event programme.withdrew. STATUS_INPUT, STATUS_CONFLICT when it was already. */
enum status ledger_withdraw(struct store *store, int64_t statement, struct str why, int64_t now_ms,
                            struct error *err);
/* STATUS_MISSING when there is none. */
enum status ledger_find_statement(struct arena *arena, struct store *store, struct str key,
                                  struct statement *statement, struct error *err);
/* Those of a programme in force, by subject. */
enum status ledger_list_statements(struct arena *arena, struct store *store, int64_t programme,
                                   struct statement **list, size_t *count, struct error *err);
/* Columns of `statement` under an alias, and the row they give. */
#define STATEMENT_COLUMNS(S)                                                            \
    S ".id, " S ".key, " S ".programme, " S ".line, " S ".subject, " S ".first_day, " S \
      ".last_day, " S ".least, " S ".most, " S ".measure, " S ".place, " S ".use, " S   \
      ".changes, " S ".closed_ms, " S ".closed_why"
#define STATEMENT_COLUMN_COUNT 15
void ledger_take_statement(struct arena *arena, struct query *q, int from,
                           struct statement *statement);

enum clash_state {
    CLASH_OPEN,
    CLASH_REOPENED, /* settled once, but a statement changed since */
    CLASH_SETTLED,
    CLASH_GONE, /* the statements agree, or one is no longer in force */
    CLASH_STATES
};
/* "open", "reopened", "settled", "gone"; static. */
const char *clash_state_name(enum clash_state state);
bool clash_state_named(struct str name, enum clash_state *state);
const char *clash_state_word(enum clash_state state, enum lang lang);
/* Whether it waits to be settled. */
bool clash_waits(enum clash_state state);
/* The name as SQL over a clash under the alias `c` and its statements under `a` (c.one) and `b` (c.other). */
#define CLASH_STATE_SQL                                                                         \
    "CASE WHEN c.gone_ms IS NOT NULL THEN 'gone' WHEN EXISTS (SELECT 1 FROM clash_settlement s" \
    " WHERE s.clash = c.id AND s.one_changes = a.changes AND s.other_changes = b.changes)"      \
    " THEN 'settled' WHEN EXISTS (SELECT 1 FROM clash_settlement s WHERE s.clash = c.id)"       \
    " THEN 'reopened' ELSE 'open' END"
#define CLASH_FROM_SQL "clash c JOIN statement a ON a.id = c.one JOIN statement b ON b.id = c.other"

struct clash {
    int64_t id;
    struct str key;
    enum clash_aspect aspect;
    enum clash_state state;
    struct statement one, other;
    int64_t found_ms, gone_ms; /* 0: not gone */
};
/* STATUS_MISSING when there is none. */
enum status ledger_find_clash(struct arena *arena, struct store *store, struct str key,
                              struct clash *clash, struct error *err);
/* How many wait to be settled. */
enum status ledger_count_clashes(struct store *store, int64_t *waiting, struct error *err);
/* Records how a clash was settled, by whom (`member`) and why. `seen` is the clash as who settles it saw it:
 * STATUS_CONFLICT when a statement changed since, or it does not wait to be settled. STATUS_INPUT without words. Event
 * clash.settled. */
enum status ledger_settle_clash(struct store *store, const struct clash *seen, int64_t member,
                                struct str words, int64_t now_ms, struct error *err);

#endif
