/* Answers on their way: how much memory is held by what a member has asked for and not taken in yet.
 *
 * An answer stays in memory until its last byte has gone out, and who reads slowly, or not at all, decides how long that is.
 * On a thousand connections somebody could have a thousand copies made and leave them lying, until no memory is left for
 * anybody. So what lies for one member has a limit, beyond which they get nothing new until some of it is gone. */
#ifndef SERVER_OUTGOING_H
#define SERVER_OUTGOING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OUTGOING_MAX     ((size_t)64 << 20) /* bytes for one member */
#define OUTGOING_COUNTED ((size_t)64 << 10) /* an answer that holds no more is not counted */

struct outgoing;

struct outgoing *outgoing_make(void);
void outgoing_free(struct outgoing *outgoing); /* NULL is allowed */

/* Whether so much lies for a member already that nothing more may be made. Any thread, as the following. */
bool outgoing_is_full(struct outgoing *outgoing, int64_t member);
/* An answer that holds so many bytes goes out to a member. */
void outgoing_begin(struct outgoing *outgoing, int64_t member, size_t bytes);
/* It is gone. */
void outgoing_end(struct outgoing *outgoing, int64_t member, size_t bytes);

#endif
