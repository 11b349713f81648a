/* What the copies of an edition in a format share, by kind; see format.h. */
#include "format/press.h"

#include <time.h>

#include "format/pdf.h"
#include "format/write_docx.h"

struct format_press {
    const struct press_maker *maker;
    void *made;
};

/* --- kinds that are one stamp plan ---------------------------------------------------------------- */

static enum status make_plan(struct arena *arena, const struct press_order *order, void **made,
                             struct error *err)
{
    (void)err;
    *made = format_write(arena, order->doc, order->sites, order->frame, order->kind);
    return STATUS_OK;
}

static struct str write_plan(const void *made, struct arena *arena, const uint8_t *bits,
                             const struct format_owner *owner)
{
    const struct stamp_plan *plan = made;
    char *out = arena_take_unset(arena, stamp_plan_room(plan));
    (void)owner; /* plain text has no room beside its words */
    return (struct str){out, stamp_plan_write(plan, bits, out)};
}

static const struct press_maker PLAN = {make_plan, write_plan};

struct str format_owner_time(struct arena *arena, const struct format_owner *owner)
{
    char when[24] = "";
    struct tm t;
    time_t seconds = (time_t)(owner->first_ms / 1000);
    if (localtime_r(&seconds, &t))
        (void)strftime(when, sizeof when, "%Y-%m-%d %H:%M", &t);
    return str_copy(arena, str_of(when));
}

struct str format_owner_line(struct arena *arena, const struct format_owner *owner)
{
    struct str when = format_owner_time(arena, owner);
    return str_format(arena, "%.*s · %.*s · %.*s", STR_ARG(owner->name), STR_ARG(owner->number),
                      STR_ARG(when));
}

/* --- by kind -------------------------------------------------------------------------------------- */

static const struct press_maker *const MAKERS[FORMAT_KINDS] = {
    [FORMAT_TEXT] = &PLAN,
    [FORMAT_MARKDOWN] = &PLAN,
    [FORMAT_HTML] = &format_html_maker,
    [FORMAT_DOCX] = &format_docx_maker,
    [FORMAT_EPUB] = &format_epub_maker,
    [FORMAT_PDF] = &format_pdf_maker,
};

enum status format_press_make(struct arena *arena, const struct paper_doc *doc,
                              const struct paper_sites *sites, const struct format_frame *frame,
                              struct str original, enum format_kind kind,
                              struct format_press **press, struct error *err)
{
    static const struct format_frame none;
    struct press_order order = {doc, sites, frame ? frame : &none, original, kind};
    struct format_press *p = arena_new(arena, struct format_press);
    p->maker = MAKERS[kind];
    enum status status = p->maker->make(arena, &order, &p->made, err);
    if (!status)
        *press = p;
    return status;
}

struct str format_press_write(const struct format_press *press, struct arena *arena,
                              const uint8_t *bits, const struct format_owner *owner)
{
    return press->maker->write(press->made, arena, bits, owner);
}
