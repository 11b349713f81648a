/* Papers as lines of a list, the same on the front page and on the list of all; and what lists are narrowed
 * by, the same there and in search. */
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

/* What a list of papers may be narrowed by; shown by web/shelf-choices.html. */
struct shelf_choice {
    struct str value, label;
    bool chosen;
};
extern const struct field SHELF_CHOICE[];

/* The groups and kinds of the papers that the viewer may open; those that the inputs "group" and "kind" name
 * are chosen. In the request's arena. */
enum status shelf_list_choices(struct request *rq, struct shelf_choice **groups, size_t *ngroups,
                               struct shelf_choice **kinds, size_t *nkinds, struct error *err);

/* The newest papers that the viewer may open, for a field that takes a paper: title and address, as they stand in it once
 * chosen. Older ones are given by their address. In the request's arena. */
enum status shelf_list_named(struct request *rq, struct shelf_choice **papers, size_t *count,
                             struct error *err);
/* What such a field was given: "/papers/KEY", "https://…/papers/KEY/2", "Title /papers/KEY" or KEY alone → KEY. */
struct str shelf_read_key(struct str typed);

#endif
