/* A project in the library: its state, what it is judged by, the marks, and the acts that are the viewer's to do. */
#include "ledger/admission.h"
#include "server/internal.h"
#include "server/ledger_project.h"
#include "server/ledger_told.h"

struct mark_cell {
    struct str name, mark; /* who gave it */
};
static const struct field MARK_CELL[] = {
    FIELD(TEXT, struct mark_cell, name),
    FIELD(TEXT, struct mark_cell, mark),
    {0},
};
struct criterion_row {
    struct str key, name, mark, own; /* mark: of all; own: the viewer's */
    int64_t number, weight, least;
    bool below;
    struct mark_cell *marks; /* scorer by scorer */
    size_t nmarks;
};
static const struct field CRITERION_ROW[] = {
    FIELD(TEXT, struct criterion_row, key),
    FIELD(TEXT, struct criterion_row, name),
    FIELD(NUMBER, struct criterion_row, weight),
    FIELD(NUMBER, struct criterion_row, least),
    FIELD(TEXT, struct criterion_row, mark),
    FIELD(TEXT, struct criterion_row, own),
    FIELD_HIDDEN(NUMBER, struct criterion_row, number),
    FIELD(FLAG, struct criterion_row, below),
    FIELD_OF_LIST(struct criterion_row, marks, MARK_CELL),
    {0},
};
struct scorer_row {
    struct str name;
};
static const struct field SCORER_ROW[] = {FIELD(TEXT, struct scorer_row, name), {0}};
struct project_act_row {
    struct str act, words, needs, typed;
    bool with_words, with_class, opened; /* opened: it was refused just now */
};
static const struct field PROJECT_ACT_ROW[] = {
    FIELD(TEXT, struct project_act_row, act),
    FIELD_HIDDEN(TEXT, struct project_act_row, words),
    FIELD_HIDDEN(TEXT, struct project_act_row, needs),
    FIELD_HIDDEN(TEXT, struct project_act_row, typed),
    FIELD_HIDDEN(FLAG, struct project_act_row, with_words),
    FIELD_HIDDEN(FLAG, struct project_act_row, with_class),
    FIELD_HIDDEN(FLAG, struct project_act_row, opened),
    {0},
};
struct turn_row {
    struct str round, total, verdict, verdict_words, why, by;
    int64_t turn, scorers, opened, decided;
};
static const struct field TURN_ROW[] = {
    FIELD(NUMBER, struct turn_row, turn),
    FIELD(TEXT, struct turn_row, round),
    FIELD(TEXT, struct turn_row, total),
    FIELD(NUMBER, struct turn_row, scorers),
    FIELD(TEXT, struct turn_row, verdict),
    FIELD_HIDDEN(TEXT, struct turn_row, verdict_words),
    FIELD(TEXT, struct turn_row, why),
    FIELD(TEXT, struct turn_row, by),
    FIELD(DAY, struct turn_row, opened),
    FIELD(DAY, struct turn_row, decided),
    {0},
};
struct project_page {
    struct ledger_head head;
    struct str state, state_words, class, class_words, proposer, words, total, threshold, rule,
        round;
    int64_t since, scorers, needed;
    bool proposed, open, passes, enough, may_mark, sees_marks, waits;
    struct criterion_row *criteria;
    struct scorer_row *marked;
    struct project_act_row *acts;
    struct turn_row *turns;
    struct ledger_choice *classes;
    size_t ncriteria, nmarked, nacts, nturns, nclasses;
};
static const struct field PROJECT_PAGE[] = {
    LEDGER_HEAD_FIELD(struct project_page, head),
    FIELD(TEXT, struct project_page, state),
    FIELD_HIDDEN(TEXT, struct project_page, state_words),
    FIELD(TEXT, struct project_page, class),
    FIELD_HIDDEN(TEXT, struct project_page, class_words),
    FIELD(TEXT, struct project_page, proposer),
    FIELD(TEXT, struct project_page, words),
    FIELD(DAY, struct project_page, since),
    FIELD(TEXT, struct project_page, total),
    FIELD(TEXT, struct project_page, threshold),
    FIELD_HIDDEN(TEXT, struct project_page, rule),
    FIELD(TEXT, struct project_page, round),
    FIELD(NUMBER, struct project_page, scorers),
    FIELD(NUMBER, struct project_page, needed),
    FIELD_HIDDEN(FLAG, struct project_page, proposed),
    FIELD(FLAG, struct project_page, open),
    FIELD(FLAG, struct project_page, passes),
    FIELD(FLAG, struct project_page, enough),
    FIELD(FLAG, struct project_page, may_mark),
    FIELD_HIDDEN(FLAG, struct project_page, sees_marks),
    FIELD_HIDDEN(FLAG, struct project_page, waits),
    FIELD_OF_LIST(struct project_page, criteria, CRITERION_ROW),
    FIELD_OF_LIST(struct project_page, marked, SCORER_ROW),
    FIELD_OF_LIST(struct project_page, acts, PROJECT_ACT_ROW),
    FIELD_OF_LIST(struct project_page, turns, TURN_ROW),
    FIELD_OF_LIST(struct project_page, classes, ledger_choice_fields),
    {0},
};

/* What the viewer is once it is known who proposed and leads the project. */
static unsigned stand(const struct request *rq, const struct ledger_sight *sight,
                      const struct ledger_project *project)
{
    unsigned is = ledger_project_stand(rq->viewer.member, sight);
    if (project->state != PROJECT_NONE && project->proposer == rq->viewer.member)
        is &= ~(1U << PROJECT_WHO_DECIDER);
    return is;
}

/* --- marks ---------------------------------------------------------------------------------------- */

static struct str mark_text(struct request *rq, int64_t mark)
{
    return mark == SCORE_NONE ? STR("") : str_format(rq->arena, "%lld", (long long)mark);
}

static void fill_criteria(struct request *rq, const struct project_sheet *sheet,
                          struct project_page *page)
{
    size_t own = 0;
    while (own < sheet->nscorers && sheet->scorers[own] != rq->viewer.member)
        own++;
    bool marked = own < sheet->nscorers;
    page->sees_marks = request_may(rq, ROLES_LEDGER_ALL) && (!page->may_mark || marked);
    page->waits = page->may_mark && !marked && sheet->nscorers > 0;
    page->ncriteria = sheet->ncriteria;
    page->criteria = arena_array(rq->arena, sheet->ncriteria + 1, struct criterion_row);
    for (size_t i = 0; i < sheet->ncriteria; i++) {
        const struct project_criterion *c = &sheet->criteria[i];
        page->criteria[i] = (struct criterion_row){
            .key = c->key,
            .name = ledger_criterion_words(c, rq->lang),
            .number = (int64_t)i,
            .weight = c->rule.weight,
            .least = c->rule.least,
            .mark = page->sees_marks ? score_text(rq->arena, sheet->result.marks[i]) : STR(""),
            .own = marked ? mark_text(rq, sheet->marks[own * sheet->ncriteria + i]) : STR(""),
            .below = page->sees_marks && sheet->result.marks[i] != SCORE_NONE &&
                     sheet->result.marks[i] < c->rule.least * 100,
        };
    }
}

/* Who marked it, and a column of marks for each, for those who see them. */
static enum status fill_marked(struct request *rq, const struct project_sheet *sheet,
                               struct project_page *page, struct error *err)
{
    size_t wide = sheet->ncriteria;
    enum status status = STATUS_OK;
    page->marked = arena_array(rq->arena, sheet->nscorers + 1, struct scorer_row);
    for (size_t k = 0; k < wide; k++)
        page->criteria[k].marks = arena_array(rq->arena, sheet->nscorers + 1, struct mark_cell);
    for (size_t i = 0; page->sees_marks && !status && i < sheet->nscorers; i++) {
        struct scorer_row *row = &page->marked[page->nmarked++];
        status = ledger_member_name(rq, sheet->scorers[i], &row->name, err);
        for (size_t k = 0; k < wide; k++)
            page->criteria[k].marks[page->criteria[k].nmarks++] =
                (struct mark_cell){row->name, mark_text(rq, sheet->marks[i * wide + k])};
    }
    return status;
}

static enum status fill_turns(struct request *rq, int64_t line, struct project_page *page,
                              struct error *err)
{
    struct project_turn *list;
    enum status status = ledger_list_turns(rq->arena, rq->store, line, &list, &page->nturns, err);
    if (status)
        return status;
    page->turns = arena_array(rq->arena, page->nturns + 1, struct turn_row);
    for (size_t i = 0; !status && i < page->nturns; i++) {
        const struct project_turn *t = &list[i];
        enum project_act verdict = project_act_named(t->verdict);
        page->turns[i] = (struct turn_row){
            .turn = t->turn,
            .round = t->round_name,
            .total = score_text(rq->arena, t->total),
            .scorers = t->scorers,
            .verdict = t->verdict,
            .verdict_words =
                verdict < PROJECT_ACTS
                    ? str_of(ledger_done_words(&project_machine, (int)verdict, rq->lang))
                    : STR(""),
            .why = t->words,
            .opened = t->opened_ms,
            .decided = t->decided_ms,
        };
        status = ledger_member_name(rq, t->member, &page->turns[i].by, err);
    }
    if (page->nturns) {
        page->open = list[0].decided_ms == 0;
        page->round = page->open ? list[0].round_name : STR("");
        page->total = score_text(rq->arena, list[0].total);
        page->scorers = list[0].scorers;
        page->passes = list[0].passes;
    }
    return status;
}

/* --- acts ----------------------------------------------------------------------------------------- */

static struct str needs_words(struct request *rq, unsigned needs)
{
    struct buf out = {.arena = rq->arena};
    for (unsigned bit = 0; bit < PROJECT_NEEDS_COUNT; bit++)
        if (needs >> bit & 1U && 1U << bit != PROJECT_NEEDS_WORDS)
            buf_format(&out, "%s%s", out.len ? lang_pick(rq->lang, "; ", "；") : "",
                       project_needs_words(1U << bit, rq->lang));
    return buf_str(&out);
}

/* Acts that the state allows the viewer; what else they need is said beside them. */
static void fill_acts(struct request *rq, enum project_state state, unsigned is,
                      struct project_page *page)
{
    struct str refused = rq->post ? request_input(rq, "act") : STR("");
    page->acts = arena_array(rq->arena, PROJECT_ACTS, struct project_act_row);
    for (int i = 0; i < PROJECT_ACTS; i++) {
        const struct machine_rule *rule = &project_rules[i];
        bool shown = rule->from >> state & 1U && is >> rule->who & 1U && i != PROJECT_ACT_SCORE &&
                     (i != PROJECT_ACT_KEEP || page->round.len);
        if (shown)
            page->acts[page->nacts++] = (struct project_act_row){
                .act = str_of(project_act_name((enum project_act)i)),
                .words = str_of(project_act_words((enum project_act)i, rq->lang)),
                .needs = needs_words(rq, rule->needs),
                .with_words = rule->needs & PROJECT_NEEDS_WORDS,
                .with_class = i == PROJECT_ACT_PROPOSE,
                .opened = str_equal(refused, str_of(project_act_name((enum project_act)i))),
                .typed = refused.len ? request_input(rq, "words") : STR(""),
            };
    }
}

static enum status fill_project(struct request *rq, const struct ledger_sight *sight,
                                struct project_page *page, struct error *err)
{
    struct ledger_project p;
    struct project_sheet sheet;
    enum status status = ledger_find_project(rq->arena, rq->store, sight->line.id, &p, err);
    if (!status)
        status = ledger_member_name(rq, p.proposer, &page->proposer, err);
    if (!status)
        status = fill_turns(rq, sight->line.id, page, err);
    if (!status)
        status = ledger_load_sheet(rq->arena, rq->store, sight->line.id, p.turn, &sheet, err);
    if (status)
        return status;
    unsigned is = stand(rq, sight, &p);
    page->proposed = p.state != PROJECT_NONE;
    page->state = str_of(project_state_name(p.state));
    page->state_words = str_of(project_state_words(p.state, rq->lang));
    page->class = page->proposed ? str_of(project_class_name(p.class)) : STR("");
    page->class_words = page->proposed ? str_of(project_class_words(p.class, rq->lang)) : STR("");
    page->words = p.words;
    page->since = p.since_ms;
    page->threshold = score_text(rq->arena, sheet.bar.threshold);
    page->needed = (int64_t)sheet.bar.scorers;
    page->enough = page->scorers >= page->needed;
    page->rule = str_of(score_rule_words(rq->lang));
    page->may_mark = page->open && is >> PROJECT_WHO_DECIDER & 1U &&
                     project_rules[PROJECT_ACT_SCORE].from >> p.state & 1U;
    ledger_fill_values(rq, &project_class_values, STR("key"), &page->classes, &page->nclasses);
    fill_criteria(rq, &sheet, page);
    fill_acts(rq, p.state, is, page);
    return fill_marked(rq, &sheet, page, err);
}

static enum status show_project(struct request *rq, struct error *err)
{
    struct ledger_sight sight;
    struct project_page page = {0};
    enum status status = ledger_open_project(rq, LEDGER_SEE, &sight, err);
    if (!status)
        status = ledger_fill_head(rq, &sight, "/project", &page.head, err);
    if (!status)
        status = fill_project(rq, &sight, &page, err);
    return status ? status
                  : answer_titled_page(rq, "ledger-project", sight.line.title, PROJECT_PAGE, &page);
}

const struct route route_ledger_project = {
    .method = "GET",
    .path = "/ledger/lines/{line}/project",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "A project in the library: state, marks by criterion, and what was decided when and why.",
    .zh = "项目入库管理：状态、各项评分与历次决定。",
    .output = PROJECT_PAGE,
    .page = "ledger-project",
    .run = show_project,
};

/* --- changes -------------------------------------------------------------------------------------- */

struct project_acting {
    int64_t line;
    struct ledger_project_deed deed;
    struct ledger_deed change;
    int64_t marks[SCORE_CRITERIA_MAX];
    size_t nmarks;
};

static enum status act_step(struct store *store, struct arena *scratch, void *context,
                            struct error *err)
{
    struct project_acting *a = context;
    enum status status =
        ledger_project_stand_now(scratch, store, a->deed.member, a->line, &a->deed.is, err);
    return status ? status
                  : ledger_act_on_project(scratch, store, a->line, &a->deed, &a->change, err);
}

static enum status mark_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    struct project_acting *a = context;
    enum status status =
        ledger_project_stand_now(scratch, store, a->deed.member, a->line, &a->deed.is, err);
    return status ? status
                  : ledger_mark_project(scratch, store, a->line, &a->deed, a->marks, a->nmarks,
                                        &a->change, err);
}

static enum status write(struct request *rq, server_write_step step, struct project_acting *a,
                         struct error *err)
{
    struct ledger_sight sight;
    enum status status = ledger_open_project(rq, LEDGER_SEE, &sight, err);
    if (status)
        return status;
    a->line = sight.line.id;
    a->deed.member = rq->viewer.member;
    a->change.now_ms = rq->now_ms;
    status = ledger_refuse_marks(rq, a->change.why, err);
    return status ? status : ledger_write(rq, a->line, LEDGER_SEE, step, a, err);
}

static enum status act(struct request *rq, struct error *err)
{
    struct str class = request_input(rq, "class");
    struct project_acting a = {
        .deed = {.act = project_act_named(request_input(rq, "act")),
                 .class = project_class_named(class.len ? class : STR("key"))},
        .change = {.why = request_input(rq, "words")},
    };
    if (a.deed.act == PROJECT_ACTS)
        return error_set(err, STATUS_INPUT, "Choose what to do.", "请选择要办理的事项。");
    enum status status = write(rq, act_step, &a, err);
    return status ? status : ledger_answer_recorded(rq, "/project");
}

static const struct input ACT_INPUTS[] = {
    {.name = "act", .kind = INPUT_TEXT, .needed = true, .most = 20, .en = "Act", .zh = "操作"},
    {.name = "class", .kind = INPUT_TEXT, .most = 20, .en = "Class", .zh = "类型"},
    {.name = "words", .kind = INPUT_TEXT, .most = LINE_WHY_MAX, .en = "Why", .zh = "理由"},
    {0},
};
const struct route route_ledger_project_act = {
    .method = "POST",
    .path = "/ledger/lines/{line}/project",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Act on a project: propose, admit, begin, suspend, withdraw, finish.",
    .zh = "办理项目事项：申报、入库、启动、暂停、退出、完成。",
    .inputs = ACT_INPUTS,
    .run = act,
    .again = show_project,
};

static enum status mark(struct request *rq, struct error *err)
{
    struct project_acting a = {.deed = {.act = PROJECT_ACT_SCORE}};
    struct str texts[SCORE_CRITERIA_MAX];
    a.nmarks = request_inputs(rq, "mark", texts, SCORE_CRITERIA_MAX);
    for (size_t i = 0; i < a.nmarks; i++) {
        uint64_t mark;
        if (!str_to_u64(texts[i], &mark) || mark > 100)
            return request_blame(rq, "mark",
                                 error_set(err, STATUS_INPUT,
                                           "A mark is a whole number from 0 to 100.",
                                           "评分应为 0 至 100 的整数。"));
        a.marks[i] = (int64_t)mark;
    }
    enum status status = write(rq, mark_step, &a, err);
    return status ? status
                  : ledger_answer_done(rq, "/project", "Your marks are kept.", "评分已保存。");
}

static const struct input MARK_INPUTS[] = {
    {.name = "mark", .kind = INPUT_LIST, .needed = true, .most = 3, .en = "Marks", .zh = "评分"},
    {0},
};
const struct route route_ledger_project_mark = {
    .method = "POST",
    .path = "/ledger/lines/{line}/project/marks",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Mark a project: one mark a criterion, in their order.",
    .zh = "为项目评分：按标准顺序逐项填写。",
    .inputs = MARK_INPUTS,
    .run = mark,
    .again = show_project,
};
