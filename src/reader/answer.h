/* The reader's answer, written to standard output; see wire.h. Whoever stopped listening ends the process. */
#ifndef READER_ANSWER_H
#define READER_ANSWER_H

#include "reader/reader.h"
#include "reader/wire.h"

/* The head of the answer, before any record; then records one after another, their bytes not kept. */
void answer_begin(void);
void answer_record(enum wire_record kind, struct str bytes);
/* A record of a number; of two. */
void answer_one(enum wire_record kind, uint32_t value);
void answer_two(enum wire_record kind, uint32_t one, uint32_t other);
void answer_left(unsigned kind, uint32_t count, struct str example);
/* Text, doubts and shifts. */
void answer_seen(struct arena *arena, const struct paper_seen *seen);

#endif
