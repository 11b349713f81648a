/* Letters about what is said of a line: to who is named in it at once, to its followers as their account wishes. */
#ifndef SERVER_LEDGER_LETTERS_H
#define SERVER_LEDGER_LETTERS_H

#include "library/post.h"
#include "server/ledger.h"

/* Writes "@name" and "@e-mail" of members whom the ledger is open to as they are called, and gives whom the text means;
 * see post_complete_mentions. */
enum status ledger_complete_mentions(struct request *rq, struct str text, struct str *completed,
                                     struct mentions *mentions, struct error *err);
/* Queues the letters within the write transaction, right after the event of what was said: `key` is the post's. Nobody is
 * told of their own words. */
enum status ledger_tell_said(struct arena *arena, struct store *store, struct str key,
                             const struct mentions *mentions, struct error *err);

#endif
