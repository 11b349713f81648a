/* What an event looks like on an open page, and whom it concerns. */
#ifndef SERVER_LIVE_LINES_H
#define SERVER_LIVE_LINES_H

#include "base/lang.h"
#include "store/store.h"

struct live_line {
    struct str text[LANG_COUNT]; /* "id: …\nevent: …\ndata: {…}\n\n" */
    int64_t *members;            /* whom it concerns, ascending; NULL: every member */
    size_t nmembers;
};

/* Makes the line of an event; false when no open page is told of its kind. */
bool live_line_make(struct arena *arena, struct store *store, const struct event *event,
                    struct live_line *line);
bool live_line_concerns(const struct live_line *line, int64_t member);
/* Seq of the newest event in the database, another process's too. */
enum status live_newest_event(struct store *store, int64_t *seq);

#endif
