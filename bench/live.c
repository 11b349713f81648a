/* Many readers with a page open: connects one for each session, waits until all hold their live line, then
 * until all were told of a publication. tools/bench_live.py serves, publishes and reads what is printed:
 *
 *   ready COUNT
 *   told COUNT MEDIAN LAST      Unix ms at which half, and all, had the line in hand
 *
 * bench_live PORT FILE; FILE holds a session a line. Without arguments it does nothing. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define READERS_MAX 50000
#define SESSION_MAX 256
#define KEPT        32 /* bytes of a reader's last piece, for words that are cut */
#define PATIENCE_S  120U

struct reader {
    int fd;
    bool open, told;
    char kept[KEPT];
    size_t len;
};

static struct reader readers[READERS_MAX];
static long long times[READERS_MAX];

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static long long now_ms(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_REALTIME, &t);
    return (long long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void open_reader(struct reader *r, unsigned port, const char *session)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    char request[512];
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    r->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (r->fd < 0 || connect(r->fd, (struct sockaddr *)&to, sizeof to))
        fail("connect");
    int len =
        snprintf(request, sizeof request,
                 "GET /live HTTP/1.1\r\nHost: localhost\r\nCookie: chancery=%s\r\n\r\n", session);
    if (write(r->fd, request, (size_t)len) != len || fcntl(r->fd, F_SETFL, O_NONBLOCK))
        fail("write");
}

/* Reads what has come; gives whether `word` is in it, also across two pieces. */
static bool has_come(struct reader *r, const char *word)
{
    char piece[KEPT + 4096 + 1];
    memcpy(piece, r->kept, r->len);
    ssize_t got = read(r->fd, piece + r->len, 4096);
    if (got <= 0)
        fail("a reader's line ended");
    size_t all = r->len + (size_t)got;
    bool found = memmem(piece, all, word, strlen(word)) != NULL;
    r->len = all < KEPT ? all : KEPT;
    memcpy(r->kept, piece + all - r->len, r->len);
    return found;
}

/* Waits until `word` has come to every reader; notes when. */
static void wait_for(int set, size_t count, const char *word, bool *(*mark)(struct reader *))
{
    struct epoll_event events[1024];
    for (size_t n = 0; n < count;) {
        int ready = epoll_wait(set, events, 1024, -1);
        if (ready < 0)
            fail("epoll_wait");
        for (int i = 0; i < ready; i++) {
            struct reader *r = events[i].data.ptr;
            if (!has_come(r, word) || *mark(r))
                continue;
            *mark(r) = true;
            times[n++] = now_ms();
        }
    }
}

static bool *mark_open(struct reader *r)
{
    return &r->open;
}

static bool *mark_told(struct reader *r)
{
    return &r->told;
}

static size_t open_all(int set, unsigned port, FILE *sessions)
{
    char session[SESSION_MAX];
    size_t count = 0;
    while (count < READERS_MAX && fgets(session, sizeof session, sessions)) {
        struct reader *r = &readers[count++];
        session[strcspn(session, "\n")] = 0;
        open_reader(r, port, session);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = r};
        if (epoll_ctl(set, EPOLL_CTL_ADD, r->fd, &event))
            fail("epoll_ctl");
    }
    return count;
}

int main(int argc, char **argv)
{
    struct rlimit files;
    if (argc != 3)
        return 0;
    (void)alarm(PATIENCE_S);
    if (!getrlimit(RLIMIT_NOFILE, &files)) {
        files.rlim_cur = files.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &files);
    }
    FILE *sessions = fopen(argv[2], "re");
    int set = epoll_create1(EPOLL_CLOEXEC);
    if (!sessions || set < 0)
        fail(argv[2]);
    size_t count = open_all(set, (unsigned)strtoul(argv[1], NULL, 10), sessions);
    (void)fclose(sessions);
    wait_for(set, count, "retry:", mark_open);
    (void)printf("ready %zu\n", count);
    (void)fflush(stdout);
    wait_for(set, count, "event: paper", mark_told);
    (void)printf("told %zu %lld %lld\n", count, times[count / 2], times[count - 1]);
    return 0;
}
