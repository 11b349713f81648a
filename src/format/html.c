/* A saved web page as its words: what a person reads on it, a line for each block. For exhibits: a page is no paper.
 *
 * libxml2 reads any bytes as HTML without network and tells of elements as they begin and end: no tree is built, which
 * would take thirty times the page's room. */
#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "format/internal.h"

#define HTML_MAX ((size_t)16 * 1024 * 1024)

/* What nobody sees. Sorted, as libxml2 has names: in small letters. */
static const char *const UNSEEN[] = {"head",  "iframe", "noscript", "script",
                                     "style", "svg",    "template"};
/* What stands within a line; everything else begins one. Sorted too. */
static const char *const INLINE[] = {
    "a",    "abbr", "acronym", "b",    "bdi",   "bdo",  "big",    "button", "cite",
    "code", "data", "del",     "dfn",  "em",    "font", "i",      "img",    "input",
    "ins",  "kbd",  "label",   "link", "mark",  "meta", "output", "q",      "rb",
    "rp",   "ruby", "s",       "samp", "small", "span", "strike", "strong", "sub",
    "sup",  "time", "tt",      "u",    "var",   "wbr"};

/* A page while it is read. */
struct page {
    struct buf words;
    unsigned unseen; /* elements that are open, from one on that nobody sees */
};

static int by_name(const void *element, const void *name)
{
    return strcmp(element, *(const char *const *)name);
}

static bool is_one_of(const xmlChar *element, const char *const *names, size_t count)
{
    return bsearch(element, names, count, sizeof *names, by_name) != NULL;
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

static bool breaks_line(const xmlChar *element)
{
    return !is_one_of(element, INLINE, sizeof INLINE / sizeof *INLINE);
}

static void on_begin(void *context, const xmlChar *element, const xmlChar **attributes)
{
    struct page *page = context;
    (void)attributes;
    if (page->unseen || is_one_of(element, UNSEEN, sizeof UNSEEN / sizeof *UNSEEN))
        page->unseen++;
    else if (breaks_line(element))
        begin_line(&page->words);
}

static void on_end(void *context, const xmlChar *element)
{
    struct page *page = context;
    if (page->unseen)
        page->unseen--;
    else if (breaks_line(element))
        begin_line(&page->words);
}

static void on_text(void *context, const xmlChar *text, int len)
{
    struct page *page = context;
    if (!page->unseen)
        add_words(&page->words, (struct str){(const char *)text, (size_t)len});
}

static void read_page(struct str text, struct page *page)
{
    htmlParserCtxt *parser = htmlCreateMemoryParserCtxt(text.at, (int)text.len);
    if (!parser)
        return;
    *parser->sax = (htmlSAXHandler){
        .startElement = on_begin,
        .endElement = on_end,
        .characters = on_text,
        .ignorableWhitespace = on_text,
        .cdataBlock = on_text,
    };
    parser->userData = page;
    /* Over what the page says of itself: the text was decoded. */
    (void)htmlCtxtUseOptions(parser, HTML_PARSE_RECOVER | HTML_PARSE_NOERROR |
                                         HTML_PARSE_NOWARNING | HTML_PARSE_NONET);
    (void)xmlSwitchEncoding(parser, XML_CHAR_ENCODING_UTF8);
    (void)htmlParseDocument(parser);
    xmlFreeDoc(parser->myDoc);
    htmlFreeParserCtxt(parser);
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
    struct page page = {.words = {.arena = arena}};
    if (text.len > HTML_MAX)
        return error_set(err, STATUS_INPUT,
                         "%.*s is a web page of more than 16 MiB; give its text.",
                         "%.*s 为超过 16 MiB 的网页，请提供其文字。", STR_ARG(name));
    if (text.len)
        read_page(text, &page);
    *words = str_trim(buf_str(&page.words));
    return words->len ? STATUS_OK
                      : error_set(err, STATUS_INPUT, "%.*s is a web page without words.",
                                  "%.*s 为没有文字的网页。", STR_ARG(name));
}
