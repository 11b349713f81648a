/* Papers as lines of a list, the same on the front page and on the list of all. */
#ifndef SERVER_SHELF_H
#define SERVER_SHELF_H

#include "library/reading.h"
#include "server/request.h"

struct shelf_line {
    struct str key, title, lang, kind, author, summary;
    struct str path; /* where reading goes on: the edition and place last read, else the paper */
    int64_t edition, published, revised;
    bool unread;
};
extern const struct field SHELF_LINE[];

/* The papers as lines, in the request's arena. */
struct shelf_line *shelf_make_lines(const struct request *rq, const struct shelf_paper *papers,
                                    size_t count);

#endif
