/* The lines of the record that a case or a trace rests on, with their hashes. */
#ifndef LIBRARY_CASE_CHAIN_H
#define LIBRARY_CASE_CHAIN_H

#include "store/store.h"

struct chain_line {
    int64_t seq, time_ms;
    struct str actor; /* a name; empty: nobody in particular, or the reporter */
    struct str kind;
    struct digest hash;
};

/* Events about the case, its traces and its sanctions, oldest first, at most 1000, in the arena. */
enum status library_chain_of_case(struct arena *arena, struct store *store, int64_t case_file,
                                  struct chain_line **lines, size_t *count, struct error *err);
/* Events about one trace. */
enum status library_chain_of_trace(struct arena *arena, struct store *store, int64_t trace,
                                   struct chain_line **lines, size_t *count, struct error *err);
/* The record's last line: its hash covers all before it. seq 0: there is none. */
enum status library_chain_head(struct store *store, struct chain_line *head, struct error *err);

#endif
