/* Letters that ask for a sheet to be filled in: units that answer a sweep, scorers of a tour. Each is told once, whatever
 * letters they wish of papers: it is theirs to do.
 *
 * Of a unit whoever heads it gets the letter, or its members where nobody does. */
#ifndef SERVER_SHEET_LETTERS_H
#define SERVER_SHEET_LETTERS_H

#include "base/arena.h"
#include "ledger/inspect.h"
#include "store/store.h"

/* As soon as a sweep was handed to a unit that was not told. */
#define SHEET_GIVEN_DUE_SQL "SELECT min(given_ms) FROM sweep_unit WHERE told_ms IS NULL"
/* Each morning of a working day, for sweeps that run. */
#define SHEET_NEAR_DUE_SQL                                            \
    "SELECT min(w.look_ms) FROM sweep w JOIN line l ON l.id = w.line" \
    " WHERE l.state = 'active' AND l.due_day IS NOT NULL"
/* As soon as a tour has begun, for those who have a stop to score. */
#define SHEET_TOUR_DUE_SQL                                                              \
    "SELECT min(0) FROM inspection_scorer c JOIN inspection i ON i.line = c.line WHERE" \
    " c.told_ms IS NULL AND i.state = 'touring' AND " INSPECTION_OWES_SQL

/* Steps for server_write. */
enum status sheet_tell_given(struct store *store, struct arena *scratch, void *context,
                             struct error *err);
/* Units that have not answered when one working day is left, within the hours in which notices are given; again when the
 * day was put off and the new one nears. Not those that the sweep was handed to on the same day. */
enum status sheet_tell_near(struct store *store, struct arena *scratch, void *context,
                            struct error *err);
enum status sheet_tell_scorers(struct store *store, struct arena *scratch, void *context,
                               struct error *err);

#endif
