/* Notices of supervision (三色督办单): by what rules a line's dates and progress cause a reminder, a blue, yellow or red
 * notice, escalation to who is above its lead, and a circular within the organisation.
 *
 * A cause gives one notice in its period: the due day, the month, the day of a feedback. Escalation counts working days
 * from the red notice, and the circular from the escalation, so that nobody is told above before they were told themselves,
 * however long a server was off. Notices are given on working days alone. Pure. */
#ifndef LEDGER_URGE_H
#define LEDGER_URGE_H

#include "ledger/light.h"
#include "ledger/supervise.h"

#define URGE_COMING_DAYS   15 /* a reminder within so many days of the last one */
#define URGE_UNSIGNED_DAYS 2  /* working days in which what is assigned is signed for */
#define URGE_RAISE_DAYS    3 /* working days from red to the head above, and from there to the next */
#define URGE_CIRCULAR_DAYS 4  /* working days from there to the circular */
#define URGE_POOR_DAYS     30 /* what was found poor longer ago is not told any more */

enum urge_kind { /* in order of weight */
                 URGE_REMINDER,
                 URGE_BLUE,
                 URGE_YELLOW,
                 URGE_RED,
                 URGE_RAISED,
                 URGE_CIRCULAR,
                 URGE_KINDS
};
enum urge_cause {
    URGE_COMING,   /* the last day comes */
    URGE_FEEDBACK, /* feedback is due */
    URGE_UNSIGNED, /* not signed for */
    URGE_NEAR,     /* the last day is near */
    URGE_BEHIND,   /* behind what was planned */
    URGE_POOR,     /* found poorly done, or sent back */
    URGE_SILENT,   /* feedback is missing */
    URGE_LATE,     /* the last day is past */
    URGE_RAISE,    /* … and still is after the red notice */
    URGE_RAISE_ON, /* … and after the head above was told */
    URGE_TELL_ALL, /* … and after the next above was */
    URGE_CAUSES
};

struct urge_rule {
    enum urge_cause cause;
    enum urge_kind kind;
    unsigned from; /* SUPERVISE_BIT… in which it counts */
    const char *name;
    const char *en, *zh;             /* the rule as a sentence, see urge_rule_words */
    const char *short_en, *short_zh; /* in a few words */
};
extern const struct urge_rule urge_rules[URGE_CAUSES]; /* by the cause */

/* The rule as a sentence, by the limits that count; in the arena. */
struct str urge_rule_words(struct arena *arena, enum urge_cause cause,
                           const struct ledger_limits *limits, enum lang lang);
/* "yellow" …, and "Yellow notice", "黄色督办单"; static. */
const char *urge_kind_name(enum urge_kind kind);
const char *urge_kind_words(enum urge_kind kind, enum lang lang);
enum urge_kind urge_kind_named(struct str name);   /* URGE_KINDS for anything else */
enum urge_cause urge_cause_named(struct str name); /* URGE_CAUSES for anything else */

struct urge_facts {
    enum supervise_state state;
    enum rhythm rhythm;
    int64_t begins_day, due_day, progress;
    int64_t assigned_day, signed_day, fed_day, fault_day;
    int64_t
        told[URGE_CAUSES]; /* when the notice of URGE_LATE … was given for this due day; 0: not */
    int64_t today;
};
struct urge {
    enum urge_cause cause;
    int64_t period;
};
/* What is to be given today, of a line that is under way: the causes that hold, with their periods, whether given already
 * or not. At most URGE_CAUSES; none on a day that is not worked. */
size_t urge_find(const struct urge_facts *facts, const struct ledger_limits *limits,
                 const struct workdays *calendar, struct urge found[URGE_CAUSES]);

/* A part of a line that was handed on and is not done. */
struct urge_part {
    int64_t given_day, due_day; /* due_day 0: it has none of its own */
    bool is_signed;
};
/* The same of a part, by its own day: that the day comes or is near, that it is past, that nobody signs. */
size_t urge_find_of_part(const struct urge_part *part, int64_t today,
                         const struct ledger_limits *limits, const struct workdays *calendar,
                         struct urge found[URGE_CAUSES]);

/* Whether the feedback due last before `today` is missing, and its day. 0: none is. */
int64_t urge_missed_feedback(enum rhythm rhythm, const struct workdays *calendar,
                             int64_t signed_day, int64_t fed_day, int64_t today);
/* The first moment at or after now_ms at which notices may be given: a working day, within hours. */
int64_t urge_next_moment(const struct workdays *calendar, const struct ledger_limits *limits,
                         int64_t now_ms);
/* The same, but of a later day. */
int64_t urge_next_day(const struct workdays *calendar, const struct ledger_limits *limits,
                      int64_t now_ms);

#endif
