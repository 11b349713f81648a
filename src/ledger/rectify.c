/* The machine of rectification as data; see rectify.h. */
#include "ledger/rectify.h"

#define AT(state) MACHINE_BIT(RECTIFY_##state)
#define WORDS     RECTIFY_NEEDS_WORDS
#define OPEN      (AT(FOUND) | AT(EXPLAINED) | AT(WORKING) | AT(SHOWN) | AT(VERIFIED))

static const struct machine_rule RULES[RECTIFY_ACTS] = {
    [RECTIFY_EXPLAIN] = {AT(FOUND) | AT(EXPLAINED), RECTIFY_EXPLAINED, RECTIFY_WHO_WORKER, WORDS},
    [RECTIFY_PLAN] = {AT(EXPLAINED) | AT(WORKING), RECTIFY_WORKING, RECTIFY_WHO_HOLDER,
                      WORDS | RECTIFY_NEEDS_DUE},
    [RECTIFY_SHOW] = {AT(WORKING), RECTIFY_SHOWN, RECTIFY_WHO_HOLDER,
                      WORDS | RECTIFY_NEEDS_EVIDENCE},
    [RECTIFY_PASS] = {AT(SHOWN), RECTIFY_VERIFIED, RECTIFY_WHO_VERIFIER, WORDS},
    [RECTIFY_RETURN] = {AT(SHOWN) | AT(VERIFIED), RECTIFY_WORKING, RECTIFY_WHO_VERIFIER, WORDS},
    [RECTIFY_RECONSIDER] = {AT(EXPLAINED) | AT(WORKING) | AT(SHOWN) | AT(VERIFIED), RECTIFY_FOUND,
                            RECTIFY_WHO_VERIFIER, WORDS},
    [RECTIFY_STRIKE] = {AT(VERIFIED), RECTIFY_STRUCK, RECTIFY_WHO_STRIKER, RECTIFY_NEEDS_DECIDED},
    [RECTIFY_REOPEN] = {AT(STRUCK) | AT(DROPPED), RECTIFY_FOUND, RECTIFY_WHO_KEEPER, WORDS},
    [RECTIFY_DROP] = {OPEN, RECTIFY_DROPPED, RECTIFY_WHO_KEEPER, WORDS},
};

static const struct machine_term STATES[RECTIFY_STATES] = {
    [RECTIFY_NONE] = {"none", "not a rectification", "非整改事项"},
    [RECTIFY_FOUND] = {"found", "cause to be named", "已查摆，待剖析原因"},
    [RECTIFY_EXPLAINED] = {"explained", "measure to be set", "原因已明，待定措施"},
    [RECTIFY_WORKING] = {"working", "being put right", "整改中"},
    [RECTIFY_SHOWN] = {"shown", "put right, to be verified", "已报整改到位，待验收"},
    [RECTIFY_VERIFIED] = {"verified", "verified, to be struck off", "验收通过，待销号"},
    [RECTIFY_STRUCK] = {"struck", "struck off", "已销号"},
    [RECTIFY_DROPPED] = {"dropped", "dropped", "已撤销"},
};
static const struct machine_term ACTS[RECTIFY_ACTS] = {
    [RECTIFY_EXPLAIN] = {"explain", "Name the cause", "剖析原因"},
    [RECTIFY_PLAN] = {"plan", "Set the measure", "制定整改措施"},
    [RECTIFY_SHOW] = {"show", "Say it is put right", "报送整改结果"},
    [RECTIFY_PASS] = {"pass", "Verify", "验收通过"},
    [RECTIFY_RETURN] = {"return", "Send back to the work", "退回继续整改"},
    [RECTIFY_RECONSIDER] = {"reconsider", "Send back to the cause", "退回重查原因"},
    [RECTIFY_STRIKE] = {"strike", "Strike off", "销号"},
    [RECTIFY_REOPEN] = {"reopen", "Open again", "重新整改"},
    [RECTIFY_DROP] = {"drop", "Drop it", "撤销"},
};
static const struct machine_term WHOS[RECTIFY_WHOS] = {
    [RECTIFY_WHO_WORKER] = {"worker", "its lead, or a member of its unit",
                            "分包领导或责任单位成员"},
    [RECTIFY_WHO_HOLDER] = {"holder", "its lead, or who heads its unit",
                            "分包领导或责任单位负责人"},
    [RECTIFY_WHO_KEEPER] = {"keeper", "who keeps the ledger", "台账管理者"},
    [RECTIFY_WHO_VERIFIER] = {"verifier",
                              "an inspector or who keeps the ledger, but nobody who answers for it "
                              "or said that it is put right",
                              "督导员或台账管理者（不得为责任人或报送人）"},
    [RECTIFY_WHO_STRIKER] = {"striker",
                             "who keeps the ledger, but nobody who answers for it or said that it "
                             "is put right",
                             "台账管理者（不得为责任人或报送人）"},
};
static const struct machine_term NEEDS[RECTIFY_NEEDS_COUNT] = {
    {"words", "an explanation in words", "文字说明"},
    {"due", "a last day", "整改期限"},
    {"evidence",
     "evidence: a file added since the measure was set or it was last sent back, or words that say "
     "where it is found",
     "佐证：制定措施或最近一次退回之后添加的附件，或注明佐证所在"},
    {"decided", "for each earlier problem that is alike: whether it is the same again",
     "逐一判定相似的既往问题是否属于反复"},
};

const struct machine rectify_machine = {
    .states = {STATES, RECTIFY_STATES},
    .acts = {ACTS, RECTIFY_ACTS},
    .whos = {WHOS, RECTIFY_WHOS},
    .needs = {NEEDS, RECTIFY_NEEDS_COUNT},
    .rules = RULES,
};

static const struct {
    enum line_state line;
    int64_t progress;
    int64_t ordinary, grave; /* working days */
} STAGES[RECTIFY_STATES] = {
    [RECTIFY_FOUND] = {LINE_ACTIVE, 0, 5, 3},     [RECTIFY_EXPLAINED] = {LINE_ACTIVE, 15, 5, 3},
    [RECTIFY_WORKING] = {LINE_ACTIVE, 30, 0, 0},  [RECTIFY_SHOWN] = {LINE_ACTIVE, 80, 10, 5},
    [RECTIFY_VERIFIED] = {LINE_ACTIVE, 95, 5, 3}, [RECTIFY_STRUCK] = {LINE_DONE, 100, 0, 0},
    [RECTIFY_DROPPED] = {LINE_CLOSED, 0, 0, 0},
};

enum line_state rectify_line_state(enum rectify_state state)
{
    return STAGES[state].line;
}

int64_t rectify_progress(enum rectify_state state)
{
    return STAGES[state].progress;
}

int64_t rectify_limit(enum rectify_state state, bool grave)
{
    return grave ? STAGES[state].grave : STAGES[state].ordinary;
}

static const struct machine_term ORIGINS[RECTIFY_ORIGINS] = {
    [RECTIFY_OWN] = {"own", "own search", "自查自纠"},
    [RECTIFY_INSPECTION] = {"inspection", "inspection", "督导检查"},
    [RECTIFY_SWEEP] = {"sweep", "sweep of risks", "风险排查"},
    [RECTIFY_CIRCULAR] = {"circular", "circular", "通报"},
    [RECTIFY_PAPER] = {"paper", "a paper", "文件反馈"},
};
const struct machine_terms rectify_origins = {ORIGINS, RECTIFY_ORIGINS};

static const struct machine_term SORTS[RECTIFY_SORTS] = {
    [RECTIFY_DUTY] = {"duty", "duty not done", "责任落实"},
    [RECTIFY_CONDUCT] = {"conduct", "ways of working", "工作作风"},
    [RECTIFY_SERVICE] = {"service", "service to people", "办事服务"},
    [RECTIFY_FUNDS] = {"funds", "funds", "资金管理"},
    [RECTIFY_QUALITY] = {"quality", "quality of work", "工程质量"},
    [RECTIFY_SAFETY] = {"safety", "safety", "安全隐患"},
    [RECTIFY_ENVIRONMENT] = {"environment", "environment", "生态环境"},
    [RECTIFY_RULES] = {"rules", "rules and procedures", "制度机制"},
    [RECTIFY_OTHER] = {"other", "other", "其他"},
};
const struct machine_terms rectify_sorts = {SORTS, RECTIFY_SORTS};
