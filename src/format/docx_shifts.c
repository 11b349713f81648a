/* What a Word document that was found says of its layout: gaps that are wider than those beside them, lines that stand lower than
 * their like. */
#include <math.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "format/docx_map.h"

#define SHIFT_NOISE 0.004F /* a document says twentieths of a point exactly, and rounds to them */
#define SHIFT_LEAST 0.02F
#define LINE_LEAST  0.06F /* how much lower a line that is marked stands, whatever was rounded */
#define LINE_MOST   0.15F

static int by_at(const void *a, const void *b)
{
    const struct paper_shift *left = a;
    const struct paper_shift *right = b;
    if (left->at != right->at)
        return left->at < right->at ? -1 : 1;
    return (int)left->kind - (int)right->kind;
}

/* A gap stands behind a mark that parts words. */
static bool parts_words(uint32_t code)
{
    static const uint32_t MARKS[] = {',',    '.',    ';',    ':',    '!',    '?',   0xFF0C,
                                     0x3002, 0xFF1B, 0xFF1A, 0x3001, 0xFF01, 0xFF1F};
    for (size_t i = 0; i < sizeof MARKS / sizeof *MARKS; i++)
        if (MARKS[i] == code)
            return true;
    return false;
}

static float ems(int twentieths, unsigned size)
{
    return size ? (float)(twentieths / (10.0 * size)) : 0;
}

static bool only_parts_words(struct str words)
{
    for (size_t at = 0; at < words.len;)
        if (!parts_words(utf8_next(words, &at)))
            return false;
    return true;
}

/* How much wider than its neighbours' letters stand those of a piece. A mark is a run of its own, cut out of one whose
 * letters stand beside it: so all others are as they were. */
static float wider(const struct docx_map *map, size_t i, struct str words)
{
    const struct docx_piece *piece = &map->pieces[i];
    bool after = i && piece[-1].at + piece[-1].len == piece->at;
    bool before = i + 1 < map->npieces && piece->at + piece->len == piece[1].at;
    int usual = after && before
                    ? (piece[-1].spacing > piece[1].spacing ? piece[-1].spacing : piece[1].spacing)
                : after  ? piece[-1].spacing
                : before ? piece[1].spacing
                         : 0;
    bool marked = only_parts_words(words) && piece->spacing > usual;
    return marked ? ems(piece->spacing - usual, piece->size) : 0;
}

/* Gaps behind all marks, where the document widens any. */
static size_t list_gaps(const struct docx_map *map, struct str text, struct paper_shift *shifts)
{
    bool any = false;
    size_t count = 0;
    for (size_t i = 0; i < map->npieces; i++) {
        const struct docx_piece *piece = &map->pieces[i];
        struct str words = str_slice(text, piece->at, piece->len);
        float gap = wider(map, i, words);
        any = any || gap >= SHIFT_LEAST;
        for (size_t at = 0; piece->size && at < words.len;)
            if (parts_words(utf8_next(words, &at)))
                shifts[count++] = (struct paper_shift){.at = piece->at + at,
                                                       .kind = PAPER_SHIFT_GAP,
                                                       .ems = gap,
                                                       .noise = SHIFT_NOISE};
    }
    return any ? count : 0;
}

/* Paragraphs that are set alike stand together, those with less space above first. */
static int by_setting(const void *a, const void *b)
{
    const struct docx_line *left = a;
    const struct docx_line *right = b;
    if (left->size != right->size)
        return left->size < right->size ? -1 : 1;
    if (left->usual != right->usual)
        return left->usual < right->usual ? -1 : 1;
    return (left->before > right->before) - (left->before < right->before);
}

/* The least space above, between two bounds in ems from that of `line`, of a paragraph that is set like it. */
static const struct docx_line *peer_between(const struct docx_line *sorted, size_t count,
                                            const struct docx_line *line, double from, double to)
{
    size_t low = 0;
    size_t high = count;
    double least = line->before + from * 10 * line->size;
    struct docx_line wanted = *line;
    wanted.before = least > 0 ? (unsigned)ceil(least) : 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (by_setting(&sorted[middle], &wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    bool alike = low < count && sorted[low].size == line->size && sorted[low].usual == line->usual;
    return alike && sorted[low].before <= line->before + to * 10 * line->size ? &sorted[low] : NULL;
}

/* How much lower a line stands. Where its paragraph has a space above of its own, not its style's, others that have
 * almost the same tell which is the larger. False where nobody can say. */
static bool lower(const struct docx_line *sorted, size_t count, const struct docx_line *line,
                  float *by)
{
    *by = ems((int)line->before - (int)line->usual, line->size);
    if (!line->known)
        return false;
    if (*by > -SHIFT_LEAST && *by < LINE_MOST)
        return true;
    const struct docx_line *less =
        peer_between(sorted, count, line, -(double)LINE_MOST, -(double)LINE_LEAST);
    *by = less ? ems((int)(line->before - less->before), line->size) : 0;
    return less || peer_between(sorted, count, line, (double)LINE_LEAST, (double)LINE_MOST);
}

static size_t list_lines(struct arena *arena, const struct docx_map *map,
                         struct paper_shift *shifts)
{
    bool any = false;
    size_t count = 0;
    struct docx_line *sorted = arena_array(arena, map->nlines + 1, struct docx_line);
    for (size_t i = 0; i < map->nlines; i++)
        sorted[i] = map->lines[i];
    if (map->nlines)
        qsort(sorted, map->nlines, sizeof *sorted, by_setting);
    for (size_t i = 0; i < map->nlines; i++) {
        float by;
        if (!lower(sorted, map->nlines, &map->lines[i], &by))
            continue;
        any = any || by >= SHIFT_LEAST;
        shifts[count++] = (struct paper_shift){
            .at = map->lines[i].at, .kind = PAPER_SHIFT_LINE, .ems = by, .noise = SHIFT_NOISE};
    }
    return any ? count : 0;
}

enum status format_read_docx_shifts(struct arena *arena, struct str name, struct str bytes,
                                    struct paper_seen *seen, struct error *err)
{
    struct paper_doc doc;
    struct format_left left[FORMAT_LEFT_KINDS];
    struct docx_map map = {0};
    enum status status =
        format_read_docx_map(arena, name, bytes, NULL, STR(""), &doc, left, &map, err);
    if (status)
        return status;
    struct paper_shift *shifts =
        arena_array(arena, doc.text.len + map.nlines + 1, struct paper_shift);
    size_t count = list_gaps(&map, doc.text, shifts);
    count += list_lines(arena, &map, shifts + count);
    qsort(shifts, count, sizeof *shifts, by_at);
    *seen = (struct paper_seen){.text = doc.text, .shifts = shifts, .nshifts = count};
    return STATUS_OK;
}
