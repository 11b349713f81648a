/* Policies as they are kept: the register, and what acts make of it. The machine is data in policy.h.
 *
 * Changes run within the caller's open write transaction; who the actor is, and what to the line, is looked up there. */
#ifndef LEDGER_POLICIES_H
#define LEDGER_POLICIES_H

#include "ledger/may.h"
#include "ledger/policy.h"
#include "ledger/step.h"
#include "ledger/term.h"
#include "ledger/uptake.h"

#define POLICY_WORDS_MAX  1000 /* characters */
#define POLICY_SOURCE_MAX 300
#define POLICY_COUNT_MAX  1000000000000 /* of people and firms, and hundredths of money */

struct policy {
    enum policy_state state;
    enum policy_route route;
    int64_t since_ms;
    struct str words, source;
    int64_t from_day, until_day;
    int64_t hoped_granted, hoped_paid, hoped_day; /* 0: nothing was said */
    struct str hoped_words;
    bool public; /* its leaflet is read without signing in */
    int64_t meant, claimed, granted, paid, last_month;
    bool told; /* a leaflet is shown */
};
/* POLICY_NONE for a line that was never entered in the register. */
enum status ledger_find_policy(struct arena *arena, struct store *store, int64_t line,
                               struct policy *policy, struct error *err);
/* What uptake.h asks of it. */
struct uptake_facts ledger_policy_facts(const struct policy *policy);

struct policy_deed {
    enum policy_act act;
    int64_t actor;
    enum lang lang;              /* POLICY_ACT_START: of its steps' words */
    enum policy_route route;     /* POLICY_ACT_LIST */
    struct str source;           /* POLICY_ACT_LIST, POLICY_ACT_ENACT */
    int64_t from_day, until_day; /* POLICY_ACT_ENACT; POLICY_ACT_EXTEND: until_day */
    int64_t hoped_granted, hoped_paid, hoped_day; /* POLICY_ACT_AIM */
    struct str words;                             /* the reason; of POLICY_ACT_AIM the effect */
};
/* Which acts the machine allows this person now, as bits by act. What they need besides is told to who tries. */
enum status ledger_policy_acts(struct store *store, const struct ledger_person *person,
                               int64_t line, const struct policy *policy, unsigned *acts,
                               struct error *err);
/* Acts. What begins its steps makes those of its route (step.h) that are not done; what gives it up lets go of those that run.
 * Event line.policy, besides those of what the act changes in the line: its state, days and progress. Errors as
 * machine_allow; STATUS_INPUT when something can't be taken or the line is no policy. */
enum status ledger_act_on_policy(struct arena *arena, struct store *store,
                                 const struct workdays *calendar, int64_t line,
                                 const struct policy_deed *deed, int64_t now_ms, struct error *err);

/* What its steps make of the line while it is under way: the progress is the share of those that have ended well, short of what
 * remains after the last of them, to put it into force. For procedure.c. */
enum status ledger_follow_policy(struct arena *arena, struct store *store,
                                 const struct workdays *calendar, const struct line *line,
                                 const struct ledger_deed *deed, struct error *err);

struct policy_entry {
    enum policy_act act;
    int64_t member, made_ms;
    struct str words;
};
/* What was done, the newest first, at most `most`. */
enum status ledger_list_policy_acts(struct arena *arena, struct store *store, int64_t line,
                                    size_t most, struct policy_entry **list, size_t *count,
                                    struct error *err);

/* Its leaflet is read by everybody, or by members alone, as it is from the first. Event line.policy. */
enum status ledger_open_policy(struct store *store, int64_t line, const struct ledger_deed *deed,
                               struct error *err);
enum status ledger_shut_policy(struct store *store, int64_t line, const struct ledger_deed *deed,
                               struct error *err);

/* How many policies in force have each flag today. */
enum status ledger_count_flags(struct store *store, int64_t today, int64_t counts[UPTAKE_FLAGS],
                               struct error *err);

/* A policy and how it fits a line. */
struct policy_fit {
    int64_t line;
    struct str key, number, title;
    enum policy_route route;
    enum policy_state state;
    int64_t until_day;
    enum fit fit;
    size_t shared;
};
/* Policies under way and in force that fit a line or may, the best first, at most `most`. Takes O(policies × words). */
enum status ledger_list_fitting(struct arena *arena, struct store *store, int64_t line, size_t most,
                                struct policy_fit **list, size_t *count, struct error *err);

#endif
