/* The floor that a copy over HTTP stands on: what the parts take which the portal is built of, and nothing else.
 *
 * libmicrohttpd takes requests in and sends answers as long as a copy with the same headers, SQLite puts a row of the
 * record's size into a table of its shape, durable before the answer leaves, many rows a commit. One thread does the one,
 * one the other, as in src/server/http.c and writer.c. There is no session, right, codeword, event or chain. What of
 * nginx's speed this reaches no portal of these parts can pass; tools/bench_http.py runs it among the others.
 *
 * bench_floor PORT DATABASE FILE; FILE holds headers, an empty line, and the body. Without arguments it does nothing. */
#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define FILE_MAX      ((size_t)1 << 20)
#define HEADERS_MAX   16
#define ASKED_MAX     1024 /* in one round */
#define MEMORY        16384
#define CONNECTIONS   1000
#define CROWD         8
#define TURNS         3
#define LOOK_AGAIN_MS 2

static const char TABLE[] =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
    "CREATE TABLE event (seq INTEGER PRIMARY KEY, time_ms INTEGER NOT NULL, actor TEXT NOT NULL,"
    " kind TEXT NOT NULL, subject TEXT NOT NULL, data TEXT NOT NULL, salt BLOB NOT NULL,"
    " hash BLOB NOT NULL) STRICT; CREATE INDEX event_subject ON event (subject, seq);";
static const char ROW[] =
    "INSERT INTO event (time_ms, actor, kind, subject, data, salt, hash) VALUES (1764000000000,"
    " 'M17', 'copy.given', 'P1', '{\"edition\":1,\"member\":\"M17\",\"format\":\"txt\"}',"
    " zeroblob(16), zeroblob(32))";

struct asked {
    struct asked *next;
    atomic_bool recorded;
    struct MHD_Response *answer;
    char *body;
};

struct header {
    const char *name, *value;
};

static struct {
    struct header headers[HEADERS_MAX];
    size_t nheaders, len;
    char *body;
} file;

static struct asked *gathered; /* in this round */
static unsigned waiting;       /* for a commit */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t work = PTHREAD_COND_INITIALIZER;
static struct asked *handed; /* to the writer */
static int bell;
static atomic_bool rung, asleep;

static void fail(const char *what)
{
    (void)fprintf(stderr, "bench_floor: %s\n", what);
    exit(1);
}

/* --- the writer ----------------------------------------------------------------------------------- */

static void step(sqlite3_stmt *statement)
{
    if (sqlite3_step(statement) != SQLITE_DONE || sqlite3_reset(statement))
        fail("the database refused a row");
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL))
        fail(sqlite3_errmsg(db));
    return statement;
}

static void ring(void)
{
    const uint64_t one = 1;
    if (!atomic_exchange(&rung, true) && atomic_load(&asleep))
        (void)!write(bell, &one, sizeof one);
}

static struct asked *take_group(void)
{
    (void)pthread_mutex_lock(&lock);
    while (!handed)
        (void)pthread_cond_wait(&work, &lock);
    struct asked *group = handed;
    handed = NULL;
    (void)pthread_mutex_unlock(&lock);
    return group;
}

static void *record(void *context)
{
    sqlite3 *db = context;
    sqlite3_stmt *begin = prepare(db, "BEGIN IMMEDIATE");
    sqlite3_stmt *row = prepare(db, ROW);
    sqlite3_stmt *commit = prepare(db, "COMMIT");
    for (;;) {
        struct asked *group = take_group();
        step(begin);
        for (const struct asked *a = group; a; a = a->next)
            step(row);
        step(commit);
        for (struct asked *a = group, *next; a; a = next) {
            next = a->next; /* whoever is told may be gone */
            atomic_store(&a->recorded, true);
        }
        ring();
    }
    return NULL;
}

/* --- the loop ------------------------------------------------------------------------------------- */

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_len, void **own)
{
    static char seen;
    struct asked *a = *own;
    (void)context, (void)url, (void)method, (void)version, (void)upload, (void)upload_len;
    if (!a) {
        *own = &seen;
        return MHD_YES;
    }
    if (*own == &seen) {
        *own = a = calloc(1, sizeof *a);
        if (!a)
            return MHD_NO;
        a->next = gathered;
        gathered = a;
        waiting++;
        return MHD_YES;
    }
    if (!atomic_load(&a->recorded))
        return MHD_YES;
    waiting--;
    enum MHD_Result result = MHD_queue_response(connection, MHD_HTTP_OK, a->answer);
    MHD_destroy_response(a->answer);
    a->answer = NULL;
    return result;
}

/* One whose connection broke before it was answered stays; the client keeps its connections. */
static void on_completed(void *context, struct MHD_Connection *connection, void **own,
                         enum MHD_RequestTerminationCode code)
{
    struct asked *a = *own;
    (void)context, (void)connection;
    if (a && code == MHD_REQUEST_TERMINATED_COMPLETED_OK) {
        free(a->body);
        free(a);
    }
    *own = NULL;
}

static void make_answer(struct asked *a)
{
    a->body = malloc(file.len);
    if (!a->body)
        fail("no memory");
    memcpy(a->body, file.body, file.len);
    a->answer = MHD_create_response_from_buffer(file.len, a->body, MHD_RESPMEM_PERSISTENT);
    for (size_t i = 0; i < file.nheaders; i++)
        (void)MHD_add_response_header(a->answer, file.headers[i].name, file.headers[i].value);
}

/* Hands over what was gathered, and makes the answers while it is recorded. */
static void hand_over(void)
{
    struct asked *list[ASKED_MAX];
    size_t count = 0;
    struct asked *last = gathered;
    for (struct asked *a = gathered; a && count < ASKED_MAX; a = a->next)
        list[count++] = last = a;
    if (!count)
        return;
    (void)pthread_mutex_lock(&lock);
    gathered = last->next;
    last->next = handed;
    handed = list[0];
    (void)pthread_cond_signal(&work);
    (void)pthread_mutex_unlock(&lock);
    for (size_t i = 0; i < count; i++)
        make_answer(list[i]);
}

static void wait_for_work(struct MHD_Daemon *daemon, int watched)
{
    struct pollfd all[] = {{.fd = watched, .events = POLLIN}, {.fd = bell, .events = POLLIN}};
    MHD_UNSIGNED_LONG_LONG ms;
    uint64_t rings;
    int wait_ms = MHD_get_timeout(daemon, &ms) ? (int)ms : -1;
    if (!wait_ms && waiting)
        wait_ms = LOOK_AGAIN_MS;
    for (int i = 0; wait_ms && i < TURNS && waiting >= CROWD && !atomic_load(&rung); i++)
        (void)sched_yield();
    atomic_store(&asleep, true);
    if (wait_ms && !atomic_load(&rung) && poll(all, 2, wait_ms) > 0 && all[1].revents)
        (void)!read(bell, &rings, sizeof rings);
    atomic_store(&asleep, false);
    atomic_store(&rung, false);
}

/* --- start ---------------------------------------------------------------------------------------- */

static void read_file(const char *path)
{
    static char text[FILE_MAX];
    FILE *in = fopen(path, "rbe");
    size_t len = in ? fread(text, 1, sizeof text, in) : 0;
    if (!len)
        fail("the file can't be read");
    (void)fclose(in);
    char *at = text;
    while (at < text + len && *at != '\n') {
        char *colon = strstr(at, ": ");
        char *end = memchr(at, '\n', (size_t)(text + len - at));
        if (!colon || !end || colon > end || file.nheaders == HEADERS_MAX)
            fail("the file does not begin with a few headers");
        *colon = *end = 0;
        file.headers[file.nheaders++] = (struct header){at, colon + 2};
        at = end + 1;
    }
    file.body = at + 1;
    file.len = (size_t)(text + len - file.body);
}

int main(int count, char **words)
{
    sqlite3 *db;
    pthread_t writer;
    if (count < 4)
        return 0;
    read_file(words[3]);
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    if (sqlite3_open_v2(words[2], &db,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL) ||
        sqlite3_exec(db, TABLE, NULL, NULL, NULL))
        fail("the database can't be made");
    bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    const uint16_t port = (uint16_t)strtoul(words[1], NULL, 10);
    const struct sockaddr_in place = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct MHD_Daemon *daemon = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, port, NULL, NULL, on_request, NULL,
        MHD_OPTION_SOCK_ADDR, &place, MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)CONNECTIONS, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
    if (bell < 0 || !daemon || pthread_create(&writer, NULL, record, db))
        fail("the server can't start");
    int watched = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
    for (;;) {
        wait_for_work(daemon, watched);
        (void)MHD_run_wait(daemon, 0);
        hand_over();
    }
}
