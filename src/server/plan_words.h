/* What pages about plans, subscriptions and codes say alike. */
#ifndef SERVER_PLAN_WORDS_H
#define SERVER_PLAN_WORDS_H

#include "library/plan.h"
#include "server/request.h"

/* "3 years", "90 days", "3 年", "90 天"; in the request's arena. */
struct str plan_span(const struct request *rq, int64_t days);

struct plan_choice {
    struct str key, name;
    bool chosen;
};
extern const struct field PLAN_CHOICE[];
/* The plans that can be subscribed to, for a form's list; the one whose key is `chosen` is marked. */
enum status plan_choices(struct request *rq, struct str chosen, struct plan_choice **list,
                         size_t *count, struct error *err);

#endif
