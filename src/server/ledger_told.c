/* What events of the ledger hold, in words; see ledger_told.h. */
#include "server/ledger_told.h"

#include "ledger/account.h"
#include "ledger/campaign.h"
#include "ledger/clash.h"
#include "ledger/higher.h"
#include "ledger/inspect.h"
#include "ledger/policy.h"
#include "ledger/project.h"
#include "ledger/rank.h"
#include "ledger/rectify.h"
#include "ledger/review.h"
#include "ledger/risk.h"
#include "ledger/session.h"
#include "ledger/sheet.h"
#include "ledger/step.h"
#include "ledger/supervise.h"
#include "ledger/threshold.h"
#include "ledger/uptaking.h"
#include "ledger/urge.h"
#include "server/ledger_indicator.h"
#include "server/ledger_terms.h"

/* --- what was done -------------------------------------------------------------------------------- */

/* In English, by the act; Chinese says what to do and what was done with the same words. */
static const char *const PROJECT_DONE[PROJECT_ACTS] = {
    [PROJECT_ACT_PROPOSE] = "Proposed",         [PROJECT_ACT_SCORE] = "Scored",
    [PROJECT_ACT_ADMIT] = "Admitted",           [PROJECT_ACT_DECLINE] = "Declined",
    [PROJECT_ACT_KEEP] = "Kept in the library", [PROJECT_ACT_START] = "Begun",
    [PROJECT_ACT_SUSPEND] = "Suspended",        [PROJECT_ACT_RESUME] = "Resumed",
    [PROJECT_ACT_WITHDRAW] = "Withdrawn",       [PROJECT_ACT_RENEW] = "Proposed again",
    [PROJECT_ACT_FINISH] = "Finished",          [PROJECT_ACT_REOPEN] = "Opened again",
};
static const char *const WATCH_DONE[WATCH_ACTS] = {
    [WATCH_ACT_PLAN] = "Day planned",
    [WATCH_ACT_MEET] = "Condition updated",
    [WATCH_ACT_ADD] = "Condition of its own added",
    [WATCH_ACT_DROP] = "Condition of its own dropped",
    [WATCH_ACT_REPORT] = "Reported as reached",
    [WATCH_ACT_PASS] = "Passed",
    [WATCH_ACT_RETURN] = "Sent back",
    [WATCH_ACT_WAIVE] = "Said not to apply",
    [WATCH_ACT_REOPEN] = "Opened again",
};
static const char *const REVIEW_DONE[REVIEW_ACTS] = {
    [REVIEW_ACT_MAKE] = "Proposed",      [REVIEW_ACT_START] = "Sent to the units",
    [REVIEW_ACT_REPLY] = "Reply given",  [REVIEW_ACT_BACK] = "Stage asked again",
    [REVIEW_ACT_WITHDRAW] = "Withdrawn",
};
static const char *const STEP_ACT_DONE[STEP_ACTS] = {
    [STEP_ACT_BEGIN] = "Its turn came",
    [STEP_ACT_ASK] = "Question asked",
    [STEP_ACT_ANSWER] = "Question answered",
    [STEP_ACT_AGREE] = "Agreed",
    [STEP_ACT_CONDITION] = "Agreed with conditions",
    [STEP_ACT_REFUSE] = "Refused",
    [STEP_ACT_FINISH] = "Said to be done",
    [STEP_ACT_LAPSE] = "Limit passed in silence",
    [STEP_ACT_EXTEND] = "Limit extended",
    [STEP_ACT_DROP] = "Let go",
};
static const char *const SESSION_DONE[SESSION_ACTS] = {
    [SESSION_HOLD] = "Said to have been held", [SESSION_WRITE] = "Record written",
    [SESSION_CONFIRM] = "Record confirmed",    [SESSION_RETURN] = "Record sent back",
    [SESSION_REOPEN] = "Record opened again",  [SESSION_CALL_OFF] = "Called off",
};
static const char *const RECTIFY_DONE[RECTIFY_ACTS] = {
    [RECTIFY_EXPLAIN] = "Cause named",
    [RECTIFY_PLAN] = "Measure set",
    [RECTIFY_SHOW] = "Said to be put right",
    [RECTIFY_PASS] = "Verified",
    [RECTIFY_RETURN] = "Sent back to the work",
    [RECTIFY_RECONSIDER] = "Sent back to the cause",
    [RECTIFY_STRIKE] = "Struck off",
    [RECTIFY_REOPEN] = "Opened again",
    [RECTIFY_DROP] = "Dropped",
};
static const char *const POLICY_DONE[POLICY_ACTS] = {
    [POLICY_ACT_LIST] = "Entered in the register",
    [POLICY_ACT_START] = "Steps begun",
    [POLICY_ACT_AIM] = "Hopes stated",
    [POLICY_ACT_ENACT] = "Put into force",
    [POLICY_ACT_EXTEND] = "Last day changed",
    [POLICY_ACT_END] = "Ended",
    [POLICY_ACT_DROP] = "Given up",
    [POLICY_ACT_REOPEN] = "Taken up again",
};
static const char *const LEAFLET_DONE[LEAFLET_ACTS] = {
    [LEAFLET_ACT_WRITE] = "Written",      [LEAFLET_ACT_ASK] = "Handed in to be looked at",
    [LEAFLET_ACT_RETURN] = "Sent back",   [LEAFLET_ACT_SHOW] = "Shown",
    [LEAFLET_ACT_WITHDRAW] = "Withdrawn",
};
static const char *const RISK_DONE[RISK_ACTS] = {
    [RISK_ENTER] = "Assessed",
    [RISK_REASSESS] = "Assessed anew",
    [RISK_MEASURE] = "Measure added",
    [RISK_DISPOSE] = "Disposal begun",
    [RISK_REPORT] = "Disposal said to be done",
    [RISK_JUDGE] = "What is left assessed",
    [RISK_ACCEPT] = "What is left is borne",
    [RISK_BACK] = "Sent back to disposal",
    [RISK_CLOSE] = "Said to be gone",
};
static const char *const SUPERVISE_DONE[SUPERVISE_ACTS] = {
    [SUPERVISE_ENTER] = "Entered",
    [SUPERVISE_RHYTHM] = "Rhythm of feedback set",
    [SUPERVISE_ASSIGN] = "Assigned",
    [SUPERVISE_SIGN] = "Signed for",
    [SUPERVISE_DECLINE] = "Declined",
    [SUPERVISE_SHARE] = "Part handed on",
    [SUPERVISE_SIGN_PART] = "Part signed for",
    [SUPERVISE_END_PART] = "Part said to be done",
    [SUPERVISE_TAKE_PART] = "Part taken back",
    [SUPERVISE_FEED] = "Feedback given",
    [SUPERVISE_FAULT] = "Found poorly done",
    [SUPERVISE_REPORT] = "Said to be done",
    [SUPERVISE_PASS] = "Confirmed on checking",
    [SUPERVISE_RETURN] = "Sent back",
    [SUPERVISE_STRIKE] = "Struck off",
    [SUPERVISE_REOPEN] = "Opened again",
    [SUPERVISE_DROP] = "Supervision ended",
};
static const char *const INSPECT_DONE[INSPECT_ACTS] = {
    [INSPECT_PLAN] = "Planned",
    [INSPECT_SET] = "Sheet or rule changed",
    [INSPECT_ARRANGE] = "Stops or scorers changed",
    [INSPECT_START] = "Tour begun",
    [INSPECT_SCORE] = "Stop scored",
    [INSPECT_END] = "Scoring closed",
    [INSPECT_REOPEN] = "Scoring opened again",
    [INSPECT_CLOSE] = "Tour closed",
    [INSPECT_DROP] = "Called off",
};

static const struct {
    const struct machine *machine;
    const char *const *done;
} DONE[] = {
    {&project_machine, PROJECT_DONE}, {&watch_machine, WATCH_DONE},
    {&review_machine, REVIEW_DONE},   {&step_machine, STEP_ACT_DONE},
    {&session_machine, SESSION_DONE}, {&rectify_machine, RECTIFY_DONE},
    {&policy_machine, POLICY_DONE},   {&leaflet_machine, LEAFLET_DONE},
    {&risk_machine, RISK_DONE},       {&supervise_machine, SUPERVISE_DONE},
    {&inspect_machine, INSPECT_DONE},
};

const char *ledger_done_words(const struct machine *machine, int act, enum lang lang)
{
    size_t at = 0;
    while (at + 1 < sizeof DONE / sizeof *DONE && DONE[at].machine != machine)
        at++;
    return lang_pick(lang, DONE[at].done[act], machine->acts.at[act].zh);
}

/* --- what else stands in events --------------------------------------------------------------------- */

static const char *cause_name(unsigned cause)
{
    return urge_rules[cause].name;
}

static const char *cause_words(unsigned cause, enum lang lang)
{
    return lang_pick(lang, urge_rules[cause].short_en, urge_rules[cause].short_zh);
}

static const char *watch_name(unsigned watch)
{
    return watch_kinds[watch].name;
}

static const char *watch_words(unsigned watch, enum lang lang)
{
    return lang_pick(lang, watch_kinds[watch].en, watch_kinds[watch].zh);
}

/* Acts outside of the machines, and what no machine has a word for. */
static const struct machine_term CAMPAIGN_TERMS[] = {
    {"add", "Lines added", "增加条目"},
    {"aim", "Aim set", "调整目标"},
    {"take-out", "Lines taken out", "移出条目"},
    {"rank", "Rule of the ranking changed", "调整排名规则"},
    {"start", "Started", "启动"},
    {"extend", "Last day put off", "延期"},
    {"end", "Ended with a summing-up", "收官"},
    {"drop", "Called off", "中止"},
};
static const struct machine_term SESSION_TERMS[] = {
    {"prepared", "Prepared", "筹备"},
    {"agenda", "Agenda changed", "调整议程"},
    {"attendance", "Attendance noted", "登记到会情况"},
};
static const struct machine_term RECTIFY_TERMS[] = {{"found", "Put on record", "列入整改"}};
static const struct machine_term OPEN_TERMS[] = {
    {"open", "Opened to everybody", "向所有人公开"},
    {"shut", "For members alone again", "仅向成员公开"},
};
static const struct machine_term SWEEP_TERMS[] = {
    {"begin", "Begun", "开始排查"},
    {"end", "Ended", "结束排查"},
};
static const struct machine_term HANDOVER_TERMS[] = {
    {"asked", "Offered", "提出移交"},
    {"accepted", "Accepted", "同意接手"},
    {"declined", "Declined", "谢绝接手"},
    {"withdrawn", "Taken back", "撤回移交"},
};
static const struct machine_term ALARM_TERMS[] = {
    {"raised", "Raised", "发出"},
    {"fallen", "Fallen", "解除"},
};
static const struct machine_term SPLIT_TERMS[] = {
    {"even", "evenly", "平均分解"},
    {"seasonal", "as past years went", "按往年规律分解"},
};
#define TERMS(TABLE)                            \
    {                                           \
        .terms = &(const struct machine_terms)  \
        {                                       \
            TABLE, sizeof TABLE / sizeof *TABLE \
        }                                       \
    }

/* The first row that fits gives the words; `acts` are told as done. */
static const struct {
    const char *event, *name;
    const struct machine *acts;
    struct ledger_values values;
} TOLD[] = {
    {"line.project", "act", &project_machine, {0}},
    {"line.watch", "act", &watch_machine, {0}},
    {"line.watch", "watch", NULL, {watch_name, watch_words, .end = WATCHES}},
    {"line.review", "act", &review_machine, {0}},
    {"line.review",
     "verdict",
     NULL,
     {review_verdict_name, review_verdict_words, .end = REVIEW_VERDICTS}},
    {"line.step", "act", &step_machine, {0}},
    {"line.step", "reason", NULL, {step_reason_name, step_reason_words, .end = STEP_REASONS}},
    {"line.study", "act", &session_machine, {0}},
    {"line.study", "act", NULL, TERMS(SESSION_TERMS)},
    {"line.rectification", "act", &rectify_machine, {0}},
    {"line.rectification", "act", NULL, TERMS(RECTIFY_TERMS)},
    {"line.rectification", "origin", NULL, {.terms = &rectify_origins}},
    {"line.rectification", "sort", NULL, {.terms = &rectify_sorts}},
    {"line.policy", "act", &policy_machine, {0}},
    {"line.policy", "act", NULL, TERMS(OPEN_TERMS)},
    {"line.policy", "route", NULL, {.terms = &policy_routes}},
    {"line.appraised", "verdict", NULL, {.terms = &appraisal_verdicts}},
    {"line.leaflet", "act", &leaflet_machine, {0}},
    {"line.risk", "act", &risk_machine, {0}},
    {"line.risk", "level", NULL, {risk_level_name, risk_level_words, 1, RISK_LEVELS, NULL}},
    {"line.alarm", "alarm", NULL, TERMS(ALARM_TERMS)},
    {"line.alarm",
     "level",
     NULL,
     {threshold_level_name, threshold_level_words, .end = THRESHOLD_LEVELS}},
    {"line.supervision", "act", &supervise_machine, {0}},
    {"line.supervision", "rhythm", NULL, {rhythm_name, rhythm_words, .end = RHYTHMS}},
    {"line.urged", "kind", NULL, {urge_kind_name, urge_kind_words, .end = URGE_KINDS}},
    {"line.urged", "cause", NULL, {cause_name, cause_words, .end = URGE_CAUSES}},
    {"line.inspection", "act", &inspect_machine, {0}},
    {"line.inspection", "rule", NULL, {rank_rule_name, rank_rule_title, .end = RANK_RULES}},
    {"line.campaign", "act", NULL, TERMS(CAMPAIGN_TERMS)},
    {"line.campaign",
     "rule",
     NULL,
     {campaign_rule_name, campaign_rule_words, .end = CAMPAIGN_RULES}},
    {"line.campaign",
     "over",
     NULL,
     {campaign_over_name, campaign_over_words, .end = CAMPAIGN_OVERS}},
    {"line.sweep", "act", NULL, TERMS(SWEEP_TERMS)},
    {"line.handover", "handover", NULL, TERMS(HANDOVER_TERMS)},
    {"line.indicator", "direction", NULL, {.terms = &indicator_directions}},
    {"line.indicator", "fold", NULL, {.terms = &indicator_folds}},
    {"line.target", "split", NULL, TERMS(SPLIT_TERMS)},
    {"line.made", "kind", NULL, {ledger_kind_name, ledger_kind_word, .end = LEDGER_KINDS}},
    {"line.made", "state", NULL, {line_state_name, line_state_word, .end = LINE_STATES}},
    {"line.changed", "state", NULL, {line_state_name, line_state_word, .end = LINE_STATES}},
    {"line.entered", "kind", NULL, {entry_kind_name, entry_kind_words, .end = ENTRY_KINDS}},
    {"line.entry", "kind", NULL, {entry_kind_name, entry_kind_words, .end = ENTRY_KINDS}},
    {"line.struck", "kind", NULL, {entry_kind_name, entry_kind_words, .end = ENTRY_KINDS}},
    {"higher.made", "level", NULL, {higher_level_name, higher_level_word, .end = HIGHER_LEVELS}},
    {"clash.found", "aspect", NULL, {clash_aspect_name, clash_aspect_word, .end = CLASH_ASPECTS}},
    {"sheet.made", "use", NULL, {sheet_use_name, sheet_use_words, .end = SHEET_USES}},
};

static const char *value_words(const struct ledger_values *values, struct str value, enum lang lang)
{
    if (values->terms)
        return ledger_term_words(*values->terms, value, lang);
    for (unsigned i = values->first; i < values->end; i++)
        if (str_equal(value, str_of(values->name(i))))
            return values->words(i, lang);
    return "";
}

static const char *act_words(const struct machine *machine, struct str value, enum lang lang)
{
    int act = machine_named(machine->acts, value);
    return act < machine->acts.count ? ledger_done_words(machine, act, lang) : "";
}

const char *ledger_told(struct str event, struct str name, struct str value, enum lang lang)
{
    const char *words = "";
    for (size_t i = 0; !*words && i < sizeof TOLD / sizeof *TOLD; i++)
        if (str_equal(event, str_of(TOLD[i].event)) && str_equal(name, str_of(TOLD[i].name)))
            words = TOLD[i].acts ? act_words(TOLD[i].acts, value, lang)
                                 : value_words(&TOLD[i].values, value, lang);
    return words;
}
