/* Heads, feet and paragraphs; see layout.h. */
#include "reader/layout.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/serial.h"
#include "base/unicode.h"
#include "reader/values.h"

#define MARGIN_SHARE 0.12F /* of a page's height: where its number stands */
#define SAME_PLACE   0.02F /* of a page's height */
#define NUMBER_CHARS 24U   /* the longest that a page's number is in words */
#define ROOM_EMS     0.25F /* more room above than this begins a paragraph; shifts are smaller */
#define INDENT_EMS   0.8F
#define SOFT_HYPHEN  0x00ADU

/* --- lines ---------------------------------------------------------------------------------------------- */

double layout_median(double *values, size_t count)
{
    for (size_t i = 1; i < count; i++)
        for (size_t k = i; k > 0 && values[k] < values[k - 1]; k--) {
            double other = values[k];
            values[k] = values[k - 1];
            values[k - 1] = other;
        }
    return count ? values[count / 2] : 0;
}

bool layout_is_wide(uint32_t code)
{
    return unicode_is_han(code) || (code >= 0x3000 && code <= 0x30FF) ||
           (code >= 0xFF00 && code <= 0xFFEF) || code == 0x2014 || code == 0x2026 ||
           (code >= 0x2018 && code <= 0x201D);
}

const struct reader_line *layout_line_before(const struct reader_page *page, size_t at)
{
    while (at-- > 0)
        if (!page->lines[at].aside && !page->lines[at].note)
            return &page->lines[at];
    return NULL;
}

size_t layout_next_char(const struct reader_line *line, size_t at)
{
    do
        at++;
    while (at < line->nchars && unicode_is_space(line->chars[at].code));
    return at < line->nchars ? at : line->nchars;
}

size_t layout_end(const struct reader_line *line)
{
    size_t end = line->nchars;
    while (end && unicode_is_space(line->chars[end - 1].code))
        end--;
    return end;
}

bool layout_parts_word(const struct reader_char *chars, size_t count, uint32_t next)
{
    uint32_t last = count >= 2 ? chars[count - 1].code : 0;
    return (last == SOFT_HYPHEN || last == 0x2010 || last == '-') &&
           unicode_is_letter(chars[count - 2].code) && next >= 'a' && next <= 'z';
}

bool layout_ends_sentence(uint32_t code)
{
    return code == '.' || code == '!' || code == '?' || code == 0x3002 || code == 0xFF01 ||
           code == 0xFF1F;
}

struct str layout_line_text(struct arena *arena, const struct reader_line *line)
{
    struct buf text = {.arena = arena};
    for (size_t i = 0; i < line->nchars; i++)
        buf_add_code(&text, line->chars[i].code);
    return str_trim(buf_str(&text));
}

/* --- heads and feet -------------------------------------------------------------------------------------- */

/* A line by what it says, digits apart, and where it stands. */
struct stand {
    uint64_t says;
    float at; /* share of the page's height */
    size_t page;
    struct reader_line *line;
};

static uint64_t says(const struct reader_line *line)
{
    uint64_t hash = 14695981039346656037U;
    for (size_t i = 0; i < line->nchars; i++) {
        uint32_t code = line->chars[i].code;
        if (!unicode_is_space(code) && !unicode_is_digit(code))
            hash = (hash ^ code) * 1099511628211U;
    }
    return hash;
}

static int by_words(const void *a, const void *b)
{
    const struct stand *one = a;
    const struct stand *other = b;
    if (one->says != other->says)
        return one->says < other->says ? -1 : 1;
    if (one->at != other->at)
        return one->at < other->at ? -1 : 1;
    return one->page < other->page ? -1 : one->page > other->page;
}

/* Pages on which stands [from, to) are. */
static size_t count_pages(const struct stand *stands, size_t from, size_t to)
{
    size_t count = 0;
    for (size_t i = from; i < to; i++) {
        bool known = false;
        for (size_t k = i; k-- > from && !known;)
            known = stands[k].page == stands[i].page;
        count += !known;
        if (count > 8)
            return to - from; /* so many that it does not matter */
    }
    return count;
}

static bool is_outer(const struct reader_page *page, const struct reader_line *line)
{
    return line->bottom < MARGIN_SHARE * page->height ||
           line->top > (1 - MARGIN_SHARE) * page->height;
}

/* At a page's edge what returns on half of the pages is no text; within it, a sentence may end alike at the same height:
 * only what stands there on all pages is a watermark. */
static bool is_returning(const struct reader *reader, const struct stand *stand, size_t pages)
{
    if (is_outer(&reader->pages[stand->page], stand->line))
        return pages >= 2 && 2 * pages >= reader->npages;
    return pages >= 3 && pages + pages / 8 >= reader->npages;
}

static void mark_returning(struct reader *reader, struct stand *stands, size_t count)
{
    for (size_t from = 0; from < count;) {
        size_t to = from + 1;
        while (to < count && stands[to].says == stands[from].says &&
               stands[to].at - stands[from].at <= SAME_PLACE)
            to++;
        size_t pages = count_pages(stands, from, to);
        for (size_t i = from; i < to; i++)
            if (is_returning(reader, &stands[i], pages))
                stands[i].line->aside = true;
        from = to;
    }
}

static bool is_of_number(uint32_t code)
{
    static const uint32_t WORDS[] = {0x7B2C /* 第 */, 0x9875 /* 页 */, 0x5171 /* 共 */};
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
        if (code == WORDS[i])
            return true;
    return unicode_is_digit(code) || unicode_is_space(code) || unicode_is_punct(code) ||
           strchr("ivxlcdmIVXLCDM", (int)(code < 0x80 ? code : 'z')) != NULL;
}

/* "3", "- 3 -", "第 3 页 共 9 页", "iv", "Page 3 of 9". */
static bool is_page_number(struct arena *arena, const struct reader_line *line)
{
    struct str text = layout_line_text(arena, line);
    bool page = str_starts(text, STR("Page ")) || str_starts(text, STR("page "));
    bool number = false;
    if (line->nchars > NUMBER_CHARS)
        return false;
    for (size_t i = page ? 5 : 0; i < line->nchars; i++) {
        uint32_t code = line->chars[i].code;
        if (!is_of_number(code) && !(page && (code == 'o' || code == 'f')))
            return false;
        number |= !unicode_is_punct(code) && !unicode_is_space(code);
    }
    return number;
}

void layout_find_asides(struct reader *reader)
{
    size_t count = 0;
    for (size_t p = 0; p < reader->npages; p++)
        count += reader->pages[p].nlines;
    struct stand *stands = arena_array(reader->arena, count + 1, struct stand);
    count = 0;
    for (size_t p = 0; p < reader->npages; p++) {
        struct reader_page *page = &reader->pages[p];
        for (size_t i = 0; i < page->nlines; i++) {
            struct reader_line *line = &page->lines[i];
            float height = page->height > 0 ? page->height : 1;
            stands[count++] = (struct stand){says(line), line->base / height, p, line};
            line->aside = is_outer(page, line) && is_page_number(reader->arena, line);
        }
    }
    qsort(stands, count, sizeof *stands, by_words);
    mark_returning(reader, stands, count);
}

/* --- numbers of copies --------------------------------------------------------------------------------------- */

#define NUMBERS_MOST 8U /* of a page */

static void take_number(struct arena *arena, struct reader_page *page, const struct serial *number,
                        size_t most)
{
    struct str text = serial_print(arena, number);
    for (size_t i = 0; i < page->nsigns; i++)
        if (str_equal(page->signs[i], text))
            return;
    if (page->nsigns < most)
        page->signs[page->nsigns++] = text;
}

void layout_take_numbers(struct reader *reader)
{
    for (size_t p = 0; p < reader->npages; p++) {
        struct reader_page *page = &reader->pages[p];
        size_t most = page->nsigns + NUMBERS_MOST;
        struct str *signs = arena_array(reader->arena, most, struct str);
        if (page->nsigns)
            memcpy(signs, page->signs, page->nsigns * sizeof *signs);
        page->signs = signs;
        for (size_t i = 0; i < page->nlines; i++) {
            struct serial number;
            size_t at = 0;
            struct str text = layout_line_text(reader->arena, &page->lines[i]);
            while (page->lines[i].aside && serial_find(text, &at, &number))
                take_number(reader->arena, page, &number, most);
        }
    }
}

/* --- the size of the text -------------------------------------------------------------------------------------- */

struct size_count {
    float size;
    size_t count;
};
#define SIZES_MOST 64U

static void count_size(struct size_count *sizes, size_t *count, const struct reader_line *line)
{
    size_t i = 0;
    while (i < *count && fabsf(sizes[i].size - line->size) > 0.25F)
        i++;
    if (i == SIZES_MOST)
        return;
    if (i == *count)
        sizes[(*count)++] = (struct size_count){line->size, 0};
    sizes[i].count += line->nchars;
}

/* What they cover of the page: long notes have more characters than a short text. */
static float area_of(const struct size_count *size)
{
    return (float)size->count * size->size * size->size;
}

/* Of lines of tables, or of others. */
static float size_of_most(const struct reader *reader, bool tables)
{
    struct size_count sizes[SIZES_MOST];
    size_t count = 0;
    struct size_count most = {0, 0};
    for (size_t p = 0; p < reader->npages; p++)
        for (size_t i = 0; i < reader->pages[p].nlines; i++) {
            const struct reader_line *line = &reader->pages[p].lines[i];
            if (!line->aside && line->in_table == tables)
                count_size(sizes, &count, line);
        }
    for (size_t i = 0; i < count; i++)
        if (area_of(&sizes[i]) > area_of(&most))
            most = sizes[i];
    return most.size;
}

float layout_body_size(const struct reader *reader)
{
    float size = size_of_most(reader, false);
    return size > 0 ? size : size_of_most(reader, true);
}

/* --- paragraphs --------------------------------------------------------------------------------------------- */

static float overlap(const struct reader_line *a, const struct reader_line *b)
{
    float width = fminf(a->right - a->left, b->right - b->left);
    float both = fminf(a->right, b->right) - fmaxf(a->left, b->left);
    return width > 0 ? both / width : 0;
}

static bool is_below(const struct reader_line *line, const struct reader_line *before)
{
    return line->base > before->base + 0.3F * before->size && overlap(line, before) > 0.3F;
}

static bool looks_alike(const struct reader_line *a, const struct reader_line *b)
{
    return fabsf(a->size - b->size) < 0.08F * a->size && fabsf(a->weight - b->weight) < 0.25F;
}

/* How far apart lines of running text are, in ems of their size: the median. 0 where nothing runs. */
static float usual_pitch(struct reader *reader)
{
    size_t count = 0;
    size_t room = 1;
    for (size_t p = 0; p < reader->npages; p++)
        room += reader->pages[p].nlines;
    float *pitches = arena_array(reader->arena, room, float);
    for (size_t p = 0; p < reader->npages; p++) {
        const struct reader_page *page = &reader->pages[p];
        for (size_t i = 1; i < page->nlines; i++) {
            const struct reader_line *before = layout_line_before(page, i);
            const struct reader_line *line = &page->lines[i];
            if (!line->aside && before && is_below(line, before) && looks_alike(line, before))
                pitches[count++] = (line->base - before->base) / line->size;
        }
    }
    return values_median(pitches, count);
}

/* The column that a line stands in, as far as lines near it show: its edges. */
struct column {
    float left, right;
};

static struct column column_of(const struct reader_page *page, const struct reader_line *line)
{
    struct column column = {line->left, line->right};
    for (size_t i = 0; i < page->nlines; i++) {
        const struct reader_line *other = &page->lines[i];
        if (other->aside || other->note || other->in_table || overlap(other, line) < 0.3F ||
            !looks_alike(other, line))
            continue;
        column.left = fminf(column.left, other->left);
        column.right = fmaxf(column.right, other->right);
    }
    return column;
}

/* The room that the first word of a line takes: two characters of Chinese. */
static float first_word(const struct reader_line *line)
{
    size_t i = 0;
    while (i < line->nchars && !unicode_is_space(line->chars[i].code) &&
           !(layout_is_wide(line->chars[i].code) && i >= 1))
        i++;
    size_t last = i < line->nchars ? i : line->nchars - 1;
    return line->nchars ? line->chars[last].right - line->chars[0].left : 0;
}

/* Whether the line before had room for more and did not take it. */
static bool ended_early(const struct reader_page *page, const struct reader_line *before,
                        const struct reader_line *line)
{
    struct column column = column_of(page, before);
    return before->right + 0.4F * before->size + first_word(line) < column.right;
}

static bool begins_with_sign(const struct reader_line *line)
{
    uint32_t code = line->nchars ? line->chars[0].code : 0;
    return code == 0x2022 || code == 0x25CF || code == 0x25AA || code == 0x25E6 || code == 0x25A0;
}

static bool is_numbered(const struct reader_line *line)
{
    return begins_with_sign(line) || (line->nchars && unicode_is_digit(line->chars[0].code));
}

static bool begins_below(const struct reader_page *page, const struct reader_line *line,
                         const struct reader_line *before, float pitch)
{
    float indent = line->left - before->left;
    if ((line->base - before->base) / line->size > pitch + ROOM_EMS || begins_with_sign(line))
        return true;
    if (indent > INDENT_EMS * line->size && !(before->begins && is_numbered(before)))
        return true;
    return ended_early(page, before, line);
}

/* At the head of a page or a column. */
static bool begins_anew(const struct reader_page *page, const struct reader_line *line,
                        const struct reader_page *page_before, const struct reader_line *before)
{
    return begins_with_sign(line) || ended_early(page_before, before, line) ||
           line->left - column_of(page, line).left > INDENT_EMS * line->size;
}

void layout_find_paragraphs(struct reader *reader)
{
    float pitch = usual_pitch(reader);
    const struct reader_page *page_before = NULL;
    const struct reader_line *before = NULL;
    for (size_t p = 0; p < reader->npages; p++) {
        struct reader_page *page = &reader->pages[p];
        for (size_t i = 0; i < page->nlines; i++) {
            struct reader_line *line = &page->lines[i];
            if (line->aside || line->note)
                continue;
            if (!before || !looks_alike(line, before) || line->in_table || before->in_table)
                line->begins = true;
            else if (page == page_before && is_below(line, before))
                line->begins = begins_below(page, line, before, pitch);
            else
                line->begins = begins_anew(page, line, page_before, before);
            before = line;
            page_before = page;
        }
    }
}
