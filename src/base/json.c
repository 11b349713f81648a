/* Byte strings and JSON; see json.h. */
#include "base/json.h"

#include <stdlib.h>

json_t *str_to_json(struct str text)
{
    return json_stringn(text.at ? text.at : "", text.len);
}

struct str str_from_json(struct arena *arena, json_t *json)
{
    char *text = json ? json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
    struct str kept = str_copy(arena, text ? str_of(text) : STR("{}"));
    free(text);
    json_decref(json);
    return kept;
}
