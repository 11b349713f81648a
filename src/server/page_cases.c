/* Cases, for stewards: the list, the machine, and what every page about one case begins with. */
#include "server/page_cases.h"

#include "server/internal.h"

#define CASES_A_PAGE 50

enum status page_cases_find(struct request *rq, struct case_file *file, struct error *err)
{
    return case_find(rq->arena, rq->store, rq->params[0], rq->viewer.member, file, err);
}

struct str page_cases_path(struct request *rq, const char *rest)
{
    return str_format(rq->arena, "/cases/%.*s%s", STR_ARG(rq->params[0]), rest);
}

/* --- the list ----------------------------------------------------------------------------------- */

static const struct input LIST_INPUTS[] = {
    {.name = "state", .kind = INPUT_TEXT, .most = 20, .en = "State", .zh = "状态"},
    {.name = "page", .kind = INPUT_NUMBER, .least = 1, .most = 1000000, .en = "Page", .zh = "页码"},
    {0},
};

struct case_row {
    struct str key, kind, kind_words, state, state_words;
    int64_t number, opened, changed, reports, exhibits, findings, accused, appeals;
    bool waits_for_me;
};
static const struct field CASE_ROW[] = {
    FIELD(TEXT, struct case_row, key),
    FIELD(TEXT, struct case_row, kind),
    FIELD_HIDDEN(TEXT, struct case_row, kind_words),
    FIELD(TEXT, struct case_row, state),
    FIELD_HIDDEN(TEXT, struct case_row, state_words),
    FIELD(NUMBER, struct case_row, number),
    FIELD(DAY, struct case_row, opened),
    FIELD(TIME, struct case_row, changed),
    FIELD(NUMBER, struct case_row, reports),
    FIELD(NUMBER, struct case_row, exhibits),
    FIELD(NUMBER, struct case_row, findings),
    FIELD(NUMBER, struct case_row, accused),
    FIELD(NUMBER, struct case_row, appeals),
    FIELD(FLAG, struct case_row, waits_for_me),
    {0},
};
struct state_choice {
    struct str state, words;
    bool chosen;
};
static const struct field STATE_CHOICE[] = {
    FIELD(TEXT, struct state_choice, state),
    FIELD(TEXT, struct state_choice, words),
    FIELD(FLAG, struct state_choice, chosen),
    {0},
};
struct cases_page {
    struct case_row *cases;
    size_t ncases;
    struct state_choice *states;
    size_t nstates;
    struct str newer, older;
    int64_t stewards, stewards_needed;
    bool any, few_stewards;
};
static const struct field CASES_PAGE[] = {
    FIELD_OF_LIST(struct cases_page, cases, CASE_ROW),
    {.kind = FIELD_LIST,
     .hidden = true,
     .name = "states",
     .at = offsetof(struct cases_page, states),
     .parts = STATE_CHOICE,
     .count_at = offsetof(struct cases_page, nstates),
     .size = sizeof(struct state_choice)},
    FIELD(TEXT, struct cases_page, newer),
    FIELD(TEXT, struct cases_page, older),
    FIELD(NUMBER, struct cases_page, stewards),
    FIELD(NUMBER, struct cases_page, stewards_needed),
    FIELD_HIDDEN(FLAG, struct cases_page, any),
    FIELD(FLAG, struct cases_page, few_stewards),
    {0},
};

static enum case_state asked_state(const struct request *rq, struct cases_page *page)
{
    struct str asked = request_input(rq, "state");
    enum case_state chosen = CASE_NONE;
    page->states = arena_array(rq->arena, CASE_SETTLED, struct state_choice);
    for (int s = CASE_OPEN; s <= CASE_SETTLED; s++) {
        struct str name = str_of(case_state_name((enum case_state)s));
        bool is = str_equal(name, asked);
        page->states[page->nstates++] =
            (struct state_choice){name, str_of(case_state_words((enum case_state)s, rq->lang)), is};
        if (is)
            chosen = (enum case_state)s;
    }
    return chosen;
}

static struct case_row row_of(const struct request *rq, const struct case_line *l)
{
    return (struct case_row){
        .key = l->file.key,
        .kind = l->file.kind,
        .kind_words = page_cases_kind_words(rq, l->file.kind),
        .state = str_of(case_state_name(l->file.state)),
        .state_words = str_of(case_state_words(l->file.state, rq->lang)),
        .number = l->file.id,
        .opened = l->file.opened_ms,
        .changed = l->file.changed_ms,
        .reports = l->reports,
        .exhibits = l->exhibits,
        .findings = l->findings,
        .accused = l->accused,
        .appeals = l->appeals,
        .waits_for_me = l->waits_for_me,
    };
}

static struct str page_link(const struct request *rq, int64_t number)
{
    return str_format(rq->arena, "?state=%.*s&page=%lld", STR_ARG(request_input(rq, "state")),
                      (long long)number);
}

static enum status show_cases(struct request *rq, struct error *err)
{
    struct case_line *list;
    size_t count = 0;
    struct cases_page page = {.stewards_needed = CASE_STEWARDS};
    int64_t number = request_number(rq, "page") ? request_number(rq, "page") : 1;
    enum case_state state = asked_state(rq, &page);
    enum status status =
        case_list(rq->arena, rq->store, rq->viewer.member, state, (number - 1) * CASES_A_PAGE,
                  CASES_A_PAGE + 1, &list, &count, err);
    if (!status)
        status = case_count_deciders(rq->store, 0, &page.stewards, err);
    if (status)
        return status;
    page.ncases = count > CASES_A_PAGE ? CASES_A_PAGE : count;
    page.any = page.ncases > 0;
    page.few_stewards = page.stewards < CASE_STEWARDS;
    page.cases = arena_array(rq->arena, page.ncases, struct case_row);
    for (size_t i = 0; i < page.ncases; i++)
        page.cases[i] = row_of(rq, &list[i]);
    if (number > 1)
        page.newer = page_link(rq, number - 1);
    if (count > CASES_A_PAGE)
        page.older = page_link(rq, number + 1);
    return answer_page(rq, "cases", "Cases", "案件", CASES_PAGE, &page);
}

const struct route route_cases = {
    .method = "GET",
    .path = "/cases",
    .roles = CASE_ROLES,
    .en = "Cases of leaks and resellers, without those that accuse the reader.",
    .zh = "泄露与倒卖案件列表（不含涉及读者本人的案件）。",
    .inputs = LIST_INPUTS,
    .output = CASES_PAGE,
    .page = "cases",
    .run = show_cases,
};
