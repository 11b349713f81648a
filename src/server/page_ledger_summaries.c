/* Reports of the ledger: drafted now, or by themselves when a period is over. */
#include "library/group.h"
#include "server/internal.h"
#include "server/ledger.h"
#include "server/summary_draft.h"

struct summary_row {
    struct str kind, words, lang_words, editor, group;
    int64_t next;
    bool planned;
};
static const struct field ROW[] = {
    FIELD(TEXT, struct summary_row, kind),       FIELD_HIDDEN(TEXT, struct summary_row, words),
    FIELD(TEXT, struct summary_row, lang_words), FIELD(TEXT, struct summary_row, editor),
    FIELD(TEXT, struct summary_row, group),      FIELD(TIME, struct summary_row, next),
    FIELD(FLAG, struct summary_row, planned),    {0},
};
struct summaries_page {
    struct summary_row *rows;
    struct ledger_choice *groups;
    size_t nrows, ngroups;
    bool chinese;
};
static const struct field PAGE[] = {
    FIELD_OF_LIST(struct summaries_page, rows, ROW),
    FIELD_OF_LIST(struct summaries_page, groups, ledger_choice_fields),
    FIELD_HIDDEN(FLAG, struct summaries_page, chinese),
    {0},
};

static enum status load_plan(struct request *rq, enum summary_kind kind, struct summary_row *row,
                             struct error *err)
{
    *row = (struct summary_row){.kind = str_of(summary_kind_name(kind)),
                                .words = str_of(summary_kind_word(kind, rq->lang))};
    struct query *q = query_start(
        rq->store, "SELECT p.lang, m.name, coalesce(g.name, ''), p.next_ms FROM summary_plan p"
                   " JOIN member m ON m.id = p.member LEFT JOIN \"group\" g ON g.id = p.\"group\""
                   " WHERE p.kind = ?1");
    query_bind_str(q, 1, row->kind);
    row->planned = query_row(q);
    if (row->planned) {
        row->lang_words = str_equal(query_str(q, 0), STR("zh")) ? STR("中文") : STR("English");
        row->editor = str_copy(rq->arena, query_str(q, 1));
        row->group = str_copy(rq->arena, query_str(q, 2));
        row->next = query_int(q, 3);
    }
    return query_end(q, err);
}

static enum status load_groups(struct request *rq, struct summaries_page *page, struct error *err)
{
    struct group_sight *list = NULL;
    size_t count = 0;
    enum status status = library_list_groups(rq->arena, rq->store, rq->viewer.member, true,
                                             rq->now_ms, &list, &count, err);
    page->groups = arena_array(rq->arena, count + 1, struct ledger_choice);
    for (size_t i = 0; i < count && !status; i++)
        if (!list[i].group.closed_ms)
            page->groups[page->ngroups++] =
                (struct ledger_choice){.value = list[i].group.key, .words = list[i].group.name};
    return status;
}

static enum status show_summaries(struct request *rq, struct error *err)
{
    struct summaries_page page = {.nrows = SUMMARY_KINDS, .chinese = rq->lang == LANG_ZH};
    enum status status = load_groups(rq, &page, err);
    page.rows = arena_array(rq->arena, SUMMARY_KINDS, struct summary_row);
    for (int kind = 0; kind < SUMMARY_KINDS && !status; kind++)
        status = load_plan(rq, (enum summary_kind)kind, &page.rows[kind], err);
    return status ? status
                  : answer_page(rq, "ledger-summaries", "Reports of the ledger", "台账报告", PAGE,
                                &page);
}

const struct route route_ledger_summaries = {
    .method = "GET",
    .path = "/ledger/reports",
    .roles = ROLE_EDITOR,
    .scope = "read",
    .en = "Weekly, monthly and quarterly reports: which are drafted by themselves, and when next.",
    .zh = "周报、月报、季报：自动起草的设置与下次时间。",
    .output = PAGE,
    .page = "ledger-summaries",
    .run = show_summaries,
};

/* --- done ----------------------------------------------------------------------------------------- */

struct ordering {
    struct arena *arena;
    struct summary_order order;
    bool planned; /* to be drafted by itself from now on; else no more */
    int64_t now_ms;
    struct str key;
};

static enum status read_order(struct request *rq, struct ordering *o, struct error *err)
{
    struct str group = request_input(rq, "group");
    o->arena = rq->arena;
    o->now_ms = rq->now_ms;
    o->order.member = rq->viewer.member;
    if (!summary_kind_named(request_input(rq, "kind"), &o->order.kind))
        return error_in(err, "kind",
                        error_set(err, STATUS_INPUT, "Choose a report.", "请选择报告类型。"));
    if (!lang_parse(request_input(rq, "lang"), &o->order.lang))
        return error_in(err, "lang",
                        error_set(err, STATUS_INPUT, "Choose the language.", "请选择语言。"));
    if (group.len == 0)
        return STATUS_OK;
    struct group_sight sight;
    enum status status = library_see_group(rq->arena, rq->store, group, rq->viewer.member, true,
                                           rq->now_ms, &sight, err);
    o->order.group = status ? 0 : sight.group.id;
    return status;
}

static enum status draft_step(struct store *store, struct arena *scratch, void *context,
                              struct error *err)
{
    struct ordering *o = context;
    (void)scratch;
    return summary_make_draft(o->arena, store, &o->order, o->now_ms, &o->key, err);
}

static enum status draft_summary(struct request *rq, struct error *err)
{
    struct ordering o = {0};
    enum status status = read_order(rq, &o, err);
    o.order.group = 0; /* whoever drafts it by hand looks at it */
    if (!status)
        status = ledger_write(rq, 0, LEDGER_ARRANGE, draft_step, &o, err);
    return status ? status
                  : answer_redirect(
                        rq, str_format(rq->arena, "/write/%.*s", STR_ARG(o.key)),
                        "The report is drafted. Look through it, then publish it like any paper.",
                        "报告已起草，请审阅后发布。");
}

static enum status plan_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    const struct ordering *o = context;
    const char *kind = summary_kind_name(o->order.kind);
    struct query *q = query_start(
        store, o->planned
                   ? "INSERT OR REPLACE INTO summary_plan (kind, member, lang, \"group\", next_ms)"
                     " VALUES (?1, ?2, ?3, ?4, ?5)"
                   : "DELETE FROM summary_plan WHERE kind = ?1");
    query_bind_str(q, 1, str_of(kind));
    if (o->planned) {
        query_bind_int(q, 2, o->order.member);
        query_bind_str(q, 3, str_of(lang_pick(o->order.lang, "en", "zh")));
        query_bind_int_or_null(q, 4, o->order.group);
        query_bind_int(q, 5, summary_next_ms(o->order.kind, o->now_ms));
    }
    (void)query_row(q);
    enum status status = query_end(q, err);
    if (status)
        return status;
    return store_add_event(
        store, "editor", o->planned ? "summary.planned" : "summary.ended", str_of(kind),
        o->order.group ? str_format(scratch, "{\"group\":\"G%lld\"}", (long long)o->order.group)
                       : STR("{}"),
        err);
}

static enum status plan_summary(struct request *rq, struct error *err)
{
    struct ordering o = {.planned = request_number(rq, "planned") != 0};
    enum status status = read_order(rq, &o, err);
    if (!status)
        status = ledger_write(rq, 0, LEDGER_ARRANGE, plan_step, &o, err);
    return status ? status
                  : answer_redirect(rq, STR("/ledger/reports"), "That is kept.", "设置已保存。");
}

#define ORDER_INPUTS                                                                       \
    {.name = "kind",                                                                       \
     .kind = INPUT_CHOICE,                                                                 \
     .needed = true,                                                                       \
     .most = 10,                                                                           \
     .en = "Report",                                                                       \
     .zh = "报告"},                                                                        \
    {                                                                                      \
        .name = "lang", .kind = INPUT_CHOICE, .needed = true, .most = 4, .en = "Language", \
        .zh = "语言"                                                                     \
    }

static const struct input DRAFT_INPUTS[] = {ORDER_INPUTS, {0}};
static const struct input PLAN_INPUTS[] = {
    ORDER_INPUTS,
    {.name = "group", .kind = INPUT_TEXT, .most = 40, .en = "Group", .zh = "群组"},
    {.name = "planned", .kind = INPUT_FLAG, .en = "By itself", .zh = "自动起草"},
    {0},
};

const struct route route_ledger_summary_draft = {
    .method = "POST",
    .path = "/ledger/reports",
    .roles = ROLE_EDITOR,
    .scope = "publish",
    .en = "Draft the report of the last period that is over.",
    .zh = "起草上一期报告。",
    .inputs = DRAFT_INPUTS,
    .run = draft_summary,
    .again = show_summaries,
};
const struct route route_ledger_summary_plan = {
    .method = "POST",
    .path = "/ledger/reports/plan",
    .roles = ROLE_EDITOR,
    .scope = "publish",
    .en =
        "Have a report drafted by itself after each period, and published to a group if one is named; or no more.",
    .zh = "设置每期结束后自动起草报告，指定群组时自动发布；或取消。",
    .inputs = PLAN_INPUTS,
    .run = plan_summary,
    .again = show_summaries,
};
