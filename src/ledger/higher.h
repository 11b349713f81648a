/* Goals that a higher level sets (承接、对接): which lines take them over, how much of each is taken over, and which
 * nobody has taken up. A higher goal is written H1, H2 … in events. Its title is the editor's own short heading.
 *
 * Changes run within the caller's open write transaction and add their event: higher.made, higher.changed,
 * higher.closed and higher.reopened about the higher goal, line.took_over and line.gave_up about the line. */
#ifndef LEDGER_HIGHER_H
#define LEDGER_HIGHER_H

#include "ledger/line.h"

/* --- coverage, pure ------------------------------------------------------------------------------ */

/* One line's share in a higher goal. */
struct higher_taking {
    double amount; /* of its quantity, or percent; above 0 */
    bool closed;   /* the line was closed: it takes over nothing any more */
    bool
        within; /* an open line above takes over of the same goal, and this is a part of what that takes */
};
/* Percent of `whole` that is taken over: what open lines take, a line and those under it counted once, with the upper
 * one. More than 100 when lines take on more than was asked. Does not depend on the order; one taking more never makes
 * it less. */
double higher_covered(const struct higher_taking *takings, size_t count, double whole);

enum higher_coverage {
    HIGHER_UNTAKEN, /* by nobody */
    HIGHER_PARTLY,
    HIGHER_WHOLE,
    HIGHER_OVER, /* more than was asked (层层加码) */
    HIGHER_COVERAGES
};
/* Shares are typed by people, 33.3 three times: a tenth of a percent missing is nothing missing. */
enum higher_coverage higher_coverage_of(double covered);
/* "none", "part", "whole", "over"; static. */
const char *higher_coverage_name(enum higher_coverage coverage);
bool higher_coverage_named(struct str name, enum higher_coverage *coverage);
/* "Nobody has taken it up", "无人承接"; static. */
const char *higher_coverage_word(enum higher_coverage coverage, enum lang lang);

/* The same as SQL over a higher goal under the alias `h`: percent, and the name. */
#define HIGHER_COVERED_SQL                                                                        \
    "(100.0 * coalesce((SELECT sum(t.amount) FROM goal_taking t JOIN line l ON l.id = t.line"     \
    " WHERE t.higher = h.id AND l.state <> 'closed' AND NOT EXISTS (WITH RECURSIVE above (id) AS" \
    " (SELECT l.parent UNION SELECT p.parent FROM line p JOIN above a ON p.id = a.id)"            \
    " SELECT 1 FROM above a JOIN goal_taking o ON o.line = a.id AND o.higher = h.id"              \
    " JOIN line u ON u.id = o.line AND u.state <> 'closed')), 0) / coalesce(h.quantity, 100))"
#define HIGHER_COVERAGE_SQL                                                             \
    "(SELECT CASE WHEN c >= 100.15 THEN 'over' WHEN c >= 99.85 THEN 'whole' WHEN c > 0" \
    " THEN 'part' ELSE 'none' END FROM (SELECT " HIGHER_COVERED_SQL " AS c))"

/* --- kept ---------------------------------------------------------------------------------------- */

enum higher_level {
    HIGHER_NATIONAL,
    HIGHER_PROVINCE,
    HIGHER_CITY,
    HIGHER_COUNTY,
    HIGHER_OTHER,
    HIGHER_LEVELS
};
/* "national" … as in the database and JSON; static. */
const char *higher_level_name(enum higher_level level);
bool higher_level_named(struct str name, enum higher_level *level);
/* "National", "国家"; static. */
const char *higher_level_word(enum higher_level level, enum lang lang);

#define HIGHER_SOURCE_MAX 200 /* characters of body and document */

struct higher_goal {
    int64_t id;
    struct str key; /* its name in addresses, unguessable */
    struct str title;
    enum higher_level level;
    struct str body, document; /* who sets it and where; may be empty */
    int64_t due_day;           /* 0: none */
    double quantity;           /* 0: taken over by percent */
    struct str measure;        /* unit of the quantity */
    int64_t created_ms, closed_ms;
    struct str closed_why;
};

/* Registers one; fills id, key (in the arena) and created_ms. STATUS_INPUT when a text, day or quantity can't be taken. */
enum status ledger_make_higher(struct arena *arena, struct store *store, struct higher_goal *higher,
                               int64_t now_ms, struct error *err);
/* Puts title, source, day and quantity in force; what is so already makes no event. Errors as above, STATUS_CONFLICT
 * when lines take over of it by percent and it would get a quantity, or the other way round. */
enum status ledger_change_higher(struct store *store, const struct higher_goal *higher,
                                 struct error *err);
/* Closes it, which needs a reason, or opens it again without one. What is so already is no error and no event. */
enum status ledger_close_higher(struct store *store, int64_t higher, struct str why, int64_t now_ms,
                                struct error *err);
enum status ledger_reopen_higher(struct store *store, int64_t higher, struct error *err);
/* STATUS_MISSING when there is none. */
enum status ledger_find_higher(struct arena *arena, struct store *store, struct str key,
                               struct higher_goal *higher, struct error *err);

/* How many open ones stand at each coverage. */
enum status ledger_count_higher(struct store *store, int64_t counts[HIGHER_COVERAGES],
                                struct error *err);

/* From now on the line takes over so much of it; said again, the amount is changed. STATUS_INPUT when the amount can't
 * be taken, STATUS_CONFLICT when line or higher goal is closed. */
enum status ledger_take_over(struct store *store, const struct higher_goal *higher, int64_t line,
                             double amount, const struct ledger_deed *deed, struct error *err);
/* STATUS_INPUT without a reason in deed->why, STATUS_MISSING when it did not take over of it. */
enum status ledger_give_up(struct store *store, int64_t higher, int64_t line,
                           const struct ledger_deed *deed, struct error *err);

#endif
