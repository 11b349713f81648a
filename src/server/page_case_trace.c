/* Tracing a case's exhibits from its page. */
#include "server/case_traces.h"

#include <math.h>

#include "base/number.h"
#include "library/finding_json.h"
#include "library/joint.h"
#include "library/trace_run.h"
#include "server/finding_part.h"
#include "server/internal.h"

#define RUNS_SHOWN 100

static const struct field RUN[] = {
    FIELD(TEXT, struct case_trace_line, key),
    FIELD(TEXT, struct case_trace_line, asker),
    FIELD(TEXT, struct case_trace_line, state),
    FIELD_HIDDEN(TEXT, struct case_trace_line, state_words),
    FIELD(TEXT, struct case_trace_line, verdict),
    FIELD(TEXT, struct case_trace_line, headline),
    FIELD(TEXT, struct case_trace_line, next),
    FIELD(TIME, struct case_trace_line, asked),
    FIELD_HIDDEN(TEXT, struct case_trace_line, phase),
    FIELD_HIDDEN(NUMBER, struct case_trace_line, percent),
    FIELD_HIDDEN(FLAG, struct case_trace_line, open),
    FIELD_HIDDEN(FLAG, struct case_trace_line, running),
    FIELD(FLAG, struct case_trace_line, key_stolen),
    {0},
};
static const struct field JOINT[] = {
    FIELD(TEXT, struct case_joint_line, key),
    FIELD(TEXT, struct case_joint_line, name),
    FIELD(TEXT, struct case_joint_line, state),
    FIELD(TEXT, struct case_joint_line, trace),
    FIELD(TEXT, struct case_joint_line, headline),
    FIELD(TEXT, struct case_joint_line, chance),
    FIELD(TEXT, struct case_joint_line, limit),
    FIELD(TEXT, struct case_joint_line, decider),
    FIELD(NUMBER, struct case_joint_line, number),
    FIELD(TIME, struct case_joint_line, decided),
    FIELD_HIDDEN(FLAG, struct case_joint_line, testing),
    FIELD_HIDDEN(FLAG, struct case_joint_line, proposed),
    FIELD_HIDDEN(FLAG, struct case_joint_line, joined),
    FIELD_HIDDEN(FLAG, struct case_joint_line, apart),
    FIELD_HIDDEN(FLAG, struct case_joint_line, nothing),
    FIELD(FLAG, struct case_joint_line, alike),
    FIELD(FLAG, struct case_joint_line, may_join),
    FIELD(FLAG, struct case_joint_line, may_part),
    {0},
};
const struct field CASE_TRACES[] = {
    FIELD_OF_LIST(struct case_traces, runs, RUN),
    FIELD_OF_LIST(struct case_traces, joints, JOINT),
    FIELD_HIDDEN(FLAG, struct case_traces, any_joint),
    {.kind = FIELD_PART,
     .hidden = true,
     .name = "form",
     .at = offsetof(struct case_traces, form),
     .parts = TRACE_FORM},
    FIELD_HIDDEN(FLAG, struct case_traces, any),
    FIELD(FLAG, struct case_traces, may_trace),
    {0},
};

static enum status fill_run(struct request *rq, const struct trace_run *run,
                            struct case_trace_line *line, struct error *err)
{
    struct finding finding;
    struct finding_part part;
    *line = (struct case_trace_line){
        .key = run->key,
        .asker = run->asker,
        .state = str_of(trace_state_name(run->state)),
        .state_words = trace_state_words(rq, run->state),
        .asked = run->asked_ms,
        .open = run->state == TRACE_WAITING || run->state == TRACE_RUNNING,
        .running = run->state == TRACE_RUNNING,
    };
    if (line->open) {
        struct trace_bar bar = trace_bar_fill(rq, run);
        line->phase = bar.phase;
        line->percent = bar.percent;
    }
    if (run->state != TRACE_DONE)
        return STATUS_OK;
    enum status status = library_unpack_finding(rq->arena, rq->store, run->finding, &finding, err);
    if (!status)
        status = finding_fill(rq, &finding, &part, err);
    if (status)
        return status;
    for (size_t i = 0; i < finding.nsources; i++)
        line->key_stolen |= finding.sources[i].key_stolen;
    line->verdict = part.verdict;
    line->headline = part.headline;
    line->next = part.named ? part.members[0].chance : part.next;
    return STATUS_OK;
}

/* The budget of the joint test with this number, exactly: "one in 6 million". */
static struct str limit_words(const struct request *rq, int64_t number)
{
    int64_t times = (int64_t)lround(TRACE_FALSE_ALARM / library_joint_budget(number));
    struct str millions = number_words(rq->arena, rq->lang == LANG_ZH ? 100 * times : times);
    return str_format(rq->arena, rq->lang == LANG_ZH ? "%.*s 万分之一" : "one in %.*s million",
                      STR_ARG(millions));
}

static enum status fill_joint(struct request *rq, const struct case_file *file,
                              const struct joint *j, bool may, struct case_joint_line *line,
                              struct error *err)
{
    bool first = j->one == file->id;
    struct finding finding;
    struct finding_part part;
    *line = (struct case_joint_line){
        .key = first ? j->other_key : j->one_key,
        .name = str_format(rq->arena, "C%lld", (long long)(first ? j->other : j->one)),
        .state = str_of(joint_state_name(j->state)),
        .trace = j->trace,
        .limit = limit_words(rq, j->number),
        .decider = j->decider,
        .number = j->number,
        .decided = j->decided_ms,
        .testing = j->state == JOINT_TESTING,
        .proposed = j->state == JOINT_PROPOSED,
        .joined = j->state == JOINT_JOINED,
        .apart = j->state == JOINT_APART,
        .nothing = j->state == JOINT_NOTHING,
        .alike = j->alike,
        .may_join = may && (j->state == JOINT_PROPOSED || j->state == JOINT_APART),
        .may_part = may && (j->state == JOINT_PROPOSED || j->state == JOINT_JOINED),
    };
    if (j->finding.len == 0)
        return STATUS_OK;
    enum status status = library_unpack_finding(rq->arena, rq->store, j->finding, &finding, err);
    if (!status)
        status = finding_fill(rq, &finding, &part, err);
    if (status)
        return status;
    line->headline = part.headline;
    line->chance = part.named ? part.members[0].chance : STR("");
    return STATUS_OK;
}

static enum status fill_joints(struct request *rq, const struct case_file *file,
                               struct case_traces *part, struct error *err)
{
    struct joint *list;
    enum status status = library_list_joints(rq->arena, rq->store, file->id, rq->viewer.member,
                                             &list, &part->njoints, err);
    if (status)
        return status;
    part->any_joint = part->njoints > 0;
    part->joints = arena_array(rq->arena, part->njoints + 1, struct case_joint_line);
    for (size_t i = 0; !status && i < part->njoints; i++)
        status = fill_joint(rq, file, &list[i], part->may_trace, &part->joints[i], err);
    return status;
}

enum status case_traces_fill(struct request *rq, const struct case_file *file,
                             struct case_traces *part, struct error *err)
{
    struct trace_run *runs;
    struct error refused;
    *part = (struct case_traces){0};
    enum status status = library_list_traces(rq->arena, rq->store, rq->viewer.member, file->id,
                                             RUNS_SHOWN, &runs, &part->nruns, err);
    if (!status)
        status = trace_form_fill(rq, &part->form, err);
    part->may_trace = !case_allow(rq->store, file->id, 0, CASE_ACT_TRACE, rq->viewer.member,
                                  rq->now_ms, &refused);
    part->any = part->nruns > 0;
    part->runs = arena_array(rq->arena, part->nruns + 1, struct case_trace_line);
    for (size_t i = 0; !status && i < part->nruns; i++)
        status = fill_run(rq, &runs[i], &part->runs[i], err);
    return status ? status : fill_joints(rq, file, part, err);
}

/* --- asking ----------------------------------------------------------------------------------------- */

static const struct input TRACE_INPUTS[] = {TRACE_FORM_INPUTS, {0}};

/* What an accused member called a file may say who they are, and their erasure must reach it. */
static struct str name_of(const struct case_exhibit *exhibit)
{
    return str_equal(exhibit->source, STR("appeal")) ? STR("appeal") : exhibit->name;
}

/* All of the case's exhibits, but those of a kind that can't be read; STATUS_INPUT says so when none can. */
static enum status take_exhibits(struct request *rq, const struct case_file *file,
                                 struct trace_run *run, struct error *err)
{
    struct case_exhibit *list;
    size_t count;
    struct error reason = {0};
    enum status status = case_list_exhibits(rq->arena, rq->store, file->id, &list, &count, err);
    run->exhibits = arena_array(rq->arena, TRACE_EXHIBITS_MAX, struct trace_exhibit);
    for (size_t i = 0; !status && i < count && run->nexhibits < TRACE_EXHIBITS_MAX; i++) {
        struct str bytes;
        struct exhibit exhibit;
        status = library_get_exhibit(rq->arena, rq->store, &list[i].digest, &bytes, err);
        if (!status && !library_check_exhibit(rq->arena, list[i].name, bytes, &exhibit, &reason))
            run->exhibits[run->nexhibits++] =
                (struct trace_exhibit){.name = name_of(&list[i]), .digest = list[i].digest};
    }
    if (!status && run->nexhibits == 0 && reason.status) {
        *err = reason;
        return reason.status;
    }
    return status;
}

static enum status ask_trace(struct request *rq, struct error *err)
{
    struct case_file file;
    struct trace_run run;
    enum status status = page_cases_find(rq, &file, err);
    if (!status)
        status = trace_form_take(rq, &run, err);
    if (!status)
        status = take_exhibits(rq, &file, &run, err);
    if (status)
        return status;
    run.case_file = file.id;
    status = server_write(rq->server, request_actor(rq), trace_ask_step, &run, err);
    return status ? status : answer_redirect(rq, page_cases_path(rq, ""), NULL, NULL);
}

const struct route route_case_trace = {
    .method = "POST",
    .path = "/cases/{case}/trace",
    .roles = CASE_ROLES,
    .en = "Trace the exhibits of a case.",
    .zh = "对案件物证进行追踪。",
    .inputs = TRACE_INPUTS,
    .run = ask_trace,
};

/* --- joining and parting ---------------------------------------------------------------------------- */

struct deciding {
    int64_t file, number, actor, now_ms;
};

static enum status join_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    const struct deciding *d = context;
    return library_join_cases(scratch, store, d->file, d->number, d->actor, d->now_ms, err);
}

static enum status part_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    const struct deciding *d = context;
    return library_part_cases(scratch, store, d->file, d->number, d->actor, d->now_ms, err);
}

static enum status decide(struct request *rq, server_write_step step, struct error *err)
{
    struct case_file file;
    uint64_t number = 0;
    enum status status = page_cases_find(rq, &file, err);
    if (status)
        return status;
    (void)str_to_u64(rq->params[1], &number); /* 0: there is none */
    struct deciding d = {file.id, number <= INT64_MAX ? (int64_t)number : 0, rq->viewer.member,
                         rq->now_ms};
    return server_write(rq->server, request_actor(rq), step, &d, err);
}

static enum status join_cases(struct request *rq, struct error *err)
{
    enum status status = decide(rq, join_step, err);
    return status ? status
                  : answer_redirect(rq, page_cases_path(rq, ""),
                                    "The cases are joined: the joint finding counts in both.",
                                    "已并案，合并认定计入两案。");
}

const struct route route_case_join = {
    .method = "POST",
    .path = "/cases/{case}/joint/{number}/join",
    .roles = CASE_ROLES,
    .en = "Join a case to another: their joint finding counts in both.",
    .zh = "与另一案件并案，合并认定计入两案。",
    .run = join_cases,
};

static enum status part_cases(struct request *rq, struct error *err)
{
    enum status status = decide(rq, part_step, err);
    return status ? status
                  : answer_redirect(rq, page_cases_path(rq, ""),
                                    "The cases are kept apart: each rests on its own findings.",
                                    "两案分别处理，各依自身认定。");
}

const struct route route_case_part = {
    .method = "POST",
    .path = "/cases/{case}/joint/{number}/apart",
    .roles = CASE_ROLES,
    .en = "Keep two cases apart, or part them again.",
    .zh = "不并案，或撤销并案。",
    .run = part_cases,
};
