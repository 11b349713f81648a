/* Mail: from the events to letters, and from letters to the mail server.
 *
 * What was asked for by typing an address is looked up here; see library/asking.h.
 *
 * An announced publication becomes one letter for every member who may open it and wants letters at once, and
 * an entry for who wants them collected; entries become one digest at 07:00 local time, daily or on Mondays.
 * A letter that could not go waits, and so does a mail server that could not be used: longer each time, and no longer
 * once the owner changes the settings of mail, has failed letters sent again or sends a test that is taken.
 * A letter is marked sent, durably, right after the mail server's 250. A crash between the two, and nothing
 * else, sends it again, under the same Message-ID. */
#ifndef SERVER_MAIL_H
#define SERVER_MAIL_H

#include "base/lang.h"
#include "server/errand.h"

struct mail;

/* What rounds keep between them, to be ended with mail_free after the errand. */
struct mail *mail_make(struct server *server);
void mail_free(struct mail *mail); /* NULL is allowed */
/* A round of it, to be started with errand_start; the context is the struct mail. */
int64_t mail_round(struct server *server, struct store *store, struct arena *arena, void *mail);

/* Why the mail server can't be used, and since when, as the last round found; empty and 0 when all is well.
 * Any thread. The words are in the arena. */
void mail_trouble(struct mail *mail, struct arena *arena, struct str *said, int64_t *since_ms);

/* Sends a test letter to a member at once, in the language of the page unless they chose another; they are recorded as
 * having sent it when the mail server takes it.
 * STATUS_CONFLICT when mail is not set up or the mail server does not take it: err has its words. */
enum status mail_send_test(struct server *server, struct store *store, struct arena *arena,
                           int64_t member, enum lang lang, struct error *err);

#endif
