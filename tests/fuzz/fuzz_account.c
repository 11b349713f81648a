/* What people type where secrets are asked: passwords to judge, keys and codes of the second factor. */
#include <stdint.h>
#include <stdlib.h>

#include "library/password.h"
#include "library/second_factor.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_make();
    struct str text = {(const char *)data, size};
    struct str first = str_slice(text, 0, size / 2);
    struct str second = str_slice(text, size / 2, size);
    struct second_factor factor = {{0}};
    struct error err;
    const struct str personal[] = {first, second};
    if (password_judge(arena, text, personal, 2, &err) == STATUS_OK && size < PASSWORD_LEAST)
        abort();
    if (second_factor_parse(text, &factor) && size < 32)
        abort();
    int64_t step = second_factor_match(&factor, second, 59000, 0);
    if (step < 0 || step > 2)
        abort();
    (void)second_factor_uri(arena, &factor, first, second);
    arena_free(arena);
    return 0;
}
