/* Pictures of screens: what they show on colours of their own, and those longer than any page.
 *
 * A screen has flat colours: most points are exactly as bright as the one beside them, which no camera and no scanner
 * gives. There, each colour that fills an area is that area's paper, and what differs from it is ink, whether darker or
 * brighter: so messages in bubbles are read, dark letters on one and light ones on the next. Telephones join what
 * was scrolled through to one long picture; it is cut where no letter stands. */
#include <stdlib.h>
#include <string.h>

#include "reader/picture.h"

#define ALIKE_LEAST 0.7  /* share of points as bright as the next one, on a screen */
#define SHARE_LEAST 0.02 /* of a picture, for a brightness to be a colour that fills areas */
#define TONES_MAX   6
#define NEAR        2   /* steps that a colour wanders */
#define AREA_WIDTH  160 /* points that an area has at least */
#define AREA_HEIGHT 48
#define AREA_SOLID  0.55 /* the colour's own share of it: a table's lines have less */
#define PIECE_WIDTH 2.5  /* a piece is so much higher than wide at most */
#define PIECE_LEAST 1600 /* and not worth cutting below it */
#define CALM_ROWS   6    /* without a letter, where it is cut */

static bool is_screen(PIX *grey)
{
    int w = pixGetWidth(grey);
    int h = pixGetHeight(grey);
    const l_uint32 *data = pixGetData(grey);
    size_t alike = 0;
    for (int y = 0; y < h; y++) {
        const l_uint32 *row = data + (size_t)y * (size_t)pixGetWpl(grey);
        for (int x = 0; x + 1 < w; x++)
            alike += GET_DATA_BYTE(row, x) == GET_DATA_BYTE(row, x + 1);
    }
    return (double)alike > ALIKE_LEAST * (double)w * (double)h;
}

/* The brightnesses that fill areas, the commonest first. */
static unsigned find_tones(PIX *grey, int tones[TONES_MAX])
{
    NUMA *histogram = pixGetGrayHistogram(grey, 1);
    float all = (float)pixGetWidth(grey) * (float)pixGetHeight(grey);
    unsigned n = 0;
    while (n < TONES_MAX) {
        float most = 0;
        int at = 0;
        numaGetMax(histogram, &most, &at);
        if (most < (float)SHARE_LEAST * all)
            break;
        tones[n++] = at;
        for (int i = at - 2 * NEAR; i <= at + 2 * NEAR; i++)
            if (i >= 0 && i < 256)
                numaSetValue(histogram, i, 0);
    }
    numaDestroy(&histogram);
    return n;
}

/* How dark what is as bright as `value` stands out from `tone`: 255 not at all. */
static unsigned on_white(int value, int tone)
{
    int room = tone > 127 ? tone : 255 - tone;
    int off = abs(value - tone) * 255 / room;
    return off < 255 ? (unsigned)(255 - off) : 0;
}

/* Sets points of `to` within the mask, whose corner is at (left, top), to how they stand out from the tone. */
static void lay_on_white(PIX *to, PIX *grey, PIX *mask, int left, int top, int tone)
{
    int w = pixGetWidth(mask);
    int h = pixGetHeight(mask);
    for (int y = 0; y < h; y++) {
        const l_uint32 *in = pixGetData(mask) + (size_t)y * (size_t)pixGetWpl(mask);
        const l_uint32 *from = pixGetData(grey) + (size_t)(top + y) * (size_t)pixGetWpl(grey);
        l_uint32 *row = pixGetData(to) + (size_t)(top + y) * (size_t)pixGetWpl(to);
        for (int x = 0; x < w; x++)
            if (GET_DATA_BIT(in, x))
                SET_DATA_BYTE(row, left + x, on_white((int)GET_DATA_BYTE(from, left + x), tone));
    }
}

/* An area with what stands in it. NULL where the colour is too little of it. */
static PIX *fill_area(PIX *area)
{
    PIX *holes = pixHolesByFilling(area, 4);
    int own = 0;
    int all = 0;
    pixCountPixels(area, &own, NULL);
    if (holes)
        pixOr(holes, holes, area);
    if (holes)
        pixCountPixels(holes, &all, NULL);
    if ((double)own < AREA_SOLID * (double)all)
        pixDestroy(&holes);
    return holes;
}

static void lay_areas(PIX *to, PIX *grey, int tone)
{
    PIX *mask = pixGenerateMaskByBand(grey, tone > NEAR ? tone - NEAR : 0,
                                      tone + NEAR < 255 ? tone + NEAR : 255, 1, 0);
    PIXA *areas = NULL;
    BOXA *boxes = mask ? pixConnComp(mask, &areas, 4) : NULL;
    for (int i = 0; boxes && i < boxaGetCount(boxes); i++) {
        int left = 0;
        int top = 0;
        int w = 0;
        int h = 0;
        boxaGetBoxGeometry(boxes, i, &left, &top, &w, &h);
        if (w < AREA_WIDTH || h < AREA_HEIGHT)
            continue;
        PIX *area = pixaGetPix(areas, i, L_CLONE);
        PIX *filled = fill_area(area);
        if (filled)
            lay_on_white(to, grey, filled, left, top, tone);
        pixDestroy(&filled);
        pixDestroy(&area);
    }
    boxaDestroy(&boxes);
    pixaDestroy(&areas);
    pixDestroy(&mask);
}

PIX *picture_of_screen(PIX *grey)
{
    int tones[TONES_MAX];
    unsigned ntones = is_screen(grey) ? find_tones(grey, tones) : 0;
    PIX *to = ntones ? pixCopy(NULL, grey) : NULL;
    PIX *whole = to ? pixCreate(pixGetWidth(grey), pixGetHeight(grey), 1) : NULL;
    if (!whole) {
        pixDestroy(&to);
        return NULL;
    }
    pixSetAll(whole);
    lay_on_white(to, grey, whole, 0, 0, tones[0]);
    for (unsigned i = 1; i < ntones; i++)
        lay_areas(to, grey, tones[i]);
    pixDestroy(&whole);
    return to;
}

/* --- cutting -------------------------------------------------------------------------------------- */

/* Whether nothing stands in the row. A bubble's or a picture's edges may. */
static bool is_calm(PIX *grey, int y)
{
    const l_uint32 *row = pixGetData(grey) + (size_t)y * (size_t)pixGetWpl(grey);
    int w = pixGetWidth(grey);
    int steps = 0;
    for (int x = 0; x + 1 < w; x++)
        steps += abs((int)GET_DATA_BYTE(row, x) - (int)GET_DATA_BYTE(row, x + 1)) > 40;
    return steps <= 4;
}

int picture_find_cut(PIX *grey, int from)
{
    int h = pixGetHeight(grey);
    int most = (int)(PIECE_WIDTH * (double)pixGetWidth(grey));
    if (most < PIECE_LEAST)
        most = PIECE_LEAST;
    if (h - from <= most + most / 2)
        return h;
    int calm = 0;
    for (int y = from + most; y > from + most / 2; y--) {
        calm = is_calm(grey, y) ? calm + 1 : 0;
        if (calm == CALM_ROWS)
            return y + CALM_ROWS / 2;
    }
    return from + most;
}
