/* What projects are judged by: criteria with weights and least marks, and what admission takes. */
#include "ledger/admission.h"
#include "ledger/amount.h"
#include "server/internal.h"
#include "server/ledger_project.h"

struct criterion_part {
    struct str key, name, en, zh;
    int64_t weight, least;
};
static const struct field CRITERION_PART[] = {
    FIELD(TEXT, struct criterion_part, key),
    FIELD_HIDDEN(TEXT, struct criterion_part, name),
    FIELD(TEXT, struct criterion_part, en),
    FIELD(TEXT, struct criterion_part, zh),
    FIELD(NUMBER, struct criterion_part, weight),
    FIELD(NUMBER, struct criterion_part, least),
    {0},
};
struct criteria_page {
    struct criterion_part *criteria;
    size_t ncriteria;
    struct str threshold, rule;
    int64_t scorers;
    bool may_arrange;
};
static const struct field CRITERIA_PAGE[] = {
    FIELD_OF_LIST(struct criteria_page, criteria, CRITERION_PART),
    FIELD(TEXT, struct criteria_page, threshold),
    FIELD(NUMBER, struct criteria_page, scorers),
    FIELD(TEXT, struct criteria_page, rule),
    FIELD(FLAG, struct criteria_page, may_arrange),
    {0},
};

static enum status show_criteria(struct request *rq, struct error *err)
{
    struct criteria_page page = {
        .rule = str_of(score_rule_words(rq->lang)),
        .may_arrange = ledger_may(ledger_viewer(rq).is, LEDGER_ARRANGE),
    };
    struct project_criterion *list;
    struct score_bar bar;
    enum status status = ledger_list_criteria(rq->arena, rq->store, &list, &page.ncriteria, err);
    if (!status)
        status = ledger_load_bar(rq->store, &bar, err);
    if (status)
        return status;
    page.threshold = score_text(rq->arena, bar.threshold);
    page.scorers = (int64_t)bar.scorers;
    page.criteria = arena_array(rq->arena, page.ncriteria + 1, struct criterion_part);
    for (size_t i = 0; i < page.ncriteria; i++)
        page.criteria[i] =
            (struct criterion_part){list[i].key,         ledger_criterion_words(&list[i], rq->lang),
                                    list[i].en,          list[i].zh,
                                    list[i].rule.weight, list[i].rule.least};
    return answer_page(rq, "ledger-criteria", "What projects are judged by", "项目评分标准",
                       CRITERIA_PAGE, &page);
}

const struct route route_ledger_criteria = {
    .method = "GET",
    .path = "/ledger/projects/criteria",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "What projects are judged by, and what admission to the library takes.",
    .zh = "项目评分标准与入库条件。",
    .output = CRITERIA_PAGE,
    .page = "ledger-criteria",
    .run = show_criteria,
};

/* --- changes -------------------------------------------------------------------------------------- */

struct arranging {
    struct project_criterion criterion;
    struct score_bar bar;
    int64_t now_ms;
};

static enum status keep_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    struct arranging *a = context;
    return ledger_keep_criterion(scratch, store, &a->criterion, err);
}

static enum status end_step(struct store *store, struct arena *scratch, void *context,
                            struct error *err)
{
    const struct arranging *a = context;
    return ledger_end_criterion(scratch, store, a->criterion.key, a->now_ms, err);
}

static enum status bar_step(struct store *store, struct arena *scratch, void *context,
                            struct error *err)
{
    const struct arranging *a = context;
    return ledger_set_bar(scratch, store, &a->bar, err);
}

static enum status write(struct request *rq, server_write_step step, struct arranging *a,
                         struct error *err)
{
    a->now_ms = rq->now_ms;
    enum status status = ledger_write(rq, 0, LEDGER_ARRANGE, step, a, err);
    return status
               ? status
               : answer_redirect(rq, STR("/ledger/projects/criteria"), "It is kept.", "已保存。");
}

static enum status keep_criterion(struct request *rq, struct error *err)
{
    struct arranging a = {.criterion = {
                              .key = request_input(rq, "criterion"),
                              .en = request_input(rq, "en"),
                              .zh = request_input(rq, "zh"),
                              .rule = {request_number(rq, "weight"), request_number(rq, "least")},
                          }};
    return write(rq, keep_step, &a, err);
}

static const struct input CRITERION_INPUTS[] = {
    {.name = "criterion", .kind = INPUT_TEXT, .most = 40, .en = "Criterion", .zh = "标准"},
    {.name = "en",
     .kind = INPUT_TEXT,
     .most = CRITERION_NAME_MAX,
     .en = "Name in English",
     .zh = "英文名称"},
    {.name = "zh",
     .kind = INPUT_TEXT,
     .most = CRITERION_NAME_MAX,
     .en = "Name in Chinese",
     .zh = "中文名称"},
    {.name = "weight",
     .kind = INPUT_NUMBER,
     .needed = true,
     .least = 1,
     .most = 1000,
     .en = "Weight",
     .zh = "权重"},
    {.name = "least",
     .kind = INPUT_NUMBER,
     .least = 0,
     .most = 100,
     .en = "Least mark",
     .zh = "最低分"},
    {0},
};
const struct route route_ledger_criteria_keep = {
    .method = "POST",
    .path = "/ledger/projects/criteria",
    .roles = ROLES_LEDGER_ALL,
    .scope = "manage",
    .en = "Add a criterion for projects, or change one.",
    .zh = "增加或修改评分标准。",
    .inputs = CRITERION_INPUTS,
    .run = keep_criterion,
};

static enum status end_criterion(struct request *rq, struct error *err)
{
    struct arranging a = {.criterion = {.key = request_input(rq, "criterion")}};
    return write(rq, end_step, &a, err);
}

static const struct input END_INPUTS[] = {
    {.name = "criterion",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = 40,
     .en = "Criterion",
     .zh = "标准"},
    {0},
};
const struct route route_ledger_criteria_end = {
    .method = "POST",
    .path = "/ledger/projects/criteria/end",
    .roles = ROLES_LEDGER_ALL,
    .scope = "manage",
    .en = "Let a criterion count no more.",
    .zh = "停用评分标准。",
    .inputs = END_INPUTS,
    .run = end_criterion,
};

static enum status set_bar(struct request *rq, struct error *err)
{
    struct arranging a = {.bar = {.scorers = (size_t)request_number(rq, "scorers")}};
    enum status status = ledger_read_typed(rq, "threshold", 2, &a.bar.threshold, err);
    return status ? status : write(rq, bar_step, &a, err);
}

static const struct input BAR_INPUTS[] = {
    {.name = "threshold",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = 10,
     .en = "Total",
     .zh = "入库线"},
    {.name = "scorers",
     .kind = INPUT_NUMBER,
     .needed = true,
     .least = 1,
     .most = SCORERS_MAX,
     .en = "Scorers",
     .zh = "评分人数"},
    {0},
};
const struct route route_ledger_criteria_bar = {
    .method = "POST",
    .path = "/ledger/projects/bar",
    .roles = ROLES_LEDGER_ALL,
    .scope = "manage",
    .en = "Say what admission to the library takes.",
    .zh = "设定入库条件。",
    .inputs = BAR_INPUTS,
    .run = set_bar,
    .again = show_criteria,
};
