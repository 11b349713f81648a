/* Tracing a case's exhibits from its page. */
#include "server/case_traces.h"

#include "library/finding_json.h"
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
    FIELD_HIDDEN(FLAG, struct case_trace_line, open),
    {0},
};
const struct field CASE_TRACES[] = {
    FIELD_OF_LIST(struct case_traces, runs, RUN),
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
    };
    if (run->state != TRACE_DONE)
        return STATUS_OK;
    enum status status = library_unpack_finding(rq->arena, rq->store, run->finding, &finding, err);
    if (!status)
        status = finding_fill(rq, &finding, &part, err);
    if (status)
        return status;
    line->verdict = part.verdict;
    line->headline = part.headline;
    line->next = part.named ? part.members[0].chance : part.next;
    return STATUS_OK;
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
    return status;
}

/* --- asking ----------------------------------------------------------------------------------------- */

static const struct input TRACE_INPUTS[] = {TRACE_FORM_INPUTS, {0}};

/* All of the case's exhibits, but those that are no text; STATUS_INPUT says so when none is. */
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
        status = store_get_blob(rq->arena, rq->store, &list[i].digest, &bytes, err);
        if (!status && !library_read_exhibit(rq->arena, list[i].name, bytes, &exhibit, &reason))
            run->exhibits[run->nexhibits++] = (struct trace_exhibit){list[i].name, list[i].digest};
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
