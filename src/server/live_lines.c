/* Lines of events for open pages; see live_lines.h. */
#include "server/live_lines.h"

#include <inttypes.h>

bool live_line_make(struct arena *arena, struct store *store, const struct event *event,
                    struct live_line *line)
{
    (void)store;
    if (!str_equal(event->kind, STR("paper.published")))
        return false;
    struct str text =
        str_format(arena, "id: %" PRId64 "\nevent: paper\ndata: {\"paper\":\"%.*s\"}\n\n",
                   event->seq, STR_ARG(event->subject));
    *line = (struct live_line){.text = {text, text}};
    return true;
}

bool live_line_concerns(const struct live_line *line, int64_t member)
{
    size_t low = 0;
    size_t high = line->nmembers;
    if (!line->members)
        return true;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (line->members[middle] < member)
            low = middle + 1;
        else
            high = middle;
    }
    return low < line->nmembers && line->members[low] == member;
}

enum status live_newest_event(struct store *store, int64_t *seq)
{
    struct query *q = query_start(store, "SELECT max(seq) FROM event");
    if (query_row(q))
        *seq = query_int(q, 0);
    return query_end(q, NULL);
}
