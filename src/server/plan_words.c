/* Words about plans; see plan_words.h. */
#include "server/plan_words.h"

const struct field PLAN_CHOICE[] = {
    FIELD(TEXT, struct plan_choice, key),
    FIELD(TEXT, struct plan_choice, name),
    FIELD(FLAG, struct plan_choice, chosen),
    {0},
};

struct str plan_span(const struct request *rq, int64_t days)
{
    int64_t years = (days + 1) / 365;
    bool whole = years > 0 && (days == years * 365 || days == (years * 1461 + 3) / 4 ||
                               days == years * 1461 / 4);
    long long count = whole ? years : days;
    if (rq->lang == LANG_ZH)
        return str_format(rq->arena, "%lld %s", count, whole ? "年" : "天");
    return str_format(rq->arena, "%lld %s%s", count, whole ? "year" : "day", count == 1 ? "" : "s");
}

enum status plan_choices(struct request *rq, struct str chosen, struct plan_choice **list,
                         size_t *count, struct error *err)
{
    struct plan *plans;
    enum status status =
        library_list_plans(rq->arena, rq->store, false, rq->now_ms, &plans, count, err);
    if (status)
        return status;
    *list = arena_array(rq->arena, *count, struct plan_choice);
    for (size_t i = 0; i < *count; i++)
        (*list)[i] =
            (struct plan_choice){plans[i].key, plans[i].name, str_equal(plans[i].key, chosen)};
    return STATUS_OK;
}
