/* Choices of forms about risks; see ledger_risk.h. */
#include "server/ledger_risk.h"

struct str ledger_grade_words(const struct request *rq, const struct risk_grade grades[RISK_SCALE],
                              int64_t grade)
{
    if (grade < 1 || grade > RISK_SCALE)
        return STR("");
    return str_format(rq->arena, "%d %s", (int)grade,
                      lang_pick(rq->lang, grades[grade - 1].en, grades[grade - 1].zh));
}

struct ledger_choice *ledger_grade_choices(const struct request *rq,
                                           const struct risk_grade grades[RISK_SCALE],
                                           struct str chosen)
{
    struct ledger_choice *list = arena_array(rq->arena, RISK_SCALE, struct ledger_choice);
    for (int i = 0; i < RISK_SCALE; i++) {
        struct str words = ledger_grade_words(rq, grades, i + 1);
        const char *how = lang_pick(rq->lang, grades[i].how_en, grades[i].how_zh);
        list[i].value = str_format(rq->arena, "%d", i + 1);
        list[i].words = rq->lang == LANG_ZH
                            ? str_format(rq->arena, "%.*s：%s", STR_ARG(words), how)
                            : str_format(rq->arena, "%.*s: %s", STR_ARG(words), how);
        list[i].chosen = str_equal(list[i].value, chosen);
    }
    return list;
}

const struct ledger_values risk_category_values = {risk_category_name, risk_category_words,
                                                   .end = RISK_CATEGORIES};

struct str ledger_place_words(const struct request *rq, int64_t likelihood, int64_t impact)
{
    enum risk_level level = risk_level_of(likelihood, impact);
    return level == RISK_NO_LEVEL ? STR("")
                                  : str_format(rq->arena, "%d × %d · %s", (int)likelihood,
                                               (int)impact, risk_level_words(level, rq->lang));
}
