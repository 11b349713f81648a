/* A gate before what takes much memory or time: few pass at once, few wait, and the rest are told to come again.
 *
 * Checking or keeping a password takes 64 MiB while it lasts, and anybody may ask for it. Without a gate as
 * many as there are workers would run at once; with one queue for all, strangers could fill it and keep
 * everybody out. So who is known (signed in, holding a link of ours, or at a network that the account was
 * signed in from before) has a lane apart, in which no stranger stands. What looks through the whole record
 * has another: all workers at it would let nobody else have a page. And who is known has one place of a lane, and one
 * among those who wait for it, however often they ask: nobody fills it alone. */
#ifndef SERVER_GATE_H
#define SERVER_GATE_H

#include <stdbool.h>
#include <stdint.h>

enum gate_lane { GATE_STRANGERS, GATE_KNOWN, GATE_RECORD, GATE_LANES };

#define GATE_STRANGERS_AT_ONCE 3U
#define GATE_KNOWN_AT_ONCE     2U
#define GATE_RECORD_AT_ONCE    2U

struct gate;

/* For so many threads: at most a quarter of them ever wait in a lane, so that most go on with other work. */
struct gate *gate_make(unsigned threads);
void gate_free(struct gate *gate); /* NULL is allowed */

/* Waits for a place in the lane, ten seconds at most; false, at once, when too many wait already, or the same member does.
 * `who`: the member; 0 where it is nobody in particular. */
bool gate_enter(struct gate *gate, enum gate_lane lane, int64_t who);
/* Gives the place of `who` back. */
void gate_leave(struct gate *gate, enum gate_lane lane, int64_t who);

#endif
