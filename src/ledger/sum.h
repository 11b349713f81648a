/* Sums: where a line stands by others, and that it goes on standing there.
 *
 * Goals, fields and milestones stand where their parts do (progress.h), a campaign at the share that is reached of what
 * its lines are to reach (campaign.h). A change of lines (line.h) and of what a campaign is made of brings up to date
 * what depends on it, within the same transaction. */
#ifndef LEDGER_SUM_H
#define LEDGER_SUM_H

#include "ledger/line.h"

/* Where a line stands by its parts, or by the lines of a campaign; `own` where none of them counts, and for kinds that
 * stand by themselves. */
enum status ledger_sum_line(struct store *store, int64_t line, enum ledger_kind kind, int64_t own,
                            int64_t *progress, struct error *err);
/* Brings `line` and what is above it up to date, and the campaigns that any of them is in, as far as anything changes. Event
 * line.summed. What is done or closed stays as it is. */
enum status ledger_sum_up(struct store *store, int64_t line, const struct ledger_deed *deed,
                          struct error *err);
/* Brings campaigns planned or under way in which a line is up to date, and what they are part of. */
enum status ledger_sum_campaigns_of(struct store *store, int64_t line,
                                    const struct ledger_deed *deed, struct error *err);

#endif
