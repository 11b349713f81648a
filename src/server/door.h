/* The door: what a request's head alone decides, before a byte of its body is kept.
 *
 * A body is kept in memory while it comes in, up to 80 MiB where files are sent; whoever could have that done
 * without an account could have it done until none is left. So a body larger than a form's is taken from those
 * who may use the address, and all bodies together stay below a limit. How long one may take is http.c's. */
#ifndef SERVER_DOOR_H
#define SERVER_DOOR_H

#include "server/request.h"

#define DOOR_BODIES_MAX ((size_t)512 << 20) /* bytes of bodies that come in at the same time */

struct door;

/* Opens it with a store of its own, to look up who may. The caller ends it with door_close once no request is left. An
 * error is store_open's; *door is untouched then. */
enum status door_open(struct server *server, struct door **door, struct error *err);
void door_close(struct door *door); /* NULL is allowed */

/* The HTTP status that refuses a request whose route is known: 400 when its head leaves open where the body ends,
 * 413, 403 when a large body comes from somebody who may not send one here, 503 when too much is coming in
 * already; 0 for none. Any thread. */
unsigned door_refuse(struct door *door, struct request *rq, size_t body_max);
/* Counts bytes that came of a body; false when it must not go on. Any thread. */
bool door_take(struct door *door, size_t bytes);
/* What was counted of a body, when that is gone. Any thread. */
void door_let_go(struct door *door, size_t bytes);

#endif
