/* Campaigns (攻坚): a push of 60 days (双月攻坚), 100 days (百日攻坚) or another length over chosen lines.
 *
 * A line joins where it stands and is to reach an aim by the campaign's last day. Its share is the part of this way that
 * it has gone, and its points weigh it against the others: what is reached is points times share, out of all points. It
 * should rise evenly over the working days. Shares are thousandths throughout, and what is reached is thousandths of a
 * point, so that everything shown can be added up by hand. Days are civil days. Pure. */
#ifndef LEDGER_CAMPAIGN_H
#define LEDGER_CAMPAIGN_H

#include "ledger/line.h"
#include "ledger/workday.h"

#define CAMPAIGN_WHOLE      1000 /* a share of everything */
#define CAMPAIGN_DAYS_MAX   400
#define CAMPAIGN_LINES_MAX  500
#define CAMPAIGN_POINTS_MAX 100
#define CAMPAIGN_PACE_DAYS  10 /* working days over which a pace is taken */

/* --- acts ----------------------------------------------------------------------------------------- */

/* A campaign's states are those of its line: proposed while it is put together, active while it runs, done once it was
 * ended with a word on what it came to, closed when it was called off. */
enum campaign_act {
    CAMPAIGN_ADD,      /* lines */
    CAMPAIGN_AIM,      /* another aim of a line */
    CAMPAIGN_TAKE_OUT, /* a line */
    CAMPAIGN_RANK,     /* another rule of ranking */
    CAMPAIGN_START,    /* 启动 */
    CAMPAIGN_EXTEND,   /* 延期 */
    CAMPAIGN_END,      /* 收官 */
    CAMPAIGN_DROP,     /* 中止 */
    CAMPAIGN_ACTS
};
enum {
    CAMPAIGN_NEEDS_WORDS = 1,
    CAMPAIGN_NEEDS_DAYS = 2,  /* a first and a last day, CAMPAIGN_DAYS_MAX or fewer */
    CAMPAIGN_NEEDS_LINES = 4, /* at least one */
    CAMPAIGN_NEEDS_LATER = 8, /* a last day after the present one, within the same */
};
#define CAMPAIGN_NEEDS_COUNT 4U
struct campaign_step {
    enum campaign_act act;
    unsigned from;      /* 1U << LINE_… */
    enum line_state to; /* LINE_STATES: the state stays */
    unsigned needs;
};
#define CAMPAIGN_STEPS 10U
extern const struct campaign_step campaign_steps[CAMPAIGN_STEPS];
/* STATUS_CONFLICT when the state does not allow it, or STATUS_INPUT when something is lacking, the first of it said;
 * else *step is the row. */
enum status campaign_allow(enum line_state state, enum campaign_act act, unsigned met,
                           const struct campaign_step **step, struct error *err);
const char *campaign_act_name(enum campaign_act act);
const char *campaign_act_words(enum campaign_act act, enum lang lang);
enum campaign_act campaign_act_named(struct str name); /* CAMPAIGN_ACTS for anything else */
const char *campaign_needs_words(unsigned need, enum lang lang); /* of one bit */

/* --- lengths -------------------------------------------------------------------------------------- */

#define CAMPAIGN_TWO_MONTHS   60
#define CAMPAIGN_HUNDRED_DAYS 100
/* "60-day campaign", "双月攻坚" by the number of days, both ends counted; static. */
const char *campaign_length_words(int64_t days, enum lang lang);

struct campaign_clock {
    int64_t length;      /* days, both ends counted */
    int64_t until_begin; /* days; 0 from the first day on */
    int64_t gone; /* day of the campaign, 1 on the first; 0 before, `length` after the last */
    int64_t left; /* days after today up to and with the last; below 0: past by so many */
    int64_t working_left; /* the same in working days, today counted if it is one; 0 when past */
};
struct campaign_clock campaign_clock_on(const struct workdays *calendar, int64_t first,
                                        int64_t last, int64_t today);

/* --- shares --------------------------------------------------------------------------------------- */

/* A line's part in a campaign. */
struct campaign_item {
    int64_t line;
    int64_t from, aim;  /* progress on joining and by the end; from < aim */
    int64_t points;     /* ≥ 1 */
    int64_t joined_day; /* counts on this day and the following … */
    int64_t left_day;   /* … and no more on this one; 0: it stays */
};
bool campaign_counts(const struct campaign_item *item, int64_t day);
/* 0 … CAMPAIGN_WHOLE; never falls as progress rises. */
int64_t campaign_share(const struct campaign_item *item, int64_t progress);
/* What share should be reached when the `day` is over. 0 before the first day, everything from the last on. The working
 * days up to then out of all; where a campaign has none, days. */
int64_t campaign_ideal(const struct workdays *calendar, int64_t first, int64_t last, int64_t day);

/* --- the course ----------------------------------------------------------------------------------- */

/* Progress of a line when a day was over. */
struct campaign_mark {
    int64_t line, day, progress;
};
/* How a whole campaign stood when a day was over, in thousandths of a point. */
struct campaign_point {
    int64_t day;
    int64_t scope; /* all points of lines in it on that day */
    int64_t done;  /* -1 for a day that is still to come */
    int64_t ideal;
};
struct campaign {
    int64_t first, last;
    const struct workdays *calendar;
    const struct campaign_item *items; /* by line; one that left and joined again is two of them */
    size_t nitems;
    const struct campaign_mark
        *marks; /* by day; a line without a mark on a day stands where the last one before says,
                                          and without any where it joined */
    size_t nmarks;
    int64_t known; /* the last day of which marks tell; `today` while it lasts */
};
/* One point a day, from the first to the last day or `known`, whichever is later; in the arena.
 * Takes O(days × items + marks × log items). */
size_t campaign_course(struct arena *arena, const struct campaign *campaign,
                       struct campaign_point **points);
/* What will be reached when the last day is over if work goes on at the pace of the last CAMPAIGN_PACE_DAYS working days
 * (of all, where fewer are over): between what is reached and the scope. 0 where the course is empty. */
int64_t campaign_expect(const struct campaign *campaign, const struct campaign_point *points,
                        size_t count);

/* --- the board ------------------------------------------------------------------------------------ */

/* How a line stood on one day. */
struct campaign_stand {
    const struct campaign_item *item;
    int64_t before, after; /* progress when the day before and the day were over */
    int64_t share;         /* after */
    int64_t still; /* working days up to and with the day in which it did not move; 0: moved */
    bool reached;
    bool behind; /* short of the ideal by CAMPAIGN_BEHIND or more */
};
#define CAMPAIGN_BEHIND 100 /* thousandths */
/* Of the lines that count on the day, in the order of the items; in the arena. */
size_t campaign_board(struct arena *arena, const struct campaign *campaign, int64_t day,
                      struct campaign_stand **stands);

/* --- ranking -------------------------------------------------------------------------------------- */

enum campaign_rule {
    CAMPAIGN_BY_SHARE,   /* of what was taken on, how much is reached */
    CAMPAIGN_BY_GAIN,    /* how much of it within the last seven days */
    CAMPAIGN_BY_REACHED, /* how many of the lines reached their aim */
    CAMPAIGN_RULES
};
enum campaign_over { CAMPAIGN_UNITS, CAMPAIGN_LEADS, CAMPAIGN_LINES, CAMPAIGN_OVERS };
#define CAMPAIGN_GAIN_DAYS 7
const char *campaign_rule_name(enum campaign_rule rule);
const char *campaign_over_name(enum campaign_over over);
enum campaign_rule campaign_rule_named(struct str name); /* CAMPAIGN_RULES for anything else */
enum campaign_over campaign_over_named(struct str name); /* CAMPAIGN_OVERS for anything else */
/* The rule as a sentence, and as a choice; static. */
const char *campaign_rule_sentence(enum campaign_rule rule, enum lang lang);
const char *campaign_rule_words(enum campaign_rule rule, enum lang lang);
const char *campaign_over_words(enum campaign_over over, enum lang lang);

/* What the lines of one unit, lead, or a line alone come to by a rule: thousandths. */
struct campaign_sum {
    int64_t points, done, gained; /* thousandths of a point; gained may be below 0 */
    int64_t lines, reached;
};
void campaign_add(struct campaign_sum *sum, const struct campaign_item *item, int64_t progress,
                  int64_t progress_before);
int64_t campaign_score(const struct campaign_sum *sum, enum campaign_rule rule);

#endif
