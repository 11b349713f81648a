/* Sums; see sum.h. */
#include "ledger/sum.h"

#include "ledger/campaign.h"
#include "ledger/progress.h"

static enum status load_parts(struct arena *arena, struct store *store, int64_t line,
                              struct line_part **parts, size_t *count, struct error *err)
{
    struct query *q =
        query_start(store, "SELECT kind, state, weight, progress FROM line WHERE parent = ?1");
    query_bind_int(q, 1, line);
    *parts = NULL;
    *count = 0;
    while (query_row(q)) {
        *parts = arena_one_more(arena, *parts, *count, sizeof **parts);
        struct line_part *part = &(*parts)[(*count)++];
        *part = (struct line_part){.weight = query_real(q, 2), .progress = query_int(q, 3)};
        (void)ledger_kind_named(query_str(q, 0), &part->kind);
        (void)line_state_named(query_str(q, 1), &part->state);
    }
    return query_end(q, err);
}

static enum status sum_campaign(struct store *store, int64_t campaign, int64_t *progress,
                                struct error *err)
{
    int64_t points = 0;
    int64_t done = 0;
    struct query *q = query_start(store, "SELECT c.progress, c.aim, c.points, " LINE_REACHED_SQL
                                         " FROM campaign_line c JOIN line l ON l.id = c.line"
                                         " WHERE c.campaign = ?1 AND c.left_day IS NULL");
    query_bind_int(q, 1, campaign);
    while (query_row(q)) {
        const struct campaign_item item = {
            .from = query_int(q, 0), .aim = query_int(q, 1), .points = query_int(q, 2)};
        points += CAMPAIGN_WHOLE * item.points;
        done += item.points * campaign_share(&item, query_int(q, 3));
    }
    if (points)
        *progress = 100 * done / points;
    return query_end(q, err);
}

enum status ledger_sum_line(struct store *store, int64_t line, enum ledger_kind kind, int64_t own,
                            int64_t *progress, struct error *err)
{
    struct line_part *parts;
    size_t count = 0;
    *progress = own;
    if (kind == LEDGER_CAMPAIGN)
        return sum_campaign(store, line, progress, err);
    if (!line_kind_sums(kind))
        return STATUS_OK;
    struct arena *scratch = arena_make();
    enum status status = load_parts(scratch, store, line, &parts, &count, err);
    if (!status)
        *progress = line_sum_parts(parts, count, own);
    arena_free(scratch);
    return status;
}

/* Puts what a line comes to. */
static enum status keep_sum(struct store *store, const struct line *line, int64_t progress,
                            const struct ledger_deed *deed, struct error *err)
{
    struct query *q = query_start(store, "UPDATE line SET progress = ?2 WHERE id = ?1");
    query_bind_int(q, 1, line->id);
    query_bind_int(q, 2, progress);
    (void)query_row(q);
    enum status status = query_end(q, err);
    /* Neither reason nor batch: both belong to what was changed by hand, and undo must not touch a sum. */
    struct ledger_deed summing = {.now_ms = deed->now_ms};
    if (!status)
        status = ledger_record(
            store, line->id, "line.summed",
            json_pack("{s:[I, I]}", "progress", (json_int_t)line->progress, (json_int_t)progress),
            &summing, err);
    return status ? status : ledger_sum_campaigns_of(store, line->id, deed, err);
}

enum status ledger_sum_up(struct store *store, int64_t line, const struct ledger_deed *deed,
                          struct error *err)
{
    struct arena *scratch = arena_make();
    enum status status = STATUS_OK;
    struct line at;
    for (int64_t next = line; !status && next; next = at.parent) {
        int64_t progress = 0;
        status = ledger_find_line_by_id(scratch, store, next, &at, err);
        if (!status && at.state > LINE_ACTIVE)
            break;
        if (!status)
            status = ledger_sum_line(store, at.id, at.kind, at.progress, &progress, err);
        if (status || progress == at.progress)
            break;
        status = keep_sum(store, &at, progress, deed, err);
    }
    arena_free(scratch);
    return status;
}

enum status ledger_sum_campaigns_of(struct store *store, int64_t line,
                                    const struct ledger_deed *deed, struct error *err)
{
    struct arena *scratch = arena_make();
    int64_t *campaigns = NULL;
    size_t count = 0;
    struct query *q = query_start(
        store, "SELECT l.id FROM campaign_line c JOIN line l ON l.id = c.campaign WHERE c.line = ?1"
               " AND c.left_day IS NULL AND l.state IN ('proposed', 'active')"
               " ORDER BY l.due_day, l.id");
    query_bind_int(q, 1, line);
    while (query_row(q)) {
        campaigns = arena_one_more(scratch, campaigns, count, sizeof *campaigns);
        campaigns[count++] = query_int(q, 0);
    }
    enum status status = query_end(q, err);
    for (size_t i = 0; !status && i < count; i++)
        status = ledger_sum_up(store, campaigns[i], deed, err);
    arena_free(scratch);
    return status;
}
