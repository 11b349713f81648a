/* A picture of blots, and any letters that Tesseract may say it read there, at any place and as certain as it likes: lines
 * come of them, measured from the picture, and the copies' numbers that stand in its margins. Tesseract itself is not
 * asked: that would take all of the time and try other people's code alone. */
#include <stdint.h>
#include <string.h>
#include <tesseract/capi.h>

#include "base/serial.h"
#include "base/utf8.h"
#include "reader/picture.h"
#include "refused.h"

#define SYMBOLS_MOST 150U
#define BLOTS_MOST   32U
#define TEXT_MOST    40U

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* --- bytes ---------------------------------------------------------------------------------------------- */

static struct {
    const uint8_t *at;
    size_t left;
} input;

static unsigned take(void)
{
    if (!input.left)
        return 0;
    input.left--;
    return *input.at++;
}

/* Mostly a place on the picture; now and then one beyond it. */
static int take_place(void)
{
    int place = (int)take() * 4;
    return place < 1000 ? place : place * (int)(take() + 1) - 2000;
}

/* --- what Tesseract says ------------------------------------------------------------------------------------- */

static struct TessBaseAPI *const api = (struct TessBaseAPI *)&input;
static char said[TEXT_MOST + 1];
static struct {
    unsigned flags, count;
    char text[5];
} symbol;

static void next_symbol(void)
{
    static const uint32_t CODES[] = {' ',    ',',    '.',    ':',     '-',    0xFF0C,
                                     0x3002, 0x3001, 0xFF1B, 0x4E00,  0x8981, 0x7684,
                                     0x2022, 0x201C, 0x201D, 0x10FFFF};
    unsigned byte = take();
    size_t len = utf8_put(symbol.text, byte < 240 ? byte + 1 : CODES[byte - 240]);
    symbol.text[len] = 0;
    symbol.flags = take();
    symbol.count++;
}

TessBaseAPI *TessBaseAPICreate(void); /* its header leaves the argument open */
TessBaseAPI *TessBaseAPICreate(void)
{
    return api;
}

void TessBaseAPIDelete(TessBaseAPI *handle)
{
    (void)handle;
}

int TessBaseAPIInit2(TessBaseAPI *handle, const char *path, const char *language,
                     TessOcrEngineMode mode)
{
    return !(handle == api && path && language && mode == OEM_LSTM_ONLY);
}

const char *TessBaseAPIGetInitLanguagesAsString(const TessBaseAPI *handle)
{
    return handle == api ? "chi_sim" : "";
}

BOOL TessBaseAPISetVariable(TessBaseAPI *handle, const char *name, const char *value)
{
    return handle == api && name && value;
}

void TessBaseAPISetPageSegMode(TessBaseAPI *handle, TessPageSegMode mode)
{
    (void)handle;
    (void)mode;
}

void TessBaseAPISetImage2(TessBaseAPI *handle, struct Pix *picture)
{
    if (handle != api || pixGetDepth(picture) != 8)
        abort();
}

void TessBaseAPISetSourceResolution(TessBaseAPI *handle, int dpi)
{
    (void)handle;
    (void)dpi;
}

void TessBaseAPIClear(TessBaseAPI *handle)
{
    (void)handle;
}

/* A line's text; now and then none. */
char *TessBaseAPIGetUTF8Text(TessBaseAPI *handle)
{
    size_t len = 0;
    unsigned count = take();
    (void)handle;
    for (unsigned i = 0; i < count % (TEXT_MOST + 1); i++) {
        unsigned byte = take();
        if (byte)
            said[len++] = (char)(byte & 127);
    }
    said[len] = 0;
    return said;
}

int TessBaseAPIMeanTextConf(TessBaseAPI *handle)
{
    (void)handle;
    return (int)take() % 101;
}

void TessDeleteText(const char *text)
{
    if (text && text != said && text != symbol.text)
        abort();
}

int TessBaseAPIRecognize(TessBaseAPI *handle, ETEXT_DESC *monitor)
{
    (void)handle;
    (void)monitor;
    return take() == 255;
}

TessResultIterator *TessBaseAPIGetIterator(TessBaseAPI *handle)
{
    symbol.count = 0;
    next_symbol();
    return handle == api && input.left ? (TessResultIterator *)&symbol : NULL;
}

TessPageIterator *TessResultIteratorGetPageIterator(TessResultIterator *handle)
{
    return (TessPageIterator *)handle;
}

void TessResultIteratorDelete(TessResultIterator *handle)
{
    (void)handle;
}

BOOL TessPageIteratorIsAtBeginningOf(const TessPageIterator *handle, TessPageIteratorLevel level)
{
    (void)handle;
    return level == RIL_TEXTLINE ? symbol.flags % 16 == 0 : symbol.flags % 4 == 0;
}

char *TessResultIteratorGetUTF8Text(const TessResultIterator *handle, TessPageIteratorLevel level)
{
    (void)handle;
    return level == RIL_SYMBOL && symbol.flags < 250 ? symbol.text : NULL;
}

BOOL TessPageIteratorBoundingBox(const TessPageIterator *handle, TessPageIteratorLevel level,
                                 int *left, int *top, int *right, int *bottom)
{
    (void)handle;
    (void)level;
    *left = take_place();
    *top = take_place();
    *right = *left + (symbol.flags & 64 ? take_place() : (int)PICTURE_EM);
    *bottom = *top + (symbol.flags & 32 ? take_place() : (int)PICTURE_EM);
    return symbol.flags < 245;
}

float TessResultIteratorConfidence(const TessResultIterator *handle, TessPageIteratorLevel level)
{
    (void)handle;
    (void)level;
    return (float)take() / 2.5F;
}

BOOL TessResultIteratorNext(TessResultIterator *handle, TessPageIteratorLevel level)
{
    (void)handle;
    (void)level;
    if (!input.left || symbol.count >= SYMBOLS_MOST)
        return 0;
    next_symbol();
    return 1;
}

/* --- the picture ---------------------------------------------------------------------------------------------- */

/* It is of no screen … */
PIX *picture_of_screen(PIX *grey)
{
    (void)grey;
    return NULL;
}

/* … and no code stands on it. */
void picture_read_signs(struct arena *arena, PIX *grey, struct reader_page *page)
{
    (void)arena;
    (void)grey;
    (void)page;
}

/* In place of picture_flatten, which fuzz_picture tries: what is drawn is flat. */
bool __wrap_picture_flatten(PIX *grey, struct picture_flat *flat);
bool __wrap_picture_flatten(PIX *grey, struct picture_flat *flat)
{
    *flat = (struct picture_flat){.grey = pixCopy(NULL, grey), .scale = 1};
    flat->noise = (float)take() / 8;
    flat->straightened = take() % 2;
    return flat->grey != NULL;
}

/* Blots as a letter's strokes or a line's are, and rows of them. */
static PIX *draw_blots(void)
{
    int w = 200 + (int)take() * 2;
    int h = 100 + (int)take();
    PIX *picture = pixCreate(w, h, 8);
    pixSetAll(picture);
    for (unsigned i = 0, count = take() % BLOTS_MOST; i < count && input.left; i++) {
        int x = (int)take() * 3;
        int y = (int)take() * 2;
        int wide = 1 + (int)take() % 64;
        int high = 1 + (int)take() % 64;
        unsigned grey = take();
        for (unsigned k = 0, times = 1 + grey % 16; k < times; k++, x += wide + 4) {
            BOX *box = boxCreate(x, y, wide, high);
            (void)pixSetInRectArbitrary(picture, box, grey & 0xF0);
            boxDestroy(&box);
        }
    }
    return picture;
}

/* Numbers that copies could have, or nearly, and doubts that are some. */
static void check(const struct reader_page *page)
{
    struct serial near[SERIAL_NEAR_MOST];
    for (size_t i = 0; i < page->nsigns; i++) {
        struct serial number;
        size_t at = 0;
        if (!serial_find(page->signs[i], &at, &number) && !serial_list_near(page->signs[i], near))
            abort();
    }
    for (size_t i = 0; i < page->nlines; i++)
        for (size_t k = 0; k < page->lines[i].nchars; k++)
            if (page->lines[i].chars[k].doubt > 150 || !(page->lines[i].chars[k].wider_noise >= 0))
                abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reader reader = {.arena = arena_make()};
    struct reader_page page = {0};
    input.at = data;
    input.left = size;
    PIX *picture = draw_blots();
    if (setjmp(refused))
        abort(); /* every model is there */
    reader_see_picture(&reader, picture, take() % 2 ? 300 : 0, &page);
    check(&page);
    pixDestroy(&picture);
    arena_free(reader.arena);
    return 0;
}
