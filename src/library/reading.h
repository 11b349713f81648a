/* Reading: what a member may open, how far they have come in it, and which editions there are. */
#ifndef LIBRARY_READING_H
#define LIBRARY_READING_H

#include "base/lang.h"
#include "store/store.h"

/* A paper as a list shows it. Its title holds no marks, so it is the same for everybody. */
struct shelf_paper {
    int64_t paper;
    struct str key, title, kind, author, summary;
    enum lang lang;
    int64_t edition;      /* number of the newest */
    int64_t published_ms; /* of the first edition */
    int64_t edition_ms;   /* of the newest */
    bool unread;          /* the member has not opened the newest edition */
    /* Of those that the member has begun: */
    int64_t read_edition;
    struct str anchor; /* id of the paragraph last read */
    int64_t seen_ms;
};

struct shelf_query {
    int64_t member, now_ms;
    struct str group; /* key of a group; empty: all */
    struct str kind;  /* empty: all */
    size_t skip, most;
};
/* What the member may open, the newest first. A paper that waits for a notice to be accepted is among
 * them. Lists and texts live in the arena. */
enum status library_list_shelf(struct arena *arena, struct store *store,
                               const struct shelf_query *query, struct shelf_paper **papers,
                               size_t *count, struct error *err);
/* What the member has begun and may still open, the last read first, at most query->most. */
enum status library_list_begun(struct arena *arena, struct store *store,
                               const struct shelf_query *query, struct shelf_paper **papers,
                               size_t *count, struct error *err);

struct shelf_group {
    struct str key, name;
};
/* The groups whose papers the member may open: joined, or opened by a subscription. By name. */
enum status library_list_shelf_groups(struct arena *arena, struct store *store, int64_t member,
                                      struct shelf_group **groups, size_t *count,
                                      struct error *err);
/* The kinds of papers among the member's newest thousand, by name. */
enum status library_list_shelf_kinds(struct arena *arena, struct store *store, int64_t member,
                                     int64_t now_ms, struct str **kinds, size_t *count,
                                     struct error *err);

/* Whether the member may know that the paper exists, though it can't be opened: it is for all members, the
 * member had a copy, or one of its groups is public, on sale, or the member's own. */
enum status library_may_know(struct store *store, int64_t member, int64_t paper, bool *may,
                             struct error *err);

struct shelf_edition {
    int64_t number, published_ms;
    struct str title;
};
/* The editions of a paper, the newest first. */
enum status library_list_editions(struct arena *arena, struct store *store, int64_t paper,
                                  struct shelf_edition **editions, size_t *count,
                                  struct error *err);

/* "title", "h3", "p17": the ids that paragraphs and headings have. */
bool library_is_anchor(struct str anchor);
/* Keeps how far the member has come, within the open write transaction. STATUS_INPUT when `anchor` is none. */
enum status library_keep_position(struct store *store, int64_t member, int64_t paper,
                                  int64_t edition, struct str anchor, struct error *err);
/* The position kept; edition is 0 when there is none. */
enum status library_find_position(struct arena *arena, struct store *store, int64_t member,
                                  int64_t paper, int64_t *edition, struct str *anchor,
                                  struct error *err);

#endif
