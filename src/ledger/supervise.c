/* The machine of supervision and the rhythm of feedback, as data; see supervise.h. */
#include "ledger/supervise.h"

#include "base/calendar.h"

#define AT(state) SUPERVISE_BIT(SUPERVISE_##state)
#define WORDS     SUPERVISE_NEEDS_WORDS

const struct machine_rule supervise_rules[SUPERVISE_ACTS] = {
    [SUPERVISE_ENTER] = {AT(NONE) | AT(DROPPED), SUPERVISE_ENTERED, SUPERVISE_WHO_KEEPER,
                         SUPERVISE_NEEDS_DUE},
    [SUPERVISE_RHYTHM] = {AT(ENTERED) | AT(ASSIGNED) | AT(WORKING), SUPERVISE_NONE,
                          SUPERVISE_WHO_KEEPER, 0},
    [SUPERVISE_ASSIGN] = {AT(ENTERED), SUPERVISE_ASSIGNED, SUPERVISE_WHO_KEEPER,
                          SUPERVISE_NEEDS_ANSWERER},
    [SUPERVISE_SIGN] = {AT(ASSIGNED), SUPERVISE_WORKING, SUPERVISE_WHO_HOLDER, 0},
    [SUPERVISE_DECLINE] = {AT(ASSIGNED), SUPERVISE_ENTERED, SUPERVISE_WHO_HOLDER, WORDS},
    [SUPERVISE_SHARE] = {AT(WORKING), SUPERVISE_NONE, SUPERVISE_WHO_GIVER, WORDS},
    [SUPERVISE_SIGN_PART] = {AT(WORKING), SUPERVISE_NONE, SUPERVISE_WHO_PARTNER,
                             SUPERVISE_NEEDS_UNSIGNED},
    [SUPERVISE_END_PART] = {AT(WORKING), SUPERVISE_NONE, SUPERVISE_WHO_PARTNER,
                            WORDS | SUPERVISE_NEEDS_SIGNED | SUPERVISE_NEEDS_PARTS},
    [SUPERVISE_TAKE_PART] = {AT(WORKING), SUPERVISE_NONE, SUPERVISE_WHO_GIVER, WORDS},
    [SUPERVISE_FEED] = {AT(WORKING), SUPERVISE_NONE, SUPERVISE_WHO_WORKER, WORDS},
    [SUPERVISE_FAULT] = {AT(WORKING), SUPERVISE_NONE, SUPERVISE_WHO_CHECKER, WORDS},
    [SUPERVISE_REPORT] = {AT(WORKING), SUPERVISE_REPORTED, SUPERVISE_WHO_HOLDER,
                          WORDS | SUPERVISE_NEEDS_PARTS | SUPERVISE_NEEDS_EVIDENCE},
    [SUPERVISE_PASS] = {AT(REPORTED), SUPERVISE_CHECKED, SUPERVISE_WHO_CHECKER, WORDS},
    [SUPERVISE_RETURN] = {AT(REPORTED) | AT(CHECKED), SUPERVISE_WORKING, SUPERVISE_WHO_CHECKER,
                          WORDS},
    [SUPERVISE_STRIKE] = {AT(CHECKED), SUPERVISE_STRUCK, SUPERVISE_WHO_STRIKER, 0},
    [SUPERVISE_REOPEN] = {AT(STRUCK), SUPERVISE_WORKING, SUPERVISE_WHO_KEEPER, WORDS},
    [SUPERVISE_DROP] = {AT(ENTERED) | AT(ASSIGNED) | AT(WORKING) | AT(REPORTED) | AT(CHECKED),
                        SUPERVISE_DROPPED, SUPERVISE_WHO_KEEPER, WORDS},
};

static const struct machine_term STATES[SUPERVISE_STATES] = {
    [SUPERVISE_NONE] = {"none", "not under supervision", "未列入督办"},
    [SUPERVISE_ENTERED] = {"entered", "entered, to be assigned", "已立项，待交办"},
    [SUPERVISE_ASSIGNED] = {"assigned", "assigned, to be signed for", "已交办，待签收"},
    [SUPERVISE_WORKING] = {"working", "being worked on", "办理中"},
    [SUPERVISE_REPORTED] = {"reported", "said to be done, to be checked", "已报结，待复核"},
    [SUPERVISE_CHECKED] = {"checked", "checked, to be struck off", "复核通过，待销号"},
    [SUPERVISE_STRUCK] = {"struck", "struck off", "已办结销号"},
    [SUPERVISE_DROPPED] = {"dropped", "supervision ended", "已撤销督办"},
};
static const struct machine_term ACTS[SUPERVISE_ACTS] = {
    [SUPERVISE_ENTER] = {"enter", "Enter", "立项"},
    [SUPERVISE_RHYTHM] = {"rhythm", "Set the rhythm of feedback", "调整反馈周期"},
    [SUPERVISE_ASSIGN] = {"assign", "Assign", "交办"},
    [SUPERVISE_SIGN] = {"sign", "Sign for it", "签收"},
    [SUPERVISE_DECLINE] = {"decline", "Decline", "退件"},
    [SUPERVISE_SHARE] = {"share", "Hand a part on", "分办"},
    [SUPERVISE_SIGN_PART] = {"sign-part", "Sign for the part", "签收分办事项"},
    [SUPERVISE_END_PART] = {"end-part", "Say that the part is done", "分办事项办结"},
    [SUPERVISE_TAKE_PART] = {"take-part", "Take the part back", "收回分办事项"},
    [SUPERVISE_FEED] = {"feed", "Give feedback", "反馈进展"},
    [SUPERVISE_FAULT] = {"fault", "Find it poorly done", "指出办理不力"},
    [SUPERVISE_REPORT] = {"report", "Say that it is done", "报结"},
    [SUPERVISE_PASS] = {"pass", "Confirm on checking", "复核通过"},
    [SUPERVISE_RETURN] = {"return", "Send back", "退回重办"},
    [SUPERVISE_STRIKE] = {"strike", "Strike off", "办结销号"},
    [SUPERVISE_REOPEN] = {"reopen", "Open again", "恢复办理"},
    [SUPERVISE_DROP] = {"drop", "End supervision", "撤销督办"},
};
static const struct machine_term WHOS[SUPERVISE_WHOS] = {
    [SUPERVISE_WHO_KEEPER] = {"keeper", "who keeps the ledger", "台账管理者"},
    [SUPERVISE_WHO_HOLDER] = {"holder", "its lead, or who heads its unit",
                              "分包领导或责任单位负责人"},
    [SUPERVISE_WHO_WORKER] = {"worker", "its lead, or a member of its unit",
                              "分包领导或责任单位成员"},
    [SUPERVISE_WHO_GIVER] = {"giver", "whom the level above was handed to, or who keeps the ledger",
                             "上一级承办者或台账管理者"},
    [SUPERVISE_WHO_PARTNER] = {"partner", "whom the part was handed to", "分办事项承办者"},
    [SUPERVISE_WHO_CHECKER] = {"checker",
                               "an inspector or who keeps the ledger, but nobody who answers for "
                               "it or said that it is done",
                               "督导员或台账管理者（不得为责任人或报结人）"},
    [SUPERVISE_WHO_STRIKER] = {"striker",
                               "who keeps the ledger, but nobody who answers for it or said that "
                               "it is done",
                               "台账管理者（不得为责任人或报结人）"},
};
static const struct machine_term NEEDS[SUPERVISE_NEEDS_COUNT] = {
    {"words", "an explanation in words", "文字说明"},
    {"due", "a line under way, with a last day", "在办且已定完成期限的条目"},
    {"answerer", "a unit or a lead", "责任单位或分包领导"},
    {"evidence",
     "evidence: a file added since it was signed for or last sent back, or words that say where it "
     "is found",
     "佐证：签收或最近一次退回之后添加的附件，或注明佐证所在"},
    {"parts", "the parts handed on are done or taken back", "分办事项均已办结或收回"},
    {"unsigned", "the part is not signed for yet", "分办事项尚未签收"},
    {"signed", "the part is signed for and not done yet", "分办事项已签收且未办结"},
};
const struct machine supervise_machine = {
    {STATES, SUPERVISE_STATES},     {ACTS, SUPERVISE_ACTS}, {WHOS, SUPERVISE_WHOS},
    {NEEDS, SUPERVISE_NEEDS_COUNT}, supervise_rules,
};

const char *supervise_state_name(enum supervise_state state)
{
    return STATES[state].name;
}

const char *supervise_state_words(enum supervise_state state, enum lang lang)
{
    return lang_pick(lang, STATES[state].en, STATES[state].zh);
}

const char *supervise_act_name(enum supervise_act act)
{
    return ACTS[act].name;
}

const char *supervise_act_words(enum supervise_act act, enum lang lang)
{
    return lang_pick(lang, ACTS[act].en, ACTS[act].zh);
}

const char *supervise_who_words(enum supervise_who who, enum lang lang)
{
    return lang_pick(lang, WHOS[who].en, WHOS[who].zh);
}

const char *supervise_needs_words(unsigned need, enum lang lang)
{
    return machine_need_words(supervise_machine.needs, need, lang);
}

enum supervise_state supervise_state_named(struct str name)
{
    return (enum supervise_state)machine_named((struct machine_terms){STATES, SUPERVISE_STATES},
                                               name);
}

enum supervise_act supervise_act_named(struct str name)
{
    return (enum supervise_act)machine_named((struct machine_terms){ACTS, SUPERVISE_ACTS}, name);
}

enum status supervise_allow(enum supervise_state state, enum supervise_act act,
                            struct machine_facts facts, struct error *err)
{
    return machine_allow(&supervise_machine, (int)state, (int)act, facts, err);
}

/* --- feedback ------------------------------------------------------------------------------------- */

static const struct machine_term RHYTHM_TERMS[RHYTHMS] = {
    [RHYTHM_NONE] = {"none", "only when it is done", "仅报结时"},
    [RHYTHM_WEEKLY] = {"weekly", "every week, by Friday", "每周（周五前）"},
    [RHYTHM_FORTNIGHTLY] = {"fortnightly", "every two weeks, by Friday", "每两周（周五前）"},
    [RHYTHM_MONTHLY] = {"monthly", "every month, by its end", "每月（月底前）"},
    [RHYTHM_QUARTERLY] = {"quarterly", "every quarter, by its end", "每季度（季末前）"},
};

const char *rhythm_name(enum rhythm rhythm)
{
    return RHYTHM_TERMS[rhythm].name;
}

const char *rhythm_words(enum rhythm rhythm, enum lang lang)
{
    return lang_pick(lang, RHYTHM_TERMS[rhythm].en, RHYTHM_TERMS[rhythm].zh);
}

enum rhythm rhythm_named(struct str name)
{
    return (enum rhythm)machine_named((struct machine_terms){RHYTHM_TERMS, RHYTHMS}, name);
}

/* The last day of the month that is so many after the one of `day`. */
static int64_t month_end(int64_t day, unsigned months)
{
    int year;
    unsigned month;
    unsigned mday;
    calendar_date_of(day, &year, &month, &mday);
    unsigned count = (unsigned)year * 12 + month - 1 + months + 1;
    return calendar_day_number((int)(count / 12), count % 12 + 1, 1) - 1;
}

/* The last day of the period n, from 0, that `since` is in or that follows it, before it is moved to a working day. */
static int64_t nominal(enum rhythm rhythm, int64_t since, unsigned n)
{
    int year;
    unsigned month;
    unsigned mday;
    int64_t friday = since + (8 - since % 7) % 7; /* 2 January 1970 was one */
    if (rhythm == RHYTHM_WEEKLY)
        return friday + 7 * (int64_t)n;
    if (rhythm == RHYTHM_FORTNIGHTLY)
        return friday + 7 + 14 * (int64_t)n;
    if (rhythm == RHYTHM_MONTHLY)
        return month_end(since, n);
    calendar_date_of(since, &year, &month, &mday);
    return month_end(since, 2 - (month - 1) % 3 + 3 * n);
}

struct walk {
    enum rhythm rhythm;
    const struct workdays *calendar;
    int64_t since, last;
    unsigned period;
};

static int64_t step(struct walk *w)
{
    for (;;) {
        int64_t day = workday_at_or_before(w->calendar, nominal(w->rhythm, w->since, w->period++));
        if (day > w->last) {
            w->last = day;
            return day;
        }
    }
}

int64_t rhythm_day(enum rhythm rhythm, const struct workdays *calendar, int64_t since, int n)
{
    struct walk w = {rhythm, calendar, since, since, 0};
    int64_t day = 0;
    for (int i = 0; rhythm != RHYTHM_NONE && i < n; i++)
        day = step(&w);
    return day;
}

int64_t rhythm_next_day(enum rhythm rhythm, const struct workdays *calendar, int64_t since,
                        int64_t until)
{
    struct walk w = {rhythm, calendar, since, since, 0};
    int64_t day = 0;
    while (rhythm != RHYTHM_NONE && day <= until)
        day = step(&w);
    return day;
}

int64_t rhythm_last_day(enum rhythm rhythm, const struct workdays *calendar, int64_t since,
                        int64_t until)
{
    struct walk w = {rhythm, calendar, since, since, 0};
    int64_t last = 0;
    for (int64_t day = 0; rhythm != RHYTHM_NONE && (day = step(&w)) <= until;)
        last = day;
    return last;
}
