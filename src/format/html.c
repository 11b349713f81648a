/* A saved web page as its words: what a person reads on it, a line for each block. For exhibits: a page is no paper.
 *
 * libxml2 reads any bytes as HTML without network; the tree is walked without recursion, however deep it is. */
#include <libxml/HTMLparser.h>
#include <string.h>
#include <strings.h>

#include "format/internal.h"

#define HTML_MAX ((size_t)16 * 1024 * 1024)

/* What nobody sees. */
static const char *const UNSEEN[] = {"head",     "script", "style", "noscript",
                                     "template", "svg",    "iframe"};
/* What stands within a line; everything else begins one. */
static const char *const INLINE[] = {
    "a",    "abbr",   "acronym", "b",      "bdi",  "bdo",  "big", "cite", "code",
    "data", "del",    "dfn",     "em",     "font", "i",    "ins", "kbd",  "label",
    "mark", "output", "q",       "ruby",   "rb",   "rp",   "s",   "samp", "small",
    "span", "strike", "strong",  "sub",    "sup",  "time", "tt",  "u",    "var",
    "wbr",  "img",    "input",   "button", "meta", "link"};

static bool is_one_of(const xmlNode *node, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcasecmp((const char *)node->name, names[i]) == 0)
            return true;
    return false;
}

static bool is_seen(const xmlNode *node)
{
    return node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE ||
           (node->type == XML_ELEMENT_NODE &&
            !is_one_of(node, UNSEEN, sizeof UNSEEN / sizeof *UNSEEN));
}

static void begin_line(struct buf *out)
{
    if (out->len && out->at[out->len - 1] != '\n')
        buf_add_byte(out, '\n');
}

/* White space as a browser shows it: one blank for any of it, and none where a line begins. */
static void add_words(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        bool blank = strchr(" \t\r\n\f", text.at[i]) && text.at[i];
        bool wanted = out->len && out->at[out->len - 1] != '\n' && out->at[out->len - 1] != ' ';
        if (!blank)
            buf_add_byte(out, text.at[i]);
        else if (wanted)
            buf_add_byte(out, ' ');
    }
}

static bool breaks_line(const xmlNode *node)
{
    return node->type == XML_ELEMENT_NODE &&
           !is_one_of(node, INLINE, sizeof INLINE / sizeof *INLINE);
}

static void enter(struct buf *out, const xmlNode *node)
{
    if (breaks_line(node))
        begin_line(out);
    else if (node->type != XML_ELEMENT_NODE && node->content)
        add_words(out, str_of((const char *)node->content));
}

/* The next node to look at after one and all in it. */
static const xmlNode *after(struct buf *out, const xmlNode *node)
{
    while (node && !node->next) {
        node = node->parent;
        if (node && breaks_line(node))
            begin_line(out);
    }
    return node ? node->next : NULL;
}

bool format_is_html(struct str text)
{
    static const char *const BEGINS[] = {"<!doctype html", "<html"};
    struct str kept = str_trim(text);
    for (size_t i = 0; i < sizeof BEGINS / sizeof *BEGINS; i++)
        if (kept.len > strlen(BEGINS[i]) && !strncasecmp(kept.at, BEGINS[i], strlen(BEGINS[i])))
            return true;
    return false;
}

enum status format_read_html_words(struct arena *arena, struct str name, struct str text,
                                   struct str *words, struct error *err)
{
    struct buf out = {.arena = arena};
    if (text.len > HTML_MAX)
        return error_set(err, STATUS_INPUT,
                         "%.*s is a web page of more than 16 MiB; give its text.",
                         "%.*s 为超过 16 MiB 的网页，请提供其文字。", STR_ARG(name));
    xmlDoc *doc = htmlReadMemory(text.at, (int)text.len, NULL, "UTF-8",
                                 HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
                                     HTML_PARSE_NONET | HTML_PARSE_COMPACT);
    const xmlNode *node = doc ? doc->children : NULL;
    while (node) {
        bool seen = is_seen(node);
        if (seen)
            enter(&out, node);
        node = seen && node->children ? node->children : after(&out, node);
    }
    xmlFreeDoc(doc);
    *words = str_trim(buf_str(&out));
    return words->len ? STATUS_OK
                      : error_set(err, STATUS_INPUT, "%.*s is a web page without words.",
                                  "%.*s 为没有文字的网页。", STR_ARG(name));
}
