/* Steps of a line on pages; see ledger_steps.h. */
#include "server/ledger_steps.h"

#include "base/calendar.h"
#include "ledger/duty.h"
#include "ledger/file.h"
#include "server/ledger_notices.h"
#include "server/ledger_terms.h"

struct str ledger_steps_page(const struct request *rq, const struct line *line)
{
    return ledger_path(rq, line->key, ledger_kind_page(line->kind));
}

static const struct field FORM_ROW[] = {
    FIELD(TEXT, struct ledger_step_form, act),
    FIELD_HIDDEN(TEXT, struct ledger_step_form, act_words),
    FIELD_HIDDEN(TEXT, struct ledger_step_form, id),
    FIELD_HIDDEN(TEXT, struct ledger_step_form, words),
    FIELD_HIDDEN(FLAG, struct ledger_step_form, open),
    FIELD_HIDDEN(FLAG, struct ledger_step_form, words_needed),
    FIELD_HIDDEN(FLAG, struct ledger_step_form, with_reason),
    FIELD_HIDDEN(FLAG, struct ledger_step_form, with_days),
    FIELD_HIDDEN(FLAG, struct ledger_step_form, with_file),
    {0},
};
static const struct field QUESTION_ROW[] = {
    FIELD(TEXT, struct ledger_step_question, reason),
    FIELD_HIDDEN(TEXT, struct ledger_step_question, reason_words),
    FIELD(TEXT, struct ledger_step_question, question),
    FIELD(TEXT, struct ledger_step_question, by),
    FIELD(TIME, struct ledger_step_question, asked),
    FIELD(TEXT, struct ledger_step_question, answer),
    FIELD(TEXT, struct ledger_step_question, answered_by),
    FIELD(TIME, struct ledger_step_question, answered),
    {0},
};
static const struct field FILE_ROW[] = {
    FIELD(TEXT, struct ledger_step_file, path),
    FIELD(TEXT, struct ledger_step_file, name),
    FIELD(TEXT, struct ledger_step_file, by),
    {0},
};
static const struct field STEP_ROW[] = {
    FIELD(TEXT, struct ledger_step_row, key),
    FIELD(TEXT, struct ledger_step_row, title),
    FIELD(TEXT, struct ledger_step_row, unit),
    FIELD(TEXT, struct ledger_step_row, member),
    FIELD_HIDDEN(TEXT, struct ledger_step_row, whose),
    FIELD(NUMBER, struct ledger_step_row, stage),
    FIELD(NUMBER, struct ledger_step_row, round),
    FIELD(TEXT, struct ledger_step_row, state),
    FIELD_HIDDEN(TEXT, struct ledger_step_row, state_words),
    FIELD_HIDDEN(TEXT, struct ledger_step_row, look),
    FIELD(NUMBER, struct ledger_step_row, limit),
    FIELD(FLAG, struct ledger_step_row, silence),
    FIELD(NUMBER, struct ledger_step_row, used),
    FIELD(NUMBER, struct ledger_step_row, stopped),
    FIELD(NUMBER, struct ledger_step_row, left),
    FIELD(NUMBER, struct ledger_step_row, late),
    FIELD(DATE, struct ledger_step_row, due),
    FIELD(TIME, struct ledger_step_row, opened),
    FIELD(TIME, struct ledger_step_row, ended),
    FIELD(TEXT, struct ledger_step_row, ended_by),
    FIELD(TEXT, struct ledger_step_row, words),
    FIELD_HIDDEN(FLAG, struct ledger_step_row, waits),
    FIELD_HIDDEN(FLAG, struct ledger_step_row, runs),
    FIELD_HIDDEN(FLAG, struct ledger_step_row, over),
    FIELD_HIDDEN(FLAG, struct ledger_step_row, days_left),
    FIELD_HIDDEN(FLAG, struct ledger_step_row, last_day),
    FIELD_HIDDEN(FLAG, struct ledger_step_row, past),
    FIELD_OF_LIST(struct ledger_step_row, questions, QUESTION_ROW),
    FIELD_OF_LIST(struct ledger_step_row, files, FILE_ROW),
    FIELD_OF_LIST(struct ledger_step_row, forms, FORM_ROW),
    FIELD_OF_LIST(struct ledger_step_row, keeper_forms, FORM_ROW),
    {0},
};
static const struct field STAGE_ROW[] = {
    FIELD(NUMBER, struct ledger_stage_row, number),
    FIELD(FLAG, struct ledger_stage_row, here),
    FIELD(FLAG, struct ledger_stage_row, past),
    FIELD(FLAG, struct ledger_stage_row, held),
    FIELD_OF_LIST(struct ledger_stage_row, steps, STEP_ROW),
    {0},
};
/* What the stages hold already, for the page alone. */
#define HIDDEN_STEPS(member)                                                              \
    {                                                                                     \
        .kind = FIELD_LIST, .name = #member, .at = offsetof(struct ledger_steps, member), \
        .parts = STEP_ROW, .count_at = offsetof(struct ledger_steps, n##member),          \
        .size = sizeof(struct ledger_step_row), .hidden = true                            \
    }
const struct field ledger_steps_fields[] = {
    FIELD_HIDDEN(TEXT, struct ledger_steps, path),
    FIELD_OF_LIST(struct ledger_steps, stages, STAGE_ROW),
    HIDDEN_STEPS(told),
    HIDDEN_STEPS(kept),
    FIELD_OF_LIST(struct ledger_steps, again, STEP_ROW),
    FIELD_OF_LIST(struct ledger_steps, reasons, ledger_choice_fields),
    FIELD_OF_LIST(struct ledger_steps, units, ledger_choice_fields),
    FIELD_OF_LIST(struct ledger_steps, people, ledger_choice_fields),
    FIELD_HIDDEN(NUMBER, struct ledger_steps, next_stage),
    FIELD_HIDDEN(TEXT, struct ledger_steps, new_title),
    FIELD_HIDDEN(TEXT, struct ledger_steps, new_days),
    FIELD_HIDDEN(FLAG, struct ledger_steps, adding),
    FIELD(NUMBER, struct ledger_steps, unknown_year),
    FIELD(FLAG, struct ledger_steps, may_add),
    FIELD_HIDDEN(FLAG, struct ledger_steps, may_keep),
    FIELD_HIDDEN(FLAG, struct ledger_steps, sent_back),
    {0},
};

/* --- one step ------------------------------------------------------------------------------------- */

/* The badge: what needs somebody's eye stands out. */
static const char *look_of(const struct step *step, const struct clock_reading *clock,
                           int64_t today)
{
    bool running = step->state == STEP_OPEN || step->state == STEP_ASKED;
    if (step->state == STEP_REFUSED || (running && clock->due_day && clock->due_day < today))
        return "red";
    if (step->state == STEP_ASKED || (running && clock->due_day && clock->left <= 1))
        return "yellow";
    if (running)
        return "blue";
    return step->state == STEP_DROPPED || step->state == STEP_WAITING ? "plain" : "green";
}

/* Whether this act on this step was just refused. */
static bool is_again(const struct request *rq, const struct step *step, enum step_act act)
{
    return rq->post && str_equal(rq->params[1], step->key) &&
           step_act_named(request_input(rq, "act")) == act;
}

static void fill_forms(const struct request *rq, const struct step *step, unsigned acts,
                       struct ledger_step_row *row)
{
    row->forms = arena_array(rq->arena, STEP_ACTS, struct ledger_step_form);
    row->keeper_forms = arena_array(rq->arena, STEP_ACTS, struct ledger_step_form);
    for (int i = 0; i < STEP_ACTS; i++) {
        enum step_act act = (enum step_act)i;
        unsigned needs = step_rules[i].needs;
        bool keeper = step_rules[i].who == STEP_WHO_KEEPER;
        if (!(acts >> i & 1U))
            continue;
        *(keeper ? &row->keeper_forms[row->nkeeper_forms++] : &row->forms[row->nforms++]) =
            (struct ledger_step_form){
                .act = str_of(step_act_name(act)),
                .act_words = str_of(step_act_words(act, rq->lang)),
                .id = str_format(rq->arena, "%s-%.*s", step_act_name(act), STR_ARG(step->key)),
                .words = is_again(rq, step, act) ? request_input(rq, "words") : STR(""),
                .open = is_again(rq, step, act),
                .words_needed = needs & STEP_NEEDS_WORDS,
                .with_reason = needs & STEP_NEEDS_REASON,
                .with_days = needs & STEP_NEEDS_DAYS,
                .with_file = !keeper,
            };
    }
}

static enum status name_holder(struct request *rq, const struct step *step,
                               struct ledger_step_row *row, struct error *err)
{
    struct unit unit = {0};
    enum status status = ledger_member_name(rq, step->member, &row->member, err);
    if (!status && step->unit)
        status = ledger_find_unit_by_id(rq->arena, rq->store, step->unit, &unit, err);
    row->unit = unit.name;
    row->whose =
        unit.name.len && row->member.len
            ? str_format(rq->arena, "%.*s · %.*s", STR_ARG(unit.name), STR_ARG(row->member))
        : unit.name.len ? unit.name
                        : row->member;
    return status ? status : ledger_member_name(rq, step->ended_by, &row->ended_by, err);
}

static enum status fill_files(struct request *rq, const struct line *line, const struct step *step,
                              struct ledger_step_row *row, struct error *err)
{
    struct line_file *list;
    size_t count;
    struct str about = step_files(rq->arena, step->key);
    enum status status =
        ledger_list_files(rq->arena, rq->store, line->id, about, &list, &count, err);
    if (status)
        return status;
    row->files = arena_array(rq->arena, count + 1, struct ledger_step_file);
    for (size_t i = 0; i < count && !status; i++) {
        if (list[i].removed_ms)
            continue;
        struct ledger_step_file *file = &row->files[row->nfiles++];
        struct str rest = str_format(rq->arena, "/files/%.*s", STR_ARG(list[i].key));
        *file = (struct ledger_step_file){
            .path = ledger_path(rq, line->key, str_z(rq->arena, rest)), .name = list[i].name};
        status = ledger_member_name(rq, list[i].member, &file->by, err);
    }
    return status;
}

/* A limit may be past and nobody late yet by working days: on the weekend after it. */
static void fill_clock(struct request *rq, const struct clock_reading *clock, int64_t today,
                       struct ledger_step_row *row)
{
    bool counts = clock->due_day && row->runs;
    row->used = clock->used;
    row->left = clock->left;
    row->late = clock->late;
    row->stopped = clock->stopped;
    row->due = ledger_day(rq, clock->due_day);
    row->past = counts && clock->due_day < today && !clock->late;
    row->last_day = counts && clock->due_day == today;
    row->days_left = counts && clock->due_day > today;
}

struct filling {
    struct request *rq;
    const struct ledger_sight *sight;
    const struct workdays *calendar;
    struct step_question *questions;
    size_t nquestions;
    struct ledger_steps *steps;
    struct ledger_step_row *rows; /* those of all stages, one stage behind the other */
    size_t nrows;
    struct error *err;
};

static enum status fill_questions(const struct filling *f, const struct step *step,
                                  struct ledger_step_row *row)
{
    struct request *rq = f->rq;
    enum status status = STATUS_OK;
    row->questions = arena_array(rq->arena, STEP_ASK_MAX + 1, struct ledger_step_question);
    for (size_t i = 0; i < f->nquestions && !status; i++) {
        const struct step_question *q = &f->questions[i];
        if (q->step != step->id || row->nquestions == STEP_ASK_MAX)
            continue;
        struct ledger_step_question *to = &row->questions[row->nquestions++];
        *to = (struct ledger_step_question){
            .reason = str_of(step_reason_name(q->reason)),
            .reason_words = str_of(step_reason_words(q->reason, rq->lang)),
            .question = q->question,
            .answer = q->answer,
            .asked = q->asked_ms,
            .answered = q->answered_ms,
        };
        status = ledger_member_name(rq, q->asked_by, &to->by, f->err);
        if (!status)
            status = ledger_member_name(rq, q->answered_by, &to->answered_by, f->err);
    }
    return status;
}

static enum status fill_step(const struct filling *f, const struct step *step,
                             struct ledger_step_row *row)
{
    struct request *rq = f->rq;
    struct ledger_person person = ledger_viewer(rq);
    struct clock_reading clock;
    unsigned acts = 0;
    int64_t today = calendar_day_of(rq->now_ms);
    enum status status =
        ledger_read_step_clock(rq->arena, rq->store, f->calendar, step, today, &clock, f->err);
    if (!status)
        status = ledger_step_acts(rq->store, &person, step, &acts, f->err);
    if (status)
        return status;
    *row = (struct ledger_step_row){
        .key = step->key,
        .title = step->title,
        .stage = step->stage,
        .round = step->round,
        .limit = step->limit_days,
        .silence = step->silence,
        .state = str_of(step_state_name(step->state)),
        .state_words = str_of(step_state_words(step->state, rq->lang)),
        .look = str_of(look_of(step, &clock, today)),
        .opened = step->opened_ms,
        .ended = step->ended_ms,
        .words = step->words,
        .waits = step->state == STEP_WAITING,
        .runs = step->state == STEP_OPEN || step->state == STEP_ASKED,
        .over = step->ended_ms,
        .again = step->again_ms,
    };
    fill_clock(rq, &clock, today, row);
    fill_forms(rq, step, acts, row);
    if (clock.unknown_year && row->runs)
        f->steps->unknown_year = clock.unknown_year;
    status = name_holder(rq, step, row, f->err);
    if (!status)
        status = fill_files(rq, &f->sight->line, step, row, f->err);
    if (!status)
        status = fill_questions(f, step, row);
    row->told = row->words.len || row->nquestions || row->nforms || row->nfiles;
    return status;
}

/* --- all of them ---------------------------------------------------------------------------------- */

/* Where a step is shown: among those sent back, or in its stage, which comes after all before it. */
static void place(struct filling *f, const struct ledger_step_row *row)
{
    struct ledger_steps *steps = f->steps;
    struct ledger_stage_row *stage = steps->nstages ? &steps->stages[steps->nstages - 1] : NULL;
    if (row->again) {
        steps->again[steps->nagain++] = *row;
        steps->sent_back = true;
        return;
    }
    if (!stage || stage->number != row->stage) {
        stage = &steps->stages[steps->nstages++];
        *stage = (struct ledger_stage_row){
            .number = row->stage, .past = true, .steps = &f->rows[f->nrows]};
    }
    f->rows[f->nrows++] = *row;
    stage->nsteps++;
    bool refused = str_equal(row->state, str_of(step_state_name(STEP_REFUSED)));
    stage->past &= row->over && !refused;
    stage->held |= refused;
    stage->here |= row->runs;
    if (row->told)
        steps->told[steps->ntold++] = *row;
    if (row->nkeeper_forms)
        steps->kept[steps->nkept++] = *row;
    steps->may_keep = steps->nkept;
}

static enum status fill_choices(struct request *rq, struct ledger_steps *steps, struct error *err)
{
    static const struct ledger_values REASONS = {
        step_reason_name, step_reason_words, .first = STEP_REASON_NONE + 1, .end = STEP_REASONS};
    ledger_fill_values(rq, &REASONS, STR(""), &steps->reasons, &steps->nreasons);
    if (!steps->may_add)
        return STATUS_OK;
    enum status status = ledger_list_unit_choices(rq, 0, &steps->units, &steps->nunits, err);
    return status ? status : ledger_list_people(rq, 0, &steps->people, &steps->npeople, err);
}

/* The form that adds a step: as it was typed and refused, else as it is proposed. */
static void fill_new(const struct request *rq, struct ledger_steps *steps)
{
    steps->adding = rq->post && request_input(rq, "stage").len && !request_input(rq, "act").len;
    steps->new_days = steps->adding ? request_input(rq, "days") : STR("5");
    if (!steps->adding)
        return;
    steps->new_title = request_input(rq, "title");
    steps->next_stage = request_number(rq, "stage");
}

enum status ledger_fill_steps(struct request *rq, const struct ledger_sight *sight,
                              struct ledger_steps *steps, struct error *err)
{
    struct step *list;
    size_t count;
    struct filling f = {.rq = rq, .sight = sight, .steps = steps, .err = err};
    bool open = sight->line.state == LINE_ACTIVE || sight->line.state == LINE_PROPOSED;
    *steps = (struct ledger_steps){.path = ledger_path(rq, sight->line.key, "/steps"),
                                   .next_stage = 1,
                                   .may_add = open && ledger_may(sight->is, LEDGER_CHANGE)};
    enum status status = ledger_notices_calendar(rq->arena, rq->store, &f.calendar, err);
    if (!status)
        status = ledger_list_steps(rq->arena, rq->store, sight->line.id, &list, &count, err);
    if (!status)
        status = ledger_list_step_questions(rq->arena, rq->store, sight->line.id, &f.questions,
                                            &f.nquestions, err);
    if (!status)
        status = ledger_sum_steps(rq->store, sight->line.id, &steps->sum, err);
    if (status)
        return status;
    steps->stages = arena_array(rq->arena, count + 1, struct ledger_stage_row);
    steps->told = arena_array(rq->arena, count + 1, struct ledger_step_row);
    steps->kept = arena_array(rq->arena, count + 1, struct ledger_step_row);
    steps->again = arena_array(rq->arena, count + 1, struct ledger_step_row);
    f.rows = arena_array(rq->arena, count + 1, struct ledger_step_row);
    for (size_t i = 0; i < count && !status; i++) {
        struct ledger_step_row row;
        status = fill_step(&f, &list[i], &row);
        if (!status)
            place(&f, &row);
    }
    if (steps->nstages)
        steps->next_stage = steps->stages[steps->nstages - 1].number;
    fill_new(rq, steps);
    return status ? status : fill_choices(rq, steps, err);
}

/* --- the desk ------------------------------------------------------------------------------------- */

#define DESK_MOST 50U

const struct field ledger_desk_fields[] = {
    FIELD(TEXT, struct ledger_desk_row, key),
    FIELD(TEXT, struct ledger_desk_row, number),
    FIELD(TEXT, struct ledger_desk_row, title),
    FIELD_HIDDEN(TEXT, struct ledger_desk_row, kind),
    FIELD(TEXT, struct ledger_desk_row, path),
    FIELD(TEXT, struct ledger_desk_row, whose),
    FIELD(TEXT, struct ledger_desk_row, state),
    FIELD_HIDDEN(TEXT, struct ledger_desk_row, state_words),
    FIELD(DATE, struct ledger_desk_row, due),
    FIELD(NUMBER, struct ledger_desk_row, late),
    FIELD(FLAG, struct ledger_desk_row, silence),
    FIELD(TEXT, struct ledger_desk_row, question),
    {0},
};

#define DESK_SQL                                                                              \
    "SELECT s.key, s.state, s.due_day, s.silence, l.id, l.key, l.kind, l.number, l.title,"    \
    " coalesce(u.name, m.name, ''), coalesce((SELECT p.question FROM step_pause p WHERE"      \
    " p.step = s.id AND p.answered_ms IS NULL), '') FROM step s JOIN line l ON l.id = s.line" \
    " LEFT JOIN unit u ON u.id = s.unit LEFT JOIN member m ON m.id = s.member"                \
    " WHERE l.state = 'active' AND "

static void take_desk(struct request *rq, struct query *q, struct ledger_desk_row *row)
{
    struct line line = {.key = str_copy(rq->arena, query_str(q, 5))};
    int64_t due = query_int(q, 2);
    int64_t today = calendar_day_of(rq->now_ms);
    (void)ledger_kind_named(query_str(q, 6), &line.kind);
    *row = (struct ledger_desk_row){
        .key = str_copy(rq->arena, query_str(q, 0)),
        .number = str_copy(rq->arena, query_str(q, 7)),
        .title = str_copy(rq->arena, query_str(q, 8)),
        .kind = str_of(ledger_kind_word(line.kind, rq->lang)),
        .whose = str_copy(rq->arena, query_str(q, 9)),
        .state = str_copy(rq->arena, query_str(q, 1)),
        .state_words = str_of(step_state_words(step_state_named(query_str(q, 1)), rq->lang)),
        .due = ledger_day(rq, due),
        .late = due && due < today ? today - due : 0,
        .silence = query_int(q, 3),
        .question = str_copy(rq->arena, query_str(q, 10)),
    };
    row->path = str_format(rq->arena, "%.*s#step-%.*s", STR_ARG(ledger_steps_page(rq, &line)),
                           STR_ARG(row->key));
}

enum status ledger_list_desk(struct request *rq, enum ledger_desk desk,
                             struct ledger_desk_row **list, size_t *count, struct error *err)
{
    static const char *const SQL[] = {
        [LEDGER_DESK_OURS] =
            DESK_SQL "s.state = 'open' AND (s.member = ?1 OR s.unit IN (SELECT id FROM unit WHERE"
                     " head = ?1) OR (s.member IS NULL AND s.unit IN (SELECT unit FROM unit_member"
                     " WHERE member = ?1))) ORDER BY coalesce(s.due_day, 9999999), s.id LIMIT ?2",
        [LEDGER_DESK_ANSWERS] =
            DESK_SQL "s.state = 'asked' AND (l.lead = ?1 OR l.unit IN (SELECT id FROM unit WHERE"
                     " head = ?1)) ORDER BY s.id LIMIT ?2",
    };
    struct query *q = query_start(rq->store, SQL[desk]);
    *list = arena_array(rq->arena, DESK_MOST, struct ledger_desk_row);
    *count = 0;
    query_bind_int(q, 1, rq->viewer.member);
    query_bind_int(q, 2, DESK_MOST);
    while (*count < DESK_MOST && query_row(q))
        take_desk(rq, q, &(*list)[(*count)++]);
    return query_end(q, err);
}
