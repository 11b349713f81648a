/* Texts as clusters of glyphs; see pdf_type.h. */
#include "format/pdf_type.h"

#include <hb-ot.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include "base/unicode.h"
#include "base/utf8.h"
#include "format/pdf_font.h"
#include "format/pdf_wide.h"
#include "paper/site.h"

struct pdf_type {
    struct arena *arena;
    enum lang lang;
    hb_language_t language;
    const struct pdf_face *roles[PDF_ROLES];
    struct pdf_font **fonts;
    struct pdf_wide **wides; /* by font; NULL: none yet */
    size_t nfonts;
};

struct pdf_type *pdf_type_make(struct arena *arena, enum lang lang)
{
    struct pdf_type *type = arena_new(arena, struct pdf_type);
    type->arena = arena;
    type->lang = lang;
    type->language = hb_language_from_string(lang == LANG_ZH ? "zh-hans" : "en", -1);
    return type;
}

static size_t font_of(struct pdf_type *type, const struct pdf_face *face)
{
    for (size_t i = 0; i < type->nfonts; i++)
        if (type->fonts[i]->face == face)
            return i;
    type->fonts = arena_one_more(type->arena, type->fonts, type->nfonts, sizeof *type->fonts);
    type->wides = arena_one_more(type->arena, type->wides, type->nfonts, sizeof *type->wides);
    type->fonts[type->nfonts] = pdf_font_make(type->arena, face);
    type->wides[type->nfonts] = NULL;
    return type->nfonts++;
}

/* --- which face, which script --------------------------------------------------------------------- */

/* A stretch that is shaped in one go. */
struct piece {
    size_t at, end;
    const struct pdf_face *face; /* NULL: nobody has these characters */
    UScriptCode script;
    enum pdf_role role;
    uint32_t link;
};

static bool follows(uint32_t code)
{
    return unicode_is_invisible(code) || (U_GET_GC_MASK((UChar32)code) & U_GC_M_MASK);
}

static UScriptCode script_of(uint32_t code, UScriptCode before)
{
    UErrorCode error = U_ZERO_ERROR;
    UScriptCode script = uscript_getScript((UChar32)code, &error);
    if (u_isdigit((UChar32)code) && uscript_isRightToLeft(before))
        return USCRIPT_LATIN; /* figures go from left to right everywhere */
    return U_FAILURE(error) || script == USCRIPT_COMMON || script == USCRIPT_INHERITED ? before
                                                                                       : script;
}

static enum status face_for_role(struct pdf_type *type, enum pdf_role role, struct error *err)
{
    if (type->roles[role])
        return STATUS_OK;
    return pdf_face_for_role(type->lang, role, &type->roles[role], err);
}

/* --- from glyphs to clusters ---------------------------------------------------------------------- */

static struct pdf_cluster *add_cluster(struct pdf_type *type, struct pdf_clusters *clusters)
{
    clusters->list =
        arena_one_more(type->arena, clusters->list, clusters->count, sizeof *clusters->list);
    struct pdf_cluster *cluster = &clusters->list[clusters->count++];
    *cluster = (struct pdf_cluster){0};
    return cluster;
}

static bool is_blank_right(uint32_t code)
{
    static const uint32_t half[] = {0x3001, 0x3002, 0xFF0C, 0xFF1B, 0xFF1A, 0xFF01, 0xFF1F, 0xFF09,
                                    0x300B, 0x3011, 0x300D, 0x300F, 0x201D, 0x2019, 0x3015, 0x3009};
    for (size_t i = 0; i < sizeof half / sizeof *half; i++)
        if (half[i] == code)
            return true;
    return false;
}

static void judge(const struct pdf_type *type, struct pdf_cluster *cluster, uint32_t code)
{
    cluster->class = (uint8_t)pdf_break_class(code, type->lang);
    if (code == 0x3000)
        cluster->class = BREAK_ID; /* a space as wide as a character, put there on purpose */
    if (cluster->class == BREAK_SP)
        cluster->flags |= PDF_SPACE;
    int width = u_getIntPropertyValue((UChar32)code, UCHAR_EAST_ASIAN_WIDTH);
    bool wide = width == U_EA_WIDE || width == U_EA_FULLWIDTH ||
                (width == U_EA_AMBIGUOUS && type->lang == LANG_ZH);
    if (wide)
        cluster->flags |= PDF_WIDE;
    if (is_blank_right(code) && cluster->advance == 1000)
        cluster->flags |= PDF_HANGS;
}

static int32_t milli(const struct pdf_face *face, int32_t units)
{
    int64_t scaled = (int64_t)units * 2000 / face->upem;
    return (int32_t)((scaled + (scaled < 0 ? -1 : 1)) / 2);
}

static int16_t small(int32_t value)
{
    return (int16_t)(value > 30000 ? 30000 : value < -30000 ? -30000 : value);
}

/* The text that the glyph number i of n stands for: all of it, or a character each. */
static struct str share(struct str text, size_t i, size_t n)
{
    size_t at = 0;
    if (n == 1)
        return text;
    for (size_t begin = 0; at < text.len; begin = at) {
        (void)utf8_next(text, &at);
        if (i-- == 0 || at == text.len)
            return str_slice(text, begin, at - begin);
    }
    return text;
}

static bool is_unseen(struct str text)
{
    for (size_t at = 0; at < text.len;)
        if (!unicode_is_invisible(utf8_next(text, &at)))
            return false;
    return true;
}

/* The code of a cluster's one glyph among the wide marks and twins, with the gap that it has. */
static uint8_t wide_code(struct pdf_type *type, const struct pdf_cluster *cluster, uint32_t glyph)
{
    struct pdf_wide **wide = &type->wides[cluster->font];
    uint16_t width = pdf_font_width(type->fonts[cluster->font], glyph);
    if (!*wide)
        *wide = pdf_wide_make(type->arena, type->fonts[cluster->font]->face);
    return pdf_wide_code(*wide, glyph, cluster->text, (uint16_t)(width + cluster->gap));
}

/* Code and width of a glyph; the cluster's one glyph may be a twin, as that is which is not seen at all. */
static struct pdf_code code_of(struct pdf_type *type, struct pdf_cluster *cluster, uint32_t glyph,
                               struct str text, bool alone)
{
    struct pdf_font *font = type->fonts[cluster->font];
    if (alone && (is_unseen(text) || pdf_font_has_other(font, glyph, text))) {
        cluster->wide = wide_code(type, cluster, glyph);
        cluster->twin = cluster->wide;
    }
    return cluster->twin ? (struct pdf_code){0, pdf_font_width(font, glyph)}
                         : pdf_font_code(font, glyph, text);
}

static void fill_glyphs(struct pdf_type *type, struct pdf_cluster *cluster,
                        const hb_glyph_info_t *infos, const hb_glyph_position_t *places, size_t n)
{
    struct pdf_font *font = type->fonts[cluster->font];
    struct pdf_glyph *glyphs = arena_array(type->arena, n, struct pdf_glyph);
    for (size_t i = 0; i < n; i++) {
        const hb_glyph_position_t *place = &places[i];
        struct pdf_code code =
            code_of(type, cluster, infos[i].codepoint, share(cluster->text, i, n), n == 1);
        int32_t advance = milli(font->face, place->x_advance);
        glyphs[i] = (struct pdf_glyph){.code = code.code,
                                       .width = code.width,
                                       .shift = small(advance - code.width),
                                       .dx = small(milli(font->face, place->x_offset)),
                                       .dy = small(milli(font->face, place->y_offset))};
        cluster->advance += code.width + glyphs[i].shift;
    }
    cluster->glyphs = glyphs;
    cluster->nglyphs = (uint16_t)n;
    if (n > 1)
        cluster->flags |= PDF_SPELLED;
}

static bool is_gap(const struct pdf_words *words, size_t at, size_t end)
{
    for (size_t i = 0; i < words->ngaps; i++)
        if (words->gaps[i] > at && words->gaps[i] <= end)
            return true;
    return false;
}

/* Makes characters without room part of the glyph before them. Drawn by themselves they would lie where the next character
 * does, and who reads a page's text takes things at one place for parted words. */
static void take_unseen(struct pdf_type *type, struct pdf_cluster *cluster, uint32_t glyph,
                        struct str more)
{
    cluster->text = str_format(type->arena, "%.*s%.*s", STR_ARG(cluster->text), STR_ARG(more));
    cluster->wide = wide_code(type, cluster, glyph);
    cluster->twin = cluster->wide;
    if (cluster->twin)
        return;
    struct pdf_glyph *drawn = arena_new(type->arena, struct pdf_glyph);
    *drawn = cluster->glyphs[0];
    drawn->code = pdf_font_code(type->fonts[cluster->font], glyph, cluster->text).code;
    cluster->glyphs = drawn;
}

/* Clusters lie in the buffer as they are drawn, from left to right; they are added as they are read. */
static void take_clusters(struct pdf_type *type, const struct pdf_words *words,
                          const struct piece *piece, hb_buffer_t *buffer,
                          struct pdf_clusters *clusters)
{
    unsigned n;
    const hb_glyph_info_t *infos = hb_buffer_get_glyph_infos(buffer, &n);
    const hb_glyph_position_t *places = hb_buffer_get_glyph_positions(buffer, NULL);
    bool backward = HB_DIRECTION_IS_BACKWARD(hb_buffer_get_direction(buffer));
    size_t font = font_of(type, piece->face);
    unsigned from = backward ? n : 0;
    struct pdf_cluster *before = NULL; /* of one glyph, which is: */
    uint32_t drawn = 0;
    while (backward ? from > 0 : from < n) {
        unsigned first = backward ? from - 1 : from;
        unsigned last = first;
        size_t at = infos[first].cluster;
        while (backward ? first > 0 && infos[first - 1].cluster == at
                        : last + 1 < n && infos[last + 1].cluster == at)
            backward ? first-- : last++;
        from = backward ? first : last + 1;
        bool more = backward ? from > 0 : from < n;
        size_t end = more ? infos[backward ? from - 1 : from].cluster : piece->end;
        struct str text = str_slice(words->text, at, end - at);
        if (before && is_unseen(text)) {
            take_unseen(type, before, drawn, text);
            continue;
        }
        struct pdf_cluster *cluster = add_cluster(type, clusters);
        cluster->text = str_copy(type->arena, text);
        cluster->font = (uint16_t)font;
        cluster->link = piece->link;
        cluster->flags =
            (uint8_t)((backward ? PDF_BACKWARD : 0) | (piece->face->leaned ? PDF_LEANED : 0));
        cluster->gap = is_gap(words, at, end) ? (uint16_t)(PAPER_GAP_EMS * 1000) : 0;
        fill_glyphs(type, cluster, infos + first, places + first, last - first + 1);
        size_t pos = 0;
        judge(type, cluster, utf8_next(cluster->text, &pos));
        if (cluster->gap && !cluster->twin && cluster->nglyphs == 1 && !backward &&
            cluster->flags & PDF_WIDE) /* no space follows that would be there anyway */
            cluster->wide = wide_code(type, cluster, infos[first].codepoint);
        bool alone = cluster->nglyphs == 1 && !backward && !(cluster->flags & PDF_SPACE);
        before = alone ? cluster : NULL;
        drawn = infos[first].codepoint;
    }
}

static void shape_piece(struct pdf_type *type, const struct pdf_words *words,
                        const struct piece *piece, struct pdf_clusters *clusters)
{
    hb_buffer_t *buffer = hb_buffer_create();
    hb_buffer_add_utf8(buffer, words->text.at, (int)words->text.len, (unsigned)piece->at,
                       (int)(piece->end - piece->at));
    hb_buffer_set_script(buffer, hb_script_from_string(uscript_getShortName(piece->script), -1));
    hb_buffer_set_language(buffer, type->language);
    hb_buffer_guess_segment_properties(buffer);
    hb_shape(piece->face->font, buffer, NULL, 0);
    take_clusters(type, words, piece, buffer, clusters);
    hb_buffer_destroy(buffer);
}

/* What no font has is shown as the mark that printers put in its place, 〓, and keeps its own text. */
static void replace_piece(struct pdf_type *type, const struct pdf_words *words,
                          const struct piece *piece, struct pdf_clusters *clusters)
{
    const struct pdf_face *face = pdf_face_for_code(type->roles[PDF_BODY], 0x3013);
    uint32_t glyph = 0;
    uint32_t sign = face ? 0x3013 : '?';
    face = face ? face : type->roles[PDF_BODY];
    (void)pdf_face_glyph(face, sign, &glyph);
    struct str name = face && sign == 0x3013 ? STR("〓") : STR("?");
    for (size_t at = piece->at; at < piece->end;) {
        size_t begin = at;
        uint32_t code = utf8_next(words->text, &at);
        while (at < piece->end) {
            size_t next = at;
            if (!follows(utf8_next(words->text, &next)))
                break;
            at = next;
        }
        struct pdf_cluster *cluster = add_cluster(type, clusters);
        hb_glyph_info_t info = {.codepoint = glyph};
        hb_glyph_position_t place = {.x_advance = hb_font_get_glyph_h_advance(face->font, glyph)};
        cluster->text = name;
        cluster->font = (uint16_t)font_of(type, face);
        cluster->link = piece->link;
        cluster->gap = is_gap(words, begin, at) ? (uint16_t)(PAPER_GAP_EMS * 1000) : 0;
        fill_glyphs(type, cluster, &info, &place, 1);
        cluster->text = str_copy(type->arena, str_slice(words->text, begin, at - begin));
        cluster->flags |= PDF_SPELLED;
        judge(type, cluster, code);
    }
}

static void end_piece(struct pdf_type *type, const struct pdf_words *words, struct piece *piece,
                      size_t end, struct pdf_clusters *clusters)
{
    piece->end = end;
    if (piece->at < end && piece->face)
        shape_piece(type, words, piece, clusters);
    else if (piece->at < end)
        replace_piece(type, words, piece, clusters);
    piece->at = end;
}

static void add_control(struct pdf_type *type, struct pdf_clusters *clusters, struct str text)
{
    struct pdf_cluster *cluster = add_cluster(type, clusters);
    cluster->text = text;
    cluster->class = BREAK_SP;
    cluster->advance = text.at[0] == '\t' ? 2000 : 0;
    cluster->flags = (uint8_t)(PDF_SPACE | (text.at[0] == '\n' ? PDF_NEW_LINE : PDF_NEXT_CELL));
}

enum status pdf_type_shape(struct pdf_type *type, const struct pdf_words *words,
                           struct pdf_clusters *clusters, struct error *err)
{
    struct piece piece = {.script = type->lang == LANG_ZH ? USCRIPT_HAN : USCRIPT_LATIN};
    enum status status = face_for_role(type, PDF_BODY, err);
    size_t span = 0;
    for (size_t at = 0; !status && at < words->text.len;) {
        size_t begin = at;
        uint32_t code = utf8_next(words->text, &at);
        while (span + 1 < words->nspans && words->spans[span].end <= begin)
            span++;
        enum pdf_role role = words->spans[span].role;
        uint32_t link = words->spans[span].link;
        status = face_for_role(type, role, err);
        if (status)
            break;
        if (code == '\n' || code == '\t') {
            end_piece(type, words, &piece, begin, clusters);
            add_control(type, clusters, code == '\n' ? STR("\n") : STR("\t"));
            piece.at = at;
            continue;
        }
        bool same = piece.at < begin && piece.role == role && piece.link == link;
        const struct pdf_face *face = !follows(code) ? pdf_face_for_code(type->roles[role], code)
                                      : same         ? piece.face
                                                     : type->roles[role];
        UScriptCode script = script_of(code, piece.script);
        if (!same || face != piece.face || script != piece.script)
            end_piece(type, words, &piece, begin, clusters);
        piece = (struct piece){piece.at, at, face, script, role, link};
    }
    if (!status)
        end_piece(type, words, &piece, words->text.len, clusters);
    return status;
}

enum status pdf_type_embed(struct pdf_type *type, struct pdf_file *file, struct str *fonts,
                           struct error *err)
{
    struct buf names = {.arena = type->arena};
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < type->nfonts; i++) {
        uint32_t number;
        status = pdf_font_embed(type->fonts[i], file, &number, err);
        if (!status)
            buf_format(&names, "/F%zu %u 0 R", i, number);
        if (!status && type->wides[i])
            buf_format(&names, "/W%zu %u 0 R", i, pdf_wide_embed(type->wides[i], file));
    }
    *fonts = buf_str(&names);
    return status;
}
