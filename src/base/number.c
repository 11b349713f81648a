/* Whole numbers as people read them; see number.h. */
#include "base/number.h"

#include <inttypes.h>
#include <stdio.h>

void number_write(struct buf *out, int64_t number)
{
    char digits[24];
    int len = snprintf(digits, sizeof digits, "%" PRId64, number);
    for (int i = 0; i < len; i++) {
        bool group = i > 0 && digits[i - 1] != '-' && (len - i) % 3 == 0;
        if (group)
            buf_add_byte(out, ',');
        buf_add_byte(out, digits[i]);
    }
}

struct str number_words(struct arena *arena, int64_t number)
{
    struct buf out = {.arena = arena};
    number_write(&out, number);
    return buf_str(&out);
}
