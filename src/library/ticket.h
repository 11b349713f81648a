/* Tickets: links that are mailed or handed over, good once and for a time.
 *
 * A secret of 192 random bits stands in the link; the store knows its digest only. */
#ifndef LIBRARY_TICKET_H
#define LIBRARY_TICKET_H

#include "store/store.h"

enum ticket_kind { TICKET_INVITATION, TICKET_RESET, TICKET_UNSUBSCRIBE };

/* How long a ticket of the kind is good, in milliseconds. */
int64_t ticket_lasts_ms(enum ticket_kind kind);

/* Makes a ticket for the member within the open write transaction, and ends earlier ones of the same kind,
 * so that only the newest link works. The secret, in the arena, is shown once and never stored. */
enum status ticket_make(struct arena *arena, struct store *store, enum ticket_kind kind,
                        int64_t member, int64_t now_ms, struct str *secret, struct error *err);
/* Whose ticket it is. STATUS_MISSING, in words for whoever follows the link, when there is none, it was
 * used, or its time is over: the three are not told apart. */
enum status ticket_find(struct store *store, enum ticket_kind kind, struct str secret,
                        int64_t now_ms, int64_t *member, struct error *err);
/* The same, and uses it up within the open write transaction. */
enum status ticket_use(struct store *store, enum ticket_kind kind, struct str secret,
                       int64_t now_ms, int64_t *member, struct error *err);
/* Ends all tickets of the kind that the member has, within the open write transaction. */
enum status ticket_end_all(struct store *store, enum ticket_kind kind, int64_t member,
                           struct error *err);

/* Random text for links and tokens: 32 characters of A-Z a-z 0-9 - _, 192 bits, in the arena. */
enum status ticket_secret(struct arena *arena, struct str *secret, struct error *err);
/* The public address of a path; the path alone while the setting site.url is empty. */
enum status ticket_address(struct arena *arena, struct store *store, struct str path,
                           struct str *address, struct error *err);

#endif
