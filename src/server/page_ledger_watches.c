/* The five watches of a project: conditions, days, what was said, and the acts that are the viewer's to do. */
#include "server/internal.h"

#include "base/calendar.h"
#include "ledger/watch.h"
#include "server/ledger_files.h"
#include "server/ledger_project.h"

struct condition_row {
    struct str words, note, watch;
    int64_t number;
    bool own, met, may, may_drop;
};
static const struct field CONDITION_ROW[] = {
    FIELD(TEXT, struct condition_row, words),
    FIELD(TEXT, struct condition_row, note),
    FIELD_HIDDEN(TEXT, struct condition_row, watch),
    FIELD(NUMBER, struct condition_row, number),
    FIELD(FLAG, struct condition_row, own),
    FIELD(FLAG, struct condition_row, met),
    FIELD_HIDDEN(FLAG, struct condition_row, may),
    FIELD_HIDDEN(FLAG, struct condition_row, may_drop),
    {0},
};
struct act_row {
    struct str act, act_words, watch;
    bool with_day, with_words;
};
static const struct field ACT_ROW[] = {
    FIELD(TEXT, struct act_row, act),
    FIELD_HIDDEN(TEXT, struct act_row, act_words),
    FIELD_HIDDEN(TEXT, struct act_row, watch),
    FIELD_HIDDEN(FLAG, struct act_row, with_day),
    FIELD_HIDDEN(FLAG, struct act_row, with_words),
    {0},
};
struct watch_part {
    struct str watch, name, state, state_words, planned, actual, reporter, verdict;
    bool overdue, may_add;
    struct condition_row *conditions;
    struct act_row *acts;
    size_t nconditions, nacts;
    struct ledger_files evidence;
};
static const struct field WATCH_PART[] = {
    FIELD(TEXT, struct watch_part, watch),
    FIELD_HIDDEN(TEXT, struct watch_part, name),
    FIELD(TEXT, struct watch_part, state),
    FIELD_HIDDEN(TEXT, struct watch_part, state_words),
    FIELD(DATE, struct watch_part, planned),
    FIELD(DATE, struct watch_part, actual),
    FIELD(TEXT, struct watch_part, reporter),
    FIELD(TEXT, struct watch_part, verdict),
    FIELD(FLAG, struct watch_part, overdue),
    FIELD_HIDDEN(FLAG, struct watch_part, may_add),
    FIELD_OF_LIST(struct watch_part, conditions, CONDITION_ROW),
    FIELD_OF_LIST(struct watch_part, acts, ACT_ROW),
    LEDGER_FILES_FIELD(struct watch_part, evidence),
    {0},
};
struct watches_page {
    struct ledger_head head;
    struct watch_part *watches;
    size_t nwatches;
};
static const struct field WATCHES_PAGE[] = {
    LEDGER_HEAD_FIELD(struct watches_page, head),
    FIELD_OF_LIST(struct watches_page, watches, WATCH_PART),
    {0},
};

/* Whether the state of a watch and who the viewer is allow an act. */
static bool allows(enum watch_act act, const struct ledger_watch *w, unsigned is)
{
    return watch_rules[act].from >> w->state & 1U && is >> watch_rules[act].who & 1U;
}

static void fill_conditions(struct request *rq, const struct ledger_watch *w, unsigned is,
                            struct watch_part *part)
{
    part->may_add = allows(WATCH_ACT_ADD, w, is);
    part->conditions = arena_array(rq->arena, w->nconditions + 1, struct condition_row);
    for (size_t i = 0; i < w->nconditions; i++) {
        const struct watch_condition *c = &w->conditions[i];
        part->conditions[part->nconditions++] = (struct condition_row){
            .words = rq->lang == LANG_ZH ? c->zh : c->en,
            .note = c->note,
            .watch = part->watch,
            .number = c->number,
            .own = c->own,
            .met = c->met,
            .may = allows(WATCH_ACT_MEET, w, is),
            .may_drop = c->own && allows(WATCH_ACT_DROP, w, is),
        };
    }
}

/* Acts that the state allows the viewer; what else they need, they are told when it is lacking. */
static void fill_acts(struct request *rq, const struct ledger_watch *w, unsigned is,
                      struct watch_part *part)
{
    part->acts = arena_array(rq->arena, WATCH_ACTS, struct act_row);
    if (w->reporter == rq->viewer.member)
        is &= ~(1U << PROJECT_WHO_CHECKER);
    for (int i = 0; i < WATCH_ACTS; i++) {
        const struct machine_rule *rule = &watch_rules[i];
        /* Those of conditions stand beside them. */
        bool beside = i == WATCH_ACT_MEET || i == WATCH_ACT_ADD || i == WATCH_ACT_DROP;
        if (beside || !allows((enum watch_act)i, w, is))
            continue;
        part->acts[part->nacts++] = (struct act_row){
            .act = str_of(watch_act_name((enum watch_act)i)),
            .act_words = str_of(watch_act_words((enum watch_act)i, rq->lang)),
            .watch = part->watch,
            .with_day = rule->needs & PROJECT_NEEDS_DAY,
            .with_words = rule->needs & PROJECT_NEEDS_WORDS,
        };
    }
}

static enum status fill_evidence(struct request *rq, const struct ledger_sight *sight,
                                 enum watch watch, const struct ledger_watch *w,
                                 struct ledger_files *files, struct error *err)
{
    enum status status = ledger_fill_files(rq, sight, watch_evidence(watch), files, err);
    files->path =
        ledger_path(rq, sight->line.key,
                    str_format(rq->arena, "/watches/%s/files", watch_kinds[watch].name).at);
    files->may_attach &= w->state == WATCH_OPEN || w->state == WATCH_REPORTED;
    for (size_t i = 0; i < files->nfiles; i++)
        files->files[i].may_remove &= w->state == WATCH_OPEN;
    return status;
}

static enum status fill_watch(struct request *rq, const struct ledger_sight *sight,
                              enum watch watch, const struct ledger_watch *w,
                              struct watch_part *part, struct error *err)
{
    unsigned is = ledger_project_stand(rq->viewer.member, sight);
    *part = (struct watch_part){
        .watch = str_of(watch_kinds[watch].name),
        .name = request_words(rq, watch_kinds[watch].en, watch_kinds[watch].zh),
        .state = str_of(watch_state_name(w->state)),
        .state_words = str_of(watch_state_words(w->state, rq->lang)),
        .planned = ledger_day(rq, w->planned_day),
        .actual = ledger_day(rq, w->actual_day),
        .verdict = w->words,
        .overdue = w->state == WATCH_OPEN && w->planned_day &&
                   w->planned_day < calendar_day_of(rq->now_ms),
    };
    fill_conditions(rq, w, is, part);
    fill_acts(rq, w, is, part);
    enum status status = ledger_member_name(rq, w->reporter, &part->reporter, err);
    return status ? status : fill_evidence(rq, sight, watch, w, &part->evidence, err);
}

static enum status show_watches(struct request *rq, struct error *err)
{
    struct ledger_sight sight;
    struct ledger_watch watches[WATCHES];
    struct watches_page page = {0};
    enum status status = ledger_open_project(rq, LEDGER_SEE, &sight, err);
    if (!status)
        status = ledger_fill_head(rq, &sight, "/watches", &page.head, err);
    if (!status)
        status = ledger_load_watches(rq->arena, rq->store, sight.line.id, watches, err);
    page.watches = arena_array(rq->arena, WATCHES, struct watch_part);
    for (; !status && page.nwatches < WATCHES; page.nwatches++)
        status = fill_watch(rq, &sight, (enum watch)page.nwatches, &watches[page.nwatches],
                            &page.watches[page.nwatches], err);
    return status ? status
                  : answer_titled_page(rq, "ledger-watches", sight.line.title, WATCHES_PAGE, &page);
}

const struct route route_ledger_watches = {
    .method = "GET",
    .path = "/ledger/lines/{line}/watches",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "The five watches of a project: conditions, days and verdicts.",
    .zh = "项目五盯：条件、日期与核验结论。",
    .output = WATCHES_PAGE,
    .page = "ledger-watches",
    .run = show_watches,
};

struct acting {
    int64_t line, today;
    struct ledger_watch_deed deed;
    struct ledger_deed change;
};

static enum status act_step(struct store *store, struct arena *scratch, void *context,
                            struct error *err)
{
    struct acting *a = context;
    enum status status =
        ledger_project_stand_now(scratch, store, a->deed.member, a->line, &a->deed.is, err);
    if (status)
        return status;
    return ledger_act_on_watch(scratch, store, a->line, &a->deed, a->today, &a->change, err);
}

static enum status act(struct request *rq, struct error *err)
{
    struct ledger_sight sight;
    struct acting a = {
        .today = calendar_day_of(rq->now_ms),
        .deed = {.watch = watch_named(request_input(rq, "watch")),
                 .act = watch_act_named(request_input(rq, "act")),
                 .member = rq->viewer.member,
                 .day = ledger_read_day(rq, "day"),
                 .condition = (unsigned)request_number(rq, "condition"),
                 .words = request_input(rq, "words")},
        .change = {.now_ms = rq->now_ms},
    };
    enum status status = ledger_open_project(rq, LEDGER_SEE, &sight, err);
    if (status)
        return status;
    if (a.deed.watch == WATCHES || a.deed.act == WATCH_ACTS)
        return error_set(err, STATUS_INPUT, "Choose what to do with which watch.",
                         "请选择要操作的事项。");
    a.line = sight.line.id;
    status = ledger_refuse_marks(rq, a.deed.words, err);
    if (!status)
        status = ledger_write(rq, a.line, LEDGER_SEE, act_step, &a, err);
    return status ? status : ledger_answer_recorded(rq, "/watches");
}

static const struct input ACT_INPUTS[] = {
    {.name = "watch", .kind = INPUT_TEXT, .needed = true, .most = 20, .en = "Watch", .zh = "五盯"},
    {.name = "act", .kind = INPUT_TEXT, .needed = true, .most = 20, .en = "Act", .zh = "操作"},
    {.name = "day", .kind = INPUT_DAY, .en = "Day", .zh = "日期"},
    {.name = "condition",
     .kind = INPUT_NUMBER,
     .least = 0,
     .most = WATCH_CONDITIONS + WATCH_OWN_CONDITIONS - 1,
     .en = "Condition",
     .zh = "条件"},
    {.name = "words", .kind = INPUT_TEXT, .most = WATCH_NOTE_MAX, .en = "Words", .zh = "说明"},
    {0},
};
const struct route route_ledger_watch_act = {
    .method = "POST",
    .path = "/ledger/lines/{line}/watches",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Act on one of a project's five watches.",
    .zh = "办理项目五盯事项。",
    .inputs = ACT_INPUTS,
    .run = act,
};

/* --- evidence ------------------------------------------------------------------------------------- */

static enum status attach(struct request *rq, struct error *err)
{
    struct ledger_sight sight;
    struct line_file file;
    enum watch watch = watch_named(rq->params[1]);
    enum status status = ledger_open_project(rq, LEDGER_REPORT, &sight, err);
    if (!status && watch == WATCHES)
        return error_set(err, STATUS_MISSING, "There is no such watch.", "没有这一盯。");
    if (!status)
        status = ledger_may_add_evidence(rq->arena, rq->store, sight.line.id, watch_evidence(watch),
                                         err);
    if (!status)
        status = ledger_take_file(rq, sight.line.id, watch_evidence(watch), &file, err);
    return status ? status
                  : ledger_answer_done(rq, "/watches", "The evidence is attached.", "佐证已添加。");
}

static const struct input ATTACH_INPUTS[] = {LEDGER_FILE_INPUTS, {0}};
const struct route route_ledger_watch_attach = {
    .method = "POST",
    .path = "/ledger/lines/{line}/watches/{watch}/files",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Attach a file or a photo that shows how far a project's watch is.",
    .zh = "为项目五盯添加文件或照片佐证。",
    .inputs = ATTACH_INPUTS,
    .uploads = true,
    .run = attach,
};
