/* See dismiss.h. */
#include "server/dismiss.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <unistd.h>

#include "server/request.h"

#define SILENCE_MS ((int64_t)5000)
#define MOST_MS    ((int64_t)120000)
#define MOST_BYTES (2 * (uint64_t)REQUEST_UPLOAD_MAX)
#define A_TURN     ((size_t)1 << 20)

void dismiss_take(struct dismissed *all, int fd)
{
    int own = all->count < DISMISS_MOST ? fcntl(fd, F_DUPFD_CLOEXEC, 0) : -1;
    int64_t now_ms = store_now_ms();
    if (own >= 0)
        all->at[all->count++] = (struct dismissal){own, now_ms, now_ms, 0};
}

unsigned dismiss_watch(const struct dismissed *all, struct pollfd polled[DISMISS_MOST])
{
    for (unsigned i = 0; i < all->count; i++)
        polled[i] = (struct pollfd){.fd = all->at[i].fd, .events = POLLIN};
    return all->count;
}

/* False when the other side is done, or has had what it may. MSG_TRUNC: what comes is not even copied. */
static bool drop_some(struct dismissal *one, int64_t now_ms)
{
    ssize_t got = recv(one->fd, NULL, A_TURN, MSG_DONTWAIT | MSG_TRUNC);
    if (got > 0) {
        one->heard_ms = now_ms;
        one->bytes += (uint64_t)got;
    }
    bool open = got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR));
    return open && one->bytes < MOST_BYTES && now_ms - one->heard_ms < SILENCE_MS &&
           now_ms - one->since_ms < MOST_MS;
}

void dismiss_drop(struct dismissed *all)
{
    int64_t now_ms = all->count ? store_now_ms() : 0;
    for (unsigned i = all->count; i-- > 0;) {
        if (drop_some(&all->at[i], now_ms))
            continue;
        (void)close(all->at[i].fd);
        all->at[i] = all->at[--all->count];
    }
}

void dismiss_end(struct dismissed *all)
{
    while (all->count)
        (void)close(all->at[--all->count].fd);
}
