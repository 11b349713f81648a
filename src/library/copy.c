/* Copies; see copy.h. */
#include "library/copy.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "base/serial.h"
#include "library/letter.h"
#include "library/setting.h"

struct copy_press {
    struct edition edition;
    struct format_frame frame;
    const char *format; /* as events name it */
    uint8_t *open;      /* 1 for each site that is marked, 0 where it is locked or absent */
    struct mark_code *code;
    struct format_press *file; /* … */
    struct stamp_plan *page;   /* … or, of a page, its body … */
    struct stamp_plan *outline;
};

static enum status read_mark(struct store *store, int64_t paper, enum format_mark *mark,
                             struct error *err)
{
    struct query *q = query_start(store, "SELECT mark FROM offer WHERE paper = ?1");
    *mark = FORMAT_MARK_NONE;
    query_bind_int(q, 1, paper);
    if (query_row(q))
        (void)format_parse_mark(query_str(q, 0), mark);
    return query_end(q, err);
}

enum status copy_read_frame(struct arena *arena, struct store *store, int64_t paper,
                            struct format_frame *frame, struct error *err)
{
    enum status status = library_get_setting(arena, store, STR("notice"), &frame->notice, err);
    if (!status)
        status = library_get_setting(arena, store, STR("credit"), &frame->credit, err);
    return status ? status : read_mark(store, paper, &frame->mark, err);
}

static enum status make_press(struct arena *arena, struct store *store,
                              const struct edition_text *text, struct copy_press **press,
                              struct error *err)
{
    struct copy_press *p = arena_new(arena, struct copy_press);
    enum status status = copy_read_frame(arena, store, text->edition.paper, &p->frame, err);
    if (status)
        return status;
    p->edition = text->edition;
    p->edition.title = str_copy(arena, text->edition.title);
    p->code = library_edition_code(arena, store, &text->edition);
    p->open = arena_array(arena, (size_t)text->sites.nsites + 1, uint8_t);
    memset(p->open, 1, text->sites.nsites);
    stamp_apply_locks(&text->sites, p->open);
    *press = p;
    return STATUS_OK;
}

enum status copy_press_make(struct arena *arena, struct store *store,
                            const struct edition_text *text, enum format_kind kind,
                            struct copy_press **press, struct error *err)
{
    enum status status = make_press(arena, store, text, press, err);
    if (status)
        return status;
    (*press)->format = format_name(kind);
    struct arena *scratch = arena_make();
    struct str original = STR("");
    if (kind == FORMAT_DOCX && text->edition.has_original)
        status = store_get_blob(scratch, store, &text->edition.original, &original, err);
    if (!status)
        status = format_press_make(arena, &text->doc, &text->sites, &(*press)->frame, original,
                                   kind, &(*press)->file, err);
    arena_free(scratch);
    return status;
}

enum status copy_press_make_page(struct arena *arena, struct store *store,
                                 const struct edition_text *text, struct copy_press **press,
                                 struct error *err)
{
    enum status status = make_press(arena, store, text, press, err);
    if (status)
        return status;
    (*press)->format = "page";
    (*press)->page = format_write_page(arena, &text->doc, &text->sites);
    (*press)->outline = format_write_outline(arena, &text->doc, &text->sites);
    return STATUS_OK;
}

const struct edition *copy_press_edition(const struct copy_press *press)
{
    return &press->edition;
}

const struct format_frame *copy_press_frame(const struct copy_press *press)
{
    return &press->frame;
}

/* --- the record --------------------------------------------------------------------------------- */

/* Until a first copy is given an edition's sites may change in place; bytes stamped with the old ones must
 * not leave under the new ones' record. */
static enum status check_sites(const struct edition *edition, struct store *store,
                               struct error *err)
{
    struct query *q =
        query_start(store, "SELECT 1 FROM edition WHERE paper = ?1 AND number = ?2 AND sites = ?3");
    query_bind_int(q, 1, edition->paper);
    query_bind_int(q, 2, edition->number);
    query_bind_blob(q, 3, digest_bytes(&edition->sites_digest));
    bool same = query_row(q);
    enum status status = query_end(q, err);
    if (status || same)
        return status;
    return error_set(err, STATUS_CONFLICT,
                     "An editor has just changed this edition's marking; please try again.",
                     "编辑刚刚调整了本版的标记，请重试。");
}

static enum status note_first_copy(const struct edition *edition, struct store *store,
                                   int64_t member, struct error *err)
{
    struct serial number;
    enum status status = serial_make(&number, err);
    if (status)
        return status;
    struct query *q = query_start(
        store,
        "INSERT INTO copy (paper, edition, member, first_ms, number) VALUES (?1, ?2, ?3, ?4, ?5)"
        " ON CONFLICT (paper, edition, member) DO UPDATE SET number = excluded.number WHERE number IS NULL");
    query_bind_int(q, 1, edition->paper);
    query_bind_int(q, 2, edition->number);
    query_bind_int(q, 3, member);
    query_bind_int(q, 4, store_now_ms());
    query_bind_str(q, 5, serial_str(&number));
    (void)query_row(q);
    return query_end(q, err);
}

/* A copy taken after its deletion was attested is to be deleted anew. */
static enum status note_deletion(const struct edition *edition, struct store *store, int64_t member,
                                 struct error *err)
{
    struct query *q =
        query_start(store, "INSERT INTO deletion (paper, member, due_ms)"
                           " SELECT paper, ?2, ?3 + delete_days * 86400000 FROM offer"
                           " WHERE paper = ?1 AND delete_days IS NOT NULL"
                           " ON CONFLICT (paper, member) DO UPDATE SET due_ms = excluded.due_ms,"
                           " reminded_ms = NULL, attested_ms = NULL WHERE attested_ms IS NOT NULL");
    query_bind_int(q, 1, edition->paper);
    query_bind_int(q, 2, member);
    query_bind_int(q, 3, store_now_ms());
    (void)query_row(q);
    return query_end(q, err);
}

static enum status add_copy_event(const struct edition *edition, struct store *store,
                                  int64_t member, const char *kind, const char *format,
                                  struct error *err)
{
    /* --all records a million of these in one operation, so nothing is left in an arena. */
    char subject[32];
    char data[160];
    int len = snprintf(subject, sizeof subject, "P%" PRId64, edition->paper);
    int data_len =
        snprintf(data, sizeof data,
                 "{\"edition\":%" PRId64 ",\"member\":\"M%" PRId64 "\",\"format\":\"%s\"}",
                 edition->number, member, format);
    return store_add_event(store, "editor", kind, (struct str){subject, (size_t)len},
                           (struct str){data, (size_t)data_len}, err);
}

static enum status note_copy(const struct edition *edition, struct store *store, int64_t member,
                             const char *kind, const char *format, struct error *err)
{
    enum status status = check_sites(edition, store, err);
    if (!status)
        status = note_first_copy(edition, store, member, err);
    return status ? status : add_copy_event(edition, store, member, kind, format, err);
}

enum status copy_record(const struct copy_press *press, struct store *store, int64_t member,
                        struct error *err)
{
    enum status status =
        note_copy(&press->edition, store, member, "copy.given", press->format, err);
    return status ? status : note_deletion(&press->edition, store, member, err);
}

enum status copy_record_again(const struct copy_press *press, struct store *store, int64_t member,
                              struct error *err)
{
    return add_copy_event(&press->edition, store, member, "copy.given", press->format, err);
}

enum status copy_find_opening(const struct edition *edition, struct store *store, int64_t member,
                              bool *found, struct error *err)
{
    struct query *q = query_start(store, "SELECT 1 FROM copy WHERE paper = ?1 AND edition = ?2"
                                         " AND member = ?3 AND opened_ms >= ?4");
    query_bind_int(q, 1, edition->paper);
    query_bind_int(q, 2, edition->number);
    query_bind_int(q, 3, member);
    query_bind_int(q, 4, calendar_day_begin(store_now_ms(), 0));
    *found = query_row(q);
    return query_end(q, err);
}

static enum status note_opening(const struct edition *edition, struct store *store, int64_t member,
                                struct error *err)
{
    struct query *q = query_start(store, "UPDATE copy SET opened_ms = ?4"
                                         " WHERE paper = ?1 AND edition = ?2 AND member = ?3");
    query_bind_int(q, 1, edition->paper);
    query_bind_int(q, 2, edition->number);
    query_bind_int(q, 3, member);
    query_bind_int(q, 4, store_now_ms());
    (void)query_row(q);
    return query_end(q, err);
}

enum status copy_record_opening(const struct edition *edition, struct store *store, int64_t member,
                                struct error *err)
{
    bool found = false;
    enum status status = copy_find_opening(edition, store, member, &found, err);
    if (status || found)
        return status ? status : check_sites(edition, store, err);
    status = note_copy(edition, store, member, "copy.opened", "page", err);
    if (!status)
        status = note_opening(edition, store, member, err);
    return status;
}

enum status copy_find_owner(const struct copy_press *press, struct arena *arena,
                            struct store *store, int64_t member, struct format_owner *owner,
                            struct error *err)
{
    struct serial number;
    struct str site;
    *owner = (struct format_owner){0};
    if (press->frame.mark == FORMAT_MARK_NONE)
        return STATUS_OK;
    struct query *q = query_start(
        store, "SELECT c.number, c.first_ms, m.name FROM copy c JOIN member m"
               " ON m.id = c.member WHERE c.paper = ?1 AND c.edition = ?2 AND c.member = ?3");
    query_bind_int(q, 1, press->edition.paper);
    query_bind_int(q, 2, press->edition.number);
    query_bind_int(q, 3, member);
    if (query_row(q) && serial_read(query_str(q, 0), &number)) {
        owner->number = serial_print(arena, &number);
        owner->first_ms = query_int(q, 1);
        owner->name = str_copy(arena, query_str(q, 2));
    }
    enum status status = query_end(q, err);
    if (!status)
        status = library_site_url(arena, store, &site, err);
    if (!status && site.len)
        owner->check_url =
            str_format(arena, "%.*s/check/%.*s", STR_ARG(site), STR_ARG(owner->number));
    return status;
}

/* --- the bytes ---------------------------------------------------------------------------------- */

static uint8_t *member_bits(const struct copy_press *press, struct arena *arena, int64_t member)
{
    uint32_t nsites = press->edition.nsites;
    uint8_t *bits = arena_array(arena, (size_t)nsites + 1, uint8_t);
    mark_codeword(press->code, (uint32_t)member, bits);
    for (uint32_t i = 0; i < nsites; i++)
        bits[i] &= press->open[i];
    return bits;
}

static struct str write_plan(const struct stamp_plan *plan, struct arena *arena,
                             const uint8_t *bits)
{
    char *out = arena_take_unset(arena, stamp_plan_room(plan));
    return (struct str){out, stamp_plan_write(plan, bits, out)};
}

struct str copy_bytes(const struct copy_press *press, struct arena *arena, int64_t member,
                      const struct format_owner *owner)
{
    return format_press_write(press->file, arena, member_bits(press, arena, member),
                              press->frame.mark ? owner : NULL);
}

struct str copy_master_bytes(const struct copy_press *press, struct arena *arena)
{
    const uint8_t *bits = arena_array(arena, (size_t)press->edition.nsites + 1, uint8_t);
    return format_press_write(press->file, arena, bits, NULL);
}

struct copy_page copy_write_page(const struct copy_press *press, struct arena *arena,
                                 int64_t member)
{
    uint8_t *bits = member_bits(press, arena, member);
    return (struct copy_page){write_plan(press->outline, arena, bits),
                              write_plan(press->page, arena, bits)};
}

uint8_t *copy_make_bits(struct arena *arena, struct store *store, const struct edition_text *text,
                        int64_t member)
{
    struct mark_code *code = library_edition_code(arena, store, &text->edition);
    uint8_t *bits = arena_array(arena, (size_t)text->sites.nsites + 1, uint8_t);
    mark_codeword(code, (uint32_t)member, bits);
    stamp_apply_locks(&text->sites, bits);
    return bits;
}

struct paper_doc copy_make_doc(struct arena *arena, struct store *store,
                               const struct edition_text *text, int64_t member)
{
    return stamp_doc(arena, &text->doc, &text->sites, copy_make_bits(arena, store, text, member));
}
