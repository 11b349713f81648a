/* Scales, matrix, categories and machine of risks, as data; see risk.h. */
#include "ledger/risk.h"

/* --- scales and matrix ---------------------------------------------------------------------------- */

const struct risk_grade risk_likelihoods[RISK_SCALE] = {
    {"rare", "极低", "less than once in ten years", "十年以上才可能发生一次"},
    {"unlikely", "较低", "once in three to ten years", "三至十年可能发生一次"},
    {"possible", "中等", "once in one to three years", "一至三年可能发生一次"},
    {"likely", "较高", "about once a year", "每年可能发生一次左右"},
    {"almost certain", "极高", "several times a year, or it has begun",
     "每年可能发生多次，或已有苗头"},
};
const struct risk_grade risk_impacts[RISK_SCALE] = {
    {"slight", "轻微", "settled within the unit, at no cost worth naming",
     "单位内部即可处理，基本无损失"},
    {"minor", "较小", "work is delayed by days; a few people notice", "工作延误数日，少数人受影响"},
    {"moderate", "中等", "a target of the year is missed, or a town's people notice",
     "年度目标落空，或一个镇的群众受影响"},
    {"major", "较大", "people are hurt, or the whole district notices", "有人员受伤，或全区受影响"},
    {"grave", "特大", "lives are lost, or the harm lasts for years", "有人员死亡，或损害持续多年"},
};

static const struct {
    struct machine_term term;
    const char *how_en, *how_zh;
} LEVELS[RISK_LEVELS] = {
    [RISK_NO_LEVEL] = {{"", "", ""}, "", ""},
    [RISK_LOW] = {{"low", "Low", "低风险"},
                  "It may be borne and is looked at again once a year.",
                  "可以接受，每年复评一次。"},
    [RISK_MODERATE] = {{"moderate", "Moderate", "一般风险"},
                       "Measures are considered; it is looked at again each quarter.",
                       "视情采取措施，每季度复评一次。"},
    [RISK_HIGH] = {{"high", "High", "较大风险"},
                   "Measures with deadlines are needed; what is left is looked at each month.",
                   "须限期采取措施，每月跟踪。"},
    [RISK_EXTREME] = {{"extreme", "Extreme", "重大风险"},
                      "It may not be borne: measures are taken at once until its level is lower.",
                      "不得接受，须立即采取措施，直至等级降低。"},
};

enum risk_level risk_level_of(int64_t likelihood, int64_t impact)
{
    if (likelihood < 1 || likelihood > RISK_SCALE || impact < 1 || impact > RISK_SCALE)
        return RISK_NO_LEVEL;
    return (enum risk_level)(RISK_MATRIX[(likelihood - 1) * RISK_SCALE + impact - 1] - '0');
}

const char *risk_level_name(enum risk_level level)
{
    return LEVELS[level].term.name;
}

const char *risk_level_words(enum risk_level level, enum lang lang)
{
    return lang_pick(lang, LEVELS[level].term.en, LEVELS[level].term.zh);
}

const char *risk_level_rule(enum risk_level level, enum lang lang)
{
    return lang_pick(lang, LEVELS[level].how_en, LEVELS[level].how_zh);
}

enum risk_level risk_level_named(struct str name)
{
    int at = RISK_EXTREME;
    while (at > RISK_NO_LEVEL && !str_equal(name, str_of(LEVELS[at].term.name)))
        at--;
    return (enum risk_level)at;
}

/* --- categories ----------------------------------------------------------------------------------- */

static const struct machine_term CATEGORIES[RISK_CATEGORIES] = {
    [RISK_FINANCE] = {"finance", "Money and debt", "财政金融"},
    [RISK_SAFETY] = {"safety", "Safety at work and in public", "安全生产"},
    [RISK_ENVIRONMENT] = {"environment", "Environment", "生态环境"},
    [RISK_DISASTER] = {"disaster", "Floods, fire and weather", "自然灾害"},
    [RISK_SOCIAL] = {"social", "Peace in the community", "社会稳定"},
    [RISK_HEALTH] = {"health", "Health, food and medicine", "公共卫生和食品药品"},
    [RISK_PROJECT] = {"project", "Building and delivery", "项目建设"},
    [RISK_ECONOMY] = {"economy", "Economy and jobs", "经济运行和就业"},
    [RISK_DATA] = {"data", "Networks and data", "网络和数据安全"},
    [RISK_CONDUCT] = {"conduct", "Law and conduct", "依法履职和廉政"},
};

const char *risk_category_name(enum risk_category category)
{
    return CATEGORIES[category].name;
}

const char *risk_category_words(enum risk_category category, enum lang lang)
{
    return lang_pick(lang, CATEGORIES[category].en, CATEGORIES[category].zh);
}

enum risk_category risk_category_named(struct str name)
{
    return (enum risk_category)machine_named((struct machine_terms){CATEGORIES, RISK_CATEGORIES},
                                             name);
}

/* --- the machine ---------------------------------------------------------------------------------- */

#define AT(state) MACHINE_BIT(RISK_##state)
#define WORDS     RISK_NEEDS_WORDS

static const struct machine_rule RULES[RISK_ACTS] = {
    [RISK_ENTER] = {AT(NONE), RISK_ASSESSED, RISK_WHO_WORKER, RISK_NEEDS_PLACE},
    [RISK_REASSESS] = {AT(ASSESSED) | AT(ACCEPTED) | AT(CLOSED), RISK_ASSESSED, RISK_WHO_WORKER,
                       RISK_NEEDS_PLACE | WORDS},
    [RISK_MEASURE] = {AT(ASSESSED) | AT(DISPOSING), 0, RISK_WHO_HOLDER, WORDS},
    [RISK_DISPOSE] = {AT(ASSESSED), RISK_DISPOSING, RISK_WHO_HOLDER, RISK_NEEDS_MEASURES},
    [RISK_REPORT] = {AT(DISPOSING), RISK_REPORTED, RISK_WHO_HOLDER, WORDS | RISK_NEEDS_ENDED},
    [RISK_JUDGE] = {AT(REPORTED), RISK_JUDGED, RISK_WHO_CHECKER, RISK_NEEDS_PLACE | WORDS},
    [RISK_ACCEPT] = {AT(ASSESSED) | AT(JUDGED), RISK_ACCEPTED, RISK_WHO_BEARER,
                     WORDS | RISK_NEEDS_BEARABLE},
    [RISK_BACK] = {AT(REPORTED) | AT(JUDGED), RISK_DISPOSING, RISK_WHO_CHECKER, WORDS},
    [RISK_CLOSE] = {AT(ASSESSED) | AT(JUDGED) | AT(ACCEPTED), RISK_CLOSED, RISK_WHO_BEARER, WORDS},
};

static const struct machine_term STATES[RISK_STATES] = {
    [RISK_NONE] = {"none", "not assessed yet", "尚未评估"},
    [RISK_ASSESSED] = {"assessed", "assessed", "已评估，待处置"},
    [RISK_DISPOSING] = {"disposing", "being disposed of", "处置中"},
    [RISK_REPORTED] = {"reported", "said to be disposed of", "处置完成，待复评"},
    [RISK_JUDGED] = {"judged", "what is left is assessed", "剩余风险已评估"},
    [RISK_ACCEPTED] = {"accepted", "borne and watched", "已接受，持续监测"},
    [RISK_CLOSED] = {"closed", "gone", "已消除"},
};
static const struct machine_term ACTS[RISK_ACTS] = {
    [RISK_ENTER] = {"enter", "Assess", "评估"},
    [RISK_REASSESS] = {"reassess", "Assess anew", "重新评估"},
    [RISK_MEASURE] = {"measure", "Add a measure", "添加措施"},
    [RISK_DISPOSE] = {"dispose", "Begin disposal", "开始处置"},
    [RISK_REPORT] = {"report", "Say that disposal is done", "处置报结"},
    [RISK_JUDGE] = {"judge", "Assess what is left", "评估剩余风险"},
    [RISK_ACCEPT] = {"accept", "Bear what is left", "接受剩余风险"},
    [RISK_BACK] = {"back", "Back to disposal", "退回处置"},
    [RISK_CLOSE] = {"close", "Say that it is gone", "确认消除"},
};
static const struct machine_term WHOS[RISK_WHOS] = {
    [RISK_WHO_HOLDER] = {"holder", "its lead, who heads its unit, or who keeps the ledger",
                         "分包领导、责任单位负责人或台账管理者"},
    [RISK_WHO_WORKER] = {"worker", "its lead, a member of its unit, or who keeps the ledger",
                         "分包领导、责任单位成员或台账管理者"},
    [RISK_WHO_CHECKER] =
        {"checker",
         "an inspector or who keeps the ledger, but nobody who leads it, heads its "
         "unit or said that disposal is done",
         "督导员或台账管理者（不得为责任人或报结人）"},
    [RISK_WHO_BEARER] =
        {"bearer",
         "who keeps the ledger, but nobody who leads it, heads its unit or said that "
         "disposal is done",
         "台账管理者（不得为责任人或报结人）"},
};
static const struct machine_term NEEDS[RISK_NEEDS_COUNT] = {
    {"words", "an explanation in words", "文字说明"},
    {"place", "likelihood and impact, each from 1 to 5", "可能性和影响程度（各 1 至 5 级）"},
    {"measures", "one measure at least that is still to be carried out", "至少一项待实施的措施"},
    {"ended",
     "all measures carried out or dropped, one at least of them carried out since disposal began or "
     "was sent back",
     "各项措施均已完成或撤销，且开始处置或退回之后至少完成一项"},
    {"bearable", "a level below the highest", "等级低于重大风险"},
};

enum line_state risk_line_state(enum risk_state state)
{
    return state == RISK_ACCEPTED ? LINE_DONE : state == RISK_CLOSED ? LINE_CLOSED : LINE_ACTIVE;
}

const struct machine risk_machine = {
    .states = {STATES, RISK_STATES},
    .acts = {ACTS, RISK_ACTS},
    .whos = {WHOS, RISK_WHOS},
    .needs = {NEEDS, RISK_NEEDS_COUNT},
    .rules = RULES,
};
