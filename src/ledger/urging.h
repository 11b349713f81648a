/* Notices of supervision as they are given and kept; the rules are in urge.h. */
#ifndef LEDGER_URGING_H
#define LEDGER_URGING_H

#include "ledger/urge.h"
#include "store/store.h"

/* Who is told where nobody is above a lead. */
struct urge_keepers {
    const int64_t *members;
    size_t count;
};
/* Gives, for lines and for parts of them that were handed on, what is due on the day of now_ms for lines whose ids are above *after, at most `most` lines, within the open write
 * transaction: a notice for each cause and period that has none, whom it goes to, and an event line.urged. *after becomes the
 * last line looked at, or 0 when there is none left; *given is increased. The same call again gives nothing. */
enum status ledger_give_notices(struct arena *arena, struct store *store,
                                const struct workdays *calendar, const struct urge_keepers *keepers,
                                int64_t now_ms, int64_t *after, size_t most, size_t *given,
                                struct error *err);

#endif
