/* The register of risks as it is kept: how each is assessed, where it stands in its machine, what was done about it. The
 * scales, the matrix and the machine are data in risk.h.
 *
 * A risk is a line of kind LEDGER_RISK; once it is assessed it has a row of its own. Its level as it stands is that of what is
 * left, where another has assessed that, else that of before disposal. */
#ifndef LEDGER_REGISTER_H
#define LEDGER_REGISTER_H

#include "ledger/may.h"
#include "ledger/risk.h"
#include "ledger/step.h"

#define RISK_WORDS_MAX 1000 /* characters */

struct risk {
    enum risk_state state;
    enum risk_category category;
    int64_t likelihood, impact;                   /* inherent; 0: not assessed */
    int64_t residual_likelihood, residual_impact; /* 0: not assessed */
    int64_t told_by;                              /* who said that disposal is done; 0: nobody */
};
/* RISK_NONE for a line that was never assessed. */
enum status ledger_load_risk(struct store *store, const struct line *line, struct risk *risk,
                             struct error *err);
/* Its level as it stands, and before disposal. */
enum risk_level ledger_risk_level(const struct risk *risk);
/* The same in SQL over the risk `r`. */
#define RISK_LIKELIHOOD_SQL "coalesce(r.residual_likelihood, r.likelihood)"
#define RISK_IMPACT_SQL     "coalesce(r.residual_impact, r.impact)"
#define RISK_STANDING_SQL   RISK_LEVEL_SQL(RISK_LIKELIHOOD_SQL, RISK_IMPACT_SQL)

struct risk_entry {
    enum risk_act act;
    int64_t member, day, made_ms;
    int64_t likelihood, impact; /* 0: the act does not assess */
    struct str words;
};
/* The newest first, at most `most`. */
enum status ledger_list_risk_acts(struct arena *arena, struct store *store, int64_t line,
                                  size_t most, struct risk_entry **list, size_t *count,
                                  struct error *err);

struct risk_deed {
    enum risk_act act;
    int64_t actor; /* who acts */
    int64_t today;
    enum risk_category category; /* RISK_ENTER; of RISK_REASSESS RISK_CATEGORIES: as it was */
    int64_t likelihood, impact;  /* of acts that assess; 0: none */
    struct str words;
    /* RISK_MEASURE: what is to be done stands in `words`; by whom, and within how many working days. */
    int64_t unit, member;
    int64_t limit_days;
    bool
        after; /* only when the measures before it have ended; else together with the last of them */
};
/* Which acts the machine allows this person now, as bits by act. What an act needs besides is not looked at: who tries is
 * told. */
enum status ledger_risk_acts(struct store *store, const struct ledger_person *person,
                             const struct line *line, const struct risk *risk, unsigned *acts,
                             struct error *err);

/* Acts. Who the actor is, and what to the line, is looked up here, within the transaction that writes. Event line.risk,
 * besides that of the line's state, which follows: what is borne is done, what is gone is closed, and what is assessed anew is
 * under way. Errors as machine_allow; STATUS_INPUT when category, scales or words can't be taken, STATUS_CONFLICT for a line
 * that is no risk. */
enum status ledger_act_on_risk(struct arena *arena, struct store *store,
                               const struct workdays *calendar, int64_t line,
                               const struct risk_deed *deed, int64_t now_ms, struct error *err);

/* Measures are steps of the line (step.h), acted on as all steps are: the progress of a risk that is being disposed of is the
 * share of those that have ended. For procedure.c. */
enum status ledger_follow_measures(struct arena *arena, struct store *store,
                                   const struct workdays *calendar, const struct line *line,
                                   const struct ledger_deed *deed, struct error *err);

/* --- the whole of them -------------------------------------------------------------------------- */

enum risk_view { RISK_AS_IT_STANDS, RISK_BEFORE_DISPOSAL };
/* Where a risk stood at the end of two days; likelihood and impact are 0 while it was not assessed, or gone. */
struct risk_movement {
    int64_t line;
    struct str key, number, title;
    int64_t then_likelihood, then_impact;
    int64_t now_likelihood, now_impact;
};
/* All risks that stood somewhere at the end of one of the two days, by number. Takes two look-ups in an index each. */
enum status ledger_list_movements(struct arena *arena, struct store *store, enum risk_view view,
                                  int64_t then_day, int64_t now_day, struct risk_movement **list,
                                  size_t *count, struct error *err);

#endif
