/* The tracer: errands that run the traces asked for from pages, two at a time: one whose exhibit has many hard pages may
 * take half an hour, and others go on meanwhile. Where two such are at work, a third place is kept for quick ones: what
 * takes longer there than two minutes is put back, to wait for one of the two, and keeps nobody waiting any longer.
 *
 * A trace goes on when its page is closed. How far it is lies in memory; open pages are told by live lines that
 * belong to no event, name only the trace's address and go to stewards. What it found is written once, at its
 * end. One that was running when the server ended, by a crash or otherwise, is found interrupted at the next
 * start and can be asked for again. */
#ifndef SERVER_TRACER_H
#define SERVER_TRACER_H

#include "library/trace.h"
#include "server/errand.h"

#define TRACER_PLACES 3 /* traces at work at once, each by an errand; the last is for quick ones */
#define TRACER_QUICK  (TRACER_PLACES - 1)

struct tracer_desk;
struct tracer_place;

/* Keeps what pages ask of the errands; made before they start. */
struct tracer_desk *tracer_make(void);
void tracer_free(struct tracer_desk *desk); /* NULL is allowed */
/* The place of one of the errands, from 0; the desk's. */
struct tracer_place *tracer_place(struct tracer_desk *desk, size_t number);
/* A round of it, to be started with errand_start; the context is its struct tracer_place. */
int64_t tracer_round(struct server *server, struct store *store, struct arena *arena, void *place);

/* How far a trace is; false when it is not at work. Any thread. */
bool tracer_progress(struct tracer_desk *desk, int64_t trace, struct trace_progress *progress);
/* Asks the trace to stop, when it is at work; it ends within a moment. Any thread. */
void tracer_stop(struct tracer_desk *desk, int64_t trace);

#endif
