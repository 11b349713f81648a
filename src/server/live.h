/* Live lines: server-sent events (HTML standard, section 9.2) to readers who keep a page open.
 *
 * One hub thread reads new events of the record and passes each on to the listeners it concerns. A line
 * carries the event's seq as its id, so a browser that comes back after a broken line says where it was
 * and misses nothing, of the last 100,000 events: what is older the page has. A stream ends as soon as its session or token does. */
#ifndef SERVER_LIVE_H
#define SERVER_LIVE_H

#include "base/error.h"

struct live;
struct request;
struct server;

/* Starts the hub's thread, with a store of its own; the server must outlive it. To be ended with live_end_streams, then
 * live_free. STATUS_IO where the system has no thread left, or store_open's error; *live is untouched then. */
enum status live_start(struct server *server, struct live **live, struct error *err);
/* Ends every stream and the hub; no stream may begin afterwards. NULL is allowed. */
void live_end_streams(struct live *live);
/* Releases it, once the web server has stopped and no stream is left. */
void live_free(struct live *live);
/* Passes a line that belongs to no event on to whoever listens now and is concerned. Any thread; must not be
 * called once live_end_streams has been. */
struct live_line;
void live_tell(struct live *live, const struct live_line *line);
/* Answers a request with a stream for its viewer, from Last-Event-ID on, or from `after` in
 * the address, which a page gives that knows of the events so far; else from now on. */
enum status live_answer(struct request *rq, struct error *err);

#endif
