/* Any bytes as what chancery-reader answers: it may be the words of whoever took it over. */
#include <stdint.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "format/see.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever is taken fits its text, so that nobody reads past it. */
static void check(const struct paper_seen *seen)
{
    size_t sum = 0;
    for (size_t i = 0; seen->doubt && i < seen->text.len; i++)
        sum += seen->doubt[i];
    for (size_t i = 0; i < seen->nshifts; i++)
        if (seen->shifts[i].at > seen->text.len || !(seen->shifts[i].noise > 0) ||
            (i && seen->shifts[i].at < seen->shifts[i - 1].at))
            abort();
    if (utf8_first_bad(seen->text) != SIZE_MAX || sum > 255 * seen->text.len)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_make();
    struct str bytes = {(const char *)data, size};
    struct see_answer answer;
    size_t from = 0;
    unsigned done = 0;
    unsigned all = 0;
    (void)see_follow_answer(bytes, &from, &done, &all);
    if (from > size)
        abort();
    if (see_read_answer(arena, bytes, &answer))
        check(&answer.seen.seen);
    arena_free(arena);
    return 0;
}
