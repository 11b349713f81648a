/* Reports as drafts; see summary_draft.h. */
#include "server/summary_draft.h"

#include "base/calendar.h"
#include "library/draft.h"
#include "library/member.h"

#define MORNING_MS ((int64_t)6 * 3600 * 1000) /* drafted at six, to lie there when people come */

static struct str terms_of(struct arena *arena, const struct summary_order *order)
{
    struct draft_terms terms;
    library_read_terms(arena, STR("{}"), &terms);
    terms.offer.kind = str_of(summary_kind_word(order->kind, order->lang));
    terms.offer.for_groups = true;
    terms.groups = arena_new(arena, int64_t);
    terms.groups[0] = order->group;
    terms.ngroups = order->group != 0;
    return library_write_terms(arena, &terms);
}

enum status summary_make_draft(struct arena *arena, struct store *store,
                               const struct summary_order *order, int64_t now_ms, struct str *key,
                               struct error *err)
{
    struct summary_figures figures;
    int64_t today = calendar_day_of(now_ms);
    struct summary_period period = summary_period_before(order->kind, today);
    enum status status = ledger_load_summary(arena, store, period, today, &figures, err);
    if (status)
        return status;
    struct draft draft = {
        .author = order->member,
        .title = summary_title(arena, period, order->lang),
        .text = summary_write(arena, &figures, order->lang),
        .form = FORMAT_MARKDOWN,
        .terms = terms_of(arena, order),
    };
    status = library_make_draft(arena, store, &draft, err);
    *key = draft.key;
    if (!status && order->group)
        status = library_schedule_draft(arena, store, &draft, now_ms, err);
    return status;
}

int64_t summary_next_ms(enum summary_kind kind, int64_t now_ms)
{
    int64_t past = summary_period_of(kind, calendar_day_of(now_ms)).past;
    return calendar_moment_of(past) + MORNING_MS;
}

/* --- by themselves -------------------------------------------------------------------------------- */

static enum status forget_former_editors(struct store *store, struct error *err)
{
    return store_run(
        store,
        "DELETE FROM summary_plan WHERE NOT EXISTS (SELECT 1 FROM role r JOIN account a"
        " ON a.member = r.member WHERE r.member = summary_plan.member"
        " AND r.role = 'editor' AND a.suspended_ms IS NULL)",
        err);
}

static enum status put_off(struct store *store, enum summary_kind kind, int64_t now_ms,
                           struct error *err)
{
    struct query *q = query_start(store, "UPDATE summary_plan SET next_ms = ?2 WHERE kind = ?1");
    query_bind_str(q, 1, str_of(summary_kind_name(kind)));
    query_bind_int(q, 2, summary_next_ms(kind, now_ms));
    (void)query_row(q);
    return query_end(q, err);
}

static enum status list_due(struct store *store, int64_t now_ms,
                            struct summary_order orders[SUMMARY_KINDS], size_t *count,
                            struct error *err)
{
    struct query *q = query_start(
        store, "SELECT kind, lang, member, \"group\" FROM summary_plan WHERE next_ms <= ?1");
    query_bind_int(q, 1, now_ms);
    *count = 0;
    while (query_row(q) && *count < SUMMARY_KINDS) {
        struct summary_order *order = &orders[(*count)++];
        *order = (struct summary_order){.member = query_int(q, 2), .group = query_int(q, 3)};
        (void)summary_kind_named(query_str(q, 0), &order->kind);
        (void)lang_parse(query_str(q, 1), &order->lang);
    }
    return query_end(q, err);
}

enum status summary_make_due(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    struct summary_order orders[SUMMARY_KINDS];
    struct str key;
    size_t count = 0;
    int64_t now_ms = store_now_ms();
    (void)context;
    enum status status = forget_former_editors(store, err);
    if (!status)
        status = list_due(store, now_ms, orders, &count, err);
    for (size_t i = 0; i < count && !status; i++) {
        store_act_as(store, library_member_id(scratch, orders[i].member));
        status = summary_make_draft(scratch, store, &orders[i], now_ms, &key, err);
        if (!status)
            status = put_off(store, orders[i].kind, now_ms, err);
    }
    store_act_as(store, STR(""));
    return status;
}
