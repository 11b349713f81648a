/* Where lines of a flat picture stand, measured well below a pixel.
 *
 * A line that carries a mark stands lower by a tenth of an em: four pixels here. What a line's ink as a whole says of its
 * place hangs on which letters are in it, so each letter is looked at by itself: Han letters fill their rooms and are
 * known by the middle between their upper and lower edge, Latin ones without tail by their foot. They differ by some 2 %
 * of an em from one to the next, and a line is known the better the more letters stand in it.
 *
 * What is left of a slant or of the paper's bow is common to a page's lines; as the first line of a paragraph begins and
 * the last one ends elsewhere than others, it is fitted and taken off: lines are compared in the middle of the page. */
#include <math.h>
#include <string.h>

#include "reader/picture.h"
#include "reader/values.h"

#define LETTERS_LEAST 2U  /* of a line, for its place to be told */
#define ROUNDS        3   /* of the fit, each without what lay too far off in the one before */
#define FAR           2.5 /* standard deviations */
#define SPREAD_LEAST  0.4 /* pixels that a letter differs by at the least */
#define NOISE_FLOOR \
    0.15              /* pixels that a line's place is in doubt by, however many letters it has */
#define SLANTS    3   /* numbers that describe a slant */
#define ROWS_MOST 512 /* of a line's picture */

/* Where one letter stands. */
struct foot {
    size_t line;
    double x, y;
    double height;
    double slants[SLANTS]; /* what it is moved by for each unit of slant */
    bool out;              /* does not count */
};

struct stands {
    struct reader_line *lines;
    size_t nlines;
    struct foot *feet; /* by lines */
    size_t nfeet;
    double slants[SLANTS];
    double spread; /* of letters of one line, in pixels */
    double middle, width, height;
    bool han; /* what is looked at */
};

static bool is_han(uint32_t code)
{
    return code >= 0x4E00 && code <= 0x9FFF;
}

/* Latin letters that stand on the line, as high as an x. */
static bool is_small(uint32_t code)
{
    return code && code < 128 && strchr("acemnorsuvwxz", (int)code);
}

/* … whatever their height. */
static bool is_footed(uint32_t code)
{
    return is_small(code) || (code < 128 && code && strchr("bdfhiklt", (int)code)) ||
           (code >= 'A' && code <= 'Z' && code != 'Q' && code != 'J');
}

/* Upper and lower edge of the ink in a box: between where 3 % and 97 % of it lie. False where there is none. */
static bool find_edges(PIX *grey, const struct reader_line *line, const struct reader_char *c,
                       double edges[2])
{
    double rows[ROWS_MOST];
    double sum = 0;
    int top = (int)fmaxf(line->top - 6, 0);
    int bottom = (int)fminf(line->bottom + 6, (float)pixGetHeight(grey));
    int left = (int)fmaxf(c->left, 0);
    int right = (int)fminf(c->right, (float)pixGetWidth(grey));
    int n = bottom - top < ROWS_MOST ? bottom - top : ROWS_MOST;
    for (int y = 0; y < n; y++) {
        const l_uint32 *row = pixGetData(grey) + (size_t)(y + top) * (size_t)pixGetWpl(grey);
        rows[y] = 0;
        for (int x = left; x < right; x++) {
            int dark = 190 - GET_DATA_BYTE(row, x);
            rows[y] += dark > 0 ? dark : 0;
        }
        sum += rows[y];
    }
    if (sum < 2000)
        return false;
    for (int side = 0; side < 2; side++) {
        double want = sum * (side ? 0.97 : 0.03);
        double above = 0;
        int y = 0;
        while (y < n - 1 && above + rows[y] < want)
            above += rows[y++];
        edges[side] = top + y + (rows[y] > 0 ? (want - above) / rows[y] : 0.5);
    }
    return true;
}

/* The rows between which 4 % and 96 % of the line's ink lie say where it stands about, whatever is in it. */
static double rough_base(PIX *grey, const struct reader_line *line)
{
    struct reader_char all = {.left = line->left, .right = line->right};
    double edges[2];
    return find_edges(grey, line, &all, edges) ? edges[1] : (double)line->bottom;
}

/* --- letters ----------------------------------------------------------------------------------------- */

static void add_foot(struct stands *stands, PIX *grey, size_t line, const struct reader_char *c)
{
    double edges[2];
    if (!find_edges(grey, &stands->lines[line], c, edges))
        return;
    double x = ((double)(c->left + c->right) / 2 - stands->middle) / stands->width;
    double down = (double)stands->lines[line].top / stands->height - 0.5;
    stands->feet[stands->nfeet++] = (struct foot){
        .line = line,
        .x = x,
        .y = stands->han ? (edges[0] + edges[1]) / 2 : edges[1],
        .height = stands->han || is_small(c->code) ? edges[1] - edges[0] : 0,
        .slants = {x, x * down, x * x},
    };
}

static void find_feet(struct stands *stands, PIX *grey)
{
    size_t han = 0;
    size_t chars = 0;
    for (size_t i = 0; i < stands->nlines; i++) {
        chars += stands->lines[i].nchars;
        for (size_t k = 0; k < stands->lines[i].nchars; k++)
            han += is_han(stands->lines[i].chars[k].code);
    }
    stands->han = 3 * han > chars;
    for (size_t i = 0; i < stands->nlines; i++)
        for (size_t k = 0; k < stands->lines[i].nchars; k++) {
            const struct reader_char *c = &stands->lines[i].chars[k];
            if (stands->han ? is_han(c->code) : is_footed(c->code))
                add_foot(stands, grey, i, c);
        }
}

/* --- the slant --------------------------------------------------------------------------------------- */

/* What a letter stands at, the slant taken off. */
static double level(const struct stands *stands, const struct foot *foot)
{
    double y = foot->y;
    for (int i = 0; i < SLANTS; i++)
        y -= stands->slants[i] * foot->slants[i];
    return y;
}

/* The letters of the line at `from`: [from, end). */
static size_t end_of_line(const struct stands *stands, size_t from)
{
    size_t to = from;
    while (to < stands->nfeet && stands->feet[to].line == stands->feet[from].line)
        to++;
    return to;
}

/* Means of a line's letters that count: their place at the end, their slants before. Returns how many. */
static unsigned mean_of(const struct stands *stands, size_t from, size_t to,
                        double means[SLANTS + 1])
{
    unsigned count = 0;
    memset(means, 0, (SLANTS + 1) * sizeof *means);
    for (size_t k = from; k < to; k++) {
        if (stands->feet[k].out)
            continue;
        for (int i = 0; i < SLANTS; i++)
            means[i] += stands->feet[k].slants[i];
        means[SLANTS] += stands->feet[k].y;
        count++;
    }
    for (int i = 0; i <= SLANTS && count; i++)
        means[i] /= count;
    return count;
}

/* Letters of each line about their own mean: least squares, held back lightly so that a few lines make no wild slant. */
static void fit_slants(struct stands *stands)
{
    double m[SLANTS][SLANTS + 1] = {{0}};
    for (size_t from = 0, to; from < stands->nfeet; from = to) {
        double means[SLANTS + 1];
        to = end_of_line(stands, from);
        if (!mean_of(stands, from, to, means))
            continue;
        for (size_t k = from; k < to; k++) {
            const struct foot *foot = &stands->feet[k];
            for (int i = 0; i < SLANTS && !foot->out; i++) {
                for (int j = 0; j < SLANTS; j++)
                    m[i][j] += (foot->slants[i] - means[i]) * (foot->slants[j] - means[j]);
                m[i][SLANTS] += (foot->slants[i] - means[i]) * (foot->y - means[SLANTS]);
            }
        }
    }
    for (int i = 0; i < SLANTS; i++)
        m[i][i] += 0.05;
    if (picture_solve(&m[0][0], SLANTS))
        for (int i = 0; i < SLANTS; i++)
            stands->slants[i] = m[i][SLANTS];
}

/* The middle of a line's letters, the slant taken off. */
static double middle_of(const struct stands *stands, float *room, size_t from, size_t to)
{
    size_t count = 0;
    for (size_t k = from; k < to; k++)
        room[count++] = (float)level(stands, &stands->feet[k]);
    return (double)values_median(room, count);
}

/* How far letters of one line lie apart; those that lie too far off do not count in the next round. */
static void find_spread(struct stands *stands, float *room)
{
    float *offs = room + stands->nfeet;
    size_t count = 0;
    for (size_t from = 0, to; from < stands->nfeet; from = to) {
        to = end_of_line(stands, from);
        double middle = middle_of(stands, room, from, to);
        for (size_t k = from; k < to && to - from > 2; k++)
            offs[count++] = (float)fabs(level(stands, &stands->feet[k]) - middle);
    }
    stands->spread = fmax(1.4826 * (double)values_median(offs, count), SPREAD_LEAST);
    for (size_t from = 0, to; from < stands->nfeet; from = to) {
        to = end_of_line(stands, from);
        double middle = middle_of(stands, room, from, to);
        for (size_t k = from; k < to; k++)
            stands->feet[k].out =
                fabs(level(stands, &stands->feet[k]) - middle) > FAR * stands->spread;
    }
}

/* --- lines ------------------------------------------------------------------------------------------- */

static float height_of(const struct stands *stands, float *room, size_t from, size_t to)
{
    size_t count = 0;
    for (size_t k = from; k < to; k++)
        if (stands->feet[k].height > 0)
            room[count++] = (float)stands->feet[k].height;
    return values_median(room, count);
}

/* Gives lines their place: as far below what was measured as a line's lower edge lies on the whole. */
static void place_lines(struct stands *stands, float *room)
{
    float *below = room + stands->nfeet;
    size_t count = 0;
    for (size_t from = 0, to; from < stands->nfeet; from = to) {
        struct reader_line *line = &stands->lines[stands->feet[from].line];
        double means[SLANTS + 1];
        to = end_of_line(stands, from);
        unsigned n = mean_of(stands, from, to, means);
        if (n < LETTERS_LEAST)
            continue;
        double y = means[SLANTS];
        for (int i = 0; i < SLANTS; i++)
            y -= stands->slants[i] * means[i];
        below[count++] = line->base - (float)y;
        line->base = (float)y;
        line->height = height_of(stands, room, from, to);
        line->noise = (float)hypot(stands->spread / sqrt(n), NOISE_FLOOR);
    }
    float edge = values_median(below, count);
    for (size_t i = 0; i < stands->nlines; i++)
        if (stands->lines[i].height > 0)
            stands->lines[i].base += edge;
}

void picture_measure_lines(struct arena *arena, const struct picture_flat *flat,
                           struct reader_line *lines, size_t nlines)
{
    struct stands stands = {.lines = lines,
                            .nlines = nlines,
                            .middle = pixGetWidth(flat->grey) / 2.0,
                            .width = pixGetWidth(flat->grey),
                            .height = pixGetHeight(flat->grey)};
    size_t chars = 0;
    for (size_t i = 0; i < nlines; i++) {
        chars += lines[i].nchars;
        lines[i].base = (float)rough_base(flat->grey, &lines[i]);
        lines[i].noise = (float)(0.03 * (double)PICTURE_EM);
    }
    stands.feet = arena_array(arena, chars + 1, struct foot);
    find_feet(&stands, flat->grey);
    float *room = arena_array(arena, 2 * stands.nfeet + 1, float);
    for (int round = 0; round < ROUNDS; round++) {
        fit_slants(&stands);
        find_spread(&stands, room);
    }
    place_lines(&stands, room);
}
