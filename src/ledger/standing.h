/* How the whole stands on a day: what the wall shows and reports tell, added up by the database.
 *
 * Nothing here asks the database once a line: each part is one query, whatever the size of the ledger, and lists are
 * cut to the worst. Reads only; texts lie in the arena. */
#ifndef LEDGER_STANDING_H
#define LEDGER_STANDING_H

#include "ledger/duty.h"
#include "ledger/light.h"
#include "ledger/measure.h"
#include "ledger/project.h"

#define STANDING_WORST 12U /* lines of a list */

/* Lines under way, by light. */
struct standing_lights {
    int64_t of[LIGHTS];
    int64_t all;
};
/* A line that somebody should look at. */
struct standing_line {
    struct line line;
    struct str within; /* title of the line that a milestone is part of; empty otherwise */
    struct str unit;
    int64_t planned; /* progress by today, had it gone on evenly */
    int64_t days;    /* that it is late; 0: is not */
};
struct standing_unit {
    int64_t id;
    struct str key, name;
    struct standing_lights lights;
};
struct standing_watch {
    int64_t passed, waived, reported, open; /* of projects in the library that are not finished */
    int64_t late;                           /* open after the day planned */
};
/* An indicator against what was to be reached by the last month that it was told of. */
struct standing_indicator {
    int64_t line;
    struct str key, number, title, unit, measure;
    unsigned places;
    int64_t actual, target; /* the year so far; LEDGER_NONE */
    double gap;             /* percent of the target; below 0: worse */
    int month;
};
struct standing {
    int64_t today;
    struct standing_lights kinds[LEDGER_KINDS];
    int64_t done[LEDGER_KINDS];
    struct standing_line *late, *behind; /* the worst first */
    size_t nlate, nbehind;
    struct standing_unit
        *units; /* the one with most late lines first, then behind; without lines left out */
    size_t nunits;
    struct duty_count duties[DUTY_SOURCES_MAX]; /* what procedures wait for, by duty_sources */
    struct standing_line *campaigns; /* under way, the one that ends first before the others */
    size_t ncampaigns;
    int64_t projects[PROJECT_STATES];
    struct standing_watch watches[WATCHES];
    int64_t planned_cents, paid_cents; /* of projects in the library that are not finished */
    /* Indicators, entered and made by formulas, over the year up to last month. */
    int year;
    int64_t met, near, short_of,
        untold; /* reached; missed by less than allowed; by more; no figures or target */
    int64_t above_all, above_some,
        below_all;                     /* of those compared with others, in their last month */
    struct standing_indicator *missed; /* the worst of those short, the worst first */
    size_t nmissed;
};
/* Whether lines of a kind are told of by their lights: fields are only what goals are split into, and indicators have
 * figures instead. */
bool standing_tells(enum ledger_kind kind);
enum status ledger_load_standing(struct arena *arena, struct store *store, int64_t today,
                                 struct standing *standing, struct error *err);

/* What one member answers for, and what waits for their verdict. */
struct standing_check {
    struct str key, number, title;
    enum watch watch;
};
struct standing_own {
    struct standing_lights lights;
    int64_t
        to_check; /* watches that somebody else said are reached, of projects that they do not lead */
    struct standing_check *checks; /* of these, by when they were to be reached */
    size_t nchecks;
};
enum status ledger_load_own_standing(struct arena *arena, struct store *store, int64_t member,
                                     int64_t today, struct standing_own *own, struct error *err);

#endif
