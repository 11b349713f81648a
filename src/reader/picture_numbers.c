/* A copy's number in print: small letters at the head or foot of a page, where the visible mark stands.
 *
 * Tesseract reads a page as a whole, in its own language; of a line in small Latin capitals below Chinese text it makes
 * words, or nothing. So lines that a number may be are looked for above and below the text, and read once more by the model
 * for Latin letters, each by itself. A page without such lines costs a few milliseconds. */
#include <tesseract/capi.h>

#include "base/serial.h"
#include "reader/picture.h"

#define PALE       45.0F /* below white: what is ink, at least, as the mark is printed grey … */
#define GRAIN      5.0F  /* … and so many times the paper's grain */
#define BETWEEN    0.5F  /* ems between a line's characters, at most */
#define LOW        0.2F  /* ems of a line's height, at least: a hyphen is no line */
#define HIGH       0.85F /* and at most: a code is none either */
#define TALL       1.1F  /* ems: solid so far, it is a code or a part of one, a picture or a rule */
#define LONG       3.5F  /* ems of its length, at least: a page's number is shorter */
#define SLIM       64    /* times its height, at most: a page's edge is longer */
#define LINES_MOST 12    /* looked at on a page */
#define LINE_TALL  48.0F /* pixels that a line is enlarged to */
#define BODY_CHARS 10U   /* of a line of the text */
#define LETTERS    "23456789ABCDEFGHJKMNPQRSTUVWXYZ-.:" /* a number's, and what stands beside it */

/* --- where ------------------------------------------------------------------------------------------- */

/* First and last row of the text proper: of long lines in letters of about an em. Without any, all is above it. */
static void find_body(const struct reader_line *lines, size_t count, int height, int *top,
                      int *bottom)
{
    *top = height;
    *bottom = 0;
    for (size_t i = 0; i < count; i++) {
        const struct reader_line *line = &lines[i];
        if (line->nchars < BODY_CHARS || line->bottom - line->top < PICTURE_EM / 2)
            continue;
        *top = (int)line->top < *top ? (int)line->top : *top;
        *bottom = (int)line->bottom > *bottom ? (int)line->bottom : *bottom;
    }
    if (!*bottom)
        *bottom = height;
}

/* A code stands so close to the number that they would be taken for one line. */
static void drop_solid(PIX *ink)
{
    PIX *filled = pixCloseSafeBrick(NULL, ink, 9, 9);
    PIX *solid = filled ? pixOpenBrick(NULL, filled, 9, (int)(TALL * PICTURE_EM)) : NULL;
    PIX *whole = solid ? pixDilateBrick(NULL, solid, 15, 15) : NULL;
    if (whole)
        (void)pixSubtract(ink, ink, whole);
    pixDestroy(&filled);
    pixDestroy(&solid);
    pixDestroy(&whole);
}

/* Boxes around what may be a line of small letters in a band of the picture; NULL where there is no band. */
static BOXA *find_lines(PIX *band, int paper)
{
    PIX *ink = pixThresholdToBinary(band, paper);
    if (ink)
        drop_solid(ink);
    PIX *joined = ink ? pixCloseSafeBrick(NULL, ink, (int)(BETWEEN * PICTURE_EM), 1) : NULL;
    BOXA *boxes = joined ? pixConnCompBB(joined, 8) : NULL;
    pixDestroy(&ink);
    pixDestroy(&joined);
    return boxes;
}

static bool may_be_number(const BOX *at)
{
    return at->h >= (int)(LOW * PICTURE_EM) && at->h <= (int)(HIGH * PICTURE_EM) &&
           at->w >= (int)(LONG * PICTURE_EM) && at->w <= SLIM * at->h;
}

/* --- reading ------------------------------------------------------------------------------------------ */

/* A line with some white around it, as large as Tesseract likes it. */
static PIX *cut_line(PIX *band, const BOX *at)
{
    int around = at->h / 3;
    BOX *box = boxCreate(at->x - around, at->y - around, at->w + 2 * around, at->h + 2 * around);
    PIX *line = pixClipRectangle(band, box, NULL);
    float factor = LINE_TALL / (float)at->h;
    PIX *large = line && factor > 1 ? pixScaleGrayLI(line, factor, factor) : pixClone(line);
    boxDestroy(&box);
    pixDestroy(&line);
    return large;
}

/* A word that is a number but for one character is a sign too: whoever knows the numbers given can tell which it is. */
static void take_word(struct arena *arena, struct str word, struct reader_page *page)
{
    struct serial number;
    struct serial near[SERIAL_NEAR_MOST];
    size_t at = 0;
    if (serial_find(word, &at, &number))
        page->signs[page->nsigns++] = serial_print(arena, &number);
    else if (serial_list_near(word, near))
        page->signs[page->nsigns++] = str_copy(arena, word);
}

static void take_numbers(struct arena *arena, struct str text, struct reader_page *page)
{
    struct str word;
    struct str *signs = arena_array(arena, page->nsigns + text.len / SERIAL_LEN + 1, struct str);
    for (size_t i = 0; i < page->nsigns; i++)
        signs[i] = page->signs[i];
    page->signs = signs;
    while (str_split(&text, ' ', &word))
        take_word(arena, str_trim(word), page);
}

/* The reader of letters is made when the first line is met. */
static void read_line(struct arena *arena, PIX *line, TessBaseAPI **letters,
                      struct reader_page *page)
{
    if (!*letters) {
        *letters = picture_letters("eng");
        TessBaseAPISetVariable(*letters, "tessedit_char_whitelist", LETTERS);
    }
    TessBaseAPISetPageSegMode(*letters, PSM_SINGLE_LINE);
    TessBaseAPISetImage2(*letters, line);
    TessBaseAPISetSourceResolution(*letters, 300);
    char *text = TessBaseAPIGetUTF8Text(*letters);
    if (text)
        take_numbers(arena, str_of(text), page);
    TessDeleteText(text);
}

static bool has_number(const struct reader_page *page)
{
    for (size_t i = 0; i < page->nsigns; i++) {
        struct serial number;
        size_t at = 0;
        if (serial_find(page->signs[i], &at, &number))
            return true;
    }
    return false;
}

static void read_band(struct arena *arena, const struct picture_flat *flat, int from, int to,
                      TessBaseAPI **letters, struct reader_page *page)
{
    float pale = flat->noise * GRAIN > PALE ? flat->noise * GRAIN : PALE;
    int paper = pale < 128 ? 255 - (int)pale : 128;
    BOX *box = to > from ? boxCreate(0, from, pixGetWidth(flat->grey), to - from) : NULL;
    PIX *cut = box ? pixClipRectangle(flat->grey, box, NULL) : NULL;
    PIX *band = cut ? pixGammaTRC(NULL, cut, 1.0F, 0, paper + (255 - paper) / 2) : NULL;
    BOXA *boxes = band ? find_lines(cut, paper) : NULL;
    int count = boxes ? boxaGetCount(boxes) : 0;
    for (int i = 0, read = 0; i < count && read < LINES_MOST && !has_number(page); i++) {
        BOX *at = boxaGetBox(boxes, i, L_CLONE);
        if (may_be_number(at)) {
            PIX *line = cut_line(band, at);
            if (line)
                read_line(arena, line, letters, page);
            pixDestroy(&line);
            read++;
        }
        boxDestroy(&at);
    }
    boxaDestroy(&boxes);
    boxDestroy(&box);
    pixDestroy(&cut);
    pixDestroy(&band);
}

void picture_read_numbers(struct arena *arena, const struct picture_flat *flat,
                          const struct reader_line *lines, size_t nlines, struct reader_page *page)
{
    TessBaseAPI *letters = NULL;
    int top;
    int bottom;
    int height = pixGetHeight(flat->grey);
    find_body(lines, nlines, height, &top, &bottom);
    read_band(arena, flat, 0, top, &letters, page);
    read_band(arena, flat, bottom, height, &letters, page);
    TessBaseAPIDelete(letters);
}
