/* Posts as HTML; see talk_text.h. */
#include "server/talk_text.h"

#include <string.h>

#include "server/template.h"

#define QUOTES_DEEP 4

struct writing_text {
    struct buf *out;
    struct str text, site;
    const struct str *names;
    size_t nnames;
};

static bool is_letter(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_address(char c)
{
    return is_letter(c) || (c && strchr("-._~/?=&#%", c));
}

/* Bytes of an address at `at`, without the full stop or question mark of the sentence around it. */
static size_t address_len(struct str text, size_t at)
{
    size_t end = at;
    while (end < text.len && is_address(text.at[end]))
        end++;
    while (end > at && strchr(".?&", text.at[end - 1]))
        end--;
    return end - at;
}

static void write_link(struct buf *out, struct str path, struct str words)
{
    buf_add(out, STR("<a href=\""));
    template_escape(out, path);
    buf_add(out, STR("\">"));
    template_escape(out, words);
    buf_add(out, STR("</a>"));
}

/* A page of this portal, named whole or by its path. Gives the bytes taken, 0 when there is none here. */
static size_t take_link(const struct writing_text *w, size_t at)
{
    static const char *const PLACES[] = {"/papers/", "/groups/"};
    if (at && is_address(w->text.at[at - 1]))
        return 0;
    struct str rest = str_slice(w->text, at, w->text.len);
    bool whole = w->site.len && str_starts(rest, w->site);
    size_t from = at + (whole ? w->site.len : 0);
    struct str path = str_slice(w->text, from, address_len(w->text, from));
    for (size_t i = 0; i < sizeof PLACES / sizeof *PLACES; i++) {
        if (!str_starts(path, str_of(PLACES[i])) || path.len == strlen(PLACES[i]))
            continue;
        struct str words = str_slice(w->text, at, from - at + path.len);
        write_link(w->out, path, words);
        return words.len;
    }
    return 0;
}

/* "@name" of somebody mentioned, the longest that fits. */
static size_t take_mention(const struct writing_text *w, size_t at)
{
    size_t longest = 0;
    if (w->text.at[at] != '@' || (at && is_letter(w->text.at[at - 1])))
        return 0;
    struct str rest = str_slice(w->text, at + 1, w->text.len);
    for (size_t i = 0; i < w->nnames; i++)
        if (w->names[i].len > longest && str_starts(rest, w->names[i]))
            longest = w->names[i].len;
    if (!longest)
        return 0;
    buf_add(w->out, STR("<strong>"));
    template_escape(w->out, str_slice(w->text, at, longest + 1));
    buf_add(w->out, STR("</strong>"));
    return longest + 1;
}

/* Line ends: one breaks the line, more begin a paragraph. */
static size_t take_lines(const struct writing_text *w, size_t at)
{
    size_t end = at;
    size_t lines = 0;
    for (; end < w->text.len && (w->text.at[end] == '\n' || w->text.at[end] == '\r'); end++)
        lines += w->text.at[end] == '\n';
    if (lines)
        buf_add(w->out, lines > 1 ? STR("</p>\n<p>") : STR("<br>\n"));
    return end - at;
}

static void write_paragraphs(struct writing_text *w, struct str text)
{
    w->text = text;
    buf_add(w->out, STR("<p>"));
    for (size_t at = 0; at < w->text.len;) {
        size_t taken = take_lines(w, at);
        if (!taken)
            taken = take_link(w, at);
        if (!taken)
            taken = take_mention(w, at);
        if (!taken)
            template_escape(w->out, str_slice(w->text, at, taken = 1));
        at += taken;
    }
    buf_add(w->out, STR("</p>\n"));
}

/* The lines from `at` on that are all quoted, or all not; gives their end. */
static size_t part_end(struct str text, size_t at)
{
    bool quoted = text.at[at] == '>';
    while (at < text.len && (text.at[at] == '>') == quoted) {
        size_t line = str_find(text, STR("\n"), at);
        at = line == SIZE_MAX ? text.len : line + 1;
    }
    return at;
}

/* Quoted lines without their marks. */
static struct str unquoted(struct arena *arena, struct str text)
{
    struct buf out = {.arena = arena};
    struct str line;
    while (str_split(&text, '\n', &line)) {
        bool space = line.len > 1 && line.at[1] == ' ';
        buf_add(&out, str_slice(line, space ? 2 : 1, line.len));
        buf_add_byte(&out, '\n');
    }
    return buf_str(&out);
}

static struct str without_ends(struct str text)
{
    while (text.len && strchr("\r\n", text.at[0]))
        text = str_slice(text, 1, text.len);
    while (text.len && strchr("\r\n", text.at[text.len - 1]))
        text.len--;
    return text;
}

static void write_parts(struct writing_text *w, struct str text, int depth)
{
    for (size_t at = 0, end; at < text.len; at = end) {
        end = part_end(text, at);
        struct str part = str_slice(text, at, end - at);
        if (part.at[0] == '>' && depth < QUOTES_DEEP) {
            buf_add(w->out, STR("<blockquote>\n"));
            write_parts(w, without_ends(unquoted(w->out->arena, part)), depth + 1);
            buf_add(w->out, STR("</blockquote>\n"));
        } else if (without_ends(part).len) {
            write_paragraphs(w, without_ends(part));
        }
    }
}

void talk_write_text(struct buf *out, struct str text, struct str site, const struct str *names,
                     size_t nnames)
{
    struct writing_text w = {out, text, site, names, nnames};
    write_parts(&w, text, 0);
}
