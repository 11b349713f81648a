/* How far gaps and lines stand off from what is usual; see layout.h.
 *
 * A mark behind which the gap may be wider is met again and again, wider or not. Its room is measured from where it
 * begins to where the next character does, so that it does not matter how a writer of PDF moved its pen; what a
 * justified line was stretched by is taken off. All rooms of the same mark in the same font lie at one of two values:
 * the lower one that is met often is what is usual. Lines likewise, with further pairs of values for room between
 * paragraphs. */
#include <math.h>
#include <stdlib.h>

#include "base/unicode.h"
#include "reader/layout.h"

#define MET_LEAST   3U    /* values of a group, for its usual one to be known … */
#define MET_ALIKE   8U    /* … if all are alike */
#define OFTEN       0.12  /* share of a group that makes a value usual */
#define SAME_EMS    0.02F /* values as near as this are one */
#define APART_EMS   1.4F  /* of the shift: values farther above the usual one are of another kind */
#define NOISE_LEAST 0.004F /* ems */
#define DEVIATIONS  1.48F  /* of a usual noise, for one median distance */
#define OFF_MOST    4.0F   /* of the noise */
#define ALIKE_EMS   0.01F  /* values of a line that are off by as much */
#define HAN_LEAST   4U     /* characters of a line that tell how it was stretched */

struct value {
    uint64_t group;
    float ems;
    float off;             /* how far from the nearer of the two that it may be */
    uint32_t line;         /* of the text, that it stands in */
    float *excess, *noise; /* where it goes */
};

static int by_group(const void *a, const void *b)
{
    const struct value *one = a;
    const struct value *other = b;
    if (one->group != other->group)
        return one->group < other->group ? -1 : 1;
    return one->ems < other->ems ? -1 : one->ems > other->ems;
}

/* The lowest of sorted values around which many lie. */
static float usual_of(const struct value *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t k = i;
        float sum = 0;
        for (; k < count && values[k].ems - values[i].ems <= SAME_EMS; k++)
            sum += values[k].ems;
        if (k - i >= 2 && (double)(k - i) >= OFTEN * (double)count)
            return sum / (float)(k - i);
    }
    return values[count / 2].ems;
}

/* How far a value lies from the nearer of the two where it should be. */
static float off_of(float ems, float usual, float shift)
{
    float low = ems - usual;
    return fabsf(low) < fabsf(low - shift) ? low : low - shift;
}

static float spread_of(const struct value *values, size_t count, float usual, float shift)
{
    float sum = 0;
    for (size_t i = 0; i < count; i++) {
        float off = fminf(fabsf(off_of(values[i].ems, usual, shift)), shift);
        sum += off * off;
    }
    return sqrtf(sum / (float)count);
}

/* Where nearly all are marked, what is met often is a shift above what is usual, and a few lie below. */
static float lower_if_fitter(const struct value *values, size_t count, float usual, float shift)
{
    float here = spread_of(values, count, usual, shift);
    float below = spread_of(values, count, usual - shift, shift);
    return below < here / 2 && here > SAME_EMS ? usual - shift : usual;
}

static int by_distance(const void *a, const void *b)
{
    float one = fabsf(((const struct value *)a)->off);
    float other = fabsf(((const struct value *)b)->off);
    return (one > other) - (one < other);
}

static int by_line(const void *a, const void *b)
{
    const struct value *one = a;
    const struct value *other = b;
    if (one->line != other->line)
        return one->line < other->line ? -1 : 1;
    return (one->off > other->off) - (one->off < other->off);
}

static bool are_off_alike(const struct value *one, const struct value *other)
{
    return one->line == other->line && fabsf(one->off - other->off) <= ALIKE_EMS;
}

/* Gives values what they exceed the usual by. What lies off both places, by more than most do, was moved by something else and is
 * left out, unless its line was: then others of it lie off alike. (Programs that print let what they round along a line pile
 * up, and give it to the place where the next piece of text begins.) */
static void give(struct value *values, size_t count, float usual, float shift)
{
    for (size_t i = 0; i < count; i++)
        values[i].off = off_of(values[i].ems, usual, shift);
    qsort(values, count, sizeof *values, by_distance);
    float noise = fmaxf(DEVIATIONS * fabsf(values[count / 2].off), NOISE_LEAST);
    qsort(values, count, sizeof *values, by_line);
    for (size_t i = 0; i < count; i++) {
        bool alike = (i && are_off_alike(&values[i - 1], &values[i])) ||
                     (i + 1 < count && are_off_alike(&values[i], &values[i + 1]));
        if (fabsf(values[i].off) > fmaxf(OFF_MOST * noise, SAME_EMS) && !alike)
            continue;
        *values[i].excess = values[i].ems - usual;
        *values[i].noise = noise;
    }
}

/* Whether both values are met, or so many of one that it is the usual one but by a rare chance. */
static bool tells_usual(const struct value *values, size_t count, float usual, float shift)
{
    size_t marked = 0;
    for (size_t i = 0; i < count; i++)
        marked += values[i].ems > usual + shift / 2;
    return count >= MET_ALIKE || (count >= MET_LEAST && marked && marked < count);
}

/* Judges values of one group, sorted: as many kinds as lie too far apart for a shift. */
static void judge_group(struct value *values, size_t count, float shift)
{
    while (count) {
        float usual = usual_of(values, count);
        size_t same = 0;
        while (same < count && values[same].ems - usual <= APART_EMS * shift)
            same++;
        if (same == 0)
            return;
        usual = lower_if_fitter(values, same, usual, shift);
        if (tells_usual(values, same, usual, shift))
            give(values, same, usual, shift);
        values += same;
        count -= same;
    }
}

static void judge(struct value *values, size_t count, float shift)
{
    qsort(values, count, sizeof *values, by_group);
    for (size_t from = 0; from < count;) {
        size_t to = from;
        while (to < count && values[to].group == values[from].group)
            to++;
        judge_group(values + from, to - from, shift);
        from = to;
    }
}

/* --- gaps ------------------------------------------------------------------------------------------------ */

static bool is_mark(uint32_t code)
{
    static const uint32_t MARKS[] = {0xFF0C, 0x3002, 0xFF1B, 0xFF1A, 0x3001, 0xFF01,
                                     0xFF1F, ',',    '.',    ';',    ':'};
    for (size_t i = 0; i < sizeof MARKS / sizeof *MARKS; i++)
        if (code == MARKS[i])
            return true;
    return false;
}

/* The next character that is seen, and whether a space is before it; the line's end where there is none. */
static size_t next_seen(const struct reader_line *line, size_t at, bool *spaced)
{
    *spaced = false;
    for (at++; at < line->nchars; at++) {
        uint32_t code = line->chars[at].code;
        if (!unicode_is_space(code) && !unicode_is_invisible(code))
            return at;
        *spaced = *spaced || unicode_is_space(code);
    }
    return line->nchars;
}

/* By how much a line was stretched: what its Chinese characters take beyond an em; its spaces, as they are. Judged by
 * the first of them. False where there are too few to tell. */
#define JUDGED 64U
static bool find_stretch(const struct reader_line *line, bool spaces, float *stretch)
{
    double found[JUDGED];
    size_t count = 0;
    for (size_t i = 0; i + 1 < line->nchars && count < JUDGED; i++) {
        const struct reader_char *c = &line->chars[i];
        bool spaced;
        size_t next = next_seen(line, i, &spaced);
        if (next == line->nchars || spaced != spaces || unicode_is_space(c->code) ||
            (next > i + 1 && !spaced))
            continue;
        if (spaces ? unicode_is_punct(c->code)
                   : !unicode_is_han(c->code) || !unicode_is_han(line->chars[next].code))
            continue;
        found[count++] =
            (double)(line->chars[next].left - (spaces ? c->right : c->left + line->size));
    }
    if (count < (spaces ? 2 : HAN_LEAST))
        return false;
    *stretch = (float)layout_median(found, count) / line->size;
    return true;
}

/* Wide marks take an em each, whatever they are; behind others that a space follows, the space alone is measured. So
 * marks of one font are of one group, and what is usual of them is known however many are wider. */
static uint64_t gap_group(const struct reader_line *line, uint32_t mark, bool spaced, bool marked)
{
    if (spaced || layout_is_wide(mark))
        mark = 0;
    return ((uint64_t)line->font << 32) ^ ((uint64_t)mark << 2) ^ (spaced ? 2U : 0U) ^
           (marked ? 1U : 0U);
}

static size_t take_gaps(struct reader_line *line, uint32_t number, struct value *values)
{
    size_t count = 0;
    float stretch[2];
    bool known[2] = {find_stretch(line, false, &stretch[0]), find_stretch(line, true, &stretch[1])};
    for (size_t i = 0; i + 1 < line->nchars; i++) {
        struct reader_char *c = &line->chars[i];
        bool spaced;
        size_t next = next_seen(line, i, &spaced);
        spaced = spaced && !layout_is_wide(c->code);
        if (!is_mark(c->code) || next == line->nchars || c->wider_noise > 0 || !known[spaced])
            continue;
        uint32_t behind = line->chars[next].code;
        float room = line->chars[next].left - (spaced ? c->right : c->left);
        values[count++] = (struct value){
            .group = gap_group(line, c->code, spaced, unicode_is_punct(behind)),
            .ems = room / line->size - stretch[spaced],
            .line = number,
            .excess = &c->wider,
            .noise = &c->wider_noise,
        };
    }
    return count;
}

/* --- lines ----------------------------------------------------------------------------------------------- */

static size_t take_lines(struct reader_page *page, uint32_t first, struct value *values)
{
    size_t count = 0;
    for (size_t i = 1; i < page->nlines; i++) {
        struct reader_line *line = &page->lines[i];
        const struct reader_line *before = layout_line_before(page, i);
        if (line->aside || line->note || !before || line->in_table || before->in_table ||
            line->lower_noise > 0 || line->base <= before->base || !line->nchars)
            continue;
        values[count++] = (struct value){
            .group = ((uint64_t)line->font << 32) ^ before->font,
            .ems = (line->base - before->base) / line->size,
            .line = first + (uint32_t)i,
            .excess = &line->lower,
            .noise = &line->lower_noise,
        };
    }
    return count;
}

void layout_measure(struct reader *reader)
{
    size_t nlines = 0;
    size_t nchars = 0;
    for (size_t p = 0; p < reader->npages; p++)
        for (size_t i = 0; i < reader->pages[p].nlines; i++, nlines++)
            nchars += reader->pages[p].lines[i].nchars;
    struct value *gaps = arena_array(reader->arena, nchars + 1, struct value);
    struct value *lines = arena_array(reader->arena, nlines + 1, struct value);
    nlines = nchars = 0;
    uint32_t met = 0;
    for (size_t p = 0; p < reader->npages; p++) {
        struct reader_page *page = &reader->pages[p];
        if (page->pictured)
            continue;
        nlines += take_lines(page, met, lines + nlines);
        for (size_t i = 0; i < page->nlines; i++, met++)
            if (!page->lines[i].aside)
                nchars += take_gaps(&page->lines[i], met, gaps + nchars);
    }
    judge(gaps, nchars, (float)PAPER_GAP_EMS);
    judge(lines, nlines, (float)PAPER_LINE_EMS);
    layout_measure_pictured(reader);
}
