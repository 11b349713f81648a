/* Events about things that have a letter and a number: G3, P17, M2. Not for other rooms. */
#ifndef LIBRARY_RECORD_H
#define LIBRARY_RECORD_H

#include <jansson.h>

#include "store/store.h"

/* Appends an event within the open write transaction. `data` is a JSON object, which is released, or NULL
 * for {}. */
enum status record_event(struct store *store, const char *kind, char letter, int64_t number,
                         json_t *data, struct error *err);
/* "M17" for json_pack's "o". */
json_t *record_member(int64_t member);

#endif
