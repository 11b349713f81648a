/* What an event looks like on an open page, and whom it concerns: nobody is told of a paper that is not open
 * to them.
 *
 * A line's data is {"text": what is said, "path": where it leads}; its kind ("paper", "subscription" …) tells
 * a page which of its lists to fetch anew. */
#ifndef SERVER_LIVE_LINES_H
#define SERVER_LIVE_LINES_H

#include "base/lang.h"
#include "store/store.h"

struct live_line {
    struct str text[LANG_COUNT]; /* "id: …\nevent: …\ndata: {…}\n\n" */
    int64_t *members;            /* whom it concerns, ascending */
    size_t nmembers;
    struct str
        glance; /* the same without words, for `lookers`: a page that shows it fetches it anew */
    int64_t *lookers; /* ascending; who is among the members as well gets the words */
    size_t nlookers;
};

/* Calls `each` for the events after `after` up to `newest` that pages may be told of or that are about one
 * member, oldest first, until it returns false. Of those about lines of the ledger only the last: pages fetch anew,
 * and once is enough however many changed. */
enum status live_list_events(struct store *store, int64_t after, int64_t newest,
                             bool (*each)(void *context, const struct event *event), void *context);
/* The member whom an event is about, "M17": one of their sessions or tokens may have ended with it. 0: none. */
int64_t live_member_of(const struct event *event);
/* Makes the line of an event, in the arena; false when no page is told of it. */
bool live_line_make(struct arena *arena, struct store *store, const struct event *event,
                    struct live_line *line);
/* Makes the line that tells stewards to look at a trace again, in the arena: it names its address and says
 * nothing. Its kind is "trace"; with seq 0 it belongs to no event and is "progress". */
void live_trace_line(struct arena *arena, struct store *store, int64_t seq, struct str key,
                     struct live_line *line);
/* What a member is told of it; empty when it doesn't concern them. */
struct str live_line_for(const struct live_line *line, int64_t member, enum lang lang);
bool live_line_concerns(const struct live_line *line, int64_t member);

#endif
