/* The portal: HTTP, sessions, pages, JSON, live updates, feeds, mail, hooks.
 *
 * One process over one data folder. Loops of libmicrohttpd (epoll) take requests in and send answers out; a
 * pool of workers, each with a database connection of its own for reading, runs the handlers; one writer thread
 * groups waiting writes into one commit. Handlers are straight lines: they may wait for the writer without
 * holding up anybody else's connection.
 *
 * Enters library/ and ledger/. */
#ifndef SERVER_SERVER_H
#define SERVER_SERVER_H

#include "base/error.h"
#include "store/store.h"

struct server_options {
    const char *data;        /* data folder */
    const char *address;     /* to listen on, "127.0.0.1" */
    uint16_t port;           /* 0: any free one */
    const char *certificate; /* PEM files for TLS; NULL: plain */
    const char *key;
    bool trust_proxy;  /* believe X-Forwarded-For and X-Forwarded-Proto */
    unsigned patience; /* seconds that a connection may keep silent; 0: 30 */
    unsigned quick_ms; /* that a trace may take in the place kept for quick ones; 0: two minutes */
    unsigned workers;  /* 0: as many as may usefully wait for one commit */
};

struct server;

/* Starts serving. On error nothing is left running. STATUS_CONFLICT where another server has the data folder. */
enum status server_start(const struct server_options *options, struct server **server,
                         struct error *err);
/* The code that makes the owner of a fresh installation; NULL when it has one. See first_run.h. */
const char *server_first_run_code(const struct server *server);
/* The port it listens on. */
uint16_t server_port(const struct server *server);
/* Stops taking requests, ends those under way, commits what is written, and releases everything. */
void server_stop(struct server *server);

/* A write: runs in the writer's thread inside a transaction of its own, which is undone alone when it
 * fails. `scratch` is an arena that is reset afterwards; results go into context, in memory of the caller.
 * Must not wait for other writes. */
typedef enum status (*server_write_step)(struct store *store, struct arena *scratch, void *context,
                                         struct error *err);
/* Queues a write and waits until it is durable (or has failed). `actor` stands in its events: "M17". Any
 * thread but the writer's. Returns the step's status, or the commit's. */
enum status server_write(struct server *server, struct str actor, server_write_step step,
                         void *context, struct error *err);

/* Seq of the last event that is durable; waits until it is above `after`, the server stops, or `until_ms`
 * (Unix) passes. For the threads that read events: live, mail, hooks, search. */
int64_t server_wait_events(struct server *server, int64_t after, int64_t until_ms);
/* Waits until the server stops or until_ms passes: for those who have seen events and want others to gather. */
void server_wait(struct server *server, int64_t until_ms);
/* True once the server is stopping. */
bool server_stopping(struct server *server);
const struct server_options *server_options_of(const struct server *server);

#endif
