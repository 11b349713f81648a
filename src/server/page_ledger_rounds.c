/* Reviews of the library of projects, and the register of all that was ever decided about projects. */
#include "base/calendar.h"
#include "ledger/admission.h"
#include "server/grid.h"
#include "server/internal.h"
#include "server/ledger_project.h"
#include "server/ledger_told.h"

/* --- all decisions -------------------------------------------------------------------------------- */

static const char *verdict_word(struct str value, enum lang lang)
{
    enum project_act act = project_act_named(value);
    return act < PROJECT_ACTS ? ledger_done_words(&project_machine, (int)act, lang)
                              : lang_pick(lang, "Not yet", "尚未决定");
}

static enum status round_choices(struct request *rq, struct str chosen, struct ledger_choice **list,
                                 size_t *count, struct error *err)
{
    struct project_round *rounds;
    enum status status = ledger_list_rounds(rq->arena, rq->store, &rounds, count, err);
    if (status)
        return status;
    *list = arena_array(rq->arena, *count + 1, struct ledger_choice);
    for (size_t i = 0; i < *count; i++)
        (*list)[i] =
            (struct ledger_choice){rounds[i].key, rounds[i].name, str_equal(rounds[i].key, chosen)};
    return STATUS_OK;
}

static enum status verdict_choices(struct request *rq, struct str chosen,
                                   struct ledger_choice **list, size_t *count, struct error *err)
{
    static const enum project_act VERDICTS[] = {PROJECT_ACT_ADMIT,  PROJECT_ACT_DECLINE,
                                                PROJECT_ACT_KEEP,   PROJECT_ACT_SUSPEND,
                                                PROJECT_ACT_RESUME, PROJECT_ACT_WITHDRAW};
    (void)err;
    *count = sizeof VERDICTS / sizeof *VERDICTS;
    *list = arena_array(rq->arena, *count + 1, struct ledger_choice);
    for (size_t i = 0; i < *count; i++) {
        struct str name = str_of(project_act_name(VERDICTS[i]));
        (*list)[i] = (struct ledger_choice){name, str_of(verdict_word(name, rq->lang)),
                                            str_equal(name, chosen)};
    }
    (*list)[(*count)++] = (struct ledger_choice){
        STR("none"), request_words(rq, "Not yet", "尚未决定"), str_equal(STR("none"), chosen)};
    return STATUS_OK;
}

static const struct grid_column COLUMNS[] = {
    {"title", GRID_TEXT, "l.title", NULL, "Project", "项目", NULL},
    {"number", GRID_TEXT, "l.number", "l.id", "Number", "编号", NULL},
    {"round", GRID_TEXT, "r.name", "r.id", "Review", "调整轮次", NULL},
    {"total", GRID_NUMBER, "round(t.total / 100.0, 2)", "t.total", "Total mark", "总分", NULL},
    {"scorers", GRID_NUMBER, "t.scorers", NULL, "Scorers", "评分人数", NULL},
    {"verdict", GRID_TEXT, "t.verdict", NULL, "Decision", "决定", verdict_word},
    {"why", GRID_TEXT, "t.words", NULL, "Why", "理由", NULL},
    {"by", GRID_TEXT, "m.name", NULL, "By", "决定人", NULL},
    {"decided", GRID_DAY,
     "CAST(julianday(date(t.decided_ms / 1000, 'unixepoch', 'localtime')) - 2440587.5 AS INTEGER)",
     "t.decided_ms", "On", "日期", NULL},
    {0},
};
static const struct grid_filter FILTERS[] = {
    {"words", "instr(lower(l.title), lower({})) > 0 OR l.number = upper({})",
     .en = "Title or number", .zh = "名称或编号"},
    {"round", "t.round = (SELECT id FROM project_round WHERE key = {})", "Review", "调整轮次",
     .choices = round_choices},
    {"verdict", "t.verdict = iif({} = 'none', '', {})", "Decision", "决定",
     .choices = verdict_choices},
    {0},
};
static const struct grid DECISIONS = {
    .path = "/ledger/projects/rounds",
    .en = "Decisions about projects",
    .zh = "项目入库与调整决定",
    .from =
        "project_turn t JOIN line l ON l.id = t.line LEFT JOIN project_round r ON r.id = t.round"
        " LEFT JOIN member m ON m.id = t.member",
    .where = "1",
    .key = "l.key || '-' || t.turn",
    .link = "'/ledger/lines/' || l.key || '/project'",
    .order = "-decided",
    .columns = COLUMNS,
    .filters = FILTERS,
};

/* --- reviews -------------------------------------------------------------------------------------- */

struct round_part {
    struct str key, name, due;
    int64_t opened, closed, projects, decided;
    bool is_open;
};
static const struct field ROUND_PART[] = {
    FIELD(TEXT, struct round_part, key),
    FIELD(TEXT, struct round_part, name),
    FIELD(DATE, struct round_part, due),
    FIELD(DAY, struct round_part, opened),
    FIELD(DAY, struct round_part, closed),
    FIELD(NUMBER, struct round_part, projects),
    FIELD(NUMBER, struct round_part, decided),
    FIELD_HIDDEN(FLAG, struct round_part, is_open),
    {0},
};
struct rounds_page {
    struct grid_sight grid;
    struct round_part *rounds;
    size_t nrounds;
    struct str name, due;
    bool may_open, may_arrange;
};
static const struct field ROUNDS_PAGE[] = {
    GRID_FIELD(struct rounds_page, grid),
    FIELD_OF_LIST(struct rounds_page, rounds, ROUND_PART),
    FIELD_HIDDEN(TEXT, struct rounds_page, name),
    FIELD_HIDDEN(TEXT, struct rounds_page, due),
    FIELD(FLAG, struct rounds_page, may_open),
    FIELD_HIDDEN(FLAG, struct rounds_page, may_arrange),
    {0},
};

static enum status fill_rounds(struct request *rq, struct rounds_page *page, struct error *err)
{
    struct project_round *list;
    enum status status = ledger_list_rounds(rq->arena, rq->store, &list, &page->nrounds, err);
    if (status)
        return status;
    page->may_open = page->may_arrange;
    page->rounds = arena_array(rq->arena, page->nrounds + 1, struct round_part);
    for (size_t i = 0; i < page->nrounds; i++) {
        page->rounds[i] = (struct round_part){
            list[i].key,       list[i].name,          ledger_day(rq, list[i].due_day),
            list[i].opened_ms, list[i].closed_ms,     list[i].projects,
            list[i].decided,   list[i].closed_ms == 0};
        page->may_open &= list[i].closed_ms != 0;
    }
    return STATUS_OK;
}

static enum status show_rounds(struct request *rq, struct error *err)
{
    struct rounds_page page = {
        .name = rq->post ? request_input(rq, "name") : STR(""),
        .due = rq->post ? request_input(rq, "due") : STR(""),
        .may_arrange = ledger_may(ledger_viewer(rq).is, LEDGER_ARRANGE),
    };
    bool answered = false;
    enum status status = grid_read(rq, &DECISIONS, &page.grid, &answered, err);
    if (status || answered)
        return status;
    status = fill_rounds(rq, &page, err);
    return status ? status
                  : answer_page(rq, "ledger-rounds", "Reviews of the projects", "项目库动态调整",
                                ROUNDS_PAGE, &page);
}

const struct route route_ledger_rounds = {
    .method = "GET",
    .path = "/ledger/projects/rounds",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "Reviews of the library of projects, and every decision about a project; with format=csv "
          "or xlsx as a file.",
    .zh = "项目库调整轮次与历次决定；format=csv 或 xlsx 时导出。",
    .grid = &DECISIONS,
    .output = ROUNDS_PAGE,
    .page = "ledger-rounds",
    .run = show_rounds,
};

struct reviewing {
    struct project_round round;
    int64_t now_ms;
};

static enum status open_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    struct reviewing *r = context;
    return ledger_open_round(scratch, store, &r->round, r->now_ms, err);
}

static enum status close_step(struct store *store, struct arena *scratch, void *context,
                              struct error *err)
{
    struct reviewing *r = context;
    enum status status = ledger_find_round(scratch, store, r->round.key, &r->round, err);
    return status ? status : ledger_close_round(store, &r->round, r->now_ms, err);
}

static enum status open_round(struct request *rq, struct error *err)
{
    struct reviewing r = {
        .round = {.name = request_input(rq, "name"), .due_day = ledger_read_day(rq, "due")},
        .now_ms = rq->now_ms,
    };
    enum status status = ledger_refuse_marks(rq, r.round.name, err);
    if (!status)
        status = ledger_write(rq, 0, LEDGER_ARRANGE, open_step, &r, err);
    return status ? status
                  : answer_redirect(rq, STR("/ledger/projects/rounds"), "The review is open.",
                                    "调整轮次已开始。");
}

static const struct input OPEN_INPUTS[] = {
    {.name = "name",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = ROUND_NAME_MAX,
     .en = "Name",
     .zh = "名称"},
    {.name = "due", .kind = INPUT_DAY, .en = "Due", .zh = "截止日期"},
    {0},
};
const struct route route_ledger_round_open = {
    .method = "POST",
    .path = "/ledger/projects/rounds",
    .roles = ROLES_LEDGER_ALL,
    .scope = "manage",
    .en = "Open a review of the library of projects.",
    .zh = "开始一轮项目库调整。",
    .inputs = OPEN_INPUTS,
    .run = open_round,
    .again = show_rounds,
};

static enum status close_round(struct request *rq, struct error *err)
{
    struct reviewing r = {.round = {.key = rq->params[0]}, .now_ms = rq->now_ms};
    enum status status = ledger_write(rq, 0, LEDGER_ARRANGE, close_step, &r, err);
    return status ? status
                  : answer_redirect(rq, STR("/ledger/projects/rounds"), "The review is closed.",
                                    "调整轮次已结束。");
}

const struct route route_ledger_round_close = {
    .method = "POST",
    .path = "/ledger/projects/rounds/{round}/close",
    .roles = ROLES_LEDGER_ALL,
    .scope = "manage",
    .en = "Close a review once every project in it is decided upon.",
    .zh = "全部项目作出决定后结束调整轮次。",
    .run = close_round,
};
