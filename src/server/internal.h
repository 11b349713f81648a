/* What the files of server/ share and nobody else sees. */
#ifndef SERVER_INTERNAL_H
#define SERVER_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>

#include "server/request.h"
#include "server/server.h"
#include "server/template.h"

struct MHD_Connection;
struct door;
struct first_run;
struct gate;
struct grants;
struct live;
struct loop;
struct mail;
struct presses;
struct tracer_desk;

/* ---- writer.c ---- */

/* A write under way. Whoever submits it keeps it, and what it points to, until it is finished. */
struct job {
    struct job *next;
    server_write_step step;
    void *context;
    struct str actor;
    struct error *err;
    /* 0, or what the submitter was told by server_facts before looking up all that the step relies on: when
     * that does not hold any more the step is not run, and the status is STATUS_CONFLICT. Such a step is one
     * statement, as it is not a part of its own. */
    uint64_t facts;
    enum status status;
    void (*finished)(struct job *job); /* durable, or failed; in the writer's thread */
};

struct writer {
    struct store *store;
    struct arena *scratch;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t work;     /* a job came, or the end */
    pthread_cond_t finished; /* a group is durable: for those who wait for events */
    pthread_cond_t ending;   /* nobody waits any more */
    struct job *first, *last;
    int64_t durable_seq, group_seq;
    _Atomic uint64_t facts; /* see server_facts */
    bool stopping;
    bool released; /* nobody waits for events any more */
};

enum status writer_start(struct writer *w, const char *data, struct error *err);
/* Wakes everybody who waits for events, now and later; writes go on. */
void writer_release(struct writer *w);
/* Does the writes that wait, then ends. Nobody may write any more. */
void writer_stop(struct writer *w);
struct writer *server_writer(struct server *server);
/* Queues the jobs of a list, from first to last, and does not wait for them. */
void writer_submit(struct writer *w, struct job *first, struct job *last);
/* Counts the states of all that it depends on who may do what. Never 0. Who asks, then looks facts up, and finds
 * the same number in the step of a job (struct job's facts) knows that they still hold, whoever wrote meanwhile;
 * copies given and deletions due are not among them. */
uint64_t server_facts(struct server *server);
/* Says that events up to seq are durable, when another process recorded them. */
void server_note_events(struct server *server, int64_t seq);

/* ---- http.c: libmicrohttpd on one side, struct request on the other ---- */

/* What became of a request that was recalled: who comes second, writer or loop, finds what the first one set. */
enum exchange_fate { FATE_OPEN, FATE_RECORDED, FATE_LOST };

/* A request from its first header to its last byte out. */
struct exchange {
    struct exchange *next; /* in the queue of workers, or of answers to be made */
    struct MHD_Connection *connection;
    struct request rq;
    struct buf body;
    size_t body_max;
    struct door *door;
    size_t taken;                  /* bytes of the body, as the door counts them */
    int64_t heard_ms;              /* when the last of them came */
    struct exchange *coming;       /* the next whose body is coming in … */
    struct exchange **coming_here; /* … and where this one is held; NULL when it is not coming in */
    struct job job;                /* of what was recalled … */
    struct MHD_Response *ready;    /* … and its answer, until it goes out */
    _Atomic enum exchange_fate fate; /* of that */
    bool recalled;
    bool rings;   /* the last of its round, so that the loop is to be told when it is recorded */
    bool refused; /* answered before its body was read */
    bool handled; /* by a worker; the answer may go out */
    int64_t outgoing_to; /* the member for whom it is counted as on its way … */
    size_t outgoing;     /* … and how many bytes; 0: not counted */
};

struct http;
enum status http_start(struct server *server, struct http **http, struct error *err);
uint16_t http_port(const struct http *http);
/* Takes no more connections; those there go on. */
void http_quiesce(struct http *http);
void http_stop(struct http *http);
/* Called by a worker: the answer in the exchange may go out. */
void http_resume(struct exchange *exchange);
/* Takes up a connection again that was suspended; any thread. */
void http_wake(struct loop *loop, struct MHD_Connection *connection);

/* ---- server.c ---- */

struct first_run *server_first_run(const struct server *server);
/* Queues a request for the workers; false when the server is stopping and none will take it. */
bool server_enqueue(struct server *server, struct exchange *exchange);
struct live *server_live(const struct server *server);
struct mail *server_mail(const struct server *server);
struct tracer_desk *server_tracer(const struct server *server);
const struct templates *server_templates(const struct server *server);
struct grants *server_grants(const struct server *server);
struct presses *server_presses(const struct server *server);
struct gate *server_gate(const struct server *server);
struct outgoing *server_outgoing(const struct server *server);
/* Path of a file of web/ with its digest in it, so that browsers may keep it: "/assets/style.css?v=…". */
struct str server_asset(const char *name);

/* ---- dispatch.c ---- */

/* Finds the route of rq->path and method, without running it; fills rq->route and params. Gives the HTTP
 * status that refuses it: 404, 405, or 0. */
unsigned dispatch_find_route(struct request *rq);
/* Runs a request to its answer: viewer, authorisation, input, handler, errors. Never fails. */
void dispatch(struct request *rq, struct str body);
/* Whether a request was decided a moment ago, so that it needs no worker: then fills the job that is to be
 * durable before dispatch_deliver makes the answer. Needs no store. */
bool dispatch_recall(struct request *rq, struct job *job);
void dispatch_deliver(struct request *rq);
/* Gives back what a request holds besides its arena. */
void dispatch_end(struct request *rq);
/* An answer for requests refused early: 404, 405, 413, 503. */
void dispatch_refuse(struct request *rq, unsigned code);
/* The same with 503 where the house itself can't answer: why goes to the journal, for whoever runs it. */
void dispatch_fail(struct request *rq, struct error *err);

/* ---- input.c ---- */

/* Fills form and uploads from the body. */
enum status input_read(struct request *rq, struct str body, struct error *err);
/* Puts right what a word processor left in pasted texts, and holds what came against the route's inputs; the
 * message names the first that can't be taken. */
enum status input_check(struct request *rq, struct error *err);
/* Puts U+FFFD for what is no UTF-8 in all that came: for a form that was refused and is shown again. */
void input_mend(struct request *rq);
/* Adds one name and value. */
void pairs_add(struct arena *arena, struct pairs *pairs, struct str name, struct str value);
struct str pairs_find(const struct pairs *pairs, struct str name);
/* "a%20b+c" → "a b c". */
struct str input_unescape(struct arena *arena, struct str text, bool plus);

/* ---- session.c ---- */

/* The value of the session's cookie; empty when there is none. */
struct str session_cookie(const struct request *rq);
/* Who asks, by cookie or bearer token; nobody when neither is good. */
enum status session_find_viewer(struct request *rq, struct error *err);
/* Whether cookie or token are of somebody with one of the roles, looked at alone: for a request whose body is still
 * to come. Notes nothing. Not when the store fails. */
bool session_has_role(struct request *rq, struct store *store, unsigned roles);
/* Starts a session for a member who has proven who they are; sets its cookie. `password` is the account's, as kept,
 * that this was proven against: STATUS_CONFLICT when another has taken its place since, which ended all sessions. */
enum status session_start(struct request *rq, int64_t member, struct str password,
                          struct error *err);
enum status session_end(struct request *rq, struct error *err);
/* Compares without telling by time how much agrees. */
bool session_same_secret(struct str a, struct str b);
/* An address cut to its network: "192.0.2.0/24", "2001:db8:1::/48". */
struct str session_network(struct arena *arena, struct str address);
/* STATUS_FORBIDDEN unless a POST comes from a page of ours (token, and Origin where it is sent). */
enum status session_check_origin(struct request *rq, struct error *err);

/* ---- answer.c ---- */

/* Fields that every template may use besides its own. */
const struct field *answer_shell_fields(void);
/* A cookie for this site's own requests; seconds 0 takes it away. */
void answer_cookie(struct request *rq, const char *name, struct str value, int64_t seconds);
/* The value of such a cookie; empty when there is none. */
struct str request_cookie(const struct request *rq, const char *name);
/* Appends text as part of an address, % and hexadecimal digits for all but letters, digits, - . _ ~ /. */
void answer_escape_query(struct buf *out, struct str text);
/* Bytes of an address to go on to that the pages that ask for one take. */
#define REQUEST_NEXT_MOST 2000
/* The page's own address, query included, as a value within another address; in the request's arena. */
struct str answer_own_address(const struct request *rq);
/* A path of this site with its scheme and host before it, as the browser that asks knows them: for what is
 * shown to be handed on while the owner has set no address. What is whole already stays. */
struct str answer_whole_address(struct request *rq, struct str path);
/* The same for a path that leaves the portal: behind the address that the owner has set, if they have. */
enum status answer_public_address(struct request *rq, struct str path, struct str *address,
                                  struct error *err);
/* Whether a path leads to a page of this site and nowhere else. */
bool answer_is_local_path(struct str path);
/* A file of web/, which browsers may keep as its address changes with its content. */
enum status answer_asset(struct request *rq, const char *type, struct str bytes);
/* The status that belongs to an error, and an error page with it. */
unsigned answer_code_of(enum status status);
enum status answer_error(struct request *rq, unsigned code, const struct error *err);

#endif
