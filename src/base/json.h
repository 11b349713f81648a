/* Between byte strings and JSON, which jansson reads and writes. Thread-safe. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <jansson.h>

#include "base/str.h"

/* The text as a JSON string, for json_pack's "o"; NULL for what is no UTF-8, which json_pack hands on. */
json_t *str_to_json(struct str text);
/* JSON as a text without blanks, in the arena; "{}" for NULL. The JSON is released. */
struct str str_from_json(struct arena *arena, json_t *json);

#endif
