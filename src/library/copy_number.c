/* Numbers of copies; see copy_number.h. */
#include "library/copy_number.h"

#include <jansson.h>

#include "library/entitlement.h"
#include "library/record.h"

static const struct {
    const char *name;
    const char *en, *zh;
} STATES[COPY_STATES] = {
    [COPY_UNKNOWN] =
        {"unknown",
         "No copy has this number. Compare it character by character with the one on the paper: it has 16, and never "
         "0, 1, I, L or O.",
         "没有此编号的副本。请与纸面逐字核对：编号共 16 个字符，不含 0、1、I、L、O。"},
    [COPY_CURRENT] = {"current",
                      "A copy with this number was given by this organisation. It is current.",
                      "本单位发放过此编号的副本，现行有效。"},
    [COPY_SUPERSEDED] =
        {"superseded",
         "A copy with this number was given by this organisation. There is a newer edition of the paper since.",
         "本单位发放过此编号的副本，该文稿现已有新版本。"},
    [COPY_EXPIRED] =
        {"expired",
         "A copy with this number was given by this organisation. Its time is over: use it no longer.",
         "本单位发放过此编号的副本，现已过期，请勿再使用。"},
    [COPY_REVOKED] =
        {"revoked",
         "A copy with this number was given by this organisation, which has revoked it: use it no longer.",
         "本单位发放过此编号的副本，现已收回，请勿再使用。"},
};

const char *copy_state_name(enum copy_state state)
{
    return STATES[state].name;
}

void copy_state_words(enum copy_state state, const char **en, const char **zh)
{
    *en = STATES[state].en;
    *zh = STATES[state].zh;
}

/* How a copy `c` stands at ?2, as a value of enum copy_state. Erasing takes members out of the groups by which their
 * copies may have been revoked; so that none of these turns good by it, all of theirs are over then. */
/* clang-format off */
#define STATE_SQL                                                                                   \
    "CASE WHEN EXISTS (SELECT 1 FROM offer o WHERE o.paper = c.paper AND o.withdrawn_ms IS NOT NULL)" \
    " OR " REVOKED_SQL("c.paper", "c.member") " THEN 4"                                             \
    " WHEN EXISTS (SELECT 1 FROM member m WHERE m.id = c.member AND m.erased_ms IS NOT NULL)"       \
    " OR EXISTS (SELECT 1 FROM offer o WHERE o.paper = c.paper AND (o.expires_ms <= ?2"             \
    "  OR c.first_ms + o.copy_days * 86400000 <= ?2)) THEN 3"                                       \
    " WHEN EXISTS (SELECT 1 FROM edition e WHERE e.paper = c.paper AND e.number > c.edition) THEN 2" \
    " ELSE 1 END"
/* clang-format on */
_Static_assert(COPY_REVOKED == 4 && COPY_EXPIRED == 3 && COPY_SUPERSEDED == 2 && COPY_CURRENT == 1,
               "as STATE_SQL has them");

/* A number, or all that a code said, pasted. What can't be a number is looked up all the same, so that it takes as long. */
static struct str number_of(struct str typed, struct serial *serial)
{
    size_t at = 0;
    bool found = serial_read(typed, serial) || serial_find(typed, &at, serial);
    return found ? serial_str(serial) : STR("----------------");
}

enum status copy_check_number(struct store *store, struct str typed, int64_t now_ms,
                              enum copy_state *state, struct error *err)
{
    struct serial serial;
    struct query *q = query_start(store, "SELECT " STATE_SQL " FROM copy c WHERE c.number = ?1");
    query_bind_str(q, 1, number_of(typed, &serial));
    query_bind_int(q, 2, now_ms);
    *state = query_row(q) ? (enum copy_state)query_int(q, 0) : COPY_UNKNOWN;
    return query_end(q, err);
}

enum status copy_find_number(struct arena *arena, struct store *store, struct str typed,
                             int64_t now_ms, struct numbered_copy *copy, struct error *err)
{
    struct query *q = query_start(
        store,
        "SELECT " STATE_SQL ", c.paper, c.edition, c.member, c.first_ms,"
        " (SELECT key FROM offer o WHERE o.paper = c.paper), (SELECT title FROM edition e"
        "  WHERE e.paper = c.paper AND e.number = c.edition), (SELECT CASE WHEN erased_ms IS NULL THEN name"
        "  ELSE '' END FROM member m WHERE m.id = c.member) FROM copy c WHERE c.number = ?1");
    *copy = (struct numbered_copy){0};
    query_bind_str(q, 1, number_of(typed, &copy->number));
    query_bind_int(q, 2, now_ms);
    bool found = query_row(q);
    if (found) {
        copy->state = (enum copy_state)query_int(q, 0);
        copy->paper = query_int(q, 1);
        copy->edition = query_int(q, 2);
        copy->member = query_int(q, 3);
        copy->first_ms = query_int(q, 4);
        copy->paper_key = str_copy(arena, query_str(q, 5));
        copy->title = str_copy(arena, query_str(q, 6));
        copy->name = str_copy(arena, query_str(q, 7));
    }
    enum status status = query_end(q, err);
    return status || found ? status
                           : error_about(err, STATUS_MISSING, STATES[COPY_UNKNOWN].en,
                                         STATES[COPY_UNKNOWN].zh, "%s", "%s", "");
}

enum status copy_ask_number(struct arena *arena, struct store *store, struct str typed,
                            int64_t now_ms, struct numbered_copy *copy, struct error *err)
{
    enum status status = copy_find_number(arena, store, typed, now_ms, copy, err);
    return status ? status
                  : record_event(store, "trace.number", 'P', copy->paper,
                                 json_pack("{s:I, s:o}", "edition", (json_int_t)copy->edition,
                                           "member", record_member(copy->member)),
                                 err);
}
