/* A picture of a page made flat.
 *
 * In order: the page is told from the table it lies on (bright against dark), shading is divided out, the text's size
 * is estimated from bands of letters, the skew from their profile. Then each line of text gives a slope: under a
 * perspective, lines that are parallel on paper meet in a point, so slope is a linear function of height; the same
 * holds for the ends of lines at both margins. The two fits give the four corners of the text's own rectangle, whether
 * or not an edge of the paper is in the picture, and one projective resampling from the source makes it flat at the size
 * that is read best: each pixel is interpolated once only. */
#include <math.h>
#include <stdlib.h>

#include "reader/picture.h"
#include "reader/values.h"

#define SKEW_RANGE   12.0F /* degrees, beyond quarter turns */
#define SMALL_SIDE   480   /* of the picture in which the page is looked for */
#define LINES_MAX    600
#define FLAT_MAX     9000 /* pixels a side */
#define PAPER_BRIGHT 200  /* of 255: paper in enough light */
#define LIGHT_MIN    25   /* what is darker still is noise */

/* --- grey ----------------------------------------------------------------------------------------- */

/* The share of pixels darker than `level`. */
static float darker_share(PIX *grey, int level)
{
    NUMA *histogram = pixGetGrayHistogram(grey, 4);
    float sum = 0;
    float below = 0;
    for (int i = 0; i < 256; i++) {
        float count = 0;
        numaGetFValue(histogram, i, &count);
        sum += count;
        below += i < level ? count : 0;
    }
    numaDestroy(&histogram);
    return sum > 0 ? below / sum : 0;
}

/* What was taken in too little light, as it were in enough: its brightest becomes paper, but for a few points that shine. So a page
 * in the dark isn't taken for a dark screen. */
static void brighten(PIX *grey)
{
    l_uint32 brightest = 255;
    if (pixGetRankValue(grey, 4, 0.998F, &brightest) || brightest >= PAPER_BRIGHT)
        return;
    pixMultConstantGray(grey,
                        PAPER_BRIGHT / (float)(brightest > LIGHT_MIN ? brightest : LIGHT_MIN));
}

PIX *picture_grey(PIX *source)
{
    PIX *plain = pixRemoveColormap(source, REMOVE_CMAP_BASED_ON_SRC);
    PIX *opaque = plain && pixGetDepth(plain) == 32 && pixGetSpp(plain) == 4
                      ? pixAlphaBlendUniform(plain, 0xFFFFFF00)
                      : pixClone(plain);
    PIX *grey = pixConvertTo8(opaque, 0);
    pixDestroy(&plain);
    pixDestroy(&opaque);
    PIX *shown = grey ? picture_of_screen(grey) : NULL;
    if (shown) {
        pixDestroy(&grey);
        return shown;
    }
    if (grey)
        brighten(grey);
    /* Light letters on a dark screen. A photograph of a page on a dark table is not as dark as that. */
    if (grey && darker_share(grey, 80) > 0.7F)
        pixInvert(grey, grey);
    return grey;
}

/* --- the page ------------------------------------------------------------------------------------- */

/* The largest part of a mask, alone, with its holes filled. NULL where it takes less than a fifth of the picture, or
 * about all of it. */
static PIX *largest_part(PIX *mask)
{
    PIXA *parts = NULL;
    BOXA *boxes = pixConnComp(mask, &parts, 4);
    int best = -1;
    int most = 0;
    for (int i = 0; i < pixaGetCount(parts); i++) {
        int area = 0;
        PIX *part = pixaGetPix(parts, i, L_CLONE);
        pixCountPixels(part, &area, NULL);
        pixDestroy(&part);
        if (area > most) {
            most = area;
            best = i;
        }
    }
    int all = pixGetWidth(mask) * pixGetHeight(mask);
    PIX *page = NULL;
    if (best >= 0 && most > all / 5 && most < all * 97 / 100) {
        int x = 0;
        int y = 0;
        boxaGetBoxGeometry(boxes, best, &x, &y, NULL, NULL);
        PIX *part = pixaGetPix(parts, best, L_CLONE);
        page = pixCreateTemplate(mask);
        pixRasterop(page, x, y, pixGetWidth(part), pixGetHeight(part), PIX_SRC, part, 0, 0);
        pixDestroy(&part);
        PIX *holes = pixHolesByFilling(page, 4);
        pixOr(page, page, holes);
        pixDestroy(&holes);
    }
    boxaDestroy(&boxes);
    pixaDestroy(&parts);
    return page;
}

/* Where the picture shows a bright page on a clearly darker table: a small mask of the page, and the table whitened.
 * NULL where it does not, as in scans and screenshots. */
static PIX *find_page(PIX *grey)
{
    int w = pixGetWidth(grey);
    int h = pixGetHeight(grey);
    float factor = (float)SMALL_SIDE / (float)(w < h ? w : h);
    if (factor >= 1)
        return NULL;
    PIX *small = pixScaleSmooth(grey, factor, factor);
    PIX *closed = pixCloseGray(small, 21, 21); /* letters gone */
    PIX *dark = NULL;
    pixOtsuAdaptiveThreshold(closed, pixGetWidth(closed), pixGetHeight(closed), 0, 0, 0.1F, NULL,
                             &dark);
    PIX *bright = pixInvert(NULL, dark);
    PIX *opened = pixOpenBrick(NULL, bright, 9, 9);
    PIX *page = largest_part(opened);
    if (page) {
        PIX *table = pixInvert(NULL, page);
        float on_page = 0;
        float on_table = 0;
        pixGetAverageMasked(closed, page, 0, 0, 1, L_MEAN_ABSVAL, &on_page);
        pixGetAverageMasked(closed, table, 0, 0, 1, L_MEAN_ABSVAL, &on_table);
        if (on_page - on_table > 40) {
            PIX *wide = pixDilateBrick(NULL, table, 5, 5);
            PIX *mask = pixScaleToSize(wide, w, h);
            pixSetMasked(grey, mask, (l_uint32)on_page);
            pixDestroy(&wide);
            pixDestroy(&mask);
        } else {
            pixDestroy(&page);
        }
        pixDestroy(&table);
    }
    pixDestroy(&opened);
    pixDestroy(&bright);
    pixDestroy(&dark);
    pixDestroy(&closed);
    pixDestroy(&small);
    return page;
}

/* The grey divided by its background, which becomes 255: tiles' high ranks, smoothed. */
static PIX *remove_shading(PIX *grey, int tile)
{
    int w = pixGetWidth(grey);
    int h = pixGetHeight(grey);
    if (w < tile * 3 || h < tile * 3)
        return pixCopy(NULL, grey);
    /* A closing over more than an em leaves the paper alone; at an eighth of the size it costs nothing. */
    float factor = 6.0F / (float)tile;
    PIX *small = factor < 1 ? pixScaleSmooth(grey, factor, factor) : pixCopy(NULL, grey);
    PIX *paper = pixCloseGray(small, 13, 13);
    PIX *smooth = pixBlockconv(paper, 6, 6);
    PIX *map = pixScaleToSize(smooth, w, h);
    PIX *flat = pixCreateTemplate(grey);
    for (int y = 0; y < h; y++) {
        const l_uint32 *from = pixGetData(grey) + (size_t)y * (size_t)pixGetWpl(grey);
        const l_uint32 *by = pixGetData(map) + (size_t)y * (size_t)pixGetWpl(map);
        l_uint32 *to = pixGetData(flat) + (size_t)y * (size_t)pixGetWpl(flat);
        for (int x = 0; x < w; x++) {
            int ground = GET_DATA_BYTE(by, x);
            int value = ground ? GET_DATA_BYTE(from, x) * 245 / ground : 255;
            SET_DATA_BYTE(to, x, value > 255 ? 255 : value);
        }
    }
    pixDestroy(&small);
    pixDestroy(&paper);
    pixDestroy(&smooth);
    pixDestroy(&map);
    return flat;
}

/* --- letters -------------------------------------------------------------------------------------- */

/* Letters of a picture without shading, as 1 bit; specks gone. */
static PIX *letters_of(PIX *flat)
{
    PIX *soft = pixBlockconv(flat, 1, 1);
    PIX *dark = NULL;
    pixOtsuAdaptiveThreshold(soft, 2000, 2000, 0, 0, 0.1F, NULL, &dark);
    pixDestroy(&soft);
    return dark;
}

/* Boxes of letters joined along the line by `gap` pixels. */
static BOXA *bands_of(PIX *letters, int gap)
{
    PIX *joined = pixCloseSafeBrick(NULL, letters, gap | 1, 1);
    BOXA *boxes = pixConnCompBB(joined, 8);
    pixDestroy(&joined);
    return boxes;
}

/* The em of most of the text: the height that bands of letters have, each counted by its width. 0 where there are
 * none. */
static float guess_em(PIX *letters)
{
    int w = pixGetWidth(letters);
    float em = (float)w / 60;
    for (int round = 0; round < 3; round++) {
        BOXA *boxes = bands_of(letters, (int)(em < 3 ? 3 : em));
        double weight[400] = {0};
        double sum = 0;
        for (int i = 0; i < boxaGetCount(boxes); i++) {
            int bw = 0;
            int bh = 0;
            boxaGetBoxGeometry(boxes, i, NULL, NULL, &bw, &bh);
            if (bh < 6 || bh >= 400 || bw < 2 * bh)
                continue;
            weight[bh] += bw;
            sum += bw;
        }
        boxaDestroy(&boxes);
        double below = 0;
        int middle = 0;
        while (middle < 399 && below + weight[middle] <= sum / 2)
            below += weight[middle++];
        if (sum <= 0)
            return round ? em : 0;
        em = (float)middle;
    }
    return em;
}

/* --- lines ---------------------------------------------------------------------------------------- */

/* A line of text in a picture that may be seen askew: y = at + slope · (x - middle); ends at left and right. */
struct trail {
    float at, slope, left, right, y_left, y_right;
};

/* Fits a line through the middles of a band's columns. */
static bool fit_band(PIX *joined, int x, int y, int w, int h, float middle, struct trail *trail)
{
    PIX *band = pixCreate(w, h, 1);
    pixRasterop(band, 0, 0, w, h, PIX_SRC, joined, x, y);
    double n = 0;
    double sx = 0;
    double sy = 0;
    double sxx = 0;
    double sxy = 0;
    int step = w / 64 > 1 ? w / 64 : 1;
    for (int i = 0; i < w; i += step) {
        double count = 0;
        double sum = 0;
        for (int k = 0; k < h; k++) {
            l_uint32 on = 0;
            pixGetPixel(band, i, k, &on);
            if (on) {
                count++;
                sum += k;
            }
        }
        if (count < 3)
            continue;
        double mean_y = y + sum / count;
        double mean_x = x + i - (double)middle;
        n++;
        sx += mean_x;
        sy += mean_y;
        sxx += mean_x * mean_x;
        sxy += mean_x * mean_y;
    }
    pixDestroy(&band);
    double spread = n * sxx - sx * sx;
    if (n < 8 || spread <= 0)
        return false;
    double slope = (n * sxy - sx * sy) / spread;
    double at = (sy - slope * sx) / n;
    trail->slope = (float)slope;
    trail->at = (float)at;
    trail->left = (float)x;
    trail->right = (float)(x + w);
    trail->y_left = (float)(at + slope * (x - (double)middle));
    trail->y_right = (float)(at + slope * (x + w - (double)middle));
    return true;
}

static size_t find_trails(PIX *letters, float em, struct trail *trails)
{
    int width = pixGetWidth(letters);
    PIX *joined = pixCloseSafeBrick(NULL, letters, (int)(em * 1.3F) | 1, 1);
    PIX *thin = pixOpenBrick(NULL, joined, (int)em | 1, 1); /* what hangs between lines is cut */
    PIXA *parts = NULL;
    BOXA *boxes = pixConnComp(thin, &parts, 8);
    size_t count = 0;
    for (int i = 0; i < boxaGetCount(boxes) && count < LINES_MAX; i++) {
        int x = 0;
        int y = 0;
        int w = 0;
        int h = 0;
        boxaGetBoxGeometry(boxes, i, &x, &y, &w, &h);
        if ((float)w < 8 * em || (float)h < 0.5F * em || (float)h > 3.5F * em)
            continue;
        PIX *part = pixaGetPix(parts, i, L_CLONE);
        struct trail trail;
        if (fit_band(part, 0, 0, w, h, 0, &trail)) {
            float middle = (float)width / 2;
            trail.at = (float)y + trail.at + trail.slope * (middle - (float)x);
            trail.left += (float)x;
            trail.right += (float)x;
            trail.y_left += (float)y;
            trail.y_right += (float)y;
            trails[count++] = trail;
        }
        pixDestroy(&part);
    }
    boxaDestroy(&boxes);
    pixaDestroy(&parts);
    pixDestroy(&thin);
    pixDestroy(&joined);
    return count;
}

/* --- fits ----------------------------------------------------------------------------------------- */

/* y ≈ a + b·x by least squares, again and again without what lies off by more than 2.5 standard deviations. */
static bool fit_robust(const float *x, const float *y, size_t n, size_t least, double *a, double *b)
{
    bool *out = calloc(n + 1, sizeof *out);
    bool good = false;
    for (int round = 0; round < 6 && out; round++) {
        double k = 0;
        double sx = 0;
        double sy = 0;
        double sxx = 0;
        double sxy = 0;
        for (size_t i = 0; i < n; i++) {
            if (out[i])
                continue;
            k++;
            sx += (double)x[i];
            sy += (double)y[i];
            sxx += (double)x[i] * (double)x[i];
            sxy += (double)x[i] * (double)y[i];
        }
        double spread = k * sxx - sx * sx;
        good = k >= (double)least && spread > 0;
        if (!good)
            break;
        *b = (k * sxy - sx * sy) / spread;
        *a = (sy - *b * sx) / k;
        double sum = 0;
        for (size_t i = 0; i < n; i++) {
            double off = (double)y[i] - *a - *b * (double)x[i];
            sum += out[i] ? 0 : off * off;
        }
        double limit = 2.5 * sqrt(sum / k) + 1e-9;
        for (size_t i = 0; i < n; i++)
            out[i] = fabs((double)y[i] - *a - *b * (double)x[i]) > limit;
    }
    free(out);
    return good;
}

/* Where lines end on one side. */
struct ends {
    float *x, *y;
    size_t n;
    bool right;
    double em;
};

/* How well the line x = a + b·y is a margin: by how many ends touch it, less those that lie beyond. */
static double touching(const struct ends *ends, double a, double b)
{
    double sum = 0;
    for (size_t i = 0; i < ends->n; i++) {
        double beyond = ((double)ends->x[i] - a - b * (double)ends->y[i]) * (ends->right ? 1 : -1);
        if (fabs(beyond) < 0.3 * ends->em)
            sum += 1 - fabs(beyond) / (0.6 * ends->em);
        else if (beyond > 0)
            sum -= 1;
    }
    return sum;
}

/* The best of all lines through two ends. */
static double find_margin(const struct ends *ends, double *a, double *b)
{
    double best = 0;
    for (size_t i = 0; i < ends->n; i++)
        for (size_t k = i + 1; k < ends->n; k++) {
            double height = (double)ends->y[k] - (double)ends->y[i];
            double slope = ((double)ends->x[k] - (double)ends->x[i]) / height;
            if (!(fabs(height) >= 3 * ends->em && fabs(slope) <= 0.5))
                continue;
            double at = (double)ends->x[i] - slope * (double)ends->y[i];
            double touch = touching(ends, at, slope);
            if (touch > best) {
                best = touch;
                *a = at;
                *b = slope;
            }
        }
    return best;
}

/* The margin on one side as x = a + b·y: through the ends of those lines that reach furthest. */
static bool fit_margin(const struct trail *trails, size_t n, bool right, float em, double *a,
                       double *b)
{
    struct ends ends = {malloc((n + 1) * sizeof(float)), malloc((n + 1) * sizeof(float)), 0, right,
                        (double)em};
    bool room = ends.x && ends.y;
    for (; room && ends.n < n; ends.n++) {
        const struct trail *t = &trails[ends.n];
        ends.x[ends.n] = right ? t->right : t->left;
        ends.y[ends.n] = right ? t->y_right : t->y_left;
    }
    double touch = room ? find_margin(&ends, a, b) : 0;
    bool good = touch > 2.5 && touch > 0.2 * (double)n;
    size_t kept = 0;
    for (size_t i = 0; good && i < n; i++)
        if (fabs((double)ends.x[i] - *a - *b * (double)ends.y[i]) < 0.5 * (double)em) {
            ends.x[kept] = ends.x[i];
            ends.y[kept++] = ends.y[i];
        }
    good = good && fit_robust(ends.y, ends.x, kept, 3, a, b);
    free(ends.x);
    free(ends.y);
    return good;
}

/* The page's own edge on one side as x = a + b·y, from its mask. False where it is none, or runs out of the picture. */
static bool fit_edge(PIX *mask, bool right, double *a, double *b)
{
    int w = pixGetWidth(mask);
    int h = pixGetHeight(mask);
    float *x = malloc((size_t)(h + 1) * sizeof *x);
    float *y = malloc((size_t)(h + 1) * sizeof *y);
    size_t n = 0;
    for (int i = h / 6; x && y && i < h - h / 6; i++) {
        const l_uint32 *row = pixGetData(mask) + (size_t)i * (size_t)pixGetWpl(mask);
        int k = right ? w - 1 : 0;
        while (k >= 0 && k < w && !GET_DATA_BIT(row, k))
            k += right ? -1 : 1;
        if (k < 2 || k > w - 3)
            continue;
        x[n] = (float)i;
        y[n++] = (float)k;
    }
    bool good = x && y && n > (size_t)h / 2 && fit_robust(x, y, n, (size_t)h / 3, a, b);
    double sum = 0;
    for (size_t i = 0; good && i < n; i++)
        sum += fabs((double)y[i] - *a - *b * (double)x[i]);
    good = good && sum / (double)n < 3 && fabs(*b) < 0.5;
    free(x);
    free(y);
    return good;
}

/* --- resampling ----------------------------------------------------------------------------------- */

bool picture_solve(double *m, int n)
{
    int width = n + 1;
    for (int i = 0; i < n; i++) {
        int pivot = i;
        for (int k = i + 1; k < n; k++)
            if (fabs(m[k * width + i]) > fabs(m[pivot * width + i]))
                pivot = k;
        if (fabs(m[pivot * width + i]) < 1e-12)
            return false;
        for (int k = 0; k < width; k++) {
            double swap = m[i * width + k];
            m[i * width + k] = m[pivot * width + k];
            m[pivot * width + k] = swap;
        }
        for (int r = 0; r < n; r++) {
            double f = r == i ? 0 : m[r * width + i] / m[i * width + i];
            for (int k = i; k < width && r != i; k++)
                m[r * width + k] -= f * m[i * width + k];
        }
    }
    for (int i = 0; i < n; i++)
        m[i * width + n] /= m[i * width + i];
    return true;
}

bool picture_map_corners(const struct picture_corner *from, const struct picture_corner *to,
                         double h[9])
{
    double m[8][9];
    for (int i = 0; i < 4; i++) {
        double x = from[i].x;
        double y = from[i].y;
        double u = to[i].x;
        double v = to[i].y;
        double rows[2][9] = {{x, y, 1, 0, 0, 0, -u * x, -u * y, u},
                             {0, 0, 0, x, y, 1, -v * x, -v * y, v}};
        for (int k = 0; k < 9; k++) {
            m[2 * i][k] = rows[0][k];
            m[2 * i + 1][k] = rows[1][k];
        }
    }
    if (!picture_solve(&m[0][0], 8))
        return false;
    for (int i = 0; i < 8; i++)
        h[i] = m[i][8];
    h[8] = 1;
    return true;
}

/* Weights of the four neighbours of a cubic interpolation (Catmull and Rom) for 64 fractions. */
static void cubic_weights(float weights[64][4])
{
    for (int i = 0; i < 64; i++) {
        float t = (float)i / 64;
        weights[i][0] = ((-0.5F * t + 1.0F) * t - 0.5F) * t;
        weights[i][1] = (1.5F * t - 2.5F) * t * t + 1;
        weights[i][2] = ((-1.5F * t + 2.0F) * t + 0.5F) * t;
        weights[i][3] = (0.5F * t - 0.5F) * t * t;
    }
}

PIX *picture_resample(PIX *source, const double map[9], int w, int h, unsigned outside)
{
    float weights[64][4];
    cubic_weights(weights);
    PIX *flat = pixCreate(w, h, 8);
    int sw = pixGetWidth(source);
    int sh = pixGetHeight(source);
    int words = pixGetWpl(source);
    const l_uint32 *data = pixGetData(source);
    for (int y = 0; flat && y < h; y++) {
        l_uint32 *to = pixGetData(flat) + (size_t)y * (size_t)pixGetWpl(flat);
        for (int x = 0; x < w; x++) {
            double d = map[6] * x + map[7] * y + map[8];
            double u = (map[0] * x + map[1] * y + map[2]) / d;
            double v = (map[3] * x + map[4] * y + map[5]) / d;
            if (!(u >= 1 && v >= 1 && u < sw - 3 && v < sh - 3)) {
                SET_DATA_BYTE(to, x, outside);
                continue;
            }
            int ix = (int)u;
            int iy = (int)v;
            const float *wx = weights[(int)((u - ix) * 64)];
            const float *wy = weights[(int)((v - iy) * 64)];
            float sum = 0;
            for (int k = 0; k < 4; k++) {
                const l_uint32 *row = data + (size_t)(iy + k - 1) * (size_t)words;
                sum += wy[k] * (wx[0] * (float)GET_DATA_BYTE(row, ix - 1) +
                                wx[1] * (float)GET_DATA_BYTE(row, ix) +
                                wx[2] * (float)GET_DATA_BYTE(row, ix + 1) +
                                wx[3] * (float)GET_DATA_BYTE(row, ix + 2));
            }
            int value = (int)(sum + 0.5F);
            SET_DATA_BYTE(to, x, value < 0 ? 0 : value > 255 ? 255 : value);
        }
    }
    return flat;
}

/* --- all together --------------------------------------------------------------------------------- */

/* The angle by which lines are skewed, in degrees. */
static float find_skew(PIX *letters)
{
    float angle = 0;
    float confidence = 0;
    float score = 0;
    int reduce = pixGetWidth(letters) > 1200 ? 4 : 2;
    if (pixFindSkewSweepAndSearchScorePivot(letters, &angle, &confidence, &score, reduce,
                                            reduce > 2 ? 2 : 1, 0, SKEW_RANGE, 1.0F, 0.02F,
                                            L_SHEAR_ABOUT_CENTER))
        return 0;
    return angle;
}

/* The width of the long bands that letters make when they are joined along the lines by about half an em: most letters lie in
 * them where lines run level, even in a fan; few where they run upright, as lines stand further apart than letters. Not as a
 * share of what was joined: a few bubbles of a chat, each taken whole for a band, would outdo all its lines. */
static double banded_width(PIX *letters)
{
    float em = guess_em(letters);
    BOXA *boxes = bands_of(letters, (int)(0.5F * em));
    double banded = 0;
    for (int i = 0; i < boxaGetCount(boxes); i++) {
        int w = 0;
        int h = 0;
        boxaGetBoxGeometry(boxes, i, NULL, NULL, &w, &h);
        banded += h >= 4 && w > 4 * h && (float)h > 0.5F * em ? w : 0;
    }
    boxaDestroy(&boxes);
    return banded;
}

/* What the source's corners of a rectangle of text are. */
struct frame {
    struct picture_corner corner[4]; /* left top, right top, right bottom, left bottom */
    double width, height;
    bool straightened;
};

static double distance(struct picture_corner a, struct picture_corner b)
{
    return hypot(b.x - a.x, b.y - a.y);
}

/* The side edges of what is flat and upright on the page: x = a + b·y each. */
struct sides {
    double left_a, left_b, right_a, right_b;
};

/* From the paper's own edges, else from the margins of its text where both are clear. */
static bool find_sides(PIX *mask, const struct trail *trails, size_t n, float em, int w,
                       struct sides *s)
{
    if (mask && fit_edge(mask, false, &s->left_a, &s->left_b) &&
        fit_edge(mask, true, &s->right_a, &s->right_b)) {
        double factor = (double)w / pixGetWidth(mask);
        s->left_a *= factor;
        s->right_a *= factor;
        return true;
    }
    return fit_margin(trails, n, false, em, &s->left_a, &s->left_b) &&
           fit_margin(trails, n, true, em, &s->right_a, &s->right_b);
}

/* The text's rectangle from its lines and sides, in the levelled picture. Lines that do not fan out were scanned, or
 * stand on a screen: then all is square. */
static void find_frame(PIX *mask, const struct trail *trails, size_t n, float em, int w, int h,
                       struct frame *frame)
{
    float *at = malloc((n + 1) * sizeof *at);
    float *slope = malloc((n + 1) * sizeof *slope);
    double base = 0;
    double fan = 0;
    for (size_t i = 0; at && slope && i < n; i++) {
        at[i] = trails[i].at;
        slope[i] = trails[i].slope;
    }
    bool fanned = at && slope && n >= 6 && fit_robust(at, slope, n, 5, &base, &fan);
    fanned = fanned && (mask || fabs(fan * h) > 0.01);
    if (!fanned) {
        fan = 0;
        base = at && slope && n ? (double)values_median(slope, n) : 0;
    }
    free(at);
    free(slope);
    struct sides s = {0};
    frame->straightened = fanned && find_sides(mask, trails, n, em, w, &s);
    if (!frame->straightened) {
        s = (struct sides){base * h / 2, -base, w + base * h / 2, -base};
        base += fan * h / 2;
        fan = 0;
    }
    double left_a = s.left_a, left_b = s.left_b, right_a = s.right_a, right_b = s.right_b;
    /* Lines through the top and bottom of the picture, crossed with the margins. */
    double ends[2] = {0, h};
    double middle = (double)w / 2;
    for (int i = 0; i < 2; i++) {
        double m = base + fan * ends[i];
        for (int side = 0; side < 2; side++) {
            double a = side ? right_a : left_a;
            double b = side ? right_b : left_b;
            /* y = end + m (x - middle); x = a + b y */
            double y = (ends[i] + m * (a - middle)) / (1 - m * b);
            double x = a + b * y;
            frame->corner[i ? (side ? 2 : 3) : (side ? 1 : 0)] = (struct picture_corner){x, y};
        }
    }
    const struct picture_corner *c = frame->corner;
    frame->width = (distance(c[0], c[1]) + distance(c[3], c[2])) / 2;
    frame->height = (distance(c[0], c[3]) + distance(c[1], c[2])) / 2;
}

/* Turns the frame of a picture that was turned clockwise by `turn` about its middle back to what it was. */
static void turn_frame(struct frame *frame, double turn, int w, int h)
{
    for (int i = 0; i < 4; i++) {
        double x = frame->corner[i].x - w / 2.0;
        double y = frame->corner[i].y - h / 2.0;
        frame->corner[i].x = w / 2.0 + x * cos(turn) + y * sin(turn);
        frame->corner[i].y = h / 2.0 - x * sin(turn) + y * cos(turn);
    }
}

/* What the frame shows, and around it some of what stands beside the text, with `scale` pixels to one of the source's.
 * NULL where that would be too large. */
static PIX *through_frame(PIX *source, const struct frame *frame, double scale)
{
    double w = frame->width * scale;
    double h = frame->height * scale;
    double side = frame->straightened ? 0.12 * w : 0;
    const struct picture_corner flat[4] = {{side, 0}, {side + w, 0}, {side + w, h}, {side, h}};
    double map[9];
    struct picture_corner corner[4];
    double smaller =
        scale < 0.6 ? scale * 1.2 : 1; /* else points would be left out between the samples */
    for (int i = 0; i < 4; i++)
        corner[i] =
            (struct picture_corner){frame->corner[i].x * smaller, frame->corner[i].y * smaller};
    if (w + 2 * side > FLAT_MAX || h > FLAT_MAX || w < 8 || h < 8 ||
        !picture_map_corners(flat, corner, map))
        return NULL;
    PIX *from =
        smaller < 1 ? pixScaleSmooth(source, (float)smaller, (float)smaller) : pixClone(source);
    PIX *seen = picture_resample(from, map, (int)(w + 2 * side), (int)h, 255);
    pixDestroy(&from);
    return seen;
}

static float em_of_grey(PIX *grey)
{
    PIX *letters = letters_of(grey);
    float em = guess_em(letters);
    pixDestroy(&letters);
    return em;
}

/* Standard deviation of the paper's grey: half the width that holds two thirds of the light pixels around their peak. */
static float paper_noise(PIX *flat)
{
    NUMA *histogram = pixGetGrayHistogram(flat, 3);
    double sum = 0;
    double square = 0;
    for (int i = 200; i < 255; i++) {
        float count = 0;
        numaGetFValue(histogram, i, &count);
        sum += (double)count;
        square += (double)count * (i - 245.0) * (i - 245.0);
    }
    numaDestroy(&histogram);
    return sum > 0 ? (float)sqrt(square / sum) : 0;
}

/* A picture on its way: evenly lit, its letters, and its page where it lies on a table, or NULL. */
struct view {
    PIX *even, *letters, *mask;
};

static void replace(PIX **pix, PIX *by)
{
    pixDestroy(pix);
    *pix = by;
}

static void light_evenly(PIX *grey, struct view *view)
{
    int least = pixGetWidth(grey) < pixGetHeight(grey) ? pixGetWidth(grey) : pixGetHeight(grey);
    PIX *page = pixCopy(NULL, grey);
    view->mask = find_page(page);
    view->even = remove_shading(page, least / 16 > 24 ? least / 16 : 24);
    view->letters = letters_of(view->even);
    pixDestroy(&page);
}

/* Turns it a quarter where its lines run upright. */
static bool turn_quarter(struct view *view)
{
    PIX *side = pixRotateOrth(view->letters, 1);
    bool upright = banded_width(side) > 1.2 * banded_width(view->letters);
    if (upright) {
        replace(&view->letters, pixClone(side));
        replace(&view->even, pixRotateOrth(view->even, 1));
        if (view->mask)
            replace(&view->mask, pixRotateOrth(view->mask, 1));
    }
    pixDestroy(&side);
    return upright;
}

/* Turns letters and page, so that lines run level on the whole; by how much, in radians. */
static double turn_level(struct view *view)
{
    float skew = find_skew(view->letters) * 0.0174532925F;
    if (fabsf(skew) < 0.0035F)
        return 0;
    replace(&view->letters,
            pixRotate(view->letters, skew, L_ROTATE_SAMPLING, L_BRING_IN_WHITE, 0, 0));
    if (view->mask)
        replace(&view->mask,
                pixRotate(view->mask, skew, L_ROTATE_SAMPLING, L_BRING_IN_WHITE, 0, 0));
    return (double)skew;
}

/* The one resampling, at the size that is read best. Lines that fan out have bands higher than their letters: when they
 * don't any more, the size is looked at again. */
static void resample_frame(const struct view *view, const struct frame *frame, float em,
                           struct picture_flat *flat)
{
    flat->straightened = frame->straightened;
    flat->scale = PICTURE_EM / em;
    flat->grey = through_frame(view->even, frame, (double)flat->scale);
    float again = flat->grey && frame->straightened ? em_of_grey(flat->grey) : PICTURE_EM;
    if (again > 6 && fabsf(again - PICTURE_EM) > 0.1F * PICTURE_EM) {
        flat->scale *= PICTURE_EM / again;
        replace(&flat->grey, through_frame(view->even, frame, (double)flat->scale));
    }
    if (flat->grey)
        flat->noise = paper_noise(flat->grey);
}

bool picture_flatten(PIX *grey, struct picture_flat *flat)
{
    struct view view;
    *flat = (struct picture_flat){0};
    light_evenly(grey, &view);
    flat->turned = turn_quarter(&view);
    double turn = turn_level(&view);
    int w = pixGetWidth(view.letters);
    int h = pixGetHeight(view.letters);
    float em = guess_em(view.letters);
    struct trail *trails = malloc(LINES_MAX * sizeof *trails);
    if (em >= 6 && trails) {
        struct frame frame;
        size_t n = find_trails(view.letters, em, trails);
        find_frame(view.mask, trails, n, em, w, h, &frame);
        turn_frame(&frame, turn, w, h);
        resample_frame(&view, &frame, em, flat);
    }
    free(trails);
    pixDestroy(&view.mask);
    pixDestroy(&view.letters);
    pixDestroy(&view.even);
    return flat->grey != NULL;
}

void picture_turn(struct picture_flat *flat)
{
    pixRotate180(flat->grey, flat->grey);
    flat->turned += 2;
}
