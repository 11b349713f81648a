/* Forms that ask for a trace; see trace_form.h. */
#include "server/trace_form.h"

#include <math.h>

#include "library/chance.h"
#include "library/offer.h"
#include "library/paper.h"
#include "server/internal.h"
#include "server/tracer.h"

#define PAPERS_SHOWN 500

static const struct field CHOICE[] = {
    FIELD(TEXT, struct trace_choice, value),
    FIELD(TEXT, struct trace_choice, words),
    FIELD(FLAG, struct trace_choice, chosen),
    {0},
};
const struct field TRACE_FORM[] = {
    FIELD_OF_LIST(struct trace_form, papers, CHOICE),
    FIELD_OF_LIST(struct trace_form, limits, CHOICE),
    FIELD(FLAG, struct trace_form, everyone),
    {0},
};

/* Places of a limit that a form offers: 10^-6, the usual one, and two that ask for more marks. */
static const int LIMITS[] = {6, 9, 12};
#define LIMIT_COUNT (sizeof LIMITS / sizeof *LIMITS)

static void fill_limits(const struct request *rq, struct trace_form *form)
{
    int64_t chosen = request_number(rq, "limit");
    form->limits = arena_array(rq->arena, LIMIT_COUNT, struct trace_choice);
    for (size_t i = 0; i < LIMIT_COUNT; i++)
        form->limits[form->nlimits++] = (struct trace_choice){
            str_format(rq->arena, "%d", LIMITS[i]), chance_words(rq->arena, -LIMITS[i], rq->lang),
            chosen ? chosen == LIMITS[i] : i == 0};
}

enum status trace_form_fill(struct request *rq, struct trace_form *form, struct error *err)
{
    struct offered *list;
    size_t count;
    *form = (struct trace_form){.everyone = request_number(rq, "everyone") != 0};
    fill_limits(rq, form);
    enum status status =
        library_list_offers(rq->arena, rq->store, 0, PAPERS_SHOWN, &list, &count, err);
    if (status)
        return status;
    form->papers = arena_array(rq->arena, count + 1, struct trace_choice);
    for (size_t i = 0; i < count; i++) {
        struct str id = library_paper_id(rq->arena, list[i].offer.paper);
        form->papers[form->npapers++] = (struct trace_choice){
            id, str_format(rq->arena, "%.*s %.*s", STR_ARG(id), STR_ARG(list[i].title)),
            str_equal(id, request_input(rq, "paper"))};
    }
    return STATUS_OK;
}

enum status trace_form_take(struct request *rq, struct trace_run *run, struct error *err)
{
    struct str paper = request_input(rq, "paper");
    int64_t places = request_number(rq, "limit");
    struct edition edition;
    *run = (struct trace_run){.everyone = request_number(rq, "everyone") != 0,
                              .false_alarm = pow(10, (double)-(places ? places : LIMITS[0])),
                              .asked_by = rq->viewer.member,
                              .asked_ms = rq->now_ms};
    enum status status = digest_random_key(rq->arena, &run->key, err);
    if (status || paper.len == 0)
        return status;
    status = library_parse_paper(paper, &run->paper, err);
    return status ? status
                  : library_find_edition(rq->arena, rq->store, run->paper, 0, &edition, err);
}

struct str trace_state_words(const struct request *rq, enum trace_state state)
{
    static const struct {
        const char *en, *zh;
    } WORDS[] = {
        [TRACE_WAITING] = {"Waiting", "等待中"},
        [TRACE_RUNNING] = {"Running", "进行中"},
        [TRACE_DONE] = {"Done", "已完成"},
        [TRACE_CANCELLED] = {"Cancelled", "已取消"},
        [TRACE_INTERRUPTED] = {"Interrupted", "已中断"},
        [TRACE_FAILED] = {"Failed", "失败"},
    };
    return request_words(rq, WORDS[state].en, WORDS[state].zh);
}

static struct str phase_words(const struct request *rq, const struct trace_run *run,
                              const struct trace_progress *p)
{
    static const struct {
        const char *en, *zh;
    } WORDS[] = {
        [TRACE_READING] = {"Reading the exhibit", "正在读取物证"},
        [TRACE_SOURCE] = {"Looking for the paper it comes from", "正在查找来源文稿"},
        [TRACE_ALIGNING] = {"Comparing it with papers", "正在与文稿比对"},
        [TRACE_SCORING] = {"Testing members", "正在检验成员"},
        [TRACE_EXPLAINING] = {"Checking what explains the marks read", "正在核对所读标记的来源"},
    };
    struct str words = request_words(rq, WORDS[p->phase].en, WORDS[p->phase].zh);
    if (p->phase < TRACE_SCORING && run->nexhibits > 1)
        return str_format(
            rq->arena, rq->lang == LANG_ZH ? "%.*s（物证 %zu/%zu）" : "%.*s (exhibit %zu of %zu)",
            STR_ARG(words), p->exhibit + 1, run->nexhibits);
    return words;
}

struct trace_bar trace_bar_fill(struct request *rq, const struct trace_run *run)
{
    struct trace_bar bar = {.phase = trace_state_words(rq, run->state)};
    struct trace_progress progress;
    if (!tracer_progress(server_tracer(rq->server), run->id, &progress))
        return bar;
    bar.phase = phase_words(rq, run, &progress);
    bar.done = (int64_t)progress.done;
    bar.all = (int64_t)progress.all;
    bar.percent = progress.all ? (int64_t)(100 * progress.done / progress.all) : 0;
    return bar;
}

struct str trace_path(struct request *rq, struct str key)
{
    return str_format(rq->arena, "/trace/%.*s", STR_ARG(key));
}

enum status trace_ask_step(struct store *store, struct arena *scratch, void *run, struct error *err)
{
    (void)scratch;
    return library_ask_trace(store, run, err);
}
