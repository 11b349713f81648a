/* Distortions of a printed page; see distort.h. */
#include "reader/distort.h"

#include <math.h>
#include <stdlib.h>

#include "reader/picture.h"

static const char *const names[DISTORT_WAYS] = {"scan", "photograph", "screen", "screen2"};

const char *distort_name(enum distort_way way)
{
    return names[way];
}

bool distort_parse(struct str name, enum distort_way *way)
{
    for (int i = 0; i < DISTORT_WAYS; i++)
        if (str_equal(name, str_of(names[i]))) {
            *way = (enum distort_way)i;
            return true;
        }
    return false;
}

/* --- chance ------------------------------------------------------------------------------------------ */

/* Numbers by counting up and mixing (Steele, Lea, Flood 2014). */
static uint64_t roll(uint64_t *state)
{
    uint64_t z = *state += 0x9E3779B97F4A7C15U;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
}

/* -1 … 1. */
static double sway(uint64_t *state)
{
    return (double)(roll(state) >> 11) / 4503599627370496.0 - 1;
}

/* About normal, of standard deviation 1: eight bytes' sum. */
static float normal(uint64_t *state)
{
    uint64_t bits = roll(state);
    int sum = 0;
    for (int i = 0; i < 8; i++)
        sum += (int)(bits >> (8 * i) & 255);
    return ((float)sum - 1020) / 209.0F;
}

/* --- steps ------------------------------------------------------------------------------------------- */

/* Every point `black` at its darkest and `white` at its lightest, times what `light` says of its place, with noise. */
struct light {
    float black, white, noise;
    float across, down; /* how much brighter from one side to the other */
};

static void expose(PIX *grey, const struct light *light, uint64_t *state)
{
    int w = pixGetWidth(grey);
    int h = pixGetHeight(grey);
    for (int y = 0; y < h; y++) {
        l_uint32 *row = pixGetData(grey) + (size_t)y * (size_t)pixGetWpl(grey);
        for (int x = 0; x < w; x++) {
            float place = 1 + light->across * ((float)x / (float)w - 0.5F) +
                          light->down * ((float)y / (float)h - 0.5F);
            float paper =
                light->black + (light->white - light->black) * (float)GET_DATA_BYTE(row, x) / 255;
            int value = (int)(paper * place + light->noise * normal(state) + 0.5F);
            SET_DATA_BYTE(row, x, value < 0 ? 0 : value > 255 ? 255 : value);
        }
    }
}

static PIX *through_jpeg(PIX *grey, int quality)
{
    l_uint8 *bytes = NULL;
    size_t len = 0;
    PIX *back = pixWriteMemJpeg(&bytes, &len, grey, quality, 0)
                    ? NULL
                    : pixReadMemJpeg(bytes, len, 0, 1, NULL, 0);
    lept_free(bytes);
    pixDestroy(&grey);
    return back;
}

static PIX *scan(PIX *printed, uint64_t *state)
{
    const struct light lamp = {.black = 25, .white = 240, .noise = 8};
    float angle = roll(state) & 1 ? 1.0F : -1.0F;
    PIX *askew = pixRotateAMGray(printed, angle * 0.0174533F, 255);
    PIX *sampled = pixScaleSmooth(askew, 200.0F / DISTORT_DPI, 200.0F / DISTORT_DPI);
    pixDestroy(&askew);
    if (!sampled)
        return NULL;
    expose(sampled, &lamp, state);
    return through_jpeg(sampled, 75);
}

/* On a dark table, held up by hand: every corner moves by up to a twentieth of the page's width. */
static PIX *photograph(PIX *printed, uint64_t *state)
{
    const int w = 2448;
    const int h = 3264;
    const double room = 260;
    const double move = 110;
    double pw = pixGetWidth(printed);
    double ph = pixGetHeight(printed);
    const struct picture_corner page[4] = {{0, 0}, {pw, 0}, {pw, ph}, {0, ph}};
    struct picture_corner seen[4];
    double height = (w - 2 * room) * ph / pw;
    for (int i = 0; i < 4; i++) {
        seen[i].x = (i == 1 || i == 2 ? w - room : room) + move * sway(state);
        seen[i].y = h / 2.0 + (i < 2 ? -height : height) / 2 + move * sway(state);
    }
    double map[9];
    if (!picture_map_corners(seen, page, map))
        return NULL;
    PIX *smaller = pixBlockconv(printed, 1, 1);
    PIX *shot = picture_resample(smaller, map, w, h, 60);
    pixDestroy(&smaller);
    PIX *blurred = shot ? pixBlockconv(shot, 1, 1) : NULL;
    pixDestroy(&shot);
    if (!blurred)
        return NULL;
    const struct light sun = {.black = 30,
                              .white = 205,
                              .noise = 6,
                              .across = (float)(0.35 * sway(state)),
                              .down = (float)(0.35 * sway(state))};
    expose(blurred, &sun, state);
    return through_jpeg(blurred, 85);
}

static PIX *screen(PIX *printed, float dpi)
{
    return pixScaleSmooth(printed, dpi / DISTORT_DPI, dpi / DISTORT_DPI);
}

PIX *distort_page(PIX *printed, enum distort_way way, uint64_t seed)
{
    uint64_t state = seed * 0xD1342543DE82EF95U + (uint64_t)way;
    switch (way) {
    case DISTORT_SCAN:
        return scan(printed, &state);
    case DISTORT_PHOTOGRAPH:
        return photograph(printed, &state);
    case DISTORT_SCREEN:
        return screen(printed, 96);
    case DISTORT_SCREEN_2:
    case DISTORT_WAYS:
        break;
    }
    return screen(printed, 192);
}
