/* Events about numbered things; see record.h. */
#include "library/record.h"

#include <inttypes.h>

json_t *record_member(int64_t member)
{
    return json_sprintf("M%" PRId64, member);
}

enum status record_event(struct store *store, const char *kind, char letter, int64_t number,
                         json_t *data, struct error *err)
{
    return store_add_event_about(store, "steward", kind, letter, number, data, err);
}
