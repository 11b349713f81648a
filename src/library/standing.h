/* Standing requests: a search that a member keeps, to be told of each new paper that fits it.
 *
 * A paper fits as a search would find it: in the member's own copy, open to them, before its notice is accepted by
 * its title alone. It is told once, a new edition only when the one before did not fit; what is published silently
 * is told to nobody. The words stand in no event, no letter and on nobody else's page. */
#ifndef LIBRARY_STANDING_H
#define LIBRARY_STANDING_H

#include "store/store.h"

#define STANDING_MOST  20 /* of one member */
#define STANDING_SHOWN 5  /* papers of each, the latest */

enum standing_pace { STANDING_AT_ONCE, STANDING_DIGEST };

struct standing_paper {
    struct str key, title;
    int64_t found_ms;
};
struct standing {
    int64_t id;
    struct str key, words;
    enum standing_pace pace;
    int64_t created_ms, fits;
    struct standing_paper papers[STANDING_SHOWN]; /* those still open to the member */
    size_t npapers;
};

/* Keeps a search, within the open write transaction; the same words again change its pace. STATUS_INPUT when
 * there is nothing to look for, STATUS_LIMITED after STANDING_MOST. */
enum status library_keep_standing(struct arena *arena, struct store *store, int64_t member,
                                  struct str words, enum standing_pace pace, int64_t now_ms,
                                  struct error *err);
/* Drops one with what it found. STATUS_MISSING when the member has none of that key. */
enum status library_drop_standing(struct store *store, int64_t member, struct str key,
                                  struct error *err);
/* A member's, the latest first. */
enum status library_list_standing(struct arena *arena, struct store *store, int64_t member,
                                  int64_t now_ms, struct standing **list, size_t *count,
                                  struct error *err);

/* A publication, as its event tells it. */
struct standing_news {
    int64_t seq, paper, edition;
};
struct standing_fit {
    int64_t standing, member;
    enum standing_pace pace;
};
/* Which standing requests a publication fits that were not told of the paper yet; in the arena. Reads a copy a
 * member who has any. */
enum status library_match_standing(struct arena *arena, struct store *store,
                                   const struct standing_news *news, int64_t now_ms,
                                   struct standing_fit **fits, size_t *count, struct error *err);
/* Notes the fits and tells of them, within the open write transaction: an event for each member, and a letter as
 * pace and account wish, at most one for each member and publication, that of the publication included. */
enum status library_tell_standing(struct arena *arena, struct store *store,
                                  const struct standing_news *news, const struct standing_fit *fits,
                                  size_t count, struct error *err);

#endif
