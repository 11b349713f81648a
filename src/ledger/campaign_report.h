/* The report that sums a campaign up, to become a paper of the library. What is written follows from the figures alone. */
#ifndef LEDGER_CAMPAIGN_REPORT_H
#define LEDGER_CAMPAIGN_REPORT_H

#include "ledger/campaigning.h"

/* A place of the ranking by name. */
struct campaign_named {
    struct str name;
    const struct campaign_place *place;
};
struct campaign_report {
    const struct line *line;
    const struct campaigning *kept;
    struct campaign_point now; /* how it stood when the last day known was over */
    const struct campaign_named *places;
    size_t nplaces;
};
/* Title, and the whole text with it; in the arena. Pure. */
struct str campaign_report_title(struct arena *arena, const struct campaign_report *report,
                                 enum lang lang);
struct str campaign_report_write(struct arena *arena, const struct campaign_report *report,
                                 enum lang lang);

#endif
