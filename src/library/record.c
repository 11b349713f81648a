/* Events about numbered things; see record.h. */
#include "library/record.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

json_t *record_member(int64_t member)
{
    return json_sprintf("M%" PRId64, member);
}

enum status record_event(struct store *store, const char *kind, char letter, int64_t number,
                         json_t *data, struct error *err)
{
    char subject[24];
    int len = snprintf(subject, sizeof subject, "%c%" PRId64, letter, number);
    char *text = data ? json_dumps(data, JSON_COMPACT) : NULL;
    enum status status = STATUS_OK;
    if (data && !text)
        status =
            error_set(err, STATUS_INPUT, "A text is not valid UTF-8.", "有内容不是有效的 UTF-8。");
    if (!status)
        status = store_add_event(store, "steward", kind, (struct str){subject, (size_t)len},
                                 str_of(text ? text : "{}"), err);
    free(text);
    json_decref(data);
    return status;
}
