/* Monitoring (监测): the thresholds that a risk sets over indicators, and the alarms that figures raise by them. How a
 * threshold judges is in threshold.h.
 *
 * A write that changes figures judges the thresholds over them and over what formulas make of them before it ends
 * (ledger_freshen in alarm.h): on the day a figure comes in the alarm is raised, once, or falls. What was raised and not told yet is told in letters by server/. */
#ifndef LEDGER_MONITOR_H
#define LEDGER_MONITOR_H

#include "ledger/line.h"
#include "ledger/threshold.h"

struct risk_threshold {
    int64_t id;
    struct str key;
    int64_t line, indicator;
    struct threshold marks;  /* its direction is the indicator's at this moment */
    int64_t member, made_ms; /* who set it */
    /* read only */
    struct str number, title, indicator_key, measure; /* of the indicator */
    unsigned places;
    enum threshold_level level; /* of the alarm that stands */
};
/* Those in force, in the order in which they were set. */
enum status ledger_list_thresholds(struct arena *arena, struct store *store, int64_t line,
                                   struct risk_threshold **list, size_t *count, struct error *err);

/* Sets the marks of a risk over an indicator, in the place of those that it had; their direction is the indicator's, whatever
 * `marks` says. What the figures say by them counts at once. Event line.threshold. STATUS_INPUT as threshold_check,
 * STATUS_MISSING when the indicator is none, STATUS_CONFLICT when the line is no risk or is closed. */
enum status ledger_set_threshold(struct arena *arena, struct store *store, int64_t line,
                                 int64_t indicator, const struct threshold *marks, int64_t member,
                                 const struct ledger_deed *deed, struct error *err);
/* Ends it; its alarms fall. Event line.threshold. STATUS_MISSING. */
enum status ledger_end_threshold(struct store *store, int64_t line, struct str key,
                                 const struct ledger_deed *deed, struct error *err);

/* Judges anew what risks set over an indicator (the others follow in the same ledger_freshen), or what one risk has set: raises
 * alarms and lets them fall. Events line.alarm of the risks. Those of closed risks are left. */
enum status ledger_judge_indicator(struct store *store, int64_t indicator, int64_t now_ms,
                                   struct error *err);
enum status ledger_judge_risk(struct store *store, int64_t line, int64_t now_ms, struct error *err);

struct risk_alarm {
    enum threshold_level level;
    int month;                               /* with which the mark was passed */
    int64_t raised_ms, fell_ms;              /* 0: it stands */
    struct str number, title, indicator_key; /* of the indicator */
};
/* Of a risk, the newest first, at most `most`. */
enum status ledger_list_alarms(struct arena *arena, struct store *store, int64_t line, size_t most,
                               struct risk_alarm **list, size_t *count, struct error *err);

/* The worst alarm of the line `l` that stands, in SQL: 0 none, 1 warn, 2 act. */
#define RISK_ALARM_SQL                                                                     \
    "CASE WHEN l.state = 'closed' THEN 0 ELSE coalesce((SELECT max(1 + (a.level = 'act'))" \
    " FROM risk_threshold t JOIN risk_alarm a ON a.threshold = t.id AND a.fell_ms IS NULL" \
    " WHERE t.line = l.id AND t.ended_ms IS NULL), 0) END"

#endif
