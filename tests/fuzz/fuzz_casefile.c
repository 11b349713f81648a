/* Any bytes as a case file, and as the facts of one: checked or refused. What follows a signature that fails is looked at all
 * the same, so that a seal around the facts, which says nothing true of them, leads to every check. */
#include <stdint.h>

#include "library/case_verify.h"

#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Facts, and one exhibit of three bytes, under a seal. */
static struct str wrap(struct arena *arena, struct str facts)
{
    struct buf out = {.arena = arena};
    size_t end = CASE_SEAL_AT + CASE_SEAL_SIZE;
    size_t all = end + 1 + facts.len + 3;
    buf_add(&out, STR(CASE_SEAL_HEAD));
    buf_format(&out, "chancery-case 1 size %zu key " ZEROS " pages " ZEROS, all);
    buf_format(&out, " facts %zu+%zu " ZEROS " files %zu+3", end + 1, facts.len,
               end + 1 + facts.len);
    while (out.len < end - 128 - sizeof " signature " + 1)
        buf_add_byte(&out, ' ');
    buf_add(&out, STR(" signature " ZEROS ZEROS "\n"));
    buf_add(&out, facts);
    buf_add(&out, STR("abc"));
    return buf_str(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct case_verified v;
    struct arena *arena = arena_make();
    struct str bytes = {(const char *)data, size};
    case_verify(arena, bytes, NULL, &v);
    case_verify(arena, wrap(arena, bytes), NULL, &v);
    arena_free(arena);
    return 0;
}
