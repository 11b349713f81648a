/* Any exhibit against an edition made of the same bytes: the first part is the edition's text, the
 * rest the exhibit, its doubts and its shifts; a byte below 11 becomes a place. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "paper/align.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const alternatives[][2] = {
    {"a", "b"},
    {"", "c"},
    {"ab", "ba"},
    {"abc", ""},
    {"", "\xE2\x80\x8B"},
    {" ", "\xE2\x80\x89"},
    {"\xE4\xBA\xBA", "\xE2\xBC\x88"},
    {"aaaaaa", "aaa"},
    {"\xE7\x9A\x84", ""},
    {".", "."}, /* of the layout: a gap … */
    {"n", "n"}, /* … and a line */
};
enum { GAP = 9, LINE = 10 };

/* What is seen of the exhibit: every byte doubts it, and every third measures something beside it, now and
 * then no number at all. */
static struct paper_seen seen_of(struct arena *arena, struct str text)
{
    uint8_t *doubt = arena_take(arena, text.len + 1);
    struct paper_shift *shifts = arena_array(arena, text.len + 1, struct paper_shift);
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++) {
        const unsigned char byte = (unsigned char)text.at[i];
        doubt[i] = byte;
        if (byte % 3 == 0)
            shifts[count++] = (struct paper_shift){
                .at = i,
                .kind = byte & 8 ? PAPER_SHIFT_LINE : PAPER_SHIFT_GAP,
                .ems = byte == 0x60 ? NAN : (float)(byte % 16) / 64,
                .noise = byte == 0x63 ? INFINITY : (float)(byte / 16) / 128,
            };
    }
    return (struct paper_seen){text, doubt, shifts, count};
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_make();
    struct buf text = {.arena = arena};
    struct paper_place *places = arena_array(arena, size + 1, struct paper_place);
    struct paper_site *sites = arena_array(arena, size + 1, struct paper_site);
    uint32_t count = 0;
    size_t half = size / 2;
    struct str source = {(const char *)data, half};
    for (size_t pos = 0; pos < half;) {
        uint32_t code = utf8_next(source, &pos);
        if (code < sizeof alternatives / sizeof *alternatives) {
            struct str a = str_of(alternatives[code][0]);
            sites[count] = (struct paper_site){.number = count, .channel = code % PAPER_LAYOUT};
            if (code >= GAP) {
                sites[count].channel = PAPER_LAYOUT;
                sites[count].rule = code == LINE ? STR("layout:line") : STR("layout:gap");
            }
            places[count] =
                (struct paper_place){text.len, a.len, count, {a, str_of(alternatives[code][1])}};
            count++;
            buf_add(&text, a);
        } else {
            buf_add_code(&text, code);
        }
    }
    struct paper_doc doc = {.text = buf_str(&text)};
    struct paper_sites all = {sites, count, places, count};
    struct lattice *lattice = paper_lattice_make(arena, &doc, &all);
    struct buf exhibit = {.arena = arena};
    for (size_t pos = 0; pos < size - half;)
        buf_add_code(&exhibit,
                     utf8_next((struct str){(const char *)data + half, size - half}, &pos));
    const struct paper_seen seen = seen_of(arena, buf_str(&exhibit));
    const struct paper_seen whole = seen_of(arena, doc.text);
    struct reading reading;
    paper_read_marks(arena, lattice, &seen, &reading);
    paper_read_marks(arena, lattice, &whole, &reading);
    if (reading.coverage < 0 || reading.coverage > 1 || reading.explained > 1)
        abort();
    arena_free(arena);
    return 0;
}
