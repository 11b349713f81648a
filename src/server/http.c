/* libmicrohttpd on one side, struct request on the other.
 *
 * MHD's threads parse and send. A request whose body is whole is suspended and queued for the workers;
 * a worker's answer resumes it. What is refused by its head alone (no such address, too large) is
 * answered at once, before a byte of the body is kept. */
#include "server/internal.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <unistd.h>

#define IDLE_SECONDS    30U
#define HEADER_MEMORY   (32U * 1024) /* request line and headers of a connection */
#define CONNECTIONS_MAX 20000U
#define THREADS         2U
#define SPARE_FILES     200U

struct http {
    struct server *server;
    struct MHD_Daemon *daemon;
    int listening;
    int quiesced; /* the listening socket, once no connection is taken any more */
    uint16_t port;
};

/* --- request in --------------------------------------------------------------------------------- */

static enum MHD_Result take_header(void *context, enum MHD_ValueKind kind, const char *key,
                                   const char *value)
{
    struct request *rq = context;
    (void)kind;
    pairs_add(rq->arena, &rq->headers, str_copy(rq->arena, str_of(key)),
              str_copy(rq->arena, str_of(value)));
    return MHD_YES;
}

static enum MHD_Result take_cookie(void *context, enum MHD_ValueKind kind, const char *key,
                                   const char *value)
{
    struct request *rq = context;
    (void)kind;
    pairs_add(rq->arena, &rq->cookies, str_copy(rq->arena, str_of(key)),
              str_copy(rq->arena, str_of(value)));
    return MHD_YES;
}

static enum MHD_Result take_argument(void *context, enum MHD_ValueKind kind, const char *key,
                                     const char *value)
{
    struct request *rq = context;
    (void)kind;
    pairs_add(rq->arena, &rq->query, str_copy(rq->arena, str_of(key)),
              str_copy(rq->arena, str_of(value)));
    return MHD_YES;
}

static struct str peer_address(struct request *rq, struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    char text[INET6_ADDRSTRLEN] = "";
    if (info && info->client_addr->sa_family == AF_INET)
        (void)inet_ntop(AF_INET,
                        &((const struct sockaddr_in *)(const void *)info->client_addr)->sin_addr,
                        text, sizeof text);
    else if (info && info->client_addr->sa_family == AF_INET6)
        (void)inet_ntop(AF_INET6,
                        &((const struct sockaddr_in6 *)(const void *)info->client_addr)->sin6_addr,
                        text, sizeof text);
    return str_copy(rq->arena, str_of(text));
}

/* Behind a proxy the client is the last address that the proxy added. */
static void find_origin(struct request *rq, struct MHD_Connection *connection)
{
    const struct server_options *options = server_options_of(rq->server);
    rq->address = peer_address(rq, connection);
    rq->secure = options->certificate != NULL;
    if (!options->trust_proxy)
        return;
    struct str all = request_header(rq, "X-Forwarded-For");
    struct str one;
    while (str_split(&all, ',', &one))
        rq->address = str_trim(one);
    rq->secure = str_equal(request_header(rq, "X-Forwarded-Proto"), STR("https"));
}

static struct exchange *begin_exchange(struct http *http, struct MHD_Connection *connection,
                                       const char *url, const char *method)
{
    struct arena *arena = arena_make();
    struct exchange *x = arena_new(arena, struct exchange);
    x->connection = connection;
    x->rq = (struct request){
        .arena = arena,
        .server = http->server,
        .connection = connection,
        .post = strcmp(method, MHD_HTTP_METHOD_POST) == 0,
        .path = str_copy(arena, str_of(url)),
        .now_ms = store_now_ms(),
    };
    x->body = (struct buf){.arena = arena};
    (void)MHD_get_connection_values(connection, MHD_HEADER_KIND, take_header, &x->rq);
    (void)MHD_get_connection_values(connection, MHD_COOKIE_KIND, take_cookie, &x->rq);
    (void)MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, take_argument, &x->rq);
    find_origin(&x->rq, connection);
    return x;
}

static bool is_known_method(const char *method)
{
    return strcmp(method, MHD_HTTP_METHOD_GET) == 0 || strcmp(method, MHD_HTTP_METHOD_HEAD) == 0 ||
           strcmp(method, MHD_HTTP_METHOD_POST) == 0;
}

/* Refuses by the head alone; true when it did. */
static bool refuse_early(struct exchange *x, const char *method)
{
    uint64_t length = 0;
    struct str told = request_header(&x->rq, "Content-Length");
    unsigned code =
        is_known_method(method) ? dispatch_find_route(&x->rq) : MHD_HTTP_METHOD_NOT_ALLOWED;
    x->body_max = x->rq.route && x->rq.route->uploads ? REQUEST_UPLOAD_MAX : REQUEST_BODY_MAX;
    if (!code && told.len && (!str_to_u64(told, &length) || length > x->body_max))
        code = MHD_HTTP_CONTENT_TOO_LARGE;
    if (!code)
        return false;
    dispatch_refuse(&x->rq, code);
    x->refused = true;
    return true;
}

/* --- answer out --------------------------------------------------------------------------------- */

static void free_arena(void *arena)
{
    arena_free(arena);
}

/* The answer's bytes lie in the exchange's arena, which ends with the exchange. */
static enum MHD_Result send_answer(struct exchange *x)
{
    const struct answer *answer = &x->rq.answer;
    struct MHD_Response *response = answer->stream;
    if (!response)
        response = MHD_create_response_from_buffer(
            answer->body.len, (void *)(uintptr_t)answer->body.at, MHD_RESPMEM_PERSISTENT);
    if (!response)
        return MHD_NO;
    if (answer->type.len)
        (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE,
                                      str_z(x->rq.arena, answer->type));
    for (size_t i = 0; i < answer->headers.count; i++)
        (void)MHD_add_response_header(response, str_z(x->rq.arena, answer->headers.at[i].name),
                                      str_z(x->rq.arena, answer->headers.at[i].value));
    enum MHD_Result result = MHD_queue_response(x->connection, answer->code, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_len, void **own)
{
    struct http *http = context;
    struct exchange *x = *own;
    (void)version;
    if (!x) {
        x = begin_exchange(http, connection, url, method);
        *own = x;
        /* A refusal before the body is read closes the connection instead of reading it. */
        return refuse_early(x, method) ? send_answer(x) : MHD_YES;
    }
    if (x->refused)
        return MHD_YES;
    if (*upload_len) {
        if (x->body.len + *upload_len > x->body_max) {
            *upload_len = 0;
            return MHD_NO;
        }
        buf_add(&x->body, (struct str){upload, *upload_len});
        *upload_len = 0;
        return MHD_YES;
    }
    if (x->handled)
        return send_answer(x);
    MHD_suspend_connection(connection);
    if (server_enqueue(http->server, x))
        return MHD_YES;
    dispatch_refuse(&x->rq, MHD_HTTP_SERVICE_UNAVAILABLE);
    http_resume(x);
    return MHD_YES;
}

void http_resume(struct exchange *x)
{
    x->handled = true;
    MHD_resume_connection(x->connection);
}

static void on_completed(void *context, struct MHD_Connection *connection, void **own,
                         enum MHD_RequestTerminationCode code)
{
    struct exchange *x = *own;
    (void)context;
    (void)connection;
    (void)code;
    if (x)
        free_arena(x->rq.arena);
    *own = NULL;
}

/* --- start and stop ----------------------------------------------------------------------------- */

static enum status listen_at(struct http *http, const struct server_options *options,
                             struct error *err)
{
    struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons(options->port)};
    struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons(options->port)};
    bool is_six = inet_pton(AF_INET6, options->address, &six.sin6_addr) == 1;
    if (!is_six && inet_pton(AF_INET, options->address, &four.sin_addr) != 1)
        return error_set(err, STATUS_USAGE, "\"%s\" is not an address to listen on; try 127.0.0.1.",
                         "“%s”不是可监听的地址；可试 127.0.0.1。", options->address);
    const struct sockaddr *where =
        is_six ? (const struct sockaddr *)&six : (const struct sockaddr *)&four;
    socklen_t len = is_six ? sizeof six : sizeof four;
    int yes = 1;
    http->listening = socket(where->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (http->listening < 0 ||
        setsockopt(http->listening, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) ||
        bind(http->listening, where, len) || listen(http->listening, 1024) ||
        getsockname(http->listening, is_six ? (struct sockaddr *)&six : (struct sockaddr *)&four,
                    &len))
        return error_set(err, STATUS_IO, "Port %u of %s can't be used: %s.",
                         "端口 %u（%s）无法使用：%s。", options->port, options->address,
                         strerror(errno));
    http->port = ntohs(is_six ? six.sin6_port : four.sin_port);
    return STATUS_OK;
}

/* As many connections as the system lets us have files, with some left over for the database. */
static unsigned raise_limits(void)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files))
        return 512;
    files.rlim_cur = files.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &files);
    if (files.rlim_cur > CONNECTIONS_MAX + SPARE_FILES)
        return CONNECTIONS_MAX;
    return (unsigned)files.rlim_cur > 2 * SPARE_FILES ? (unsigned)files.rlim_cur - SPARE_FILES
                                                      : (unsigned)files.rlim_cur / 2;
}

static enum status read_pem(struct arena *arena, const char *path, struct str *pem,
                            struct error *err)
{
    FILE *file = fopen(path, "rbe");
    struct buf text = {.arena = arena};
    char piece[4096];
    size_t got;
    if (!file)
        return error_set(err, STATUS_IO, "The TLS file %s can't be read: %s.",
                         "无法读取 TLS 文件 %s：%s。", path, strerror(errno));
    while ((got = fread(piece, 1, sizeof piece, file)) > 0 && text.len < ((size_t)1 << 20))
        buf_add(&text, (struct str){piece, got});
    (void)fclose(file);
    *pem = buf_str(&text);
    return STATUS_OK;
}

static enum status start_daemon(struct http *http, const struct server_options *options,
                                struct arena *arena, struct error *err)
{
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC;
    struct str certificate = {0};
    struct str key = {0};
    enum status status = STATUS_OK;
    if (options->certificate) {
        flags |= MHD_USE_TLS;
        status = read_pem(arena, options->certificate, &certificate, err);
        if (!status)
            status = read_pem(arena, options->key, &key, err);
    }
    if (status)
        return status;
    struct MHD_OptionItem tls[] = {
        {MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)certificate.at},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)key.at},
        {MHD_OPTION_END, 0, NULL},
    };
    struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, NULL}};
    http->daemon =
        MHD_start_daemon(flags, http->port, NULL, NULL, on_request, http, MHD_OPTION_LISTEN_SOCKET,
                         http->listening, MHD_OPTION_NOTIFY_COMPLETED, on_completed, http,
                         MHD_OPTION_THREAD_POOL_SIZE, THREADS, MHD_OPTION_CONNECTION_TIMEOUT,
                         IDLE_SECONDS, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEADER_MEMORY,
                         MHD_OPTION_CONNECTION_LIMIT, raise_limits(), MHD_OPTION_STRICT_FOR_CLIENT,
                         1, MHD_OPTION_ARRAY, options->certificate ? tls : none, MHD_OPTION_END);
    if (!http->daemon)
        return error_set(
            err, STATUS_IO,
            "The web server can't start; check the TLS files, and that the port is free.",
            "网页服务无法启动；请检查 TLS 文件以及端口是否可用。");
    return STATUS_OK;
}

enum status http_start(struct server *server, struct http **http, struct error *err)
{
    const struct server_options *options = server_options_of(server);
    struct http *h = calloc(1, sizeof *h);
    if (!h)
        abort();
    *h = (struct http){.server = server, .listening = -1, .quiesced = -1};
    struct arena *arena = arena_make();
    enum status status = listen_at(h, options, err);
    if (!status)
        status = start_daemon(h, options, arena, err);
    arena_free(arena);
    if (status) {
        if (h->listening >= 0)
            (void)close(h->listening);
        free(h);
        return status;
    }
    *http = h;
    return STATUS_OK;
}

uint16_t http_port(const struct http *http)
{
    return http->port;
}

void http_quiesce(struct http *http)
{
    /* Its threads may still watch the socket, which is theirs to close no more: see http_stop. */
    http->quiesced = MHD_quiesce_daemon(http->daemon);
}

void http_stop(struct http *http)
{
    if (!http)
        return;
    MHD_stop_daemon(http->daemon);
    if (http->quiesced >= 0)
        (void)close(http->quiesced);
    free(http);
}
