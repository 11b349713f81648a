/* What written texts share; see prose.h. */
#include "ledger/prose.h"

#include <stdarg.h>

#include "base/calendar.h"

void prose_say(struct prose *prose, const char *en, const char *zh, ...)
{
    va_list values;
    va_start(values, zh);
    if (prose->lang ==
        LANG_ZH) /* each by itself, so that compilers see that it is a checked format */
        buf_vformat(&prose->out, zh, values);
    else
        buf_vformat(&prose->out, en, values);
    va_end(values);
}

struct str prose_plain(struct prose *prose, struct str text)
{
    struct buf out = {.arena = prose->out.arena};
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c == '\\' || c == '`' || c == '*' || c == '_' || c == '[' || c == ']' || c == '<' ||
            c == '|' || c == '#' || c == '~')
            buf_add(&out, STR("\\"));
        buf_add(&out, (struct str){&c, 1});
    }
    return buf_str(&out);
}

struct str prose_date(struct prose *prose, int64_t day)
{
    struct buf out = {.arena = prose->out.arena};
    calendar_write_date(&out, day, prose->lang);
    return buf_str(&out);
}
