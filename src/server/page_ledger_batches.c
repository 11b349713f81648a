/* Many lines changed at once: chosen in a list, looked at beforehand, done, and taken back.
 *
 * What is shown beforehand is the deed itself, done in a part of the writer's transaction and undone there, so that the
 * two can't part company. */
#include "server/grid_choices.h"
#include "server/internal.h"

#include "ledger/batch.h"
#include "ledger/indicator.h"
#include "server/grid.h"
#include "server/ledger_notices.h"

#define BATCHES_SHOWN 200

/* --- what was changed, in rows -------------------------------------------------------------------- */

struct field_row {
    struct str field, before, after;
};
static const struct field FIELD_ROW[] = {
    FIELD(TEXT, struct field_row, field),
    FIELD(DATE, struct field_row, before),
    FIELD(DATE, struct field_row, after),
    {0},
};
struct changed_line {
    struct str key, number, title, refused;
    struct field_row *fields;
    size_t nfields;
    bool same; /* it is so already */
};
static const struct field CHANGED_LINE[] = {
    FIELD(TEXT, struct changed_line, key),
    FIELD(TEXT, struct changed_line, number),
    FIELD(TEXT, struct changed_line, title),
    FIELD(TEXT, struct changed_line, refused),
    FIELD(FLAG, struct changed_line, same),
    FIELD_OF_LIST(struct changed_line, fields, FIELD_ROW),
    {0},
};

static struct str words_of(const struct request *rq, const struct error *err)
{
    return str_copy(rq->arena, str_of(lang_pick(rq->lang, err->en, err->zh)));
}

static struct str actual_words(const struct request *rq, int month)
{
    struct str when = ledger_write_month(rq->arena, month);
    return rq->lang == LANG_ZH ? str_format(rq->arena, "%.*s 实际值", STR_ARG(when))
                               : str_format(rq->arena, "Actual of %.*s", STR_ARG(when));
}

static struct field_row row_of(struct request *rq, enum line_field field, const json_t *before,
                               const json_t *after)
{
    const struct line_field_row *f = &line_fields[field];
    return (struct field_row){request_words(rq, f->en, f->zh),
                              ledger_value_words(rq, f->kind, before),
                              ledger_value_words(rq, f->kind, after)};
}

/* A change that stands in a batch: of a field, or of a month's actual. */
static struct field_row row_of_change(struct request *rq, const struct ledger_batch_change *change)
{
    if (!change->month)
        return row_of(rq, change->field, change->before, change->after);
    return (struct field_row){actual_words(rq, change->month),
                              ledger_value_words(rq, LINE_VALUE_TEXT, change->before),
                              ledger_value_words(rq, LINE_VALUE_TEXT, change->after)};
}

static struct changed_line line_of(const struct line *line)
{
    return (struct changed_line){.key = line->key, .number = line->number, .title = line->title};
}

/* --- a form for many ------------------------------------------------------------------------------ */

/* What the form asks of all lines; empty leaves a field as it is, "-" takes unit, lead or parent away. */
#define BULK_FIELDS(X) \
    X(state)           \
    X(unit)            \
    X(lead) X(part_of) X(begins) X(due) X(weight) X(follow) X(why) X(shift) X(shifted) X(counted)

struct bulk_page {
    struct str state, unit, lead, part_of, begins, due, weight, follow, why, shift, shifted,
        counted;
    struct changed_line *lines;
    size_t nlines;
    int64_t chosen, changing, refusing;
    bool previewed, no_unit, no_lead, following, leaving, no_begins, no_due;
    struct ledger_choice *days, *counts;
    size_t ndays, ncounts;
    struct ledger_choice *states, *units, *people;
    size_t nstates, nunits, npeople;
};
#define TYPED(name) FIELD_HIDDEN(TEXT, struct bulk_page, name),
static const struct field BULK_PAGE[] = {
    BULK_FIELDS(TYPED) FIELD_OF_LIST(struct bulk_page, lines, CHANGED_LINE),
    FIELD(NUMBER, struct bulk_page, chosen),
    FIELD(NUMBER, struct bulk_page, changing),
    FIELD(NUMBER, struct bulk_page, refusing),
    FIELD_HIDDEN(FLAG, struct bulk_page, previewed),
    FIELD_HIDDEN(FLAG, struct bulk_page, no_unit),
    FIELD_HIDDEN(FLAG, struct bulk_page, no_lead),
    FIELD_HIDDEN(FLAG, struct bulk_page, no_begins),
    FIELD_HIDDEN(FLAG, struct bulk_page, no_due),
    FIELD_OF_LIST(struct bulk_page, days, ledger_choice_fields),
    FIELD_OF_LIST(struct bulk_page, counts, ledger_choice_fields),
    FIELD_HIDDEN(FLAG, struct bulk_page, following),
    FIELD_HIDDEN(FLAG, struct bulk_page, leaving),
    FIELD_OF_LIST(struct bulk_page, states, ledger_choice_fields),
    FIELD_OF_LIST(struct bulk_page, units, ledger_choice_fields),
    FIELD_OF_LIST(struct bulk_page, people, ledger_choice_fields),
    {0},
};

struct bulk {
    struct arena *arena; /* of the request, which waits */
    int64_t member;
    int64_t *lines;
    struct line *chosen;
    size_t count;
    struct line_change changes[LINE_FIELDS];
    size_t nchanges;
    struct ledger_shift shift;
    enum { FOLLOW_AS_IT_IS, FOLLOW_ALL, FOLLOW_NONE } follow;
    bool preview;
    struct ledger_deed deed;
    struct ledger_outcome *outcomes;
    struct ledger_batch batch;
};

static enum status read_lines(struct request *rq, struct bulk *b, struct error *err)
{
    struct str *keys = arena_array(rq->arena, BATCH_LINES_MAX, struct str);
    size_t count = request_inputs(rq, "line", keys, BATCH_LINES_MAX);
    enum status status = STATUS_OK;
    b->lines = arena_array(rq->arena, count + 1, int64_t);
    b->chosen = arena_array(rq->arena, count + 1, struct line);
    for (size_t i = 0; !status && i < count; i++) {
        status = ledger_find_line(rq->arena, rq->store, keys[i], &b->chosen[b->count], err);
        b->lines[b->count] = b->chosen[b->count].id;
        bool twice = false;
        for (size_t k = 0; k < b->count; k++)
            twice |= b->lines[k] == b->lines[b->count];
        b->count += !twice;
    }
    return status;
}

static void add_change(struct bulk *b, enum line_field field, int64_t number)
{
    b->changes[b->nchanges++] = (struct line_change){.field = field, .number = number};
}

/* A field that refers to something: empty leaves it, "-" takes it away. */
static enum status read_reference(struct request *rq, struct bulk *b, const char *name,
                                  enum line_field field,
                                  enum status (*read)(struct request *rq, const char *input,
                                                      int64_t *id, struct error *err),
                                  struct error *err)
{
    struct str typed = request_input(rq, name);
    int64_t id = 0;
    if (!typed.len)
        return STATUS_OK;
    enum status status = str_equal(typed, STR("-")) ? STATUS_OK : read(rq, name, &id, err);
    if (!status)
        add_change(b, field, id);
    return status;
}

/* A day is typed, or taken away, which counts for itself. */
static enum status read_day(struct request *rq, struct bulk *b, const char *name, const char *none,
                            enum line_field field, struct error *err)
{
    bool typed = request_input(rq, name).len > 0;
    if (typed && request_number(rq, none))
        return request_blame(rq, name,
                             error_set(err, STATUS_INPUT,
                                       "A day is set or taken away, but not both.",
                                       "同一日期不能既修改又清除。"));
    if (typed || request_number(rq, none))
        add_change(b, field, typed ? ledger_read_day(rq, name) : 0);
    return STATUS_OK;
}

static enum status read_shift(struct request *rq, struct bulk *b, struct error *err)
{
    struct str shifted = request_input(rq, "shifted");
    b->shift = (struct ledger_shift){.begins = !str_equal(shifted, STR("due")),
                                     .due = !str_equal(shifted, STR("begins")),
                                     .days = request_number(rq, "shift")};
    return str_equal(request_input(rq, "counted"), STR("worked"))
               ? ledger_notices_calendar(rq->arena, rq->store, &b->shift.calendar, err)
               : STATUS_OK;
}

static enum status read_changes(struct request *rq, struct bulk *b, struct error *err)
{
    enum line_state state;
    double weight;
    struct str typed = request_input(rq, "state");
    if (typed.len && !line_state_named(typed, &state))
        return request_blame(rq, "state",
                             error_set(err, STATUS_INPUT, "Choose a state.", "请选择状态。"));
    if (typed.len)
        add_change(b, LINE_STATE, state);
    enum status status = read_reference(rq, b, "unit", LINE_UNIT, ledger_read_unit, err);
    if (!status)
        status = read_reference(rq, b, "lead", LINE_LEAD, ledger_read_person, err);
    if (!status)
        status = read_reference(rq, b, "part_of", LINE_PARENT, ledger_read_line, err);
    if (!status)
        status = read_day(rq, b, "begins", "no_begins", LINE_BEGINS, err);
    if (!status)
        status = read_day(rq, b, "due", "no_due", LINE_DUE, err);
    if (!status)
        status = read_shift(rq, b, err);
    typed = request_input(rq, "weight");
    if (!status && typed.len && !str_to_double(typed, &weight))
        return request_blame(
            rq, "weight",
            error_set(err, STATUS_INPUT, "The weight is not a number.", "权重不是数字。"));
    if (!status && typed.len)
        b->changes[b->nchanges++] = (struct line_change){.field = LINE_WEIGHT, .real = weight};
    typed = request_input(rq, "follow");
    b->follow = str_equal(typed, STR("yes"))  ? FOLLOW_ALL
                : str_equal(typed, STR("no")) ? FOLLOW_NONE
                                              : FOLLOW_AS_IT_IS;
    return status;
}

static enum status follow_all(struct store *store, const struct bulk *b, struct error *err)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && b->follow != FOLLOW_AS_IT_IS && i < b->count; i++)
        status = b->follow == FOLLOW_ALL ? ledger_follow_line(store, b->lines[i], b->member, err)
                                         : ledger_leave_line(store, b->lines[i], b->member, err);
    return status;
}

static bool changes_lines(const struct bulk *b)
{
    return b->nchanges || b->shift.days;
}

static enum status change_all(struct store *store, struct bulk *b, struct error *err)
{
    return changes_lines(b)
               ? ledger_change_lines(b->arena, store, b->member, b->lines, b->count, b->changes,
                                     b->nchanges, &b->shift, &b->deed, b->outcomes, &b->batch, err)
               : STATUS_OK;
}

static enum status bulk_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    struct bulk *b = context;
    (void)scratch;
    enum status status = b->preview ? store_begin(store, err) : STATUS_OK;
    if (status)
        return status;
    status = change_all(store, b, err);
    if (b->preview)
        store_rollback(store);
    else if (!status)
        status = follow_all(store, b, err);
    return status;
}

static void fill_outcome(struct request *rq, const struct ledger_outcome *o,
                         struct changed_line *line)
{
    line->fields = arena_array(rq->arena, LINE_FIELDS, struct field_row);
    if (o->refused.status) {
        line->refused = words_of(rq, &o->refused);
        return;
    }
    for (int f = 0; f < LINE_FIELDS; f++) {
        json_t *before = ledger_field_json(&o->was, (enum line_field)f);
        json_t *after = ledger_field_json(&o->is, (enum line_field)f);
        if (!json_equal(before, after))
            line->fields[line->nfields++] = row_of(rq, (enum line_field)f, before, after);
        json_decref(before);
        json_decref(after);
    }
    line->same = line->nfields == 0;
}

static enum status fill_choices(struct request *rq, struct bulk_page *page, struct error *err)
{
    static const struct grid_option days[] = {{"both", "Both days", "开始日期和完成期限"},
                                              {"begins", "The beginning", "开始日期"},
                                              {"due", "The day due", "完成期限"},
                                              {0}};
    static const struct grid_option counts[] = {
        {"all", "Calendar days", "自然日"}, {"worked", "Working days", "工作日"}, {0}};
    grid_offer(rq, days, page->shifted, &page->days, &page->ndays);
    grid_offer(rq, counts, page->counted, &page->counts, &page->ncounts);
    ledger_fill_values(rq, &ledger_state_values, page->state, &page->states, &page->nstates);
    enum status status = ledger_list_unit_choices(rq, 0, &page->units, &page->nunits, err);
    if (!status)
        status = ledger_list_people(rq, 0, &page->people, &page->npeople, err);
    ledger_choose(page->units, page->nunits, page->unit);
    ledger_choose(page->people, page->npeople, page->lead);
    return status;
}

static enum status show_bulk(struct request *rq, const struct bulk *b, struct error *err)
{
    struct bulk_page page = {0};
#define TAKE(name) page.name = request_input(rq, #name);
    BULK_FIELDS(TAKE)
    page.chosen = (int64_t)b->count;
    page.previewed = b->outcomes != NULL;
    page.no_begins = request_input(rq, "no_begins").len > 0;
    page.no_due = request_input(rq, "no_due").len > 0;
    page.no_unit = str_equal(page.unit, STR("-"));
    page.no_lead = str_equal(page.lead, STR("-"));
    page.following = b->follow == FOLLOW_ALL;
    page.leaving = b->follow == FOLLOW_NONE;
    page.lines = arena_array(rq->arena, b->count + 1, struct changed_line);
    for (size_t i = 0; i < b->count; i++) {
        struct changed_line *line = &page.lines[page.nlines++];
        *line = line_of(&b->chosen[i]);
        if (b->outcomes && changes_lines(b))
            fill_outcome(rq, &b->outcomes[i], line);
        page.changing += line->nfields || (!line->refused.len && b->follow != FOLLOW_AS_IT_IS);
        page.refusing += line->refused.len > 0;
    }
    enum status status = fill_choices(rq, &page, err);
    return status
               ? status
               : answer_page(rq, "ledger-bulk", "Change many lines", "批量修改", BULK_PAGE, &page);
}

static enum status after_bulk(struct request *rq, const struct bulk *b)
{
    struct str path = b->batch.id
                          ? str_format(rq->arena, "/ledger/batches/%.*s", STR_ARG(b->batch.key))
                          : STR("/ledger");
    size_t changed = 0;
    for (size_t i = 0; changes_lines(b) && i < b->count; i++)
        changed += !b->outcomes[i].refused.status;
    return answer_redirect(
        rq, path,
        changes_lines(b) ? str_format(rq->arena, "Lines changed: %lld. Left as they were: %zu.",
                                      (long long)b->batch.lines, b->count - changed)
                               .at
                         : "Done.",
        changes_lines(b) ? str_format(rq->arena, "已修改 %lld 条，保持原样 %zu 条。",
                                      (long long)b->batch.lines, b->count - changed)
                               .at
                         : "已完成。");
}

static enum status change_many(struct request *rq, struct error *err)
{
    struct str deed = request_input(rq, "deed");
    struct bulk b = {.arena = rq->arena,
                     .member = rq->viewer.member,
                     .preview = !str_equal(deed, STR("apply")),
                     .deed = {.now_ms = rq->now_ms, .why = request_input(rq, "why")}};
    enum status status = read_lines(rq, &b, err);
    if (!status)
        status = read_changes(rq, &b, err);
    if (!status)
        status = ledger_refuse_marks(rq, b.deed.why, err);
    if (status)
        return status;
    if (b.count == 0)
        return error_set(err, STATUS_INPUT, "Choose lines first: tick them in the list.",
                         "请先在列表中勾选条目。");
    if (!deed.len)
        return show_bulk(rq, &b, err);
    if (!changes_lines(&b) && b.follow == FOLLOW_AS_IT_IS)
        return error_set(err, STATUS_INPUT, "Say what is to change.", "请填写要修改的内容。");
    b.outcomes = arena_array(rq->arena, b.count, struct ledger_outcome);
    status = ledger_write(rq, 0, LEDGER_SEE, bulk_step, &b, err);
    if (status)
        return status;
    return b.preview ? show_bulk(rq, &b, err) : after_bulk(rq, &b);
}

/* The form again with what was typed, nothing looked at beforehand. */
static enum status show_again(struct request *rq, struct error *err)
{
    struct bulk b = {.arena = rq->arena};
    enum status status = read_lines(rq, &b, err);
    return status ? status : show_bulk(rq, &b, err);
}

static const struct input BULK_INPUTS[] = {
    {.name = "line", .kind = INPUT_LIST, .most = 40, .en = "Lines", .zh = "条目"},
    {.name = "deed", .kind = INPUT_TEXT, .most = 20, .en = "Deed", .zh = "操作"},
    {.name = "state", .kind = INPUT_TEXT, .most = 20, .en = "State", .zh = "状态"},
    {.name = "unit", .kind = INPUT_TEXT, .most = 40, .en = "Unit", .zh = "责任单位"},
    {.name = "lead", .kind = INPUT_TEXT, .most = 40, .en = "Lead", .zh = "分包领导"},
    {.name = "part_of", .kind = INPUT_TEXT, .most = 20, .en = "Part of", .zh = "上级条目"},
    {.name = "begins", .kind = INPUT_DAY, .en = "Begins", .zh = "开始日期"},
    {.name = "due", .kind = INPUT_DAY, .en = "Due", .zh = "完成期限"},
    {.name = "no_begins", .kind = INPUT_FLAG, .en = "No beginning", .zh = "清除开始日期"},
    {.name = "no_due", .kind = INPUT_FLAG, .en = "No day due", .zh = "清除完成期限"},
    {.name = "shift",
     .kind = INPUT_NUMBER,
     .least = -SHIFT_MOST,
     .most = SHIFT_MOST,
     .en = "Shift days by",
     .zh = "日期推移天数"},
    {.name = "shifted", .kind = INPUT_TEXT, .most = 10, .en = "Which days", .zh = "推移的日期"},
    {.name = "counted", .kind = INPUT_TEXT, .most = 10, .en = "Counted by", .zh = "按何种日计"},
    {.name = "weight", .kind = INPUT_TEXT, .most = 20, .en = "Weight", .zh = "权重"},
    {.name = "follow", .kind = INPUT_TEXT, .most = 20, .en = "Follow", .zh = "关注"},
    {.name = "why", .kind = INPUT_TEXT, .most = LINE_WHY_MAX, .en = "Why", .zh = "理由"},
    {0},
};
const struct route route_ledger_bulk = {
    .method = "POST",
    .path = "/ledger/bulk",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Change many lines at once: without `deed` the form for it, with deed=preview what would "
          "change and which lines refuse and why, with deed=apply the change.",
    .zh =
        "批量修改条目：不带 deed 时给出表单，deed=preview 预览将有的变化及不能修改的条目与原因，deed=apply 执行。",
    .inputs = BULK_INPUTS,
    .output = BULK_PAGE,
    .page = "ledger-bulk",
    .run = change_many,
    .again = show_again,
};

/* --- batches -------------------------------------------------------------------------------------- */

struct batch_row {
    struct str key, by, why;
    int64_t made, lines, undone;
    bool undoes;
};
static const struct field BATCH_ROW[] = {
    FIELD(TEXT, struct batch_row, key),     FIELD(TIME, struct batch_row, made),
    FIELD(TEXT, struct batch_row, by),      FIELD(TEXT, struct batch_row, why),
    FIELD(NUMBER, struct batch_row, lines), FIELD(TIME, struct batch_row, undone),
    FIELD(FLAG, struct batch_row, undoes),  {0},
};
struct batches_page {
    struct batch_row *batches;
    size_t nbatches;
};
static const struct field BATCHES_PAGE[] = {
    FIELD_OF_LIST(struct batches_page, batches, BATCH_ROW),
    {0},
};

static enum status fill_batch(struct request *rq, const struct ledger_batch *b,
                              struct batch_row *row, struct error *err)
{
    *row = (struct batch_row){.key = b->key,
                              .why = b->why,
                              .made = b->made_ms,
                              .lines = b->lines,
                              .undone = b->undone_ms,
                              .undoes = b->undoes != 0};
    return ledger_member_name(rq, b->member, &row->by, err);
}

static enum status show_batches(struct request *rq, struct error *err)
{
    struct batches_page page = {0};
    struct ledger_batch *list;
    size_t count;
    enum status status =
        ledger_list_batches(rq->arena, rq->store, BATCHES_SHOWN, &list, &count, err);
    page.batches = arena_array(rq->arena, BATCHES_SHOWN, struct batch_row);
    for (; !status && page.nbatches < count; page.nbatches++)
        status = fill_batch(rq, &list[page.nbatches], &page.batches[page.nbatches], err);
    return status ? status
                  : answer_page(rq, "ledger-batches", "Changes of many lines", "批量修改记录",
                                BATCHES_PAGE, &page);
}

const struct route route_ledger_batches = {
    .method = "GET",
    .path = "/ledger/batches",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "Changes of many lines at once, newest first.",
    .zh = "批量修改记录，最近的在前。",
    .output = BATCHES_PAGE,
    .page = "ledger-batches",
    .run = show_batches,
};

struct left_row {
    struct str key, number, title, field, why;
};
static const struct field LEFT_ROW[] = {
    FIELD(TEXT, struct left_row, key),   FIELD(TEXT, struct left_row, number),
    FIELD(TEXT, struct left_row, title), FIELD(TEXT, struct left_row, field),
    FIELD(TEXT, struct left_row, why),   {0},
};
struct batch_page {
    struct batch_row batch;
    struct changed_line *lines;
    size_t nlines;
    struct left_row *left;
    size_t nleft;
    bool may_undo;
};
static const struct field BATCH_PAGE[] = {
    FIELD_OF_PART(struct batch_page, batch, BATCH_ROW),
    FIELD_OF_LIST(struct batch_page, lines, CHANGED_LINE),
    FIELD_OF_LIST(struct batch_page, left, LEFT_ROW),
    FIELD(FLAG, struct batch_page, may_undo),
    {0},
};

/* A batch is taken back by who made it, or by who keeps the ledger. */
static bool may_undo(const struct request *rq, const struct ledger_batch *batch)
{
    return batch->member == rq->viewer.member || (ledger_viewer(rq).is & LEDGER_EDITS);
}

static enum status fill_changes(struct request *rq, int64_t batch, struct batch_page *page,
                                struct error *err)
{
    struct ledger_batch_change *list;
    size_t count;
    struct line line;
    enum status status = ledger_list_batch_changes(rq->arena, rq->store, batch, &list, &count, err);
    if (status)
        return status;
    page->lines = arena_array(rq->arena, count + 1, struct changed_line);
    for (size_t from = 0, to; !status && from < count; from = to) {
        struct changed_line *row = &page->lines[page->nlines];
        for (to = from; to < count && list[to].line == list[from].line;)
            to++;
        status = ledger_find_line_by_id(rq->arena, rq->store, list[from].line, &line, err);
        if (status)
            break;
        *row = line_of(&line);
        row->fields = arena_array(rq->arena, to - from, struct field_row);
        for (size_t i = to; i > from; i--) /* the newest stands first; here, as it was done */
            row->fields[row->nfields++] = row_of_change(rq, &list[i - 1]);
        page->nlines++;
    }
    ledger_release_changes(list, count);
    return status;
}

static enum status show_one(struct request *rq, const struct ledger_batch *batch,
                            struct batch_page *page, struct error *err)
{
    enum status status = fill_batch(rq, batch, &page->batch, err);
    if (!status)
        status = fill_changes(rq, batch->id, page, err);
    page->may_undo = !batch->undone_ms && may_undo(rq, batch);
    return status ? status
                  : answer_page(rq, "ledger-batch", "Changes of many lines", "批量修改", BATCH_PAGE,
                                page);
}

static enum status show_batch(struct request *rq, struct error *err)
{
    struct batch_page page = {0};
    struct ledger_batch batch;
    enum status status = ledger_find_batch(rq->arena, rq->store, rq->params[0], &batch, err);
    return status ? status : show_one(rq, &batch, &page, err);
}

const struct route route_ledger_batch = {
    .method = "GET",
    .path = "/ledger/batches/{changes}",
    .roles = ROLES_LEDGER,
    .scope = "read",
    .en = "What one change of many lines changed, line by line.",
    .zh = "某次批量修改的逐条内容。",
    .output = BATCH_PAGE,
    .page = "ledger-batch",
    .run = show_batch,
};

struct undo {
    struct arena *arena;
    int64_t member;
    struct ledger_batch batch;
    struct ledger_deed deed;
    struct ledger_undoing undoing;
};

static enum status undo_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    struct undo *u = context;
    (void)scratch;
    return ledger_undo_batch(u->arena, store, u->member, &u->batch, &u->deed, &u->undoing, err);
}

static enum status fill_left(struct request *rq, const struct ledger_undoing *undoing,
                             struct batch_page *page, struct error *err)
{
    enum status status = STATUS_OK;
    page->left = arena_array(rq->arena, undoing->nleft + 1, struct left_row);
    for (size_t i = 0; !status && i < undoing->nleft; i++) {
        const struct ledger_left *l = &undoing->left[i];
        const struct line_field_row *f = &line_fields[l->field];
        struct line line = {0};
        status = ledger_find_line_by_id(rq->arena, rq->store, l->line, &line, err);
        page->left[page->nleft++] =
            (struct left_row){line.key, line.number, line.title, request_words(rq, f->en, f->zh),
                              words_of(rq, &l->why)};
        if (l->month)
            page->left[page->nleft - 1].field = actual_words(rq, l->month);
    }
    return status;
}

static enum status undo(struct request *rq, struct error *err)
{
    struct undo u = {.arena = rq->arena,
                     .member = rq->viewer.member,
                     .deed = {.now_ms = rq->now_ms, .why = request_input(rq, "why")}};
    struct batch_page page = {0};
    enum status status = ledger_find_batch(rq->arena, rq->store, rq->params[0], &u.batch, err);
    if (!status && !may_undo(rq, &u.batch))
        return error_set(err, STATUS_FORBIDDEN,
                         "These changes are taken back by who made them, or by editors.",
                         "批量修改须由修改者本人或编辑撤销。");
    if (!u.deed.why.len)
        u.deed.why = request_words(rq, "Taken back", "撤销批量修改");
    if (!status)
        status = ledger_refuse_marks(rq, u.deed.why, err);
    if (!status)
        status = ledger_write(rq, 0, LEDGER_SEE, undo_step, &u, err);
    if (!status)
        status = fill_left(rq, &u.undoing, &page, err);
    if (status)
        return status;
    if (u.undoing.nleft) { /* what was left is told on the page that answers, as nothing keeps it */
        u.batch.undone_ms = rq->now_ms;
        return show_one(rq, u.undoing.made.id ? &u.undoing.made : &u.batch, &page, err);
    }
    return answer_redirect(
        rq,
        str_format(rq->arena, "/ledger/batches/%.*s",
                   STR_ARG(u.undoing.made.id ? u.undoing.made.key : u.batch.key)),
        "All of it is taken back.", "已全部撤销。");
}

static const struct input UNDO_INPUTS[] = {
    {.name = "why", .kind = INPUT_TEXT, .most = LINE_WHY_MAX, .en = "Why", .zh = "理由"},
    {0},
};
const struct route route_ledger_batch_undo = {
    .method = "POST",
    .path = "/ledger/batches/{changes}/undo",
    .roles = ROLES_LEDGER,
    .scope = "manage",
    .en = "Take a change of many lines back: old values where the new ones still stand; the others "
          "are left and listed.",
    .zh = "撤销批量修改：现值未变的恢复原值，其后又有修改的保留并列出。",
    .inputs = UNDO_INPUTS,
    .output = BATCH_PAGE,
    .page = "ledger-batch",
    .run = undo,
};
