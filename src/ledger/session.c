/* The machine of a study session as data, and how soon a paper was studied; see session.h. */
#include "ledger/session.h"

#define AT(state) MACHINE_BIT(SESSION_##state)
#define WORDS     SESSION_NEEDS_WORDS

static const struct machine_rule RULES[SESSION_ACTS] = {
    [SESSION_HOLD] = {AT(PLANNED), SESSION_HELD, SESSION_WHO_BODY,
                      SESSION_NEEDS_DAY | SESSION_NEEDS_CHAIR | SESSION_NEEDS_AGENDA |
                          SESSION_NEEDS_PRESENT},
    [SESSION_WRITE] = {AT(HELD) | AT(WRITTEN), SESSION_WRITTEN, SESSION_WHO_BODY,
                       WORDS | SESSION_NEEDS_PRESENT},
    [SESSION_CONFIRM] = {AT(WRITTEN), SESSION_CONFIRMED, SESSION_WHO_CHAIR, SESSION_NEEDS_OTHER},
    [SESSION_RETURN] = {AT(WRITTEN), SESSION_HELD, SESSION_WHO_CHAIR, WORDS},
    [SESSION_REOPEN] = {AT(CONFIRMED), SESSION_HELD, SESSION_WHO_KEEPER, WORDS},
    [SESSION_CALL_OFF] = {AT(PLANNED), SESSION_OFF, SESSION_WHO_BODY, WORDS},
};
static const struct machine_term STATES[SESSION_STATES] = {
    [SESSION_NONE] = {"none", "not a study session", "非学习安排"},
    [SESSION_PLANNED] = {"planned", "being prepared", "筹备中"},
    [SESSION_HELD] = {"held", "held, record to be written", "已召开，待整理记录"},
    [SESSION_WRITTEN] = {"written", "record to be confirmed", "记录待确认"},
    [SESSION_CONFIRMED] = {"confirmed", "record confirmed", "记录已确认"},
    [SESSION_OFF] = {"off", "called off", "已取消"},
};
static const struct machine_term ACTS[SESSION_ACTS] = {
    [SESSION_HOLD] = {"hold", "Say that it was held", "登记已召开"},
    [SESSION_WRITE] = {"write", "Write the record", "整理记录"},
    [SESSION_CONFIRM] = {"confirm", "Confirm the record", "确认记录"},
    [SESSION_RETURN] = {"return", "Send the record back", "退回记录"},
    [SESSION_REOPEN] = {"reopen", "Open the record again", "重新整理记录"},
    [SESSION_CALL_OFF] = {"call-off", "Call it off", "取消"},
};
static const struct machine_term WHOS[SESSION_WHOS] = {
    [SESSION_WHO_BODY] =
        {"body",
         "a member of the body that studies, its head, the chair, or who keeps the "
         "ledger",
         "学习单位成员、负责人、主持人或台账管理者"},
    [SESSION_WHO_CHAIR] = {"chair", "the chair", "主持人"},
    [SESSION_WHO_KEEPER] = {"keeper", "who keeps the ledger", "台账管理者"},
};
static const struct machine_term NEEDS[SESSION_NEEDS_COUNT] = {
    {"words", "an explanation in words", "文字说明"},
    {"day", "a day, which has come", "学习日期已到"},
    {"chair", "a chair", "主持人"},
    {"agenda", "an agenda: something to study, or an item of its own", "议程：学习材料或其他议题"},
    {"present", "who was present", "出席情况"},
    {"other", "a record written by another than the chair", "由主持人以外的人整理的记录"},
};
const struct machine session_machine = {
    .states = {STATES, SESSION_STATES},
    .acts = {ACTS, SESSION_ACTS},
    .whos = {WHOS, SESSION_WHOS},
    .needs = {NEEDS, SESSION_NEEDS_COUNT},
    .rules = RULES,
};

static const struct {
    enum line_state line;
    int64_t progress;
} STAGES[SESSION_STATES] = {
    [SESSION_PLANNED] = {LINE_ACTIVE, 0},  [SESSION_HELD] = {LINE_ACTIVE, 60},
    [SESSION_WRITTEN] = {LINE_ACTIVE, 90}, [SESSION_CONFIRMED] = {LINE_DONE, 100},
    [SESSION_OFF] = {LINE_CLOSED, 0},
};

enum line_state session_line_state(enum session_state state)
{
    return STAGES[state].line;
}

int64_t session_progress(enum session_state state)
{
    return STAGES[state].progress;
}

static const struct machine_term PRESENCE[PRESENCES] = {
    [PRESENCE_UNSAID] = {"unsaid", "not said", "未登记"},
    [PRESENCE_PRESENT] = {"present", "present", "出席"},
    [PRESENCE_EXCUSED] = {"excused", "excused", "请假"},
    [PRESENCE_ABSENT] = {"absent", "absent", "缺席"},
};
const struct machine_terms presence_terms = {PRESENCE, PRESENCES};

static const struct machine_term SOON[SOONNESSES] = {
    [SOON_IN_TIME] = {"in-time", "studied in time", "及时学习"},
    [SOON_LATE] = {"late", "studied late", "逾期学习"},
    [SOON_WAITING] = {"waiting", "to be studied", "待学习"},
    [SOON_OVERDUE] = {"overdue", "overdue, not studied", "逾期未学"},
};
const struct machine_terms soonness_terms = {SOON, SOONNESSES};

void study_read_time(const struct workdays *calendar, int64_t published_day, int64_t limit,
                     int64_t studied_day, int64_t today, struct study_time *time)
{
    struct clock_reading reading;
    struct clock clock = {
        .opened_day = published_day,
        .limit = limit,
        .ended_day = studied_day && studied_day < published_day ? published_day : studied_day,
    };
    clock_read(&clock, calendar, today < published_day ? published_day : today, &reading);
    *time = (struct study_time){
        .is = studied_day ? (reading.late ? SOON_LATE : SOON_IN_TIME)
                          : (reading.late ? SOON_OVERDUE : SOON_WAITING),
        .days = reading.used,
        .due_day = reading.due_day,
        .late = reading.late,
    };
}
