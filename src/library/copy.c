/* Copies; see copy.h. */
#include "library/copy.h"

#include <inttypes.h>

#include "library/setting.h"

struct copy_press {
    struct arena *arena;
    struct edition edition;
    enum format_kind kind;
    const struct paper_sites *sites;
    struct mark_code *code;
    struct stamp_plan *plan;
    uint8_t *bits;
    char *out;
};

enum status copy_press_make(struct arena *arena, struct store *store,
                            const struct edition_text *text, enum format_kind kind,
                            struct copy_press **press, struct error *err)
{
    struct format_frame frame;
    enum status status = library_get_setting(arena, store, STR("notice"), &frame.notice, err);
    if (!status)
        status = library_get_setting(arena, store, STR("credit"), &frame.credit, err);
    if (status)
        return status;
    struct copy_press *p = arena_new(arena, struct copy_press);
    p->arena = arena;
    p->edition = text->edition;
    p->kind = kind;
    p->sites = &text->sites;
    p->code = library_edition_code(arena, store, &text->edition);
    p->plan = format_write(arena, &text->doc, &text->sites, &frame, kind);
    p->bits = arena_array(arena, (size_t)text->sites.nsites + 1, uint8_t);
    p->out = arena_take(arena, stamp_plan_room(p->plan));
    *press = p;
    return STATUS_OK;
}

static enum status note_first_copy(struct copy_press *press, struct store *store, int64_t member,
                                   struct error *err)
{
    struct query *q = query_start(store, "INSERT INTO copy (paper, edition, member, first_ms)"
                                         " VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING");
    query_bind_int(q, 1, press->edition.paper);
    query_bind_int(q, 2, press->edition.number);
    query_bind_int(q, 3, member);
    query_bind_int(q, 4, store_now_ms());
    (void)query_row(q);
    return query_end(q, err);
}

enum status copy_record(struct copy_press *press, struct store *store, int64_t member,
                        struct error *err)
{
    /* --all records a million of these in one operation, so nothing is left in the arena. */
    struct arena *arena = arena_make();
    enum status status = note_first_copy(press, store, member, err);
    if (!status)
        status = store_add_event(
            store, "editor", "copy.given", library_paper_id(arena, press->edition.paper),
            str_format(arena,
                       "{\"edition\":%" PRId64 ",\"member\":\"M%" PRId64 "\",\"format\":\"%s\"}",
                       press->edition.number, member, format_name(press->kind)),
            err);
    arena_free(arena);
    return status;
}

static struct str write_out(struct copy_press *press)
{
    stamp_apply_locks(press->sites, press->bits);
    return (struct str){press->out, stamp_plan_write(press->plan, press->bits, press->out)};
}

struct str copy_bytes(struct copy_press *press, int64_t member)
{
    mark_codeword(press->code, (uint32_t)member, press->bits);
    return write_out(press);
}

struct str copy_master_bytes(struct copy_press *press)
{
    for (uint32_t i = 0; i < press->sites->nsites; i++)
        press->bits[i] = 0;
    return write_out(press);
}
