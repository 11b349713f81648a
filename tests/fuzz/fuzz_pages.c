/* Any bytes as what stands on pages: lines of characters at any place, even none (NaN), of any size, in any order. One text
 * comes of them, whose doubts and shifts fit it. */
#include <string.h>

#include "base/utf8.h"
#include "reader/paper.h"
#include "reader/words.h"
#include "reader_bed.h"

#define PAGES_MOST 8U

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct bytes {
    const uint8_t *at;
    size_t left;
};

static unsigned take(struct bytes *bytes)
{
    if (!bytes->left)
        return 0;
    bytes->left--;
    return *bytes->at++;
}

/* Mostly places on a page; now and then anything that a float can be. */
static float take_place(struct bytes *bytes)
{
    unsigned byte = take(bytes);
    float place = (float)byte * 3;
    uint32_t bits = 0;
    if (byte < 250)
        return place;
    for (int i = 0; i < 4; i++)
        bits = bits << 8 | take(bytes);
    memcpy(&place, &bits, sizeof place);
    return place;
}

static uint32_t take_code(struct bytes *bytes)
{
    static const uint32_t CODES[] = {' ',    '\t',   ',',    '.',     '-',    '1',
                                     0xFF0C, 0x3002, 0x4E00, 0x8981,  0x2022, 0x2026,
                                     0xFB01, 0x2F08, 0x00AD, 0x10FFFF};
    unsigned byte = take(bytes);
    return byte < 240 ? byte : CODES[byte - 240];
}

static void take_line(struct arena *arena, struct bytes *bytes, struct reader_line *line)
{
    size_t count = 1 + take(bytes) % 24;
    *line =
        (struct reader_line){.left = take_place(bytes), .base = take_place(bytes), .nchars = count};
    line->size = (float)(take(bytes) % 32);
    line->weight = (float)(take(bytes) % 3);
    line->font = take(bytes) % 4;
    line->chars = arena_array(arena, count, struct reader_char);
    line->right = line->left + line->size * (float)count;
    line->top = line->base - line->size;
    line->bottom = line->base;
    for (size_t i = 0; i < count; i++) {
        float left = line->left + line->size * (float)i;
        uint32_t code = take_code(bytes);
        unsigned byte = take(bytes);
        line->chars[i] = (struct reader_char){.code = code,
                                              .raised = byte & 8,
                                              .doubt = (uint8_t)(byte % 8),
                                              .left = left,
                                              .right = left + line->size,
                                              .top = line->top,
                                              .bottom = line->bottom};
    }
}

static void take_rule(struct bytes *bytes, struct reader_rule *rule)
{
    rule->upright = take(bytes) % 2;
    rule->left = take_place(bytes);
    rule->top = take_place(bytes);
    rule->right = rule->left + (rule->upright ? 1 : take_place(bytes));
    rule->bottom = rule->top + (rule->upright ? take_place(bytes) : 1);
}

static void take_pages(struct reader *reader, struct bytes bytes)
{
    while (bytes.left && reader->npages < PAGES_MOST) {
        struct reader_page *page = reader_add_page(reader);
        size_t count = take(&bytes) % 32;
        page->width = 595;
        page->height = take_place(&bytes);
        page->pictured = take(&bytes) % 8 == 0;
        page->lines = arena_array(reader->arena, count + 1, struct reader_line);
        for (; page->nlines < count && bytes.left; page->nlines++)
            take_line(reader->arena, &bytes, &page->lines[page->nlines]);
        count = take(&bytes) % 32;
        page->rules = arena_array(reader->arena, count + 1, struct reader_rule);
        for (; page->nrules < count && bytes.left; page->nrules++)
            take_rule(&bytes, &page->rules[page->nrules]);
    }
}

static void check(const struct wording *words)
{
    const struct paper_seen *seen = &words->seen;
    if (utf8_first_bad(seen->text) != SIZE_MAX)
        abort();
    for (size_t i = 0; i < seen->nshifts; i++)
        if (seen->shifts[i].at > seen->text.len ||
            (i && seen->shifts[i].at < seen->shifts[i - 1].at))
            abort();
    for (size_t i = 0; i < words->nparagraphs; i++)
        if (words->paragraphs[i].at > seen->text.len)
            abort();
    for (size_t i = 0; seen->doubt && i < seen->text.len; i++)
        if (seen->doubt[i] > 8)
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_make();
    struct reader reader = {.arena = arena};
    struct wording words;
    take_pages(&reader, (struct bytes){data, size});
    if (!setjmp(refused)) {
        words_compose(&reader, &words);
        check(&words);
    }
    reader = (struct reader){.arena = arena};
    take_pages(&reader, (struct bytes){data, size});
    if (!setjmp(refused))
        paper_answer(&reader);
    arena_free(arena);
    return 0;
}
