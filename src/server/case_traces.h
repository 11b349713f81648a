/* The traces of a case, as its page shows them. Shown by web/case-traces.html. */
#ifndef SERVER_CASE_TRACES_H
#define SERVER_CASE_TRACES_H

#include "server/page_cases.h"
#include "server/trace_form.h"

struct case_trace_line {
    struct str key, asker, state, state_words, verdict, headline, next, phase;
    int64_t asked, percent;
    bool open, running, key_stolen;
};
/* A joint test with another case. */
struct case_joint_line {
    struct str key;  /* of the other case */
    struct str name; /* "C2" */
    struct str state, trace, headline, chance, limit, decider;
    int64_t number, decided;
    bool testing, proposed, joined, apart, nothing, alike, may_join, may_part;
};
struct case_traces {
    struct case_joint_line *joints;
    size_t njoints;
    struct case_trace_line *runs;
    size_t nruns;
    struct trace_form form;
    bool any, any_joint, may_trace;
};
extern const struct field CASE_TRACES[];

/* Fills the part for the viewer, in the request's arena. */
enum status case_traces_fill(struct request *rq, const struct case_file *file,
                             struct case_traces *part, struct error *err);

#endif
