/* Copies as web pages, with a visible mark where the frame asks for one: a line that stays at the foot of the window and of
 * every printed page, or the same words across it all. The mark differs by member and stands behind the paper, before
 * the page's last tags. */
#include <string.h>

#include "format/press.h"
#include "format/writer.h"

#define TAIL   "</body>\n</html>\n"
#define ACROSS 15 /* times that the words stand across a page */

struct html_press {
    struct stamp_plan *plan;
    enum format_mark mark;
    enum lang lang;
};

static enum status make(struct arena *arena, const struct press_order *order, void **made,
                        struct error *err)
{
    struct html_press *p = arena_new(arena, struct html_press);
    (void)err;
    *p = (struct html_press){
        format_write(arena, order->doc, order->sites, order->frame, FORMAT_HTML),
        order->frame->mark, order->doc->lang};
    *made = p;
    return STATUS_OK;
}

/* The line, with a link to the page that says whether the copy is good. */
static void add_line(struct buf *out, const struct html_press *p, struct str words, struct str url)
{
    buf_format(out, "<aside class=\"mark%s\" aria-label=\"%s\">",
               p->mark == FORMAT_MARK_MARGIN ? " foot" : "",
               lang_pick(p->lang, "Whose copy this is", "副本归属"));
    format_escape_html(out, words);
    if (url.len) {
        buf_add(out, STR(" · <a rel=\"noreferrer\" href=\""));
        format_escape_html(out, url);
        buf_format(out, "\">%s</a>", lang_pick(p->lang, "check this copy", "查验本副本"));
    }
    buf_add(out, STR("</aside>\n"));
}

/* Decoration, drawn by the style sheet: whoever hears, searches or copies the page meets the line once. */
static void add_across(struct buf *out, struct str words)
{
    buf_add(out, STR("<div class=\"across\" aria-hidden=\"true\">"));
    for (int i = 0; i < ACROSS; i++) {
        buf_add(out, STR("<span data-mark=\""));
        format_escape_html(out, words);
        buf_add(out, STR("\"></span>"));
    }
    buf_add(out, STR("</div>\n"));
}

static struct str write(const void *made, struct arena *arena, const uint8_t *bits,
                        const struct format_owner *owner)
{
    const struct html_press *p = made;
    struct buf mark = {.arena = arena};
    if (owner && p->mark) {
        struct str words = format_owner_line(arena, owner);
        add_line(&mark, p, words, owner->check_url);
        if (p->mark == FORMAT_MARK_DIAGONAL)
            add_across(&mark, words);
        buf_add(&mark, STR(TAIL));
    }
    char *out = arena_take_unset(arena, stamp_plan_room(p->plan) + mark.len);
    size_t len = stamp_plan_write(p->plan, bits, out);
    if (mark.len) {
        len -= sizeof TAIL - 1;
        memcpy(out + len, mark.at, mark.len);
        len += mark.len;
    }
    return (struct str){out, len};
}

const struct press_maker format_html_maker = {make, write};
