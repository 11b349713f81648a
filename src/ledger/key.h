/* What the files of ledger/ that keep rows share and nobody else sees. */
#ifndef LEDGER_KEY_H
#define LEDGER_KEY_H

#include <jansson.h>

#include "store/store.h"

/* Appends an event about "<letter><id>"; data is released, NULL: {}. */
enum status ledger_add_event(struct store *store, const char *kind, char letter, int64_t id,
                             json_t *data, struct error *err);
/* Whether a text is valid UTF-8 of at most `most` characters, without control characters but line ends and tabs. */
bool ledger_is_text(struct str text, size_t most);
/* The same on one line, of at least `least` characters. */
bool ledger_is_line_of_text(struct str text, size_t least, size_t most);

/* What the marks of a project's turn come to by what counts now is kept with it, unless it was decided upon. */
enum status ledger_refresh_turn(struct arena *arena, struct store *store, int64_t line,
                                int64_t turn, struct error *err);

#endif
