/* JSON from a page's fields; see field.h. */
#include "server/field.h"

#include <inttypes.h>
#include <math.h>
#include <time.h>

#include "base/utf8.h"

void field_write_json_text(struct buf *out, struct str text)
{
    buf_add_byte(out, '"');
    for (size_t at = 0; at < text.len;) {
        uint32_t code = utf8_next(text, &at);
        if (code == '"' || code == '\\')
            buf_format(out, "\\%c", (char)code);
        else if (code == '\n')
            buf_add(out, STR("\\n"));
        else if (code < 0x20 || code == 0x2028 || code == 0x2029)
            buf_format(out, "\\u%04x", (unsigned)code);
        else
            buf_add_code(out, code);
    }
    buf_add_byte(out, '"');
}

void field_write_rfc3339(struct buf *out, int64_t time_ms)
{
    time_t seconds = (time_t)(time_ms / 1000);
    struct tm t;
    (void)gmtime_r(&seconds, &t);
    buf_format(out, "%04d-%02d-%02dT%02d:%02d:%02dZ", t.tm_year + 1900, t.tm_mon + 1, t.tm_mday,
               t.tm_hour, t.tm_min, t.tm_sec);
}

static void write_time(struct buf *out, int64_t time_ms)
{
    if (time_ms == 0) {
        buf_add(out, STR("null"));
        return;
    }
    buf_add_byte(out, '"');
    field_write_rfc3339(out, time_ms);
    buf_add_byte(out, '"');
}

static void write_list(struct buf *out, const struct field *f, const char *page)
{
    const char *items = *(const char *const *)(const void *)(page + f->at);
    size_t count = *(const size_t *)(const void *)(page + f->count_at);
    buf_add_byte(out, '[');
    for (size_t i = 0; i < count; i++) {
        if (i)
            buf_add_byte(out, ',');
        field_write_json(out, f->parts, items + i * f->size);
    }
    buf_add_byte(out, ']');
}

static void write_value(struct buf *out, const struct field *f, const char *page)
{
    const void *at = page + f->at;
    switch (f->kind) {
    case FIELD_TEXT:
    case FIELD_MARKUP:
    case FIELD_DATE:
        field_write_json_text(out, *(const struct str *)at);
        break;
    case FIELD_NUMBER:
        buf_format(out, "%" PRId64, *(const int64_t *)at);
        break;
    case FIELD_REAL:
        if (isfinite(*(const double *)at))
            buf_format(out, "%.10g", *(const double *)at);
        else
            buf_add(out, STR("null"));
        break;
    case FIELD_FLAG:
        buf_add(out, *(const bool *)at ? STR("true") : STR("false"));
        break;
    case FIELD_TIME:
    case FIELD_DAY:
        write_time(out, *(const int64_t *)at);
        break;
    case FIELD_PART:
        field_write_json(out, f->parts, at);
        break;
    case FIELD_LIST:
        write_list(out, f, page);
        break;
    case FIELD_END:
        break;
    }
}

void field_write_json(struct buf *out, const struct field *fields, const void *page)
{
    bool first = true;
    buf_add_byte(out, '{');
    for (const struct field *f = fields; f->kind != FIELD_END; f++) {
        if (f->hidden)
            continue;
        buf_format(out, "%s\"%s\":", first ? "" : ",", f->name);
        write_value(out, f, page);
        first = false;
    }
    buf_add_byte(out, '}');
}
