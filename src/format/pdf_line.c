/* Lines and the pen; see pdf_line.h. */
#include "format/pdf_line.h"

#include <string.h>

/* --- lines ---------------------------------------------------------------------------------------- */

#define HANG 500 /* of closing punctuation that may stand beyond the measure */

static void add_line(struct arena *arena, struct pdf_line **lines, uint32_t *count,
                     struct pdf_line line)
{
    *lines = arena_one_more(arena, *lines, *count, sizeof **lines);
    (*lines)[(*count)++] = line;
}

/* Where a line may end in front of which cluster: a byte each. */
static uint8_t *find_breaks(struct arena *arena, const struct pdf_cluster *const *clusters,
                            size_t n)
{
    struct pdf_breaker breaker = {0};
    uint8_t *may = arena_take_unset(arena, n + 1);
    for (size_t i = 0; i < n; i++)
        may[i] = pdf_break_before(&breaker, (enum pdf_break)clusters[i]->class);
    return may;
}

/* The line that begins at `from`: where the next one begins. */
static size_t fill_line(const struct pdf_cluster *const *clusters, size_t n, size_t from,
                        const uint8_t *may, int64_t room, struct pdf_line *line)
{
    int64_t width = 0;
    size_t broken = from;
    size_t i = from;
    for (; i < n; i++) {
        const struct pdf_cluster *cluster = clusters[i];
        if (cluster->flags & PDF_NEW_LINE)
            break;
        if (may[i] && i > from)
            broken = i;
        int64_t reach = width + cluster->advance - (cluster->flags & PDF_HANGS ? HANG : 0);
        if (!(cluster->flags & PDF_SPACE) && reach > room && i > from) {
            if (broken > from)
                i = broken;
            break;
        }
        width += cluster->advance + cluster->gap;
    }
    line->from = (uint32_t)from;
    line->to = (uint32_t)i;
    line->last = i == n || clusters[i]->flags & PDF_NEW_LINE;
    return i < n && clusters[i]->flags & PDF_NEW_LINE ? i + 1 : i;
}

/* Takes spaces off its end, and measures what is left. */
static void trim_line(const struct pdf_cluster *const *clusters, struct pdf_line *line)
{
    while (line->to > line->from && clusters[line->to - 1]->flags & PDF_SPACE)
        line->to--;
    line->width = 0;
    for (uint32_t i = line->from; i < line->to; i++)
        line->width += clusters[i]->advance + (i + 1 < line->to ? clusters[i]->gap : 0);
}

uint32_t pdf_break_lines(struct arena *arena, const struct pdf_cluster *const *clusters, size_t n,
                         const struct pdf_measure *measure, struct pdf_line **lines)
{
    uint32_t count = 0;
    *lines = NULL;
    const uint8_t *may = find_breaks(arena, clusters, n);
    for (size_t at = 0; at < n;) {
        struct pdf_line line;
        while (!measure->verbatim && at + 1 < n && clusters[at]->flags & PDF_SPACE)
            at++;
        at = fill_line(clusters, n, at, may, measure->room - (count ? 0 : measure->first), &line);
        trim_line(clusters, &line);
        add_line(arena, lines, &count, line);
    }
    return count;
}

/* A stretched line opens between characters that stand alone, not inside words nor before marks. */
static bool may_stretch(const struct pdf_cluster *a, const struct pdf_cluster *b)
{
    return (a->flags | b->flags) & (PDF_WIDE | PDF_SPACE) && b->class != BREAK_CM;
}

unsigned pdf_line_gaps(const struct pdf_cluster *const *clusters, const struct pdf_line *line)
{
    unsigned gaps = 0;
    for (uint32_t i = line->from; i + 1 < line->to; i++)
        gaps += may_stretch(clusters[i], clusters[i + 1]);
    return gaps;
}

static void turn(const struct pdf_cluster **list, size_t from, size_t to)
{
    while (from + 1 < to) {
        const struct pdf_cluster *cluster = list[from];
        list[from++] = list[--to];
        list[to] = cluster;
    }
}

static bool is_figure(const struct pdf_cluster *cluster)
{
    return !(cluster->flags & PDF_BACKWARD) && cluster->class == BREAK_NU;
}

/* Words that are written backward, with spaces and figures between them, are turned round as one, the figures back
 * again, as they are drawn from left to right. */
static void turn_words(const struct pdf_cluster **list, size_t from, size_t to)
{
    turn(list, from, to);
    for (size_t i = from; i < to; i++) {
        size_t end = i;
        while (end < to && is_figure(list[end]))
            end++;
        if (end > i)
            turn(list, i, end);
        i = end > i ? end - 1 : i;
    }
}

const struct pdf_cluster *const *pdf_line_order(struct arena *arena,
                                                const struct pdf_cluster *const *clusters,
                                                const struct pdf_line *line)
{
    size_t n = line->to - line->from;
    bool any = false;
    for (size_t i = 0; i < n; i++)
        any = any || clusters[line->from + i]->flags & PDF_BACKWARD;
    if (!any)
        return clusters + line->from;
    const struct pdf_cluster **list =
        (const struct pdf_cluster **)arena_take_array(arena, n, sizeof *list);
    memcpy((void *)list, (const void *)(clusters + line->from), n * sizeof *list);
    for (size_t i = 0; i < n;) {
        if (!(list[i]->flags & PDF_BACKWARD)) {
            i++;
            continue;
        }
        size_t end = i + 1;
        for (size_t k = end;
             k < n && (list[k]->flags & (PDF_BACKWARD | PDF_SPACE) || is_figure(list[k])); k++)
            if (list[k]->flags & PDF_BACKWARD)
                end = k + 1;
        turn_words(list, i, end);
        i = end;
    }
    return list;
}

/* --- the pen -------------------------------------------------------------------------------------- */

void pdf_pen_begin(struct pdf_pen *pen)
{
    *pen = (struct pdf_pen){
        .out = pen->out, .tree = pen->tree, .element = PDF_NOBODY, .font = PDF_NOBODY};
}

void pdf_pen_lift(struct pdf_pen *pen)
{
    if (pen->element != PDF_NOBODY)
        buf_add(pen->out, STR("ET\nEMC\n"));
    pen->element = PDF_NOBODY;
}

void pdf_pen_mark(struct pdf_pen *pen, uint32_t element)
{
    if (pen->element == element)
        return;
    pdf_pen_lift(pen);
    pen->element = element;
    if (element == PDF_ARTIFACT) {
        buf_add(pen->out, STR("/Artifact BMC\nBT\n"));
        return;
    }
    buf_add_byte(pen->out, '/');
    buf_add(pen->out, str_of(pen->tree->elements[element].tag));
    buf_add(pen->out, STR("<</MCID "));
    pdf_put_uint(pen->out, pdf_tree_mark(pen->tree, element));
    buf_add(pen->out, STR(">>BDC\nBT\n"));
}

/* A show operator's array while it is written. */
struct show {
    struct buf *out;
    bool array, string;
    int32_t kern; /* how much further the pen is to go, thousandths of an em */
};

static void close_string(struct show *show)
{
    if (show->string)
        buf_add_byte(show->out, ')');
    show->string = false;
}

static void close_array(struct show *show)
{
    close_string(show);
    if (show->array)
        buf_add(show->out, STR("]TJ\n"));
    show->array = false;
}

static void put_kern(struct show *show)
{
    if (!show->kern)
        return;
    close_string(show);
    if (show->kern > 0)
        buf_add_byte(show->out, '-');
    pdf_put_uint(show->out, (uint32_t)(show->kern > 0 ? show->kern : -show->kern));
    show->kern = 0;
}

/* In two bytes, or in one. */
static void put_code(struct show *show, uint16_t code, bool single)
{
    if (!show->array)
        buf_add_byte(show->out, '[');
    show->array = true;
    put_kern(show);
    buf_reserve(show->out, 6);
    char *to = show->out->at + show->out->len;
    if (!show->string)
        *to++ = '(';
    show->string = true;
    for (unsigned i = single; i < 2; i++) {
        char c = (char)(i ? code & 0xFF : code >> 8);
        if (c == '(' || c == ')' || c == '\\' || c == '\r')
            *to++ = '\\';
        *to++ = c == '\r' ? 'r' : c;
    }
    show->out->len = (size_t)(to - show->out->at);
}

static void put_state(struct buf *out, int64_t value, const char *operator)
{
    pdf_put_milli(out, value);
    buf_add(out, str_of(operator));
}

static void set_font(struct pdf_pen *pen, struct show *show, uint32_t font, bool wide, int32_t size)
{
    if (pen->font == font && pen->wide == wide && pen->size == size)
        return;
    close_array(show);
    buf_add(pen->out, wide ? STR("/W") : STR("/F"));
    pdf_put_uint(pen->out, font);
    buf_add_byte(pen->out, ' ');
    put_state(pen->out, size, " Tf\n");
    pen->font = font;
    pen->wide = wide;
    pen->size = size;
}

static void set_place(struct pdf_pen *pen, struct show *show, int64_t x, int64_t y, bool leaned)
{
    close_array(show);
    show->kern = 0;
    buf_add(pen->out, leaned ? STR("1 0 .2 1 ") : STR("1 0 0 1 "));
    pdf_put_milli(pen->out, (x + 500) / 1000);
    buf_add_byte(pen->out, ' ');
    put_state(pen->out, y, " Tm\n");
    pen->leaned = leaned;
}

static void set_rise(struct pdf_pen *pen, struct show *show, int32_t rise)
{
    if (pen->rise == rise)
        return;
    close_array(show);
    put_state(pen->out, rise, " Ts\n");
    pen->rise = rise;
}

/* The stroke's colour and stretch. */
static void set_stroke(struct pdf_pen *pen, const struct pdf_stroke *stroke)
{
    if (pen->blue != stroke->blue)
        buf_add(pen->out, stroke->blue ? STR("0 .24 .52 rg\n") : STR("0 g\n"));
    if (pen->stretch != stroke->stretch)
        put_state(pen->out, stroke->stretch, " Tc\n");
    pen->blue = stroke->blue;
    pen->stretch = stroke->stretch;
}

/* The cluster's glyphs; `loose`: the line is stretched behind it. Its gap is in its glyph, if the pen's font is wide. */
static void draw_cluster(struct pdf_pen *pen, struct show *show, const struct pdf_cluster *cluster,
                         int32_t size, bool loose, int32_t stretched)
{
    bool spelled = cluster->flags & PDF_SPELLED;
    if (spelled) {
        close_array(show);
        buf_add(pen->out, STR("/Span<</ActualText"));
        pdf_put_text(pen->out, cluster->text);
        buf_add(pen->out, STR(">>BDC\n"));
    }
    for (uint32_t i = 0; i < cluster->nglyphs; i++) {
        const struct pdf_glyph *glyph = &cluster->glyphs[i];
        bool last = i + 1 == cluster->nglyphs;
        set_rise(pen, show, (int32_t)((int64_t)glyph->dy * size / 1000));
        show->kern += glyph->dx;
        put_code(show, pen->wide ? cluster->wide : glyph->code, pen->wide);
        show->kern += glyph->shift - glyph->dx - (last && loose ? 0 : stretched);
    }
    if (spelled) {
        close_array(show);
        buf_add(pen->out, STR("EMC\n"));
    }
}

int64_t pdf_pen_draw(struct pdf_pen *pen, const struct pdf_cluster *const *clusters, size_t n,
                     size_t all, const struct pdf_stroke *stroke)
{
    struct show show = {.out = pen->out};
    int64_t x = stroke->x;
    int32_t stretched = (int32_t)((int64_t)stroke->stretch * 1000 / stroke->size);
    bool placed = false;
    set_stroke(pen, stroke);
    for (size_t i = 0; i < n; i++) {
        const struct pdf_cluster *cluster = clusters[i];
        bool loose = stroke->stretch && i + 1 < all && may_stretch(cluster, clusters[i + 1]);
        int32_t gap = i + 1 < all ? cluster->gap : 0;
        bool leaned = cluster->flags & PDF_LEANED;
        if (cluster->nglyphs && (!placed || leaned != pen->leaned))
            set_place(pen, &show, x, stroke->y, leaned);
        placed = placed || cluster->nglyphs;
        bool wide = cluster->wide && (gap || cluster->twin);
        if (cluster->nglyphs)
            set_font(pen, &show, cluster->font, wide, stroke->size);
        else
            show.kern += cluster->advance;
        draw_cluster(pen, &show, cluster, stroke->size, loose, stretched);
        show.kern += wide ? 0 : gap;
        x += (int64_t)(cluster->advance + gap) * stroke->size +
             (loose ? (int64_t)stroke->stretch * 1000 : 0);
    }
    close_array(&show);
    return x;
}
