/* The tracer: an errand that runs the traces asked for from pages, one after another.
 *
 * A trace goes on when its page is closed. How far it is lies in memory; open pages are told by live lines that
 * belong to no event, name only the trace's address and go to stewards. What it found is written once, at its
 * end. One that was running when the server ended, by a crash or otherwise, is found interrupted at the next
 * start and can be asked for again. */
#ifndef SERVER_TRACER_H
#define SERVER_TRACER_H

#include "library/trace.h"
#include "server/errand.h"

struct tracer_desk;

/* Keeps what pages ask of the errand; made before it starts. */
struct tracer_desk *tracer_make(void);
void tracer_free(struct tracer_desk *desk); /* NULL is allowed */
/* A round of it, to be started with errand_start; the context is the struct tracer_desk. */
int64_t tracer_round(struct server *server, struct store *store, struct arena *arena, void *desk);

/* How far a trace is; false when it is not the one at work. Any thread. */
bool tracer_progress(struct tracer_desk *desk, int64_t trace, struct trace_progress *progress);
/* Asks the trace to stop, when it is the one at work; it ends within a moment. Any thread. */
void tracer_stop(struct tracer_desk *desk, int64_t trace);

#endif
