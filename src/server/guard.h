/* A door that slows whoever tries it too often; see library/attempt.h. */
#ifndef SERVER_GUARD_H
#define SERVER_GUARD_H

#include "library/attempt.h"
#include "server/request.h"

/* Counts a try at each; STATUS_LIMITED, with the wait said and sent as Retry-After, when one has to wait:
 * then nothing was counted and nothing may be judged. */
enum status guard_enter(struct request *rq, const struct attempt *attempts, size_t count,
                        struct error *err);
/* The try was right. */
enum status guard_pass(struct request *rq, const struct attempt *attempts, size_t count,
                       struct error *err);

#endif
