/* The faces that are installed; see pdf_face.h. */
#include "format/pdf_face.h"

#include <fontconfig/fontconfig.h>
#include <hb-ot.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define FAMILIES 10U

/* --- which are wanted ----------------------------------------------------------------------------- */

static const struct wanted {
    int weight;
    bool italic;
    const char *families[FAMILIES]; /* the first that is installed */
} WANTED[LANG_COUNT][PDF_ROLES] =
    {
        [LANG_ZH] =
            {
                [PDF_BODY] = {FC_WEIGHT_REGULAR,
                              false,
                              {"FangSong_GB2312", "FangSong", "STFangsong", "Noto Serif CJK SC",
                               "Source Han Serif SC", "Noto Serif SC", "AR PL UMing CN"}},
                [PDF_STRONG] = {FC_WEIGHT_BOLD,
                                false,
                                {"Noto Serif CJK SC", "Source Han Serif SC", "Noto Serif SC",
                                 "SimHei", "Noto Sans CJK SC"}},
                [PDF_EMPHASIS] = {FC_WEIGHT_BOLD,
                                  false,
                                  {"KaiTi_GB2312", "KaiTi", "STKaiti", "AR PL UKai CN",
                                   "Noto Serif CJK SC", "Source Han Serif SC", "Noto Serif SC"}},
                [PDF_TITLE] = {FC_WEIGHT_BOLD,
                               false,
                               {"FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "STZhongsong",
                                "Noto Serif CJK SC", "Source Han Serif SC", "Noto Serif SC"}},
                [PDF_HEADING] = {FC_WEIGHT_REGULAR,
                                 false,
                                 {"SimHei", "STHeiti", "Noto Sans CJK SC", "Source Han Sans SC",
                                  "Noto Sans SC", "WenQuanYi Zen Hei"}},
                [PDF_SECOND] = {FC_WEIGHT_BOLD,
                                false,
                                {"KaiTi_GB2312", "KaiTi", "STKaiti", "AR PL UKai CN",
                                 "Noto Serif CJK SC", "Source Han Serif SC", "Noto Serif SC"}},
                [PDF_QUOTE] = {FC_WEIGHT_REGULAR,
                               false,
                               {"KaiTi_GB2312", "KaiTi", "STKaiti", "AR PL UKai CN",
                                "Noto Serif CJK SC", "Source Han Serif SC", "Noto Serif SC"}},
                [PDF_CODE] = {FC_WEIGHT_REGULAR,
                              false,
                              {"Noto Sans Mono CJK SC", "Source Han Mono SC", "DejaVu Sans Mono"}},
            },
        [LANG_EN] =
            {
                [PDF_BODY] = {FC_WEIGHT_REGULAR,
                              false,
                              {"Noto Serif", "Source Serif 4", "Source Serif Pro",
                               "Noto Serif CJK SC", "Liberation Serif", "DejaVu Serif"}},
                [PDF_STRONG] = {FC_WEIGHT_BOLD,
                                false,
                                {"Noto Serif", "Source Serif 4", "Source Serif Pro",
                                 "Noto Serif CJK SC", "Liberation Serif", "DejaVu Serif"}},
                [PDF_EMPHASIS] = {FC_WEIGHT_REGULAR,
                                  true,
                                  {"Noto Serif", "Source Serif 4", "Source Serif Pro",
                                   "Noto Serif CJK SC", "Liberation Serif", "DejaVu Serif"}},
                [PDF_TITLE] = {FC_WEIGHT_BOLD,
                               false,
                               {"Noto Serif", "Source Serif 4", "Source Serif Pro",
                                "Noto Serif CJK SC", "Liberation Serif", "DejaVu Serif"}},
                [PDF_HEADING] = {FC_WEIGHT_BOLD,
                                 false,
                                 {"Noto Sans",
                                  "Source Sans 3", "Noto Sans CJK SC", "Liberation Sans",
                                  "DejaVu Sans"}},
                [PDF_SECOND] =
                    {FC_WEIGHT_BOLD,
                     false,
                     {"Noto Sans", "Source Sans 3", "Noto Sans CJK SC", "Liberation Sans",
                      "DejaVu Sans"}},
                [PDF_QUOTE] =
                    {FC_WEIGHT_REGULAR,
                     false,
                     {"Noto Serif", "Source Serif 4", "Source Serif Pro", "Noto Serif CJK SC",
                      "Liberation Serif", "DejaVu Serif"}},
                [PDF_CODE] = {FC_WEIGHT_REGULAR,
                              false,
                              {"Noto Sans Mono", "DejaVu Sans Mono", "Noto Sans Mono CJK SC",
                               "Liberation Mono"}},
            },
};

/* --- what there is -------------------------------------------------------------------------------- */

/* Faces are few, opened once and never closed. */
struct shelf {
    pthread_mutex_t lock;
    FcConfig *config;
    struct place {
        char *file;
        int index;
        bool leaned;
        bool unfit;
        struct pdf_face face;
    } * *places;
    size_t nplaces;
    const struct pdf_face *roles[LANG_COUNT][PDF_ROLES];
    FcFontSet *others; /* all that are installed, the likeliest first; NULL until one is missed */
};
static struct shelf shelf = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* Whoever made it lets everyone put it into their documents. */
static bool may_embed(hb_face_t *face)
{
    hb_blob_t *blob = hb_face_reference_table(face, HB_TAG('O', 'S', '/', '2'));
    unsigned len;
    const uint8_t *table = (const uint8_t *)hb_blob_get_data(blob, &len);
    bool restricted = len >= 10 && (table[9] & 0x0F) == 0x02;
    bool bitmaps = len >= 10 && (table[8] & 0x02);
    hb_blob_destroy(blob);
    return !restricted && !bitmaps;
}

static bool has_table(hb_face_t *face, hb_tag_t tag)
{
    hb_blob_t *blob = hb_face_reference_table(face, tag);
    bool has = hb_blob_get_length(blob) > 0;
    hb_blob_destroy(blob);
    return has;
}

static void open_place(struct place *place)
{
    hb_blob_t *blob = hb_blob_create_from_file(place->file);
    struct pdf_face *face = &place->face;
    face->face = hb_face_create(blob, (unsigned)place->index);
    hb_blob_destroy(blob);
    hb_face_make_immutable(face->face);
    face->font = hb_font_create(face->face);
    hb_font_make_immutable(face->font);
    face->upem = hb_face_get_upem(face->face);
    face->cff = has_table(face->face, HB_TAG('C', 'F', 'F', ' '));
    face->leaned = place->leaned;
    place->unfit = (!face->cff && !has_table(face->face, HB_TAG('g', 'l', 'y', 'f'))) ||
                   !face->upem || !may_embed(face->face);
}

/* The face of what fontconfig found, opened; NULL where it can't be used. The lock is held. */
static const struct pdf_face *face_of(FcPattern *found, bool leaned)
{
    FcChar8 *file;
    int index;
    FcBool variable;
    if (FcPatternGetString(found, FC_FILE, 0, &file) != FcResultMatch ||
        FcPatternGetInteger(found, FC_INDEX, 0, &index) != FcResultMatch ||
        (FcPatternGetBool(found, FC_VARIABLE, 0, &variable) == FcResultMatch && variable) ||
        index > 0xFFFF)
        return NULL;
    for (size_t i = 0; i < shelf.nplaces; i++) {
        struct place *place = shelf.places[i];
        if (place->index == index && place->leaned == leaned &&
            strcmp(place->file, (const char *)file) == 0)
            return place->unfit ? NULL : &place->face;
    }
    struct place *place = calloc(1, sizeof *place);
    struct place **places = realloc(shelf.places, (shelf.nplaces + 1) * sizeof(struct place *));
    if (!place || !places)
        abort();
    shelf.places = places;
    shelf.places[shelf.nplaces++] = place;
    place->file = strdup((const char *)file);
    place->index = index;
    place->leaned = leaned;
    open_place(place);
    return place->unfit ? NULL : &place->face;
}

static bool has_family(FcPattern *found, const char *family)
{
    FcChar8 *name;
    for (int i = 0; FcPatternGetString(found, FC_FAMILY, i, &name) == FcResultMatch; i++)
        if (strcasecmp((const char *)name, family) == 0)
            return true;
    return false;
}

static FcPattern *pattern_of(const char *family, int weight, bool italic)
{
    FcPattern *pattern = FcPatternCreate();
    if (!pattern)
        abort();
    FcPatternAddString(pattern, FC_FAMILY, (const FcChar8 *)family);
    FcPatternAddInteger(pattern, FC_WEIGHT, weight);
    FcPatternAddInteger(pattern, FC_SLANT, italic ? FC_SLANT_ITALIC : FC_SLANT_ROMAN);
    FcPatternAddBool(pattern, FC_SCALABLE, FcTrue);
    FcPatternAddBool(pattern, FC_COLOR, FcFalse);
    FcPatternAddBool(pattern, FC_VARIABLE, FcFalse);
    FcConfigSubstitute(shelf.config, pattern, FcMatchPattern);
    FcDefaultSubstitute(pattern);
    return pattern;
}

/* The family's face, or with `any` the nearest to it. */
static const struct pdf_face *match(const char *family, const struct wanted *wanted, bool any)
{
    FcResult result;
    FcPattern *pattern = pattern_of(family, wanted->weight, wanted->italic);
    FcPattern *found = FcFontMatch(shelf.config, pattern, &result);
    const struct pdf_face *face = NULL;
    int slant = FC_SLANT_ROMAN;
    if (found && (any || has_family(found, family))) {
        (void)FcPatternGetInteger(found, FC_SLANT, 0, &slant);
        face = face_of(found, wanted->italic && slant == FC_SLANT_ROMAN);
    }
    if (found)
        FcPatternDestroy(found);
    FcPatternDestroy(pattern);
    return face;
}

static const struct pdf_face *find_role(enum lang lang, enum pdf_role role)
{
    const struct wanted *wanted = &WANTED[lang][role];
    const struct pdf_face *face = NULL;
    if (!shelf.config)
        shelf.config = FcInitLoadConfigAndFonts();
    for (size_t i = 0; !face && i < FAMILIES && wanted->families[i]; i++)
        face = match(wanted->families[i], wanted, false);
    return face ? face : match("sans-serif", wanted, true);
}

enum status pdf_face_for_role(enum lang lang, enum pdf_role role, const struct pdf_face **face,
                              struct error *err)
{
    (void)pthread_mutex_lock(&shelf.lock);
    if (!shelf.roles[lang][role])
        shelf.roles[lang][role] = find_role(lang, role);
    *face = shelf.roles[lang][role];
    (void)pthread_mutex_unlock(&shelf.lock);
    if (*face)
        return STATUS_OK;
    return error_set(err, STATUS_IO,
                     "No font is installed that a PDF can be set in. Install one, such as "
                     "fonts-noto-cjk.",
                     "系统里没有可用于排版 PDF 的字体。请安装字体，例如 fonts-noto-cjk。");
}

bool pdf_face_glyph(const struct pdf_face *face, uint32_t code, uint32_t *glyph)
{
    return hb_font_get_nominal_glyph(face->font, code, glyph) && *glyph != 0;
}

/* The lock is held. */
static const struct pdf_face *find_other(uint32_t code)
{
    FcResult result;
    if (!shelf.others) {
        FcPattern *pattern = pattern_of("Noto Sans CJK SC", FC_WEIGHT_REGULAR, false);
        shelf.others = FcFontSort(shelf.config, pattern, FcFalse, NULL, &result);
        FcPatternDestroy(pattern);
    }
    for (int i = 0; shelf.others && i < shelf.others->nfont; i++) {
        FcCharSet *chars;
        uint32_t glyph;
        if (FcPatternGetCharSet(shelf.others->fonts[i], FC_CHARSET, 0, &chars) != FcResultMatch ||
            !FcCharSetHasChar(chars, code))
            continue;
        const struct pdf_face *face = face_of(shelf.others->fonts[i], false);
        if (face && pdf_face_glyph(face, code, &glyph))
            return face;
    }
    return NULL;
}

const struct pdf_face *pdf_face_for_code(const struct pdf_face *first, uint32_t code)
{
    uint32_t glyph;
    if (pdf_face_glyph(first, code, &glyph))
        return first;
    (void)pthread_mutex_lock(&shelf.lock);
    const struct pdf_face *face = find_other(code);
    (void)pthread_mutex_unlock(&shelf.lock);
    return face;
}
