/* Any bytes as what others' servers answer: after "H:" a webhook's receiver, else a mail server. All of it comes at once and
 * then no more, over the loopback. A letter or a call is taken, refused or put off, and why it was is a line of text. */
#include <arpa/inet.h>
#include <curl/curl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/utf8.h"
#include "folder.h"
#include "server/hooks.h"
#include "server/smtp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

/* --- who answers ---------------------------------------------------------------------------------------- */

#define ANSWER_MOST 65536U

static struct {
    int listening;
    uint16_t port;
    pthread_mutex_t lock;
    char answer
        [ANSWER_MOST]; /* a copy: who has read it may be done with the input before the sender is */
    size_t answer_len;
    struct store *store;
} other = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void answer_one(int fd)
{
    char heard[4096];
    (void)pthread_mutex_lock(&other.lock);
    (void)!send(fd, other.answer, other.answer_len, MSG_NOSIGNAL);
    (void)pthread_mutex_unlock(&other.lock);
    (void)shutdown(fd, SHUT_WR);
    while (read(fd, heard, sizeof heard) > 0)
        continue;
    (void)close(fd);
}

static void keep_answer(const char *bytes, size_t len)
{
    (void)pthread_mutex_lock(&other.lock);
    other.answer_len = len < ANSWER_MOST ? len : ANSWER_MOST;
    memcpy(other.answer, bytes, other.answer_len);
    (void)pthread_mutex_unlock(&other.lock);
}

static void *answer_all(void *context)
{
    (void)context;
    for (;;) {
        int fd = accept(other.listening, NULL, NULL);
        require(fd >= 0);
        answer_one(fd);
    }
    return NULL;
}

/* --- what the server would do -------------------------------------------------------------------------------- */

bool __wrap_server_stopping(struct server *server);
bool __wrap_server_stopping(struct server *server)
{
    (void)server;
    return false;
}

int64_t __wrap_server_wait_events(struct server *server, int64_t after, int64_t until_ms);
int64_t __wrap_server_wait_events(struct server *server, int64_t after, int64_t until_ms)
{
    (void)server;
    (void)after;
    (void)until_ms;
    return 0;
}

/* Undone at once: the same call is due again for the next input. */
enum status __wrap_server_write(struct server *server, struct str actor, server_write_step step,
                                void *context, struct error *err);
enum status __wrap_server_write(struct server *server, struct str actor, server_write_step step,
                                void *context, struct error *err)
{
    struct arena *scratch = arena_make();
    (void)server;
    (void)actor;
    enum status status = store_begin(other.store, err);
    if (!status)
        status = step(other.store, scratch, context, err);
    struct query *q = query_start(other.store, "SELECT failed FROM delivery");
    while (query_row(q))
        require(utf8_first_bad(query_str(q, 0)) == SIZE_MAX);
    require(!query_end(q, NULL));
    store_rollback(other.store);
    arena_free(scratch);
    return status;
}

static void add_hook(void)
{
    struct error err;
    struct query *q =
        query_start(other.store, "INSERT INTO hook (key, url, salt, kinds, created_ms)"
                                 " VALUES ('k', ?1, X'00', 'test', 0)");
    struct arena *arena = arena_make();
    query_bind_str(q, 1, str_format(arena, "http://127.0.0.1:%u/", other.port));
    (void)query_row(q);
    require(
        !query_end(q, &err) &&
        !store_run(other.store,
                   "INSERT INTO delivery (hook, event, created_ms, due_ms) VALUES (1, -1, 0, 0)",
                   &err) &&
        !store_run(other.store,
                   "INSERT INTO setting (name, value) VALUES ('hooks.reach', 'loopback')", &err));
    arena_free(arena);
}

static void begin(void)
{
    const char *dir = make_folder();
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof here;
    pthread_t thread;
    struct error err;
    require(!store_create(dir, &err) && !store_open(dir, &other.store, &err));
    require(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK);
    other.listening = socket(AF_INET, SOCK_STREAM, 0);
    require(!bind(other.listening, (const struct sockaddr *)&here, len) &&
            !listen(other.listening, 8) &&
            !getsockname(other.listening, (struct sockaddr *)&here, &len));
    other.port = ntohs(here.sin_port);
    require(!store_begin(other.store, &err));
    add_hook();
    require(!store_commit(other.store, &err));
    require(!pthread_create(&thread, NULL, answer_all, NULL));
}

/* --- calls --------------------------------------------------------------------------------------------------- */

static void send_letter(struct arena *arena)
{
    struct smtp *smtp = smtp_make(NULL);
    struct smtp_account account = {.url = str_format(arena, "smtp://127.0.0.1:%u", other.port),
                                   .user = STR("u"),
                                   .password = STR("p")};
    struct str said;
    enum smtp_outcome outcome =
        smtp_send(smtp, &account, STR("a@example.org"), STR("b@example.org"),
                  STR("Subject: x\r\n\r\nwords\r\n"), arena, &said);
    require(outcome <= SMTP_NO_SERVER && utf8_first_bad(said) == SIZE_MAX);
    for (size_t i = 0; i < said.len; i++)
        require((unsigned char)said.at[i] >= ' ');
    smtp_free(smtp);
}

static void call_hook(struct arena *arena)
{
    struct hooks *hooks = hooks_make(NULL);
    (void)hooks_round(NULL, other.store, arena, hooks);
    hooks_free(hooks);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_make();
    bool hook = size && data[0] == 'H' && size > 1 && data[1] == ':';
    if (!other.store)
        begin();
    keep_answer((const char *)data + (hook ? 2 : 0), size - (hook ? 2 : 0));
    if (hook)
        call_hook(arena);
    else
        send_letter(arena);
    arena_free(arena);
    return 0;
}
