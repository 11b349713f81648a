/* Tags of Word documents as bytes; see docx_tag.h. */
#include "format/docx_tag.h"

#include <string.h>

/* --- tags ------------------------------------------------------------------------------------------ */

bool docx_read_tag(struct str in, size_t at, struct docx_tag *tag)
{
    size_t end = at + 1;
    char quote = 0;
    for (; end < in.len && (quote || in.at[end] != '>'); end++) {
        char c = in.at[end];
        if (quote && c == quote)
            quote = 0;
        else if (!quote && (c == '"' || c == '\''))
            quote = c;
    }
    if (end >= in.len)
        return false;
    tag->whole = str_slice(in, at, end + 1 - at);
    tag->ends = in.at[at + 1] == '/';
    tag->empty = !tag->ends && in.at[end - 1] == '/';
    size_t from = at + 1 + tag->ends;
    size_t to = from;
    while (to < end && !strchr(" \t\r\n/>", in.at[to])) {
        to++;
        if (in.at[to - 1] == ':')
            from = to;
    }
    tag->name = str_slice(in, from, to - from);
    return true;
}

bool docx_next_attribute(struct str tag, size_t *at, struct str *whole, struct str *name,
                         struct str *value)
{
    size_t begin = *at;
    size_t from = begin;
    while (from < tag.len && strchr(" \t\r\n", tag.at[from]))
        from++;
    size_t to = from;
    while (to < tag.len && !strchr(" \t\r\n=/>", tag.at[to]))
        to++;
    size_t open = to;
    while (open < tag.len && tag.at[open] != '"' && tag.at[open] != '\'' && tag.at[open] != '>')
        open++;
    if (to == from || open >= tag.len || tag.at[open] == '>')
        return false;
    size_t close = open + 1;
    while (close < tag.len && tag.at[close] != tag.at[open])
        close++;
    *name = str_slice(tag, from, to - from);
    *value = str_slice(tag, open + 1, close - open - 1);
    *at = close + 1;
    *whole = str_slice(tag, begin, *at - begin);
    return true;
}

bool docx_is_one_of(struct str name, const char *const *names)
{
    for (; *names; names++)
        if (str_equal(name, str_of(*names)))
            return true;
    return false;
}

struct str docx_last_after(struct str text, char separator)
{
    size_t from = text.len;
    while (from && text.at[from - 1] != separator)
        from--;
    return str_slice(text, from, text.len - from);
}

size_t docx_attributes_from(struct str tag)
{
    size_t at = 1;
    while (at < tag.len && !strchr(" \t\r\n/>", tag.at[at]))
        at++;
    return at;
}

size_t docx_element_end(struct str in, size_t at)
{
    unsigned depth = 0;
    struct docx_tag tag;
    while (at < in.len) {
        if (in.at[at] != '<') {
            at++;
            continue;
        }
        if (!docx_read_tag(in, at, &tag))
            return in.len;
        at += tag.whole.len;
        if (tag.whole.at[1] == '!' || tag.whole.at[1] == '?')
            continue;
        depth += !tag.ends && !tag.empty;
        depth -= tag.ends && depth;
        if (!depth)
            return at;
    }
    return in.len;
}

/* A tag's name stands behind its prefix. */
bool docx_is_word(struct str name, const char *word)
{
    return str_equal(name, str_of(word)) && name.at[-1] == ':' && name.at[-2] == 'w' &&
           (name.at[-3] == '<' || name.at[-3] == '/');
}

/* --- space in properties ---------------------------------------------------------------------------- */

/* Children that stand before w:spacing (ECMA-376 part 1, 17.3.2.28 and 17.3.1.26). */
static const char *const OF_RUN[] = {"rStyle",     "rFonts", "b",         "bCs",     "i",
                                     "iCs",        "caps",   "smallCaps", "strike",  "dstrike",
                                     "outline",    "shadow", "emboss",    "imprint", "noProof",
                                     "snapToGrid", "vanish", "webHidden", "color",   NULL};
static const char *const OF_PARAGRAPH[] = {"pStyle",        "keepNext",
                                           "keepLines",     "pageBreakBefore",
                                           "framePr",       "widowControl",
                                           "numPr",         "suppressLineNumbers",
                                           "pBdr",          "shd",
                                           "tabs",          "suppressAutoHyphens",
                                           "kinsoku",       "wordWrap",
                                           "overflowPunct", "topLinePunct",
                                           "autoSpaceDE",   "autoSpaceDN",
                                           "bidi",          "adjustRightInd",
                                           "snapToGrid",    NULL};

static bool stands_before(struct str name, const char *const *names)
{
    for (; *names; names++)
        if (docx_is_word(name, *names))
            return true;
    return false;
}

/* w:spacing's tag with the attributes of `said`, ` w:val="3"` or more of them, said anew, the others kept. */
static struct str spacing_tag(struct arena *arena, struct str old, struct str said)
{
    struct buf out = {.arena = arena};
    struct str whole;
    struct str name;
    struct str value;
    size_t at = docx_attributes_from(old);
    buf_format(&out, "<w:spacing%.*s", STR_ARG(said));
    while (docx_next_attribute(old, &at, &whole, &name, &value))
        if (str_find(said, str_format(arena, " %.*s=", STR_ARG(name)), 0) == SIZE_MAX)
            buf_add(&out, whole);
    buf_add(&out, str_slice(old, at, old.len));
    return buf_str(&out);
}

static struct docx_change change(struct arena *arena, struct str properties, const char *kind,
                                 const char *const *names, struct str said)
{
    struct docx_tag tag;
    struct str spacing = spacing_tag(arena, STR("<w:spacing/>"), said);
    if (!properties.len || !docx_read_tag(properties, 0, &tag) || tag.empty)
        return (struct docx_change){
            0, properties.len,
            str_format(arena, "<w:%s>%.*s</w:%s>", kind, STR_ARG(spacing), kind)};
    size_t at = tag.whole.len;
    while ((at = str_find(properties, STR("<"), at)) != SIZE_MAX &&
           docx_read_tag(properties, at, &tag) && !tag.ends && stands_before(tag.name, names))
        at = docx_element_end(properties, at);
    if (!tag.ends && docx_is_word(tag.name, "spacing"))
        return (struct docx_change){at, tag.whole.len, spacing_tag(arena, tag.whole, said)};
    return (struct docx_change){at, 0, spacing};
}

struct docx_change docx_space_letters(struct arena *arena, struct str properties, int space)
{
    return change(arena, properties, "rPr", OF_RUN, str_format(arena, " w:val=\"%d\"", space));
}

struct docx_change docx_space_above(struct arena *arena, struct str properties, int space)
{
    return change(arena, properties, "pPr", OF_PARAGRAPH,
                  str_format(arena, " w:before=\"%d\" w:beforeLines=\"0\"", space));
}
