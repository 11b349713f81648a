/* Whose copy it is, on its face; see pdf_press.h.
 *
 * A name may need glyphs that the paper's fonts, cut down to the paper's words, do not have. So the mark brings a small
 * font of its own whose glyphs are drawings (Type 3), made of the installed faces' outlines at copying: it stays text,
 * to be searched and read out. */
#include <inttypes.h>
#include <qrencode.h>
#include <string.h>

#include "base/utf8.h"
#include "format/pdf_press.h"

#define GLYPHS     250U /* distinct ones that a mark may have */
#define LINES      3U
#define LINE_CUT   48U /* characters of a line */
#define MARK_SIZE  7500
#define MARK_PITCH 11000
#define CODE_SIZE  42520 /* a side of the QR: 15 mm */

/* --- a font of drawings --------------------------------------------------------------------------- */

struct drawing {
    const struct pdf_face *face;
    uint32_t glyph;
    int32_t width;
    struct str text;
};
struct drawings {
    struct arena *arena;
    enum lang lang;
    struct drawing list[GLYPHS];
    unsigned count;
};
/* Text as codes of the drawings. */
struct written {
    struct buf codes;
    int64_t width; /* thousandths of an em */
};

static void add_code(struct drawings *drawings, struct written *written,
                     const struct drawing *drawing)
{
    unsigned i = 0;
    while (i < drawings->count &&
           (drawings->list[i].face != drawing->face || drawings->list[i].glyph != drawing->glyph ||
            !str_equal(drawings->list[i].text, drawing->text)))
        i++;
    if (i == GLYPHS)
        return;
    if (i == drawings->count)
        drawings->list[drawings->count++] = *drawing;
    buf_add_byte(&written->codes, (char)(i + 1));
    written->width += drawing->width;
}

/* Shapes what one face has of a text. */
static void write_piece(struct drawings *drawings, const struct pdf_face *face, struct str text,
                        struct written *written)
{
    hb_buffer_t *buffer = hb_buffer_create();
    hb_buffer_add_utf8(buffer, text.at, (int)text.len, 0, (int)text.len);
    hb_buffer_set_language(
        buffer, hb_language_from_string(drawings->lang == LANG_ZH ? "zh-hans" : "en", -1));
    hb_buffer_guess_segment_properties(buffer);
    hb_shape(face->font, buffer, NULL, 0);
    unsigned n;
    const hb_glyph_info_t *infos = hb_buffer_get_glyph_infos(buffer, &n);
    const hb_glyph_position_t *places = hb_buffer_get_glyph_positions(buffer, NULL);
    for (unsigned i = 0; i < n; i++) {
        size_t from = infos[i].cluster;
        size_t to = text.len;
        for (unsigned k = 0; k < n; k++)
            if (infos[k].cluster > from && infos[k].cluster < to)
                to = infos[k].cluster;
        bool first = i == 0 || infos[i - 1].cluster != from;
        struct drawing drawing = {face, infos[i].codepoint,
                                  (int32_t)((int64_t)places[i].x_advance * 1000 / face->upem),
                                  str_slice(text, from, first ? to - from : 0)};
        add_code(drawings, written, &drawing);
    }
    hb_buffer_destroy(buffer);
}

static struct written write_text(struct drawings *drawings, const struct pdf_face *face,
                                 struct str text)
{
    struct written written = {.codes = {.arena = drawings->arena}};
    const struct pdf_face *before = NULL;
    size_t from = 0;
    size_t count = 0;
    for (size_t at = 0; at < text.len && count < LINE_CUT; count++) {
        size_t begin = at;
        uint32_t code = utf8_next(text, &at);
        const struct pdf_face *now = pdf_face_for_code(face, code < 0x20 ? ' ' : code);
        if (now != before && before)
            write_piece(drawings, before, str_slice(text, from, begin - from), &written);
        if (now != before)
            from = begin;
        before = now;
        if (at == text.len || count + 1 == LINE_CUT) {
            if (before)
                write_piece(drawings, before, str_slice(text, from, at - from), &written);
        }
    }
    return written;
}

/* --- outlines ------------------------------------------------------------------------------------- */

struct outline {
    struct buf *out;
    unsigned upem;
    float x, y; /* where the pen is */
};

static void put_point(struct outline *o, float x, float y)
{
    float scale = 1000.0F / (float)o->upem;
    buf_format(o->out, "%d %d ", (int)(x * scale + (x < 0 ? -.5F : .5F)),
               (int)(y * scale + (y < 0 ? -.5F : .5F)));
}

static void move_to(hb_draw_funcs_t *funcs, void *data, hb_draw_state_t *state, float x, float y,
                    void *user)
{
    struct outline *o = data;
    (void)funcs, (void)state, (void)user;
    put_point(o, x, y);
    buf_add(o->out, STR("m\n"));
    o->x = x;
    o->y = y;
}

static void line_to(hb_draw_funcs_t *funcs, void *data, hb_draw_state_t *state, float x, float y,
                    void *user)
{
    struct outline *o = data;
    (void)funcs, (void)state, (void)user;
    put_point(o, x, y);
    buf_add(o->out, STR("l\n"));
    o->x = x;
    o->y = y;
}

static void cubic_to(hb_draw_funcs_t *funcs, void *data, hb_draw_state_t *state, float x1, float y1,
                     float x2, float y2, float x, float y, void *user)
{
    struct outline *o = data;
    (void)funcs, (void)state, (void)user;
    put_point(o, x1, y1);
    put_point(o, x2, y2);
    put_point(o, x, y);
    buf_add(o->out, STR("c\n"));
    o->x = x;
    o->y = y;
}

static void quadratic_to(hb_draw_funcs_t *funcs, void *data, hb_draw_state_t *state, float x1,
                         float y1, float x, float y, void *user)
{
    struct outline *o = data;
    cubic_to(funcs, data, state, o->x + (x1 - o->x) * 2 / 3, o->y + (y1 - o->y) * 2 / 3,
             x + (x1 - x) * 2 / 3, y + (y1 - y) * 2 / 3, x, y, user);
}

static hb_draw_funcs_t *draw_funcs(void)
{
    hb_draw_funcs_t *funcs = hb_draw_funcs_create();
    hb_draw_funcs_set_move_to_func(funcs, move_to, NULL, NULL);
    hb_draw_funcs_set_line_to_func(funcs, line_to, NULL, NULL);
    hb_draw_funcs_set_cubic_to_func(funcs, cubic_to, NULL, NULL);
    hb_draw_funcs_set_quadratic_to_func(funcs, quadratic_to, NULL, NULL);
    return funcs;
}

static uint32_t put_drawing(struct pdf_file *file, const struct drawing *drawing,
                            hb_draw_funcs_t *funcs)
{
    struct buf body = {.arena = file->arena};
    uint32_t number = pdf_file_number(file);
    struct outline outline = {.out = &body, .upem = drawing->face->upem};
    buf_format(&body, "%d 0 -500 -500 1500 1500 d1\n", (int)drawing->width);
    hb_font_get_glyph_shape(drawing->face->font, drawing->glyph, funcs, &outline);
    buf_add(&body, STR("f\n"));
    pdf_file_stream(file, number, STR(""), buf_str(&body), PDF_QUICK);
    return number;
}

static uint32_t put_texts(const struct drawings *drawings, struct pdf_file *file)
{
    struct buf map = {.arena = file->arena};
    uint32_t number = pdf_file_number(file);
    buf_add(&map,
            STR("/CIDInit/ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo"
                "<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n/CMapName/Adobe-Identity-UCS "
                "def\n/CMapType 2 def\n1 begincodespacerange\n<00><FF>\nendcodespacerange\n"));
    for (unsigned i = 0; i < drawings->count; i++) {
        struct str text = drawings->list[i].text;
        buf_format(&map, "1 beginbfchar\n<%02X><", i + 1);
        if (!text.len)
            buf_add(&map, STR("200B"));
        for (size_t at = 0; at < text.len;) {
            uint32_t code = utf8_next(text, &at);
            if (code > 0xFFFF)
                buf_format(&map, "%04X%04X", 0xD800 + ((code - 0x10000) >> 10),
                           0xDC00 + ((code - 0x10000) & 0x3FF));
            else
                buf_format(&map, "%04X", code);
        }
        buf_add(&map, STR(">\nendbfchar\n"));
    }
    buf_add(&map, STR("endcmap\nCMapName currentdict/CMap defineresource pop\nend\nend\n"));
    pdf_file_stream(file, number, STR(""), buf_str(&map), PDF_QUICK);
    return number;
}

static uint32_t put_font(const struct drawings *drawings, struct pdf_file *file)
{
    struct buf body = {.arena = file->arena};
    struct buf glyphs = {.arena = file->arena};
    uint32_t number = pdf_file_number(file);
    hb_draw_funcs_t *funcs = draw_funcs();
    buf_format(&body,
               "<</Type/Font/Subtype/Type3/FontBBox[0 0 0 0]/FontMatrix[.001 0 0 .001 0 0]"
               "/Resources<<>>/FirstChar 1/LastChar %u/Widths[",
               drawings->count);
    for (unsigned i = 0; i < drawings->count; i++) {
        buf_format(&body, "%d ", (int)drawings->list[i].width);
        buf_format(&glyphs, "/g%u %" PRIu32 " 0 R", i + 1,
                   put_drawing(file, &drawings->list[i], funcs));
    }
    hb_draw_funcs_destroy(funcs);
    buf_add(&body, STR("]/Encoding<</Type/Encoding/Differences[1"));
    for (unsigned i = 0; i < drawings->count; i++)
        buf_format(&body, "/g%u", i + 1);
    buf_format(&body, "]>>/CharProcs<<%.*s>>/ToUnicode %" PRIu32 " 0 R>>",
               STR_ARG(buf_str(&glyphs)), put_texts(drawings, file));
    pdf_file_pack(file, number, buf_str(&body));
    return number;
}

/* --- the code ------------------------------------------------------------------------------------- */

/* Draws text as a code at (x, y) with white around it; gives false where it has none. */
static bool draw_code(struct buf *out, const char *text, int64_t x, int64_t y)
{
    QRcode *code = *text ? QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M) : NULL;
    if (!code)
        return false;
    int64_t side = CODE_SIZE / code->width;
    buf_add(out, STR("q 1 g "));
    pdf_put_milli(out, x - 3 * side);
    buf_add_byte(out, ' ');
    pdf_put_milli(out, y - 3 * side);
    for (unsigned i = 0; i < 2; i++) {
        buf_add_byte(out, ' ');
        pdf_put_milli(out, (code->width + 6) * side);
    }
    buf_add(out, STR(" re f 0 g\n"));
    pdf_put_milli(out, side);
    buf_add(out, STR(" 0 0 "));
    pdf_put_milli(out, side);
    buf_add_byte(out, ' ');
    pdf_put_milli(out, x);
    buf_add_byte(out, ' ');
    pdf_put_milli(out, y);
    buf_add(out, STR(" cm\n"));
    for (int row = 0; row < code->width; row++) {
        const unsigned char *modules = code->data + row * code->width;
        for (int from = 0, to; from < code->width; from = to) {
            for (to = from + 1; to < code->width && (modules[to] & 1) == (modules[from] & 1);)
                to++;
            if (modules[from] & 1)
                buf_format(out, "%d %d %d 1 re\n", from, code->width - 1 - row, to - from);
        }
    }
    buf_add(out, STR("f Q\n"));
    QRcode_free(code);
    return true;
}

/* --- the mark ------------------------------------------------------------------------------------- */

static void show_text(struct buf *out, const struct written *written, int64_t x, int64_t y)
{
    buf_add(out, STR("1 0 0 1 "));
    pdf_put_milli(out, x);
    buf_add_byte(out, ' ');
    pdf_put_milli(out, y);
    buf_add(out, STR(" Tm "));
    pdf_put_bytes(out, buf_str(&written->codes));
    buf_add(out, STR(" Tj\n"));
}

static uint32_t put_form(struct pdf_file *file, struct str content, struct str resources)
{
    struct buf entries = {.arena = file->arena};
    uint32_t number = pdf_file_number(file);
    buf_format(&entries, "/Type/XObject/Subtype/Form/BBox[0 0 596 842]/Resources<<%.*s>>",
               STR_ARG(resources));
    pdf_file_stream(file, number, buf_str(&entries), content, PDF_QUICK);
    return number;
}

static uint32_t put_margin(const struct pdf_press *press, struct pdf_file *file, const char *code,
                           const struct written *lines, uint32_t font)
{
    struct buf content = {.arena = file->arena};
    int64_t x = press->look->left;
    int64_t y = PDF_MARK_TOP - CODE_SIZE;
    if (draw_code(&content, code, x, y))
        x += CODE_SIZE + 6000;
    buf_add(&content, STR("0 Tc 0 Ts BT .3 g /M "));
    pdf_put_milli(&content, MARK_SIZE);
    buf_add(&content, STR(" Tf\n"));
    for (unsigned i = 0; i < LINES; i++)
        show_text(&content, &lines[i], x, PDF_MARK_TOP - MARK_PITCH - (int64_t)i * MARK_PITCH);
    buf_add(&content, STR("ET\n"));
    return put_form(file, buf_str(&content),
                    str_format(file->arena, "/Font<</M %" PRIu32 " 0 R>>", font));
}

#define ACROSS_SIZE 30000
#define ACROSS_ROOM 500000 /* of a page's diagonal */

/* The line three times across the page, pale, so that no part of it is without. It is drawn, not written: as text it
 * would stand between the words of whoever copies or hears the page. */
static uint32_t put_across(const struct drawings *drawings, struct pdf_file *file,
                           const struct written *line)
{
    struct buf drawn = {.arena = file->arena};
    struct buf content = {.arena = file->arena};
    hb_draw_funcs_t *funcs = draw_funcs();
    int64_t size = ACROSS_SIZE;
    if (line->width * size / 1000 > ACROSS_ROOM)
        size = (int64_t)ACROSS_ROOM * 1000 / line->width;
    for (size_t i = 0; i < line->codes.len; i++) {
        const struct drawing *drawing = &drawings->list[(uint8_t)line->codes.at[i] - 1];
        struct outline outline = {.out = &drawn, .upem = drawing->face->upem};
        hb_font_get_glyph_shape(drawing->face->font, drawing->glyph, funcs, &outline);
        buf_format(&drawn, "f 1 0 0 1 %d 0 cm\n", (int)drawing->width);
    }
    hb_draw_funcs_destroy(funcs);
    buf_add(&content, STR(".9 g .707 .707 -.707 .707 297.638 420.945 cm\n"));
    for (int i = -1; i <= 1; i++) {
        double scale = (double)size / 1e6;
        buf_format(&content, "q %.4f 0 0 %.4f %.3f %.3f cm\n%.*sQ\n", scale, scale,
                   (double)(-line->width * size) / 2e6, i * 150.0 - (double)size / 3000,
                   STR_ARG(buf_str(&drawn)));
    }
    return put_form(file, buf_str(&content), STR(""));
}

struct pdf_mark pdf_mark_write(const struct pdf_press *press, struct arena *arena,
                               struct pdf_file *file, const struct format_owner *owner)
{
    struct pdf_mark mark = {0};
    const struct pdf_face *face;
    if (press->mark == FORMAT_MARK_NONE || !owner ||
        pdf_face_for_role(press->lang, PDF_BODY, &face, NULL))
        return mark;
    struct drawings *drawings = arena_new(arena, struct drawings);
    drawings->arena = arena;
    drawings->lang = press->lang;
    struct str when = format_owner_time(arena, owner);
    struct written lines[LINES] = {write_text(drawings, face, owner->name),
                                   write_text(drawings, face, owner->number),
                                   write_text(drawings, face, when)};
    struct str code = owner->check_url.len ? owner->check_url : owner->number;
    mark.margin = put_margin(press, file, str_z(arena, code), lines, put_font(drawings, file));
    struct written across = write_text(drawings, face, format_owner_line(arena, owner));
    if (press->mark == FORMAT_MARK_DIAGONAL)
        mark.across = put_across(drawings, file, &across);
    return mark;
}
