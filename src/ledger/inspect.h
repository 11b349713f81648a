/* Inspections (观摩督导): the machine of a tour, as a table.
 *
 * A tour is planned: its stops, who scores them, by which sheet and by which rule scores are settled. Once it is under way
 * sheet and rule stand; each scorer fills in a sheet at each stop, and nobody sees another's marks until the scoring is
 * closed. Then the ranking is shown, findings become rectifications, and the tour is closed. docs/inspections.md is drawn
 * from the table. Pure. */
#ifndef LEDGER_INSPECT_H
#define LEDGER_INSPECT_H

#include "ledger/line.h"
#include "ledger/machine.h"

enum inspect_state {
    INSPECT_NONE, /* not a tour */
    INSPECT_PLANNED,
    INSPECT_TOURING,
    INSPECT_SCORED,
    INSPECT_CLOSED,
    INSPECT_DROPPED,
    INSPECT_STATES
};

enum inspect_act {
    INSPECT_PLAN,
    INSPECT_SET,     /* another sheet or rule */
    INSPECT_ARRANGE, /* stops and scorers, added or taken out */
    INSPECT_START,
    INSPECT_SCORE, /* a sheet filled in at a stop */
    INSPECT_END,   /* of the scoring */
    INSPECT_REOPEN,
    INSPECT_CLOSE,
    INSPECT_DROP,
    INSPECT_ACTS
};

enum inspect_who {
    INSPECT_WHO_KEEPER, /* who may change the line: keepers of the ledger, its lead, the head of its unit */
    INSPECT_WHO_SCORER, /* a scorer of the tour, but of no stop that is their own unit's or their own line */
    INSPECT_WHOS
};

enum {
    INSPECT_NEEDS_WORDS = 1,
    INSPECT_NEEDS_STOPS = 2,
    INSPECT_NEEDS_SCORERS = 4,
    INSPECT_NEEDS_SCORES = 8,  /* every stop was scored by somebody */
    INSPECT_NEEDS_SETTLED = 16 /* of every finding it is decided what becomes of it */
};
#define INSPECT_NEEDS_COUNT 5U

extern const struct machine inspect_machine;
/* What the line's state is then. */
enum line_state inspect_line_state(enum inspect_state state);

/* Whether the scorer `c` has a stop still to score: one that stands, is not their own, and that they sent no sheet for. */
#define INSPECTION_OWES_SQL                                                                  \
    "EXISTS (SELECT 1 FROM inspection_stop s WHERE s.line = c.line AND s.removed_ms IS NULL" \
    " AND NOT EXISTS (SELECT 1 FROM unit_member m WHERE m.unit = s.unit"                     \
    " AND m.member = c.member) AND NOT EXISTS (SELECT 1 FROM line t WHERE t.id = s.target"   \
    " AND t.lead = c.member) AND NOT EXISTS (SELECT 1 FROM filled f WHERE f.line = c.line"   \
    " AND f.part = s.id AND f.member = c.member AND f.replaced_ms IS NULL))"

#endif
