/* Fills errors; see error.h. */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Cuts an over-long message at a whole UTF-8 character and marks the cut. */
static void end_cleanly(char *text, int wanted)
{
    static const char cut[] = "\xE2\x80\xA6";
    if (wanted < ERROR_TEXT_MAX)
        return;
    size_t end = ERROR_TEXT_MAX - sizeof cut;
    while (end > 0 && ((unsigned char)text[end] & 0xC0) == 0x80)
        end--;
    memcpy(text + end, cut, sizeof cut);
}

enum status error_set(struct error *err, enum status status, const char *en, const char *zh, ...)
{
    if (!err)
        return status;
    err->status = status;
    va_list args;
    va_list again;
    va_start(args, zh);
    va_copy(again, args);
    end_cleanly(err->en, vsnprintf(err->en, sizeof err->en, en, args));
    end_cleanly(err->zh, vsnprintf(err->zh, sizeof err->zh, zh, again));
    va_end(again);
    va_end(args);
    return status;
}
