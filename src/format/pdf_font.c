/* One font of a PDF; see pdf_font.h.
 *
 * A page shows codes, a map of the file's own leads from a code to a glyph of the subset (a CID), another from a code to
 * its text. So two codes may share a glyph and yet keep apart which character it was. A subset with PostScript outlines
 * is embedded as a bare CFF table; if that is keyed by CIDs the subsetter keeps those of the whole font, and they are
 * read from its charset (Adobe Technical Note 5176). */
#include "format/pdf_font.h"

#include <hb-ot.h>
#include <hb-subset.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/utf8.h"

#define CODES_MOST  65535U
#define GLYPHS_MOST 65536U /* of a face */

/* --- codes ---------------------------------------------------------------------------------------- */

struct pdf_font *pdf_font_make(struct arena *arena, const struct pdf_face *face)
{
    struct pdf_font *font = arena_new(arena, struct pdf_font);
    *font = (struct pdf_font){.arena = arena, .face = face, .cap = 256, .table_cap = 512};
    font->entries = arena_array(arena, font->cap, struct pdf_font_entry);
    font->table = arena_array(arena, font->table_cap, uint32_t);
    font->glyphs = arena_array(arena, GLYPHS_MOST / 8, uint8_t);
    font->count = 1;
    return font;
}

static uint32_t slot_of(const struct pdf_font *font, uint32_t glyph, struct str text)
{
    uint32_t hash = glyph * 2654435761U;
    for (size_t i = 0; i < text.len; i++)
        hash = (hash ^ (uint8_t)text.at[i]) * 16777619U;
    uint32_t slot = (hash ^ hash >> 15) & (font->table_cap - 1);
    while (font->table[slot]) {
        const struct pdf_font_entry *entry = &font->entries[font->table[slot]];
        if (entry->glyph == glyph && str_equal(entry->text, text))
            break;
        slot = (slot + 1) & (font->table_cap - 1);
    }
    return slot;
}

static void grow(struct pdf_font *font)
{
    font->entries = arena_grow(font->arena, font->entries, font->cap * sizeof *font->entries,
                               2 * font->cap * sizeof *font->entries);
    font->cap *= 2;
    font->table_cap = 2 * font->cap;
    font->table = arena_array(font->arena, font->table_cap, uint32_t);
    for (uint32_t code = 1; code < font->count; code++)
        font->table[slot_of(font, font->entries[code].glyph, font->entries[code].text)] = code;
}

static uint16_t width_of(const struct pdf_face *face, uint32_t glyph)
{
    int64_t units = hb_font_get_glyph_h_advance(face->font, glyph);
    int64_t width = (units * 2000 / face->upem + 1) / 2;
    return width < 0 ? 0 : width > 30000 ? 30000 : (uint16_t)width;
}

bool pdf_font_has_other(const struct pdf_font *font, uint32_t glyph, struct str text)
{
    glyph %= GLYPHS_MOST;
    return font->glyphs[glyph / 8] >> glyph % 8 & 1 && !font->table[slot_of(font, glyph, text)];
}

uint16_t pdf_font_width(const struct pdf_font *font, uint32_t glyph)
{
    return width_of(font->face, glyph);
}

struct pdf_code pdf_font_code(struct pdf_font *font, uint32_t glyph, struct str text)
{
    uint32_t slot = slot_of(font, glyph, text);
    uint32_t code = font->table[slot];
    if (!code && font->count < CODES_MOST) {
        code = font->count++;
        font->entries[code] = (struct pdf_font_entry){.glyph = glyph,
                                                      .width = width_of(font->face, glyph),
                                                      .text = str_copy(font->arena, text)};
        font->table[slot] = code;
        font->glyphs[glyph % GLYPHS_MOST / 8] |= (uint8_t)(1U << glyph % 8);
        if (font->count == font->cap)
            grow(font);
    }
    code = code ? code : font->count - 1;
    return (struct pdf_code){(uint16_t)code, font->entries[code].width};
}

/* --- the subset ----------------------------------------------------------------------------------- */

/* What places glyphs is done already, and what names them is in the maps: a subset needs outlines and widths alone.
 * The subsetter is shown a face without the rest, which saves it most of its work. */
static hb_blob_t *table_for_subset(hb_face_t *subset_of, hb_tag_t tag, void *user)
{
    static const hb_tag_t kept[] = {HB_TAG('h', 'e', 'a', 'd'), HB_TAG('h', 'h', 'e', 'a'),
                                    HB_TAG('h', 'm', 't', 'x'), HB_TAG('m', 'a', 'x', 'p'),
                                    HB_TAG('C', 'F', 'F', ' '), HB_TAG('g', 'l', 'y', 'f'),
                                    HB_TAG('l', 'o', 'c', 'a'), HB_TAG('c', 'v', 't', ' '),
                                    HB_TAG('f', 'p', 'g', 'm'), HB_TAG('p', 'r', 'e', 'p')};
    (void)subset_of;
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        if (kept[i] == tag)
            return hb_face_reference_table(user, tag);
    return NULL;
}

struct subset {
    hb_subset_plan_t *plan;
    hb_face_t *face;
};

static bool cut(const struct pdf_font *font, struct subset *subset)
{
    hb_subset_input_t *input = hb_subset_input_create_or_fail();
    hb_face_t *whole = hb_face_create_for_tables(table_for_subset, font->face->face, NULL);
    if (!input)
        abort();
    for (uint32_t code = 1; code < font->count; code++)
        hb_set_add(hb_subset_input_glyph_set(input), font->entries[code].glyph);
    hb_subset_input_set_flags(input, HB_SUBSET_FLAGS_NO_HINTING | HB_SUBSET_FLAGS_DESUBROUTINIZE);
    hb_face_set_upem(whole, font->face->upem);
    hb_face_set_glyph_count(whole, hb_face_get_glyph_count(font->face->face));
    subset->plan = hb_subset_plan_create_or_fail(whole, input);
    subset->face = subset->plan ? hb_subset_plan_execute_or_fail(subset->plan) : NULL;
    hb_subset_input_destroy(input);
    hb_face_destroy(whole);
    return subset->face;
}

/* The bytes of a CFF table, read with care though our own subsetter made them. */
struct cff {
    const uint8_t *at;
    size_t len;
};

static uint32_t number_at(const struct cff *cff, size_t at, unsigned size)
{
    uint32_t number = 0;
    for (unsigned i = 0; i < size; i++)
        number = number << 8 | (at + i < cff->len ? cff->at[at + i] : 0);
    return number;
}

/* The first entry of the index at *at, and *at behind the index. */
static struct cff first_of_index(const struct cff *cff, size_t *at)
{
    struct cff none = {0};
    uint32_t count = number_at(cff, *at, 2);
    unsigned size = number_at(cff, *at + 2, 1);
    size_t data = *at + 3 + (size_t)(count + 1) * size - 1;
    if (count == 0 || size < 1 || size > 4) {
        *at += 2;
        return none;
    }
    size_t first = data + number_at(cff, *at + 3, size);
    size_t second = data + number_at(cff, *at + 3 + size, size);
    *at = data + number_at(cff, *at + 3 + (size_t)count * size, size);
    if (first > second || second > cff->len)
        return none;
    return (struct cff){cff->at + first, second - first};
}

/* What the top dictionary says: whether the font is keyed by CIDs, and where its charset lies. */
struct cff_top {
    bool keyed;
    uint32_t charset;
};

static struct cff_top read_top(const struct cff *dict)
{
    struct cff_top top = {0};
    int64_t last = 0;
    for (size_t at = 0; at < dict->len;) {
        uint8_t b = dict->at[at++];
        if (b == 12) {
            top.keyed = top.keyed || number_at(dict, at, 1) == 30;
            at++;
        } else if (b <= 21) {
            if (b == 15)
                top.charset = (uint32_t)last;
        } else if (b == 28) {
            last = (int16_t)number_at(dict, at, 2);
            at += 2;
        } else if (b == 29) {
            last = (int32_t)number_at(dict, at, 4);
            at += 4;
        } else if (b == 30) {
            while (at < dict->len && (dict->at[at] & 0x0F) != 0x0F && dict->at[at] >> 4 != 0x0F)
                at++;
            at++;
        } else if (b <= 246) {
            last = b - 139;
        } else if (b <= 250) {
            last = (b - 247) * 256 + (int64_t)number_at(dict, at++, 1) + 108;
        } else {
            last = -(b - 251) * 256 - (int64_t)number_at(dict, at++, 1) - 108;
        }
    }
    return top;
}

/* By glyph of the subset its CID; the glyph's own number where the font is not keyed by CIDs. */
static uint32_t *read_cids(struct arena *arena, const struct cff *cff, uint32_t nglyphs,
                           bool *keyed)
{
    uint32_t *cids = arena_array(arena, (size_t)nglyphs + 1, uint32_t);
    for (uint32_t i = 0; i < nglyphs; i++)
        cids[i] = i;
    size_t at = number_at(cff, 2, 1);
    (void)first_of_index(cff, &at); /* names */
    struct cff dict = first_of_index(cff, &at);
    struct cff_top top = read_top(&dict);
    *keyed = top.keyed;
    if (!top.keyed || top.charset <= 2)
        return cids;
    at = top.charset;
    unsigned format = number_at(cff, at++, 1);
    for (uint32_t glyph = 1; glyph < nglyphs && at < cff->len;) {
        uint32_t cid = number_at(cff, at, 2);
        uint32_t more = format == 0 ? 0 : number_at(cff, at + 2, format == 1 ? 1 : 2);
        at += format == 0 ? 2 : format == 1 ? 3 : 4;
        for (uint32_t i = 0; i <= more && glyph < nglyphs; i++)
            cids[glyph++] = cid + i;
    }
    return cids;
}

/* --- what is written ------------------------------------------------------------------------------ */

static const char MAP_HEAD[] = "/CIDInit/ProcSet findresource begin\n12 dict begin\nbegincmap\n";
static const char MAP_SPACE[] = "1 begincodespacerange\n<0000><FFFF>\nendcodespacerange\n";
static const char MAP_TAIL[] = "endcmap\nCMapName currentdict/CMap defineresource pop\nend\nend\n";

#define MAP_ENTRIES 100U /* of one section */

static void open_section(struct buf *out, uint32_t done, uint32_t count, const char *what)
{
    uint32_t left = count - done;
    if (done % MAP_ENTRIES == 0)
        buf_format(out, "%" PRIu32 " begin%s\n", left < MAP_ENTRIES ? left : MAP_ENTRIES, what);
}

static void close_section(struct buf *out, uint32_t done, uint32_t count, const char *what)
{
    if (done % MAP_ENTRIES == 0 || done == count)
        buf_format(out, "end%s\n", what);
}

/* From codes to CIDs. */
static uint32_t put_encoding(const struct pdf_font *font, struct pdf_file *file)
{
    struct buf map = {.arena = font->arena};
    uint32_t number = pdf_file_number(file);
    uint32_t count = font->count - 1;
    buf_add(&map, str_of(MAP_HEAD));
    buf_add(&map, STR("/CIDSystemInfo 3 dict dup begin/Registry(Adobe)def/Ordering(Identity)def"
                      "/Supplement 0 def end def\n/CMapName/Chancery-H def\n/CMapType 1 def\n"
                      "/WMode 0 def\n"));
    buf_add(&map, str_of(MAP_SPACE));
    for (uint32_t code = 1; code < font->count; code++) {
        open_section(&map, code - 1, count, "cidchar");
        buf_format(&map, "<%04" PRIX32 ">%" PRIu32 "\n", code, font->entries[code].cid);
        close_section(&map, code, count, "cidchar");
    }
    buf_add(&map, str_of(MAP_TAIL));
    pdf_file_stream(file, number,
                    STR("/Type/CMap/CMapName/Chancery-H/WMode 0/CIDSystemInfo<</Registry(Adobe)"
                        "/Ordering(Identity)/Supplement 0>>"),
                    buf_str(&map), PDF_WELL);
    return number;
}

/* From codes to text. */
static uint32_t put_texts(const struct pdf_font *font, struct pdf_file *file)
{
    struct buf map = {.arena = font->arena};
    uint32_t number = pdf_file_number(file);
    uint32_t count = font->count - 1;
    buf_add(&map, str_of(MAP_HEAD));
    buf_add(&map, STR("/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n"
                      "/CMapName/Adobe-Identity-UCS def\n/CMapType 2 def\n"));
    buf_add(&map, str_of(MAP_SPACE));
    for (uint32_t code = 1; code < font->count; code++) {
        open_section(&map, code - 1, count, "bfchar");
        buf_format(&map, "<%04" PRIX32 "><", code);
        pdf_put_units(&map, font->entries[code].text);
        buf_add(&map, STR(">\n"));
        close_section(&map, code, count, "bfchar");
    }
    buf_add(&map, str_of(MAP_TAIL));
    pdf_file_stream(file, number, STR(""), buf_str(&map), PDF_WELL);
    return number;
}

static int by_cid(const void *a, const void *b)
{
    const struct pdf_font_entry *x = *(const struct pdf_font_entry *const *)a;
    const struct pdf_font_entry *y = *(const struct pdf_font_entry *const *)b;
    return (x->cid > y->cid) - (x->cid < y->cid);
}

/* "/DW 1000/W[3[500 612]9[500]]": those that are not 1000, neighbours together. */
static void put_widths(const struct pdf_font *font, struct buf *out)
{
    const struct pdf_font_entry **sorted =
        (const struct pdf_font_entry **)arena_take_array(font->arena, font->count, sizeof *sorted);
    uint32_t n = 0;
    for (uint32_t code = 1; code < font->count; code++)
        if (font->entries[code].width != 1000)
            sorted[n++] = &font->entries[code];
    qsort((void *)sorted, n, sizeof *sorted, by_cid);
    buf_add(out, STR("/DW 1000/W["));
    for (uint32_t i = 0; i < n; i++) {
        if (i && sorted[i]->cid == sorted[i - 1]->cid)
            continue;
        if (i == 0 || sorted[i]->cid != sorted[i - 1]->cid + 1)
            buf_format(out, "%s%" PRIu32 "[%u", i ? "]" : "", sorted[i]->cid, sorted[i]->width);
        else
            buf_format(out, " %u", sorted[i]->width);
    }
    buf_add(out, n ? STR("]]") : STR("]"));
}

/* "ABCDEF+NotoSerif-Regular": six letters by what is in the subset, and the face's own name. */
static struct str name_of(const struct pdf_font *font, struct str bytes)
{
    struct digest digest = digest_of(bytes);
    struct buf name = {.arena = font->arena};
    char own[128];
    unsigned len = sizeof own;
    for (unsigned i = 0; i < 6; i++)
        buf_add_byte(&name, (char)('A' + digest.bytes[i] % 26));
    buf_add_byte(&name, '+');
    size_t before = name.len;
    hb_ot_name_get_utf8(font->face->face, HB_OT_NAME_ID_POSTSCRIPT_NAME, HB_LANGUAGE_INVALID, &len,
                        own);
    for (const char *c = own; len && *c; c++)
        if ((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') ||
            *c == '-' || *c == '_')
            buf_add_byte(&name, *c);
    if (name.len == before)
        buf_add(&name, STR("Font"));
    return buf_str(&name);
}

static int metric(const struct pdf_font *font, hb_ot_metrics_tag_t tag, int usual)
{
    hb_position_t value;
    if (!hb_ot_metrics_get_position(font->face->font, tag, &value))
        return usual;
    return (int)((int64_t)value * 1000 / font->face->upem);
}

static void put_box(const struct pdf_font *font, struct buf *out)
{
    hb_blob_t *blob = hb_face_reference_table(font->face->face, HB_TAG('h', 'e', 'a', 'd'));
    unsigned len;
    const uint8_t *head = (const uint8_t *)hb_blob_get_data(blob, &len);
    buf_add(out, STR("/FontBBox["));
    for (unsigned i = 0; i < 4; i++) {
        int value = len >= 44 ? (int16_t)(head[36 + 2 * i] << 8 | head[37 + 2 * i]) : 0;
        buf_format(out, "%s%d", i ? " " : "", value * 1000 / (int)font->face->upem);
    }
    buf_add_byte(out, ']');
    hb_blob_destroy(blob);
}

static uint32_t put_descriptor(const struct pdf_font *font, struct pdf_file *file, struct str name,
                               uint32_t program)
{
    struct buf body = {.arena = font->arena};
    uint32_t number = pdf_file_number(file);
    buf_format(&body, "<</Type/FontDescriptor/FontName/%.*s/Flags 4", STR_ARG(name));
    put_box(font, &body);
    buf_format(&body,
               "/ItalicAngle 0/Ascent %d/Descent %d/CapHeight %d/StemV 80/%s %" PRIu32 " 0 R>>",
               metric(font, HB_OT_METRICS_TAG_HORIZONTAL_ASCENDER, 880),
               metric(font, HB_OT_METRICS_TAG_HORIZONTAL_DESCENDER, -120),
               metric(font, HB_OT_METRICS_TAG_CAP_HEIGHT, 700),
               font->face->cff ? "FontFile3" : "FontFile2", program);
    pdf_file_pack(file, number, buf_str(&body));
    return number;
}

/* The font's program; its glyphs' CIDs are noted. */
static struct str take_program(struct pdf_font *font, const struct subset *subset)
{
    hb_blob_t *blob = font->face->cff
                          ? hb_face_reference_table(subset->face, HB_TAG('C', 'F', 'F', ' '))
                          : hb_face_reference_blob(subset->face);
    unsigned len;
    const char *bytes = hb_blob_get_data(blob, &len);
    struct str program = str_copy(font->arena, (struct str){bytes, len});
    hb_blob_destroy(blob);
    struct cff cff = {(const uint8_t *)program.at, program.len};
    bool keyed = false;
    uint32_t nglyphs = hb_face_get_glyph_count(subset->face);
    uint32_t *cids = font->face->cff ? read_cids(font->arena, &cff, nglyphs, &keyed) : NULL;
    const hb_map_t *moved = hb_subset_plan_old_to_new_glyph_mapping(subset->plan);
    for (uint32_t code = 1; code < font->count; code++) {
        uint32_t glyph = hb_map_get(moved, font->entries[code].glyph);
        font->entries[code].cid = cids && glyph < nglyphs ? cids[glyph] : glyph;
    }
    return program;
}

static uint32_t put_font(struct pdf_font *font, struct pdf_file *file, struct str program)
{
    struct str name = name_of(font, program);
    struct buf entries = {.arena = font->arena};
    struct buf body = {.arena = font->arena};
    uint32_t file_number = pdf_file_number(file);
    uint32_t below = pdf_file_number(file);
    uint32_t number = pdf_file_number(file);
    if (font->face->cff)
        buf_add(&entries, STR("/Subtype/CIDFontType0C"));
    else
        buf_format(&entries, "/Length1 %zu", program.len);
    pdf_file_stream(file, file_number, buf_str(&entries), program, PDF_WELL);
    buf_format(&body,
               "<</Type/Font/Subtype/%s/BaseFont/%.*s/CIDSystemInfo<</Registry(Adobe)"
               "/Ordering(Identity)/Supplement 0>>/FontDescriptor %" PRIu32 " 0 R%s",
               font->face->cff ? "CIDFontType0" : "CIDFontType2", STR_ARG(name),
               put_descriptor(font, file, name, file_number),
               font->face->cff ? "" : "/CIDToGIDMap/Identity");
    put_widths(font, &body);
    buf_add(&body, STR(">>"));
    pdf_file_pack(file, below, buf_str(&body));
    body.len = 0;
    buf_format(&body,
               "<</Type/Font/Subtype/Type0/BaseFont/%.*s%s/Encoding %" PRIu32
               " 0 R/DescendantFonts[%" PRIu32 " 0 R]/ToUnicode %" PRIu32 " 0 R>>",
               STR_ARG(name), font->face->cff ? "-Chancery-H" : "", put_encoding(font, file), below,
               put_texts(font, file));
    pdf_file_pack(file, number, buf_str(&body));
    return number;
}

enum status pdf_font_embed(struct pdf_font *font, struct pdf_file *file, uint32_t *number,
                           struct error *err)
{
    struct subset subset = {0};
    enum status status = STATUS_OK;
    if (cut(font, &subset))
        *number = put_font(font, file, take_program(font, &subset));
    else
        status = error_set(err, STATUS_IO, "An installed font is damaged: no PDF can be set in it.",
                           "系统里的一个字体已损坏，无法用来排版 PDF。");
    hb_face_destroy(subset.face);
    hb_subset_plan_destroy(subset.plan);
    return status;
}
