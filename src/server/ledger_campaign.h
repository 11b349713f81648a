/* A campaign joined with the calendar of this installation and with members: what its page shows and its closing report
 * tells alike. */
#ifndef SERVER_LEDGER_CAMPAIGN_H
#define SERVER_LEDGER_CAMPAIGN_H

#include "ledger/campaigning.h"
#include "server/ledger.h"

struct campaign_sight {
    struct ledger_sight seen;
    struct campaigning kept;
    struct campaign_clock clock;
    struct campaign_point *course;
    size_t ncourse;
    int64_t today;
    bool dated; /* has a first and a last day; without them there is neither clock nor course */
};
/* Opens a line for a deed as a campaign. STATUS_MISSING for a line of another kind; else as ledger_open. */
enum status ledger_open_campaign(struct request *rq, struct str key, enum ledger_deed_kind deed,
                                 struct campaign_sight *sight, struct error *err);
/* The last day of which something is known, within the campaign; 0 before it begins. */
int64_t campaign_last_known(const struct campaign_sight *sight);
/* How it stood when that day was over; zeros where nothing is known. */
struct campaign_point campaign_standing(const struct campaign_sight *sight);
/* Of all points, those: thousandths. */
int64_t campaign_part(int64_t part, int64_t scope);
/* What a place of the ranking is called, and the page of it; `path` may be empty. */
enum status campaign_name_place(struct request *rq, const struct campaign_sight *sight,
                                const struct campaign_place *place, struct str *name,
                                struct str *path, struct error *err);

/* "43.2%" of thousandths, and "12.4" points of thousandths of one. */
struct str campaign_percent(const struct request *rq, int64_t thousandths);
struct str campaign_points(const struct request *rq, int64_t thousandths);

/* What a line is to reach in a campaign, as inputs. */
#define LEDGER_AIM_INPUTS                                               \
    {.name = "aim",                                                     \
     .kind = INPUT_NUMBER,                                              \
     .least = 1,                                                        \
     .most = 100,                                                       \
     .en = "To be reached, %",                                          \
     .zh = "目标进度（%）"},                                            \
        {.name = "points",                                              \
         .kind = INPUT_NUMBER,                                          \
         .least = 1,                                                    \
         .most = CAMPAIGN_POINTS_MAX,                                   \
         .en = "Points",                                                \
         .zh = "分值"},                                                 \
    {                                                                   \
        .name = "goal", .kind = INPUT_TEXT, .most = CAMPAIGN_WORDS_MAX, \
        .en = "What is to be reached", .zh = "目标说明"             \
    }

#endif
