/* The machine of a tour, as data; see inspect.h. */
#include "ledger/inspect.h"

#define AT(state) MACHINE_BIT(INSPECT_##state)
#define WORDS     INSPECT_NEEDS_WORDS

static const struct machine_rule RULES[INSPECT_ACTS] = {
    [INSPECT_PLAN] = {AT(NONE), INSPECT_PLANNED, INSPECT_WHO_KEEPER, 0},
    [INSPECT_SET] = {AT(PLANNED), 0, INSPECT_WHO_KEEPER, 0},
    [INSPECT_ARRANGE] = {AT(PLANNED) | AT(TOURING), 0, INSPECT_WHO_KEEPER, 0},
    [INSPECT_START] = {AT(PLANNED), INSPECT_TOURING, INSPECT_WHO_KEEPER,
                       INSPECT_NEEDS_STOPS | INSPECT_NEEDS_SCORERS},
    [INSPECT_SCORE] = {AT(TOURING), 0, INSPECT_WHO_SCORER, 0},
    [INSPECT_END] = {AT(TOURING), INSPECT_SCORED, INSPECT_WHO_KEEPER,
                     INSPECT_NEEDS_STOPS | INSPECT_NEEDS_SCORES},
    [INSPECT_REOPEN] = {AT(SCORED), INSPECT_TOURING, INSPECT_WHO_KEEPER, WORDS},
    [INSPECT_CLOSE] = {AT(SCORED), INSPECT_CLOSED, INSPECT_WHO_KEEPER,
                       WORDS | INSPECT_NEEDS_SETTLED},
    [INSPECT_DROP] = {AT(PLANNED) | AT(TOURING) | AT(SCORED), INSPECT_DROPPED, INSPECT_WHO_KEEPER,
                      WORDS},
};

static const struct machine_term STATES[INSPECT_STATES] = {
    [INSPECT_NONE] = {"none", "not planned", "未安排"},
    [INSPECT_PLANNED] = {"planned", "planned", "已安排"},
    [INSPECT_TOURING] = {"touring", "under way, being scored", "观摩评分中"},
    [INSPECT_SCORED] = {"scored", "scoring closed", "评分已截止"},
    [INSPECT_CLOSED] = {"closed", "closed", "已办结"},
    [INSPECT_DROPPED] = {"dropped", "called off", "已取消"},
};
static const struct machine_term ACTS[INSPECT_ACTS] = {
    [INSPECT_PLAN] = {"plan", "Plan", "安排"},
    [INSPECT_SET] = {"set", "Change sheet or rule", "调整评分表或规则"},
    [INSPECT_ARRANGE] = {"arrange", "Change stops or scorers", "调整观摩点或评分人"},
    [INSPECT_START] = {"start", "Begin the tour", "开始观摩"},
    [INSPECT_SCORE] = {"score", "Score a stop", "评分"},
    [INSPECT_END] = {"end", "Close the scoring", "截止评分"},
    [INSPECT_REOPEN] = {"reopen", "Open the scoring again", "重新开放评分"},
    [INSPECT_CLOSE] = {"close", "Close the tour", "办结"},
    [INSPECT_DROP] = {"drop", "Call it off", "取消"},
};
static const struct machine_term WHOS[INSPECT_WHOS] = {
    [INSPECT_WHO_KEEPER] = {"keeper", "who keeps the ledger, its lead, or who heads its unit",
                            "台账管理者、分包领导或责任单位负责人"},
    [INSPECT_WHO_SCORER] =
        {"scorer", "a scorer of the tour, but nobody of the stop's own unit and not its lead",
         "本次评分人（本单位或本人分包的观摩点须回避）"},
};
static const struct machine_term NEEDS[INSPECT_NEEDS_COUNT] = {
    {"words", "an explanation in words", "文字说明"},
    {"stops", "a stop at least", "至少一个观摩点"},
    {"scorers", "a scorer at least", "至少一名评分人"},
    {"scores", "a score for every stop", "每个观摩点均有评分"},
    {"settled", "a decision about every finding", "每个问题均已处理"},
};

const struct machine inspect_machine = {
    .states = {STATES, INSPECT_STATES},
    .acts = {ACTS, INSPECT_ACTS},
    .whos = {WHOS, INSPECT_WHOS},
    .needs = {NEEDS, INSPECT_NEEDS_COUNT},
    .rules = RULES,
};

enum line_state inspect_line_state(enum inspect_state state)
{
    static const enum line_state LINES[INSPECT_STATES] = {
        [INSPECT_NONE] = LINE_PROPOSED,  [INSPECT_PLANNED] = LINE_PROPOSED,
        [INSPECT_TOURING] = LINE_ACTIVE, [INSPECT_SCORED] = LINE_ACTIVE,
        [INSPECT_CLOSED] = LINE_DONE,    [INSPECT_DROPPED] = LINE_CLOSED,
    };
    return state < INSPECT_STATES ? LINES[state] : LINE_PROPOSED;
}
