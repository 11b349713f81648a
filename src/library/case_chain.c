/* Lines of the record; see case_chain.h. */
#include "library/case_chain.h"

#include <string.h>

#define LINES_MAX 1000U
#define COLUMNS                                                     \
    "SELECT e.seq, e.time_ms, coalesce(m.name, ''), e.kind, e.hash" \
    " FROM event e LEFT JOIN member m ON e.actor = 'M' || m.id WHERE "

static struct chain_line read_line(struct arena *arena, struct query *q)
{
    struct chain_line line = {
        .seq = query_int(q, 0),
        .time_ms = query_int(q, 1),
        .actor = str_copy(arena, query_str(q, 2)),
        .kind = str_copy(arena, query_str(q, 3)),
    };
    struct str hash = query_blob(q, 4);
    if (hash.len == sizeof line.hash)
        memcpy(&line.hash, hash.at, hash.len);
    return line;
}

static enum status list(struct arena *arena, struct query *q, int64_t id, struct chain_line **lines,
                        size_t *count, struct error *err)
{
    *lines = arena_array(arena, LINES_MAX, struct chain_line);
    *count = 0;
    query_bind_int(q, 1, id);
    while (query_row(q) && *count < LINES_MAX)
        (*lines)[(*count)++] = read_line(arena, q);
    return query_end(q, err);
}

enum status library_chain_of_case(struct arena *arena, struct store *store, int64_t case_file,
                                  struct chain_line **lines, size_t *count, struct error *err)
{
    struct query *q = query_start(store, COLUMNS
                                  "e.subject IN (SELECT 'C' || ?1 UNION SELECT 'F' || id FROM trace"
                                  " WHERE case_file = ?1 UNION SELECT 'X' || id FROM sanction"
                                  " WHERE case_file = ?1) ORDER BY e.seq LIMIT 1000");
    return list(arena, q, case_file, lines, count, err);
}

enum status library_chain_of_trace(struct arena *arena, struct store *store, int64_t trace,
                                   struct chain_line **lines, size_t *count, struct error *err)
{
    struct query *q = query_start(store, COLUMNS "e.subject = 'F' || ?1 ORDER BY e.seq LIMIT 1000");
    return list(arena, q, trace, lines, count, err);
}

enum status library_chain_head(struct store *store, struct chain_line *head, struct error *err)
{
    struct query *q = query_start(store, "SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1");
    *head = (struct chain_line){0};
    if (query_row(q)) {
        struct str hash = query_blob(q, 1);
        head->seq = query_int(q, 0);
        if (hash.len == sizeof head->hash)
            memcpy(&head->hash, hash.at, hash.len);
    }
    return query_end(q, err);
}
