/* Downloads that were decided a moment ago: a member who asks again for a copy that they were just given, in the
 * same words, is given it again for the price of its event.
 *
 * A grant is kept when the whole walk of a download has succeeded. It holds everything that was found on the way,
 * under the number of the state in which it was found (server_facts) and until the first moment at which time
 * alone could change the answer: the session's end, the paper's, the subscription's, a notice that comes into
 * force. Whether that state is still the present one is looked at inside the write transaction that records the
 * copy; so a session that was ended, an entitlement withdrawn or an edition published is heeded by the very next
 * request, whichever process did it. Whatever does not fit takes the whole walk.
 *
 * Copies given and deletions due are not counted among what decides, as every download writes them; papers for
 * which they matter (offer.copy_days, offer.delete_days) get no grants; nor do those whose copies show a name, which is
 * looked up each time. */
#ifndef SERVER_GRANT_H
#define SERVER_GRANT_H

#include "server/request.h"

struct grants;
struct grant {
    uint64_t facts;   /* the state that it was found in */
    int64_t until_ms; /* good before then */
    int64_t member;
    uint64_t press;   /* see press_find */
    const char *type; /* static */
    struct str file;  /* what the copy is called */
};

struct grants *grants_make(void);
void grants_free(struct grants *grants);

/* Keeps what was decided for a request, in the place of what was kept before. Only for a request that came with
 * a session and was answered by nothing but cookie, path and query. Any thread. */
void grants_keep(struct grants *grants, const struct request *rq, const struct grant *grant);
/* Finds what was kept for the same cookie, path and query, good at rq->now_ms; the strings are in the request's
 * arena. Any thread. Takes one digest. */
bool grants_find(struct grants *grants, const struct request *rq, struct grant *grant);

#endif
