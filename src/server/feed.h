/* The feed of new papers: Atom (RFC 4287) of what one member may open, without a word of any paper's text. */
#ifndef SERVER_FEED_H
#define SERVER_FEED_H

#include "base/lang.h"
#include "server/server.h"

#define FEED_ENTRIES_MAX 50

struct feed {
    int64_t member;
    int64_t made_ms; /* the feed's own time while it has no entry */
    struct str site; /* the portal's address, without a slash at its end */
    struct str self; /* the feed's own */
    enum lang lang;  /* of its title; entries are in their paper's */
};

/* Appends the feed as of now_ms: the newest papers that are open to the member and that readers were told
 * of. It is the same, byte for byte, until one of its entries changes. */
enum status feed_write(struct buf *out, struct store *store, const struct feed *feed,
                       int64_t now_ms, struct error *err);

#endif
