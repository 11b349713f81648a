/* Any bytes as a case file: checked or refused. A file whose seal reads is checked to its end: digests and signature fail, and
 * what comes behind them is looked at all the same. */
#include <stdint.h>

#include "library/case_verify.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct case_verified v;
    struct arena *arena = arena_make();
    case_verify(arena, (struct str){(const char *)data, size}, NULL, &v);
    arena_free(arena);
    return 0;
}
