/* Campaigns as they are kept: which lines are in one, what each is to reach, and how each stood day by day. The arithmetic
 * and the acts are in campaign.h. */
#ifndef LEDGER_CAMPAIGNING_H
#define LEDGER_CAMPAIGNING_H

#include "ledger/campaign.h"

#define CAMPAIGN_WORDS_MAX 200 /* characters */

/* A line's part in a campaign, with the line as it stands now. */
struct campaign_entry {
    struct line line;
    struct str unit;  /* name; empty: none */
    struct str words; /* what is to be reached, where a number does not say it; may be empty */
    struct str left_why;
};
struct campaigning {
    struct campaign campaign; /* with what is known up to now; without a first or last day: none */
    struct campaign_item *items;    /* the same as campaign.items */
    struct campaign_entry *entries; /* of each item */
    size_t nentries;
    enum campaign_rule rule;
    enum campaign_over over;
};
/* All that a page shows of one. Works for a line of the kind campaign to which nothing was done yet. */
enum status ledger_load_campaign(struct arena *arena, struct store *store, const struct line *line,
                                 const struct workdays *calendar, int64_t today,
                                 struct campaigning *campaigning, struct error *err);
/* The ranking of what is in it on a day, best first; in the arena. */
struct campaign_place {
    int64_t of; /* unit, lead or line by its number; 0: lines without a unit or lead */
    struct campaign_sum sum;
    int64_t score;
    size_t place; /* from 1; equals share one */
};
size_t ledger_rank_campaign(struct arena *arena, const struct campaigning *campaigning, int64_t day,
                            struct campaign_place **places);

struct campaign_deed {
    enum campaign_act act;
    const int64_t *lines; /* CAMPAIGN_ADD; of CAMPAIGN_AIM and CAMPAIGN_TAKE_OUT one */
    size_t nlines;
    int64_t aim, points; /* CAMPAIGN_ADD, CAMPAIGN_AIM */
    struct str words;    /* the same: what is to be reached */
    enum campaign_rule rule;
    enum campaign_over over; /* CAMPAIGN_RANK */
    int64_t due_day;         /* CAMPAIGN_EXTEND */
    int64_t today;
    struct ledger_deed said; /* its `why` is the reason */
};
/* What was left out of CAMPAIGN_ADD, and why. */
struct campaign_refusal {
    struct str number;
    struct error why;
};
struct campaign_outcome {
    size_t added;
    struct campaign_refusal *refusals; /* in the arena */
    size_t nrefusals;
};
/* Acts, within the open write transaction. Events line.campaign of the campaign and, where a line joins or leaves, of that
 * line as well. Errors as campaign_allow; STATUS_INPUT for an aim, points or words that can't be taken, STATUS_MISSING
 * for a line that is not in it. CAMPAIGN_ADD refuses lines one by one. */
enum status ledger_campaign(struct arena *arena, struct store *store, int64_t campaign,
                            const struct campaign_deed *deed, struct campaign_outcome *outcome,
                            struct error *err);

/* Keeps how every line of every campaign under way, or ended meanwhile, stood when each day up to yesterday was over, as
 * the events tell it, so that days on which nothing ran are kept as they were. The same call again keeps nothing. Within
 * the open write transaction. */
enum status ledger_keep_campaigns(struct store *store, int64_t now_ms, struct error *err);
/* Keeps a day by how the lines stand now. */
enum status ledger_keep_campaign_day(struct store *store, int64_t campaign, int64_t day,
                                     struct error *err);
/* When the former is to be called next: the moment after midnight; NULL where there is no campaign to keep. */
#define CAMPAIGN_DUE_SQL "SELECT min(next_ms) FROM campaign_round"

/* The campaigns that a line is in now. */
struct campaign_part {
    struct line campaign;
    struct campaign_item item;
    struct str words;
};
enum status ledger_list_campaigns_of(struct arena *arena, struct store *store, int64_t line,
                                     struct campaign_part **list, size_t *count, struct error *err);

#endif
