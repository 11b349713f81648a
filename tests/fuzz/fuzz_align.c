/* Any exhibit against an edition made of the same bytes: the first part is the edition's text, the
 * rest the exhibit; what a byte below 9 stands before becomes a place. */
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
};

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
            sites[count] = (struct paper_site){.number = count, .channel = code % PAPER_CHANNELS};
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
    const struct paper_seen seen = paper_seen_text(buf_str(&exhibit));
    const struct paper_seen whole = paper_seen_text(doc.text);
    struct reading reading;
    paper_read_marks(arena, lattice, &seen, &reading);
    paper_read_marks(arena, lattice, &whole, &reading);
    if (reading.coverage < 0 || reading.coverage > 1 || reading.explained > 1)
        abort();
    arena_free(arena);
    return 0;
}
