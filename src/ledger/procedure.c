/* What becomes of a line when its steps move on; see procedure.h. */
#include "ledger/procedure.h"

#include "ledger/policies.h"
#include "ledger/register.h"
#include "ledger/review.h"

static const struct {
    enum ledger_kind kind;
    enum status (*follow)(struct arena *arena, struct store *store, const struct workdays *calendar,
                          const struct line *line, const struct ledger_deed *deed,
                          struct error *err);
} FOLLOWS[] = {
    {LEDGER_REVIEW, ledger_follow_review},
    {LEDGER_POLICY, ledger_follow_policy},
    {LEDGER_RISK, ledger_follow_measures},
};

enum status ledger_follow_steps(struct arena *arena, struct store *store,
                                const struct workdays *calendar, int64_t id,
                                const struct ledger_deed *deed, struct error *err)
{
    struct line line;
    enum status status = ledger_find_line_by_id(arena, store, id, &line, err);
    for (size_t i = 0; i < sizeof FOLLOWS / sizeof *FOLLOWS && !status; i++)
        if (FOLLOWS[i].kind == line.kind)
            status = FOLLOWS[i].follow(arena, store, calendar, &line, deed, err);
    return status;
}
