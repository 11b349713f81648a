/* What each paragraph of a PDF is; see paper.h. */
#include "reader/paper.h"

#include <math.h>
#include <string.h>

#include "base/unicode.h"
#include "base/utf8.h"
#include "format/format.h" /* what is left out, by number */
#include "reader/answer.h"
#include "reader/layout.h"
#include "reader/words.h"

#define LARGER       1.12F /* than the text: a heading */
#define TITLE_LARGER 1.25F
#define BOLD         1.3F
#define HEADING_MOST 120U /* characters; a Chinese one counts two */
#define TITLE_WITHIN 12U  /* paragraphs */
#define LOOKS_MOST   5U   /* kinds of headings */
#define EXAMPLE_MOST 60U  /* bytes */

/* --- what it is --------------------------------------------------------------------------------------------- */

/* How headings look: the larger, and of one size the bolder, stand above the others. */
struct looks {
    float heights[LOOKS_MOST]; /* descending; size, and a little more where bold */
    unsigned count;
};

static float height_of(const struct reader_line *line)
{
    return roundf(line->size * 2) / 2 + (line->weight >= BOLD ? 0.25F : 0);
}

static size_t columns_of(struct str text)
{
    size_t columns = 0;
    for (size_t pos = 0; pos < text.len;)
        columns += utf8_next(text, &pos) >= 0x2E80 ? 2 : 1;
    return columns;
}

static bool ends_sentence(struct str text)
{
    size_t end = text.len;
    uint32_t last = text.len ? utf8_before(text, &end) : 0;
    return last == 0x3002 || last == 0xFF1B || last == 0xFF0C || last == ',' || last == ';' ||
           last == '.';
}

static bool is_heading(const struct reader_line *line, struct str text, float body, float weight)
{
    if (line->in_table || line->note || columns_of(text) > HEADING_MOST)
        return false;
    return line->size > LARGER * body || (line->weight >= BOLD && weight < BOLD &&
                                          line->size > 0.95F * body && !ends_sentence(text));
}

/* The weight of most characters. */
static float body_weight(const struct reader *reader)
{
    size_t bold = 0;
    size_t all = 0;
    for (size_t p = 0; p < reader->npages; p++)
        for (size_t i = 0; i < reader->pages[p].nlines; i++) {
            const struct reader_line *line = &reader->pages[p].lines[i];
            bold += line->weight >= BOLD ? line->nchars : 0;
            all += line->nchars;
        }
    return 2 * bold > all ? 1.5F : 1.0F;
}

static void add_look(struct looks *looks, float height)
{
    unsigned at = 0;
    while (at < looks->count && looks->heights[at] > height)
        at++;
    if ((at < looks->count && looks->heights[at] == height) || at == LOOKS_MOST)
        return;
    if (looks->count < LOOKS_MOST)
        looks->count++;
    memmove(looks->heights + at + 1, looks->heights + at,
            (looks->count - at - 1) * sizeof *looks->heights);
    looks->heights[at] = height;
}

static unsigned level_of(const struct looks *looks, const struct reader_line *line)
{
    unsigned level = 1;
    while (level < looks->count && looks->heights[level - 1] > height_of(line))
        level++;
    return level;
}

/* The paragraph that is the title: the largest of the first, if it is larger than the text; SIZE_MAX: none. */
static size_t find_title(const struct wording *words, float body)
{
    size_t found = SIZE_MAX;
    float largest = TITLE_LARGER * body;
    for (size_t i = 0; i < words->nparagraphs && i < TITLE_WITHIN; i++) {
        const struct reader_line *line = words->paragraphs[i].first;
        if (line->size > largest && columns_of(words_paragraph_text(words, i)) <= HEADING_MOST) {
            found = i;
            largest = line->size;
        }
    }
    return found;
}

/* A sign before an item; 0: none. */
static size_t sign_len(struct str text)
{
    static const struct str SIGNS[] = {
        {"\u2022", 3}, {"\u25CF", 3}, {"\u25AA", 3}, {"\u25E6", 3}, {"\u25A0", 3}};
    for (size_t i = 0; i < sizeof SIGNS / sizeof *SIGNS; i++)
        if (str_starts(text, SIGNS[i]))
            return SIGNS[i].len;
    return 0;
}

/* "Where we stand ........ 3": a line of a table of contents, which is made anew. */
static bool is_of_contents(struct str text)
{
    size_t dots = 0;
    size_t end = text.len;
    while (end && ((text.at[end - 1] >= '0' && text.at[end - 1] <= '9') || text.at[end - 1] == ' '))
        end--;
    if (end == text.len || end == 0)
        return false;
    while (end) {
        uint32_t code = utf8_before(text, &end);
        if (code != '.' && code != 0x2026 && code != 0xB7 && code != ' ')
            break;
        dots += code == 0x2026 ? 3 : code != ' ';
    }
    return dots >= 4;
}

/* --- room that was left ------------------------------------------------------------------------------------------ */

#define LEFT_LEAST_EMS 0.05F
#define LEFT_MOST_EMS  0.32F /* a quarter of an em, as office programs leave it */
#define LEFT_OFTEN     8U    /* times … */
#define LEFT_MOSTLY    4U    /* … and so much more often than not */

static bool is_word(uint32_t code)
{
    return !layout_is_wide(code) && (unicode_is_letter(code) || unicode_is_digit(code));
}

/* Whether Chinese meets figures or letters of others between `at` and the next character, `next`. */
static bool is_seam(const struct reader_line *line, size_t at, size_t next)
{
    uint32_t a = line->chars[at].code;
    uint32_t b = next < line->nchars ? line->chars[next].code : 0;
    return (unicode_is_han(a) && is_word(b)) || (is_word(a) && unicode_is_han(b));
}

static bool is_left_room(const struct reader_line *line, size_t at, size_t next)
{
    float room = (line->chars[next].left - line->chars[at].right) / line->size;
    return next > at + 1 && room > LEFT_LEAST_EMS && room <= LEFT_MOST_EMS;
}

static void drop_rooms(struct reader_line *line)
{
    size_t count = 0;
    for (size_t i = 0; i < line->nchars; i++) {
        size_t next = layout_next_char(line, i);
        line->chars[count++] = line->chars[i];
        if (!unicode_is_space(line->chars[i].code) && is_seam(line, i, next) &&
            is_left_room(line, i, next))
            i = next - 1;
    }
    line->nchars = count;
}

/* Office programs leave a little room between Chinese and what is not, which poppler takes for a space. Where nearly all
 * such seams have it, nobody typed it. */
static void drop_left_rooms(struct reader *reader)
{
    size_t left = 0;
    size_t none = 0;
    for (size_t p = 0; p < reader->npages; p++)
        for (size_t i = 0; i < reader->pages[p].nlines; i++) {
            const struct reader_line *line = &reader->pages[p].lines[i];
            for (size_t k = 0; k < line->nchars; k++) {
                size_t next = layout_next_char(line, k);
                if (unicode_is_space(line->chars[k].code) || !is_seam(line, k, next))
                    continue;
                left += is_left_room(line, k, next);
                none += next == k + 1;
            }
        }
    if (left < LEFT_OFTEN || left < LEFT_MOSTLY * none)
        return;
    for (size_t p = 0; p < reader->npages; p++)
        for (size_t i = 0; i < reader->pages[p].nlines; i++)
            drop_rooms(&reader->pages[p].lines[i]);
}

/* --- answering ------------------------------------------------------------------------------------------------ */

static void answer_block(struct arena *arena, enum paper_block_kind kind, unsigned level,
                         struct str text)
{
    char *bytes = arena_take_unset(arena, text.len + 2);
    bytes[0] = (char)kind;
    bytes[1] = (char)level;
    if (text.len)
        memcpy(bytes + 2, text.at, text.len);
    answer_record(WIRE_BLOCK, (struct str){bytes, text.len + 2});
}

static void answer_paragraph(struct arena *arena, const struct wording *words, size_t at,
                             bool heading, const struct looks *looks)
{
    const struct reader_line *line = words->paragraphs[at].first;
    struct str text = words_paragraph_text(words, at);
    size_t sign = sign_len(text);
    if (line->in_table) {
        bool first = at == 0 || !words->paragraphs[at - 1].first->in_table;
        answer_block(arena, PAPER_ROW, first, text);
    } else if (heading) {
        answer_block(arena, PAPER_HEADING, level_of(looks, line), text);
    } else if (sign) {
        answer_block(arena, PAPER_ITEM, 1, str_trim(str_slice(text, sign, text.len)));
    } else {
        answer_block(arena, PAPER_PARAGRAPH, 0, text);
    }
}

/* Heads and feet, each counted once however many pages have it. */
static void answer_asides(struct reader *reader)
{
    struct str seen[64];
    uint32_t count = 0;
    for (size_t p = 0; p < reader->npages; p++)
        for (size_t i = 0; i < reader->pages[p].nlines; i++) {
            const struct reader_line *line = &reader->pages[p].lines[i];
            struct str text = layout_line_text(reader->arena, line);
            bool known = !line->aside || line->in_table || unicode_is_digit(line->chars[0].code);
            for (uint32_t k = 0; !known && k < count; k++)
                known = str_equal(seen[k], text);
            if (!known && count < sizeof seen / sizeof *seen)
                seen[count++] = text;
        }
    if (count)
        answer_left(FORMAT_LEFT_MARGINS, count, utf8_cut(seen[0], EXAMPLE_MOST));
}

/* Pages that are pictures: refused where they are the paper, else left out like the pictures in its text. */
static void answer_pictures(const struct reader *reader)
{
    unsigned scans = 0;
    unsigned first = 0;
    uint32_t pictures = 0;
    for (size_t p = 0; p < reader->npages; p++) {
        pictures += reader->pages[p].npictures;
        if (reader->pages[p].pictured && scans++ == 0)
            first = (unsigned)p + 1;
    }
    if (2 * scans >= reader->npages)
        reader_refuse(READER_REFUSED_SCAN, first);
    if (pictures)
        answer_left(FORMAT_LEFT_PICTURES, pictures, STR(""));
}

void paper_answer(struct reader *reader)
{
    struct wording words;
    struct looks looks = {.count = 0};
    struct arena *arena = reader->arena;
    uint32_t contents = 0;
    answer_pictures(reader);
    drop_left_rooms(reader);
    words_compose(reader, &words);
    if (!words.seen.text.len)
        reader_refuse(READER_REFUSED_EMPTY, 0);
    float body = layout_body_size(reader);
    float weight = body_weight(reader);
    size_t title = find_title(&words, body);
    bool *headings = arena_array(arena, words.nparagraphs + 1, bool);
    for (size_t i = 0; i < words.nparagraphs; i++) {
        const struct reader_line *line = words.paragraphs[i].first;
        headings[i] = i != title && is_heading(line, words_paragraph_text(&words, i), body, weight);
        if (headings[i])
            add_look(&looks, height_of(line));
    }
    for (size_t i = 0; i < words.nparagraphs; i++) {
        struct str text = words_paragraph_text(&words, i);
        if (i == title)
            answer_block(arena, PAPER_TITLE, 0, text);
        else if (is_of_contents(text))
            contents++;
        else if (text.len)
            answer_paragraph(arena, &words, i, headings[i], &looks);
    }
    if (contents)
        answer_left(FORMAT_LEFT_CONTENTS, contents, STR(""));
    answer_asides(reader);
    answer_two(WIRE_PAGES, (uint32_t)reader->npages, 0);
    answer_record(WIRE_END, STR(""));
}
