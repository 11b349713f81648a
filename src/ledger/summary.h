/* Weekly, monthly and quarterly reports: a period of the ledger summed up, and written out as a document.
 *
 * Figures are loaded once; what is written follows from them alone, so that the same figures give the same text. The
 * text is Markdown, by headings as official papers have them, to become a paper of the library. */
#ifndef LEDGER_SUMMARY_H
#define LEDGER_SUMMARY_H

#include "ledger/standing.h"
#include "ledger/urge.h"

enum summary_kind { SUMMARY_WEEK, SUMMARY_MONTH, SUMMARY_QUARTER, SUMMARY_KINDS };
/* "week" … as in the database and JSON; static. */
const char *summary_kind_name(enum summary_kind kind);
bool summary_kind_named(struct str name, enum summary_kind *kind);
/* "Weekly report", "周报"; static. */
const char *summary_kind_word(enum summary_kind kind, enum lang lang);

/* Days [first, past). */
struct summary_period {
    enum summary_kind kind;
    int64_t first, past;
};
/* The period in which a day lies: a week begins on Monday. Pure. */
struct summary_period summary_period_of(enum summary_kind kind, int64_t day);
/* The last one that is over on that day. */
struct summary_period summary_period_before(enum summary_kind kind, int64_t day);

/* A line whose last day was put off. */
struct summary_slip {
    struct str number, title, unit;
    int64_t days, due;
};
/* An assessment that was computed in the period. Scores are for whose they are and for who judges; what a report tells is
 * what they come to, of so many units that nobody's can be told from it. */
#define SUMMARY_SCORES_LEAST 3
#define SUMMARY_ASSESSMENTS  4U
struct summary_assessment {
    int64_t first, last; /* days of what was assessed */
    int64_t people, units, corrected;
    int64_t tenths; /* mean of the units' scores; -1: of fewer than SUMMARY_SCORES_LEAST */
};
struct summary_figures {
    struct summary_period period;
    struct standing standing; /* as of the day on which it is written */
    struct standing_line
        *done; /* brought to an end in the period, at most STANDING_WORST; milestones left out */
    struct summary_slip *slips; /* the greatest first, at most STANDING_WORST */
    size_t ndone, nslips;
    int64_t done_count, milestones_done, slip_count, slip_days;
    int64_t notices[URGE_KINDS]; /* given in the period */
    struct summary_slip *told;   /* lines that a circular told of, at most STANDING_WORST */
    struct summary_assessment assessments[SUMMARY_ASSESSMENTS]; /* the newest */
    size_t ntold, nassessments;
    int64_t objections, upheld; /* made, and upheld, in the period */
};
enum status ledger_load_summary(struct arena *arena, struct store *store,
                                struct summary_period period, int64_t today,
                                struct summary_figures *figures, struct error *err);

/* Writes it out, title included, in the arena. Pure. */
struct str summary_title(struct arena *arena, struct summary_period period, enum lang lang);
struct str summary_write(struct arena *arena, const struct summary_figures *figures,
                         enum lang lang);

#endif
