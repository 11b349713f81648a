/* Errands: threads that do what is due, in rounds.
 *
 * A round comes at start, whenever events were recorded (by any process) and at the time
 * that the last round asked for; rounds keep a little distance, so that a busy hour costs them nothing. */
#ifndef SERVER_ERRAND_H
#define SERVER_ERRAND_H

#include "server/server.h"

struct errand;

/* One round. `store` is the thread's own, for reading; writes go through server_write. The arena is reset
 * before each. Gives when to come again at the latest (Unix ms). Should look at server_stopping between parts
 * that take long. */
typedef int64_t (*errand_round)(struct server *server, struct store *store, struct arena *arena,
                                void *context);

/* Starts the thread, with a store of its own; server and context must outlive it. The caller ends it with errand_stop.
 * STATUS_IO where the system has no thread left, or store_open's error; *errand is untouched then. */
enum status errand_start(struct server *server, errand_round round, void *context,
                         struct errand **errand, struct error *err);
/* Ends it after the round under way. The server must be stopping already and still write. NULL is
 * allowed. */
void errand_stop(struct errand *errand);

#endif
