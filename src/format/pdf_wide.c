/* Wide marks and twins; see pdf_wide.h. ISO 32000-1, 9.6.5. */
#include "format/pdf_wide.h"

#include <hb-ot.h>
#include <inttypes.h>

/* The font counts in tenths of an em, of which a thousand parts are written. Poppler guesses the size of such a font by the
 * first letter in it, which it takes to be half an em wide; any other size, by rounding alone, parts words: so an "a" of
 * five tenths stands in it. */
#define TENTHS 1e4

struct pdf_wide *pdf_wide_make(struct arena *arena, const struct pdf_face *face)
{
    struct pdf_wide *wide = arena_new(arena, struct pdf_wide);
    wide->arena = arena;
    wide->face = face;
    wide->count = 1;
    return wide;
}

uint8_t pdf_wide_code(struct pdf_wide *wide, uint32_t glyph, struct str text, uint16_t width)
{
    for (uint32_t code = 1; code < wide->count; code++)
        if (wide->entries[code].glyph == glyph && wide->entries[code].width == width &&
            str_equal(wide->entries[code].text, text))
            return (uint8_t)code;
    if (wide->count > PDF_WIDE_MOST)
        return 0;
    wide->entries[wide->count] = (struct pdf_wide_entry){glyph, width, str_copy(wide->arena, text)};
    return (uint8_t)wide->count++;
}

/* --- outlines ------------------------------------------------------------------------------------- */

struct outline {
    struct buf out;
    unsigned upem;
};

static void put_point(struct outline *outline, float x, float y)
{
    pdf_put_milli(&outline->out, (int64_t)((double)x * TENTHS / outline->upem));
    buf_add_byte(&outline->out, ' ');
    pdf_put_milli(&outline->out, (int64_t)((double)y * TENTHS / outline->upem));
    buf_add_byte(&outline->out, ' ');
}

static void move_to(hb_draw_funcs_t *funcs, void *outline, hb_draw_state_t *state, float x, float y,
                    void *user)
{
    (void)funcs, (void)state, (void)user;
    put_point(outline, x, y);
    buf_add(&((struct outline *)outline)->out, STR("m\n"));
}

static void line_to(hb_draw_funcs_t *funcs, void *outline, hb_draw_state_t *state, float x, float y,
                    void *user)
{
    (void)funcs, (void)state, (void)user;
    put_point(outline, x, y);
    buf_add(&((struct outline *)outline)->out, STR("l\n"));
}

static void cubic_to(hb_draw_funcs_t *funcs, void *outline, hb_draw_state_t *state, float x1,
                     float y1, float x2, float y2, float x, float y, void *user)
{
    (void)funcs, (void)state, (void)user;
    put_point(outline, x1, y1);
    put_point(outline, x2, y2);
    put_point(outline, x, y);
    buf_add(&((struct outline *)outline)->out, STR("c\n"));
}

static void close_path(hb_draw_funcs_t *funcs, void *outline, hb_draw_state_t *state, void *user)
{
    (void)funcs, (void)state, (void)user;
    buf_add(&((struct outline *)outline)->out, STR("h\n"));
}

/* Where a glyph's ink lies, in tenths of an em, outward. */
struct box {
    int left, bottom, right, top;
};

static struct box box_of(const struct pdf_face *face, uint32_t glyph)
{
    hb_glyph_extents_t ink = {0};
    int upem = (int)face->upem;
    (void)hb_font_get_glyph_extents(face->font, glyph, &ink);
    return (struct box){.left = ink.x_bearing * 10 / upem - 1,
                        .bottom = (ink.y_bearing + ink.height) * 10 / upem - 1,
                        .right = (ink.x_bearing + ink.width) * 10 / upem + 1,
                        .top = ink.y_bearing * 10 / upem + 1};
}

static uint32_t put_glyph(const struct pdf_wide *wide, const struct pdf_wide_entry *entry,
                          hb_draw_funcs_t *draw, struct pdf_file *file)
{
    struct outline outline = {.out = {.arena = wide->arena}, .upem = wide->face->upem};
    uint32_t number = pdf_file_number(file);
    struct box box = box_of(wide->face, entry->glyph);
    pdf_put_milli(&outline.out, entry->width * 10);
    buf_format(&outline.out, " 0 %d %d %d %d d1\n", box.left, box.bottom, box.right, box.top);
    hb_font_get_glyph_shape(wide->face->font, entry->glyph, draw, &outline);
    buf_add(&outline.out, STR("f\n"));
    pdf_file_stream(file, number, STR(""), buf_str(&outline.out), PDF_WELL);
    return number;
}

/* --- the font ------------------------------------------------------------------------------------- */

static uint32_t put_texts(const struct pdf_wide *wide, struct pdf_file *file)
{
    struct buf map = {.arena = wide->arena};
    uint32_t number = pdf_file_number(file);
    buf_add(&map, STR("/CIDInit/ProcSet findresource begin\n12 dict begin\nbegincmap\n"
                      "/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n"
                      "/CMapName/Adobe-Identity-UCS def\n/CMapType 2 def\n"
                      "1 begincodespacerange\n<00><FF>\nendcodespacerange\n"));
    for (uint32_t code = 1; code < wide->count; code++) {
        buf_format(&map, "1 beginbfchar\n<%02" PRIX32 "><", code);
        pdf_put_units(&map, wide->entries[code].text);
        buf_add(&map, STR(">\nendbfchar\n"));
    }
    buf_add(&map, STR("endcmap\nCMapName currentdict/CMap defineresource pop\nend\nend\n"));
    pdf_file_stream(file, number, STR(""), buf_str(&map), PDF_WELL);
    return number;
}

static uint32_t put_descriptor(const struct pdf_wide *wide, struct pdf_file *file)
{
    hb_font_extents_t extents = {0};
    int upem = (int)wide->face->upem;
    uint32_t number = pdf_file_number(file);
    (void)hb_font_get_h_extents(wide->face->font, &extents);
    pdf_file_pack(file, number,
                  str_format(wide->arena,
                             "<</Type/FontDescriptor/FontName/Marks/Flags 4/ItalicAngle 0"
                             "/Ascent %d/Descent %d>>",
                             extents.ascender * 1000 / upem, extents.descender * 1000 / upem));
    return number;
}

uint32_t pdf_wide_embed(const struct pdf_wide *wide, struct pdf_file *file)
{
    struct buf procs = {.arena = wide->arena};
    struct buf names = {.arena = wide->arena};
    struct buf widths = {.arena = wide->arena};
    struct box all = {0};
    hb_draw_funcs_t *draw = hb_draw_funcs_create();
    hb_draw_funcs_set_move_to_func(draw, move_to, NULL, NULL);
    hb_draw_funcs_set_line_to_func(draw, line_to, NULL, NULL);
    hb_draw_funcs_set_cubic_to_func(draw, cubic_to, NULL, NULL);
    hb_draw_funcs_set_close_path_func(draw, close_path, NULL, NULL);
    for (uint32_t code = 1; code < wide->count; code++) {
        struct box box = box_of(wide->face, wide->entries[code].glyph);
        all.left = box.left < all.left ? box.left : all.left;
        all.bottom = box.bottom < all.bottom ? box.bottom : all.bottom;
        all.right = box.right > all.right ? box.right : all.right;
        all.top = box.top > all.top ? box.top : all.top;
        buf_format(&procs, "/g%" PRIu32 " %" PRIu32 " 0 R", code,
                   put_glyph(wide, &wide->entries[code], draw, file));
        buf_format(&names, "/g%" PRIu32, code);
        buf_add_byte(&widths, ' ');
        pdf_put_milli(&widths, wide->entries[code].width * 10);
    }
    hb_draw_funcs_destroy(draw);
    uint32_t letter = pdf_file_number(file);
    uint32_t number = pdf_file_number(file);
    pdf_file_stream(file, letter, STR(""), STR("5 0 d0\n"), PDF_PLAIN);
    pdf_file_pack(file, number,
                  str_format(wide->arena,
                             "<</Type/Font/Subtype/Type3/FontBBox[%d %d %d %d]"
                             "/FontMatrix[.1 0 0 .1 0 0]/CharProcs<</a %" PRIu32 " 0 R%.*s>>"
                             "/Encoding<</Type/Encoding/Differences[0/a%.*s]>>/FirstChar 0"
                             "/LastChar %" PRIu32 "/Widths[5%.*s]/Resources<<>>"
                             "/FontDescriptor %" PRIu32 " 0 R/ToUnicode %" PRIu32 " 0 R>>",
                             all.left, all.bottom, all.right, all.top, letter,
                             STR_ARG(buf_str(&procs)), STR_ARG(buf_str(&names)), wide->count - 1,
                             STR_ARG(buf_str(&widths)), put_descriptor(wide, file),
                             put_texts(wide, file)));
    return number;
}
