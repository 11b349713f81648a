/* Traces: asked for by stewards with exhibits at hand, watched while they run, and what they found. */
#include "server/internal.h"

#include <inttypes.h>
#include <math.h>

#include "library/chance.h"
#include "library/finding_json.h"
#include "library/offer.h"
#include "library/trace_run.h"
#include "server/finding_part.h"
#include "server/trace_form.h"
#include "server/tracer.h"
#include "server/writing.h"

#define STEWARDS    (ROLE_STEWARD | ROLE_OWNER)
#define RUNS_SHOWN  100
#define PASTED_MOST 1000000 /* characters */
#define RELOAD_S    2       /* of a page whose trace goes on, without a script */

/* --- the list, and the form ------------------------------------------------------------------------- */

struct run_line {
    struct str key, asker, state, result, file;
    int64_t asked;
};
static const struct field RUN_LINE[] = {
    FIELD(TEXT, struct run_line, key),
    FIELD(TEXT, struct run_line, asker),
    FIELD(TEXT, struct run_line, state),
    FIELD(TEXT, struct run_line, result),
    FIELD(TEXT, struct run_line, file),
    FIELD(TIME, struct run_line, asked),
    {0},
};
struct traces_page {
    struct run_line *runs;
    size_t nruns;
    struct trace_form form;
    struct str text;
    bool any;
};
static const struct field TRACES_PAGE[] = {
    FIELD_OF_LIST(struct traces_page, runs, RUN_LINE),
    {.kind = FIELD_PART,
     .hidden = true,
     .name = "form",
     .at = offsetof(struct traces_page, form),
     .parts = TRACE_FORM},
    FIELD_HIDDEN(TEXT, struct traces_page, text),
    FIELD_HIDDEN(FLAG, struct traces_page, any),
    {0},
};
static const struct input TRACE_INPUTS[] = {
    {.name = "exhibit", .kind = INPUT_FILE, .en = "Files", .zh = "文件"},
    {.name = "text", .kind = INPUT_LONG_TEXT, .most = PASTED_MOST, .en = "Text", .zh = "文字"},
    TRACE_FORM_INPUTS,
    {0},
};

/* What a list says of a trace that is done. */
static enum status result_words(struct request *rq, const struct trace_run *run, struct str *words,
                                struct error *err)
{
    struct finding finding;
    if (run->state != TRACE_DONE)
        return STATUS_OK;
    enum status status = library_unpack_finding(rq->arena, rq->store, run->finding, &finding, err);
    if (!status)
        *words = finding_verdict_words(rq, finding.verdict);
    return status;
}

static enum status show_traces(struct request *rq, struct error *err)
{
    struct trace_run *runs;
    struct traces_page page = {.text = request_input(rq, "text")};
    enum status status = library_list_traces(rq->arena, rq->store, rq->viewer.member, 0, RUNS_SHOWN,
                                             &runs, &page.nruns, err);
    if (!status)
        status = trace_form_fill(rq, &page.form, err);
    if (status)
        return status;
    page.any = page.nruns > 0;
    page.runs = arena_array(rq->arena, page.nruns + 1, struct run_line);
    for (size_t i = 0; !status && i < page.nruns; i++) {
        page.runs[i] = (struct run_line){.key = runs[i].key,
                                         .asker = runs[i].asker,
                                         .file = runs[i].case_key,
                                         .state = trace_state_words(rq, runs[i].state),
                                         .asked = runs[i].asked_ms};
        status = result_words(rq, &runs[i], &page.runs[i].result, err);
    }
    return status ? status : answer_page(rq, "traces", "Trace", "追踪", TRACES_PAGE, &page);
}

const struct route route_traces = {
    .method = "GET",
    .path = "/trace",
    .roles = STEWARDS,
    .en = "Traces made, and the form to ask for one.",
    .zh = "追踪记录，以及发起追踪的表单。",
    .output = TRACES_PAGE,
    .page = "traces",
    .run = show_traces,
};

/* --- asking ------------------------------------------------------------------------------------------- */

/* Keeps one exhibit's bytes and adds it, once it is seen to be of a kind that can be read. */
static enum status add_exhibit(struct request *rq, struct trace_run *run, struct str name,
                               struct str bytes, struct error *err)
{
    struct exhibit exhibit;
    if (run->nexhibits == TRACE_EXHIBITS_MAX)
        return error_set(err, STATUS_INPUT, "At most %u exhibits at a time, please.",
                         "每次最多 %u 份物证。", TRACE_EXHIBITS_MAX);
    enum status status = library_check_exhibit(rq->arena, name, bytes, &exhibit, err);
    if (!status)
        status = library_keep_exhibits(rq->store, &exhibit, 1, err);
    if (!status)
        run->exhibits[run->nexhibits++] =
            (struct trace_exhibit){.name = name, .digest = exhibit.digest};
    return status;
}

static enum status take_exhibits(struct request *rq, struct trace_run *run, struct error *err)
{
    struct str text = writing_lines(rq->arena, request_input(rq, "text"));
    enum status status = STATUS_OK;
    run->exhibits = arena_array(rq->arena, TRACE_EXHIBITS_MAX, struct trace_exhibit);
    for (size_t i = 0; !status && i < rq->nuploads; i++)
        if (str_equal(rq->uploads[i].name, STR("exhibit")) && rq->uploads[i].bytes.len)
            status = add_exhibit(rq, run, rq->uploads[i].file, rq->uploads[i].bytes, err);
    if (!status && str_trim(text).len)
        status = add_exhibit(rq, run, request_words(rq, "pasted.txt", "粘贴文字.txt"), text, err);
    return status;
}

static enum status ask_trace(struct request *rq, struct error *err)
{
    struct trace_run run;
    enum status status = trace_form_take(rq, &run, err);
    if (!status)
        status = take_exhibits(rq, &run, err);
    if (!status)
        status = server_write(rq->server, request_actor(rq), trace_ask_step, &run, err);
    return status ? status : answer_redirect(rq, trace_path(rq, run.key), NULL, NULL);
}

const struct route route_trace_ask = {
    .method = "POST",
    .path = "/trace",
    .roles = STEWARDS,
    .en = "Ask for a trace of files or of text pasted in.",
    .zh = "以文件或粘贴的文字发起追踪。",
    .inputs = TRACE_INPUTS,
    .uploads = true,
    .run = ask_trace,
    .again = show_traces,
};

/* --- one trace ------------------------------------------------------------------------------------------ */

struct exhibit_line {
    struct str name, digest;
    int64_t number;
};
static const struct field EXHIBIT_LINE[] = {
    FIELD(TEXT, struct exhibit_line, name),
    FIELD(TEXT, struct exhibit_line, digest),
    FIELD(NUMBER, struct exhibit_line, number),
    {0},
};
struct trace_page {
    struct str key, asker, state, state_words, paper, limit, phase, why;
    int64_t asked, began, ended, steps_done, steps, percent;
    struct str file;
    bool everyone, open, running, broken, has_finding, may_open;
    struct exhibit_line *exhibits;
    size_t nexhibits;
    struct finding_part finding;
};
static const struct field TRACE_PAGE[] = {
    FIELD(TEXT, struct trace_page, key),
    FIELD(TEXT, struct trace_page, asker),
    FIELD(TEXT, struct trace_page, state),
    FIELD_HIDDEN(TEXT, struct trace_page, state_words),
    FIELD(TEXT, struct trace_page, paper),
    FIELD(TEXT, struct trace_page, limit),
    FIELD(TEXT, struct trace_page, phase),
    FIELD(TEXT, struct trace_page, why),
    FIELD(TIME, struct trace_page, asked),
    FIELD(TIME, struct trace_page, began),
    FIELD(TIME, struct trace_page, ended),
    FIELD(NUMBER, struct trace_page, steps_done),
    FIELD(NUMBER, struct trace_page, steps),
    FIELD_HIDDEN(NUMBER, struct trace_page, percent),
    FIELD(FLAG, struct trace_page, everyone),
    FIELD_HIDDEN(FLAG, struct trace_page, open),
    FIELD_HIDDEN(FLAG, struct trace_page, running),
    FIELD_HIDDEN(FLAG, struct trace_page, broken),
    FIELD(FLAG, struct trace_page, has_finding),
    FIELD(TEXT, struct trace_page, file),
    FIELD_HIDDEN(FLAG, struct trace_page, may_open),
    FIELD_OF_LIST(struct trace_page, exhibits, EXHIBIT_LINE),
    FIELD_OF_PART(struct trace_page, finding, FINDING_PART),
    {0},
};

static void fill_run(struct request *rq, const struct trace_run *run, struct trace_page *page)
{
    *page = (struct trace_page){
        .key = run->key,
        .asker = run->asker,
        .state = str_of(trace_state_name(run->state)),
        .state_words = trace_state_words(rq, run->state),
        .paper = run->paper ? library_paper_id(rq->arena, run->paper) : STR(""),
        .limit = chance_words(rq->arena, log10(run->false_alarm), rq->lang),
        .why = request_words(rq, run->failed.en, run->failed.zh),
        .asked = run->asked_ms,
        .began = run->began_ms,
        .ended = run->ended_ms,
        .everyone = run->everyone,
        .open = run->state == TRACE_WAITING || run->state == TRACE_RUNNING,
        .running = run->state == TRACE_RUNNING,
        .broken = run->state > TRACE_DONE,
        .has_finding = run->state == TRACE_DONE,
        .file = run->case_key,
        .may_open = run->state == TRACE_DONE && !run->case_file,
        .exhibits = arena_array(rq->arena, run->nexhibits + 1, struct exhibit_line),
        .nexhibits = run->nexhibits,
    };
    for (size_t i = 0; i < run->nexhibits; i++) {
        char hex[DIGEST_HEX + 1];
        digest_to_hex(&run->exhibits[i].digest, hex);
        page->exhibits[i] = (struct exhibit_line){run->exhibits[i].name,
                                                  str_copy(rq->arena, str_of(hex)), (int64_t)i + 1};
    }
}

static enum status find_run(struct request *rq, struct trace_run *run, struct error *err)
{
    return library_find_trace(rq->arena, rq->store, rq->params[0], rq->viewer.member, run, err);
}

static enum status show_trace(struct request *rq, struct error *err)
{
    struct trace_run run;
    struct trace_page page;
    struct finding finding;
    enum status status = find_run(rq, &run, err);
    if (status)
        return status;
    fill_run(rq, &run, &page);
    if (page.open) {
        struct trace_bar bar = trace_bar_fill(rq, &run);
        page.phase = bar.phase;
        page.steps_done = bar.done;
        page.steps = bar.all;
        page.percent = bar.percent;
        rq->reload_s = RELOAD_S;
    }
    if (page.has_finding)
        status = library_unpack_finding(rq->arena, rq->store, run.finding, &finding, err);
    if (!status && page.has_finding)
        status = finding_fill(rq, &finding, &page.finding, err);
    return status ? status : answer_page(rq, "trace", "Trace", "追踪", TRACE_PAGE, &page);
}

const struct route route_trace = {
    .method = "GET",
    .path = "/trace/{trace}",
    .roles = STEWARDS,
    .en = "A trace: how far it is, or what it found.",
    .zh = "一次追踪：进度或认定。",
    .output = TRACE_PAGE,
    .page = "trace",
    .run = show_trace,
};

/* --- its parts ------------------------------------------------------------------------------------------- */

static enum status show_finding(struct request *rq, struct error *err)
{
    struct trace_run run;
    struct finding finding;
    enum status status = find_run(rq, &run, err);
    if (!status && run.state != TRACE_DONE)
        return error_set(err, STATUS_MISSING, "This trace has found nothing yet.",
                         "这次追踪尚无认定。");
    if (!status)
        status = library_unpack_finding(rq->arena, rq->store, run.finding, &finding, err);
    if (status)
        return status;
    json_t *json = library_finding_json(&finding);
    char *text = json_dumps(json, JSON_INDENT(2));
    struct str body = str_copy(rq->arena, str_of(text));
    free(text);
    json_decref(json);
    return answer_bytes(rq, "application/json; charset=utf-8", body, STR(""));
}

const struct route route_trace_finding = {
    .method = "GET",
    .path = "/trace/{trace}/finding",
    .roles = STEWARDS,
    .en = "The finding of a trace in the documented form, docs/trace-json.md.",
    .zh = "追踪认定的 JSON，格式见 docs/trace-json.zh-CN.md。",
    .run = show_finding,
};

static enum status show_exhibit(struct request *rq, struct error *err)
{
    struct trace_run run;
    uint64_t number = 0;
    struct str bytes;
    enum status status = find_run(rq, &run, err);
    if (status)
        return status;
    if (!str_to_u64(rq->params[1], &number) || number == 0 || number > run.nexhibits)
        return error_set(err, STATUS_MISSING, "There is no such exhibit.", "没有这份物证。");
    const struct trace_exhibit *exhibit = &run.exhibits[number - 1];
    status = library_get_exhibit(rq->arena, rq->store, &exhibit->digest, &bytes, err);
    return status ? status : answer_bytes(rq, "application/octet-stream", bytes, exhibit->name);
}

const struct route route_trace_exhibit = {
    .method = "GET",
    .path = "/trace/{trace}/exhibits/{number}",
    .roles = STEWARDS,
    .en = "An exhibit byte for byte as it was given.",
    .zh = "下载物证原件。",
    .run = show_exhibit,
};

struct changing {
    struct trace_run run;
    int64_t actor, now_ms;
    struct arena *arena;
    struct str case_key;
};

/* --- cancelling, and again --------------------------------------------------------------------------------- */

static enum status cancel_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    const struct changing *a = context;
    (void)scratch;
    return library_cancel_trace(store, a->run.id, a->now_ms, err);
}

static enum status cancel_trace(struct request *rq, struct error *err)
{
    struct changing a = {.now_ms = rq->now_ms};
    enum status status = find_run(rq, &a.run, err);
    if (!status)
        status = server_write(rq->server, request_actor(rq), cancel_step, &a, err);
    if (status)
        return status;
    tracer_stop(server_tracer(rq->server), a.run.id);
    return answer_redirect(rq, trace_path(rq, a.run.key), "The trace is cancelled.",
                           "追踪已取消。");
}

const struct route route_trace_cancel = {
    .method = "POST",
    .path = "/trace/{trace}/cancel",
    .roles = STEWARDS,
    .en = "Cancel a trace that waits or runs.",
    .zh = "取消等待或进行中的追踪。",
    .run = cancel_trace,
    .again = show_trace,
};

static enum status again_step(struct store *store, struct arena *scratch, void *context,
                              struct error *err)
{
    const struct changing *a = context;
    (void)scratch;
    return library_ask_trace_again(store, a->run.id, a->now_ms, err);
}

static enum status ask_again(struct request *rq, struct error *err)
{
    struct changing a = {.now_ms = rq->now_ms};
    enum status status = find_run(rq, &a.run, err);
    if (!status)
        status = server_write(rq->server, request_actor(rq), again_step, &a, err);
    return status ? status : answer_redirect(rq, trace_path(rq, a.run.key), NULL, NULL);
}

const struct route route_trace_again = {
    .method = "POST",
    .path = "/trace/{trace}/again",
    .roles = STEWARDS,
    .en = "Run a trace again that was broken off.",
    .zh = "重新运行中断的追踪。",
    .run = ask_again,
    .again = show_trace,
};

/* --- a case of it ------------------------------------------------------------------------------------------ */

static enum status open_step(struct store *store, struct arena *scratch, void *context,
                             struct error *err)
{
    struct changing *c = context;
    (void)scratch;
    return library_open_case_of_trace(c->arena, store, &c->run, c->actor, c->now_ms, &c->case_key,
                                      err);
}

static enum status open_case(struct request *rq, struct error *err)
{
    struct changing c = {.arena = rq->arena, .actor = rq->viewer.member, .now_ms = rq->now_ms};
    enum status status = find_run(rq, &c.run, err);
    /* Who reports stands in no event. */
    if (!status)
        status = server_write(rq->server, STR(""), open_step, &c, err);
    return status ? status
                  : answer_redirect(rq, str_format(rq->arena, "/cases/%.*s", STR_ARG(c.case_key)),
                                    "A case is open with these exhibits and this finding.",
                                    "已以这些物证和认定立案。");
}

const struct route route_trace_case = {
    .method = "POST",
    .path = "/trace/{trace}/case",
    .roles = STEWARDS,
    .en = "Open a case with the exhibits and the finding of a trace.",
    .zh = "以追踪的物证与认定立案。",
    .run = open_case,
    .again = show_trace,
};
