/* What the pages that ask for a trace share: the choices of a form and what it says. Shown by web/trace-fields.html. */
#ifndef SERVER_TRACE_FORM_H
#define SERVER_TRACE_FORM_H

#include "library/trace_run.h"
#include "server/request.h"

struct trace_choice {
    struct str value, words;
    bool chosen;
};
struct trace_form {
    struct trace_choice *papers, *limits;
    size_t npapers, nlimits;
    bool everyone;
};
extern const struct field TRACE_FORM[];
/* Rows of a route's inputs for what web/trace-fields.html holds. */
#define TRACE_FORM_INPUTS                                                                \
    {.name = "paper", .kind = INPUT_TEXT, .most = 24, .en = "Paper", .zh = "文稿"},      \
        {.name = "everyone", .kind = INPUT_FLAG, .en = "All members", .zh = "全体成员"}, \
    {                                                                                    \
        .name = "limit", .kind = INPUT_NUMBER, .least = 6, .most = 15,                   \
        .en = "Places of the limit", .zh = "误认概率上限的位数"                 \
    }

/* The choices, those that the request's inputs name chosen. In the request's arena. */
enum status trace_form_fill(struct request *rq, struct trace_form *form, struct error *err);
/* What the inputs say, by the viewer, now, under a new key: all of *run but exhibits and case. STATUS_MISSING for a paper that
 * there is not. */
enum status trace_form_take(struct request *rq, struct trace_run *run, struct error *err);

/* "Waiting", "Running" … in the request's language. */
struct str trace_state_words(const struct request *rq, enum trace_state state);
/* How far a trace that waits or runs is: "Testing members", 300 of 1,000, 30. */
struct trace_bar {
    struct str phase;
    int64_t done, all, percent; /* all 0: not known */
};
struct trace_bar trace_bar_fill(struct request *rq, const struct trace_run *run);
/* "/trace/KEY" */
struct str trace_path(struct request *rq, struct str key);
/* A server_write_step that asks for the trace that its context, a struct trace_run, is. */
enum status trace_ask_step(struct store *store, struct arena *scratch, void *run,
                           struct error *err);

#endif
