/* Findings decided upon; see ledger_found.h. */
#include "server/ledger_found.h"

#include "server/internal.h"

struct deciding {
    struct finding finding;
    ledger_found_check *check;
    struct str title;
    int64_t line, unit, lead, due_day;
    struct ledger_deed deed;
};

static enum status check_now(struct store *store, const struct deciding *d, struct error *err)
{
    return d->check ? d->check(store, d->line, err) : STATUS_OK;
}

static enum status rectify_step(struct store *store, struct arena *scratch, void *context,
                                struct error *err)
{
    struct deciding *d = context;
    struct line made;
    enum status status = check_now(store, d, err);
    if (!status)
        status =
            ledger_make_rectification(scratch, store, d->finding.line, d->title, d->finding.words,
                                      d->unit, d->lead, d->due_day, &d->deed, &made, err);
    return status ? status : ledger_settle_finding(store, &d->finding, made.id, &d->deed, err);
}

static enum status let_go_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    const struct deciding *d = context;
    (void)scratch;
    enum status status = check_now(store, d, err);
    return status ? status : ledger_drop_finding(store, &d->finding, &d->deed, err);
}

static enum status begin(struct request *rq, struct deciding *d, struct error *err)
{
    d->deed = (struct ledger_deed){.now_ms = rq->now_ms, .why = request_input(rq, "why")};
    return ledger_find_finding(rq->arena, rq->store, d->line, rq->params[1], &d->finding, err);
}

enum status ledger_rectify_found(struct request *rq, int64_t line, ledger_found_check *check,
                                 struct error *err)
{
    struct deciding d = {.line = line,
                         .check = check,
                         .title = request_input(rq, "title"),
                         .due_day = ledger_read_day(rq, "due")};
    enum status status = begin(rq, &d, err);
    if (!status)
        status = ledger_read_unit(rq, "of", &d.unit, err);
    if (!status)
        status = ledger_read_person(rq, "lead", &d.lead, err);
    if (!status)
        status = ledger_refuse_marks(rq, d.title, err);
    return status ? status : ledger_write(rq, line, LEDGER_CHANGE, rectify_step, &d, err);
}

enum status ledger_let_found_go(struct request *rq, int64_t line, ledger_found_check *check,
                                struct error *err)
{
    struct deciding d = {.line = line, .check = check};
    enum status status = begin(rq, &d, err);
    if (!status)
        status = ledger_refuse_marks(rq, d.deed.why, err);
    return status ? status : ledger_write(rq, line, LEDGER_CHANGE, let_go_step, &d, err);
}

const struct input ledger_rectify_inputs[] = {
    {.name = "title",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = LINE_TITLE_MAX,
     .en = "Title",
     .zh = "名称"},
    {.name = "of", .kind = INPUT_TEXT, .most = 40, .en = "Unit", .zh = "责任单位"},
    {.name = "lead", .kind = INPUT_TEXT, .most = 40, .en = "Lead", .zh = "责任领导"},
    {.name = "due", .kind = INPUT_DAY, .en = "Due", .zh = "整改期限"},
    {0},
};
const struct input ledger_let_go_inputs[] = {
    {.name = "why",
     .kind = INPUT_TEXT,
     .needed = true,
     .most = LINE_WHY_MAX,
     .en = "Why",
     .zh = "理由"},
    {0},
};

enum status ledger_read_sort(struct request *rq, struct rectification *r, struct error *err)
{
    int origin = machine_named(rectify_origins, request_input(rq, "origin"));
    int sort = machine_named(rectify_sorts, request_input(rq, "sort"));
    if (origin == RECTIFY_ORIGINS)
        return request_blame(rq, "origin",
                             error_set(err, STATUS_INPUT, "Choose where the problem was found.",
                                       "请选择问题来源。"));
    if (sort == RECTIFY_SORTS)
        return request_blame(rq, "sort",
                             error_set(err, STATUS_INPUT, "Choose of which sort the problem is.",
                                       "请选择问题类别。"));
    r->origin = (enum rectify_origin)origin;
    r->sort = (enum rectify_sort)sort;
    r->grave = request_number(rq, "grave");
    return STATUS_OK;
}
