/* A document composed by the program; see case_leaf.h. */
#include "library/case_leaf.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>
#include <time.h>

#include "base/unicode.h"
#include "base/utf8.h"

void leaf_begin(struct leaf *c, enum paper_block_kind kind, unsigned level)
{
    if (c->text.len)
        buf_add_byte(&c->text, '\n');
    c->open = (struct paper_block){.kind = kind, .level = level, .at = c->text.len};
}

void leaf_begin_pictured(struct leaf *c, const struct format_glance *glance, struct str words)
{
    const struct pdf_picture picture = {c->blocks.len / sizeof c->open, glance->width,
                                        glance->height, glance->grey, words};
    buf_add(&c->pictures, (struct str){(const char *)&picture, sizeof picture});
    leaf_begin(c, PAPER_PARAGRAPH, 0);
}

void leaf_end(struct leaf *c)
{
    c->open.len = c->text.len - c->open.at;
    buf_add(&c->blocks, (struct str){(const char *)&c->open, sizeof c->open});
}

void leaf_cell(struct leaf *c)
{
    buf_add_byte(&c->text, '\t');
}

void leaf_say(struct leaf *c, const char *en, const char *zh, ...)
{
    va_list values;
    va_start(values, zh);
    buf_vformat(&c->text, c->lang == LANG_ZH ? zh : en, values);
    va_end(values);
}

void leaf_put(struct leaf *c, struct str text)
{
    for (size_t at = 0; at < text.len;) {
        size_t from = at;
        uint32_t code = utf8_next(text, &at);
        if (code == '\n' || code == '\t' || code == '\r')
            buf_add_byte(&c->text, ' ');
        else if (code < ' ' || (code >= 0x7F && code < 0xA0) || unicode_is_invisible(code))
            buf_format(&c->text, "‹U+%04" PRIX32 "›", code);
        else if (code == 0xFFFD)
            buf_add_code(&c->text, code);
        else
            buf_add(&c->text, str_slice(text, from, at - from));
    }
}

void leaf_strong(struct leaf *c, struct str text)
{
    struct paper_run run = {.kind = PAPER_STRONG, .at = c->text.len};
    leaf_put(c, text);
    run.len = c->text.len - run.at;
    if (run.len)
        buf_add(&c->runs, (struct str){(const char *)&run, sizeof run});
}

void leaf_digest(struct leaf *c, const struct digest *digest)
{
    char hex[DIGEST_HEX + 1];
    digest_to_hex(digest, hex);
    for (unsigned i = 0; i < DIGEST_HEX; i += 8)
        buf_format(&c->text, i ? " %.8s" : "%.8s", hex + i);
}

void leaf_time(struct leaf *c, int64_t time_ms)
{
    char text[40];
    struct tm parts;
    time_t seconds = (time_t)(time_ms / 1000);
    if (gmtime_r(&seconds, &parts) && strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S UTC", &parts))
        buf_add(&c->text, str_of(text));
}

void leaf_chance(struct leaf *c, double log10_p)
{
    static const char *const DIGITS[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
    char power[16];
    double whole = floor(log10_p);
    (void)snprintf(power, sizeof power, "%.0f", fmin(fabs(whole), 99999));
    buf_format(&c->text, "%.1f × 10", pow(10, log10_p - whole));
    if (whole < 0)
        buf_add(&c->text, STR("⁻"));
    for (const char *p = power; *p; p++)
        buf_add(&c->text, str_of(DIGITS[*p - '0']));
}

void leaf_heading(struct leaf *c, unsigned level, const char *en, const char *zh)
{
    leaf_begin(c, PAPER_HEADING, level);
    buf_add(&c->text, str_of(lang_pick(c->lang, en, zh)));
    if (c->both)
        buf_format(&c->text, " · %s", lang_pick(c->lang, zh, en));
    leaf_end(c);
}

void leaf_paragraph(struct leaf *c, const char *en, const char *zh)
{
    for (int i = 0; i <= c->both; i++) {
        leaf_begin(c, PAPER_PARAGRAPH, 0);
        buf_add(&c->text, str_of(i ? lang_pick(c->lang, zh, en) : lang_pick(c->lang, en, zh)));
        leaf_end(c);
    }
}

void leaf_names(struct leaf *c, const char *en, const char *zh)
{
    struct str rest = str_of(lang_pick(c->lang, en, zh));
    struct str others = str_of(lang_pick(c->lang, zh, en));
    struct str name;
    struct str other;
    for (bool first = true; str_split(&rest, '|', &name); first = false) {
        if (!first)
            leaf_cell(c);
        leaf_put(c, name);
        if (c->both && str_split(&others, '|', &other)) {
            buf_add(&c->text, STR(" "));
            leaf_put(c, other);
        }
    }
}

void leaf_head(struct leaf *c, const char *en, const char *zh)
{
    leaf_begin(c, PAPER_ROW, 1);
    leaf_names(c, en, zh);
    leaf_end(c);
}

struct paper_doc leaf_doc(struct leaf *c, struct str title)
{
    return (struct paper_doc){
        .lang = c->lang,
        .title = title,
        .text = buf_str(&c->text),
        .blocks = (struct paper_block *)(void *)c->blocks.at,
        .nblocks = c->blocks.len / sizeof(struct paper_block),
        .runs = (struct paper_run *)(void *)c->runs.at,
        .nruns = c->runs.len / sizeof(struct paper_run),
    };
}
