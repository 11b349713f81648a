/* Connections that were answered before their request had come whole, kept open for a while after the answer.
 *
 * Who closes a connection while bytes still come in has the system tell the other side at once that it broke: a browser
 * then shows that instead of the answer, and a proxy one of its own ("502"). So what still comes is read and dropped, until
 * the other side ends, says nothing for some seconds, or has sent more or for longer than any form or file. One thread's. */
#ifndef SERVER_DISMISS_H
#define SERVER_DISMISS_H

#include <poll.h>
#include <stdint.h>

#define DISMISS_MOST 32U /* connections at once; any further is closed after its answer */

struct dismissed {
    struct dismissal {
        int fd;
        int64_t since_ms, heard_ms;
        uint64_t bytes;
    } at[DISMISS_MOST];
    unsigned count;
};

/* Keeps open what `fd` leads to, by a descriptor of its own; `fd` stays the caller's. */
void dismiss_take(struct dismissed *all, int fd);
/* Fills `polled` with what to wait for, and gives how many there are: all->count. */
unsigned dismiss_watch(const struct dismissed *all, struct pollfd polled[DISMISS_MOST]);
/* Drops what has come, and closes what is over. To be called when one of them has something, and a few times a second. */
void dismiss_drop(struct dismissed *all);
/* Closes all. */
void dismiss_end(struct dismissed *all);

#endif
