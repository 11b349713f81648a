/* A saved web page as its words: what a person reads on it, a line for each block. For exhibits: a page is no paper.
 *
 * No tree is built and no element is waited for: a tag begins a line or does not, and what nobody sees ends at its own
 * end tag, as in browsers (HTML Standard, 13.2.5). Takes O(length) time, whatever the page nests or leaves open. */
#include <libxml/HTMLparser.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "format/internal.h"

#define HTML_MAX    ((size_t)16 * 1024 * 1024)
#define NAME_MOST   15U /* letters of a tag's name that are looked at */
#define ENTITY_MOST 32U

/* What nobody sees, to its end tag: no tags stand in it. Sorted. */
static const char *const RAW[] = {"iframe", "noembed", "noframes", "noscript",
                                  "script", "style",   "title"};
/* The same, with tags in it and perhaps more of the same. Sorted. */
static const char *const UNSEEN[] = {"svg", "template"};
/* What stands within a line; everything else begins one. Sorted too. */
static const char *const INLINE[] = {
    "a",    "abbr", "acronym", "b",    "bdi",   "bdo",  "big",    "button", "cite",
    "code", "data", "del",     "dfn",  "em",    "font", "i",      "img",    "input",
    "ins",  "kbd",  "label",   "link", "mark",  "meta", "output", "q",      "rb",
    "rp",   "ruby", "s",       "samp", "small", "span", "strike", "strong", "sub",
    "sup",  "time", "tt",      "u",    "var",   "wbr"};

/* A page while it is read. */
struct page {
    struct str html;
    size_t at;
    struct buf words;
    char unseen[NAME_MOST + 1]; /* the element within which nothing is seen; "": none … */
    size_t depth;               /* … and how many of its name are open */
};
struct tag {
    char name[NAME_MOST + 1]; /* in small letters */
    bool end;                 /* an end tag */
    bool closed;              /* by itself: <br/> */
};

static int by_name(const void *name, const void *entry)
{
    return strcmp(name, *(const char *const *)entry);
}

#define IS_ONE_OF(name, list) \
    (bsearch(name, list, sizeof(list) / sizeof *(list), sizeof *(list), by_name) != NULL)

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* --- words ---------------------------------------------------------------------------------------- */

static void begin_line(struct buf *out)
{
    if (out->len && out->at[out->len - 1] != '\n')
        buf_add_byte(out, '\n');
}

/* White space as a browser shows it: one blank for any of it, and none where a line begins. */
static void add_letter(struct buf *out, char c)
{
    bool wanted = out->len && out->at[out->len - 1] != '\n' && out->at[out->len - 1] != ' ';
    if (!is_blank(c))
        buf_add_byte(out, c);
    else if (wanted)
        buf_add_byte(out, ' ');
}

/* The number of &#8220; or &#x201C;, whose digits begin at *at, which moves behind them. */
static uint32_t read_number(struct str text, size_t *at)
{
    uint32_t base = 10;
    uint32_t code = 0;
    if (*at < text.len && (text.at[*at] == 'x' || text.at[*at] == 'X')) {
        base = 16;
        (*at)++;
    }
    for (; *at < text.len; (*at)++) {
        int digit = str_hex_digit(text.at[*at]);
        if (digit < 0 || (uint32_t)digit >= base)
            break;
        code = code > 0x10FFFF ? code : code * base + (uint32_t)digit;
    }
    return code && code <= 0x10FFFF ? code : 0xFFFD;
}

/* The name of &ldquo; that begins at *at, which moves behind it; 0 where it is none. */
static uint32_t read_entity(struct str text, size_t *at)
{
    char name[ENTITY_MOST + 1];
    size_t len = 0;
    while (*at + len < text.len && len < ENTITY_MOST &&
           (is_letter(text.at[*at + len]) || is_digit(text.at[*at + len]))) {
        name[len] = text.at[*at + len];
        len++;
    }
    name[len] = 0;
    const htmlEntityDesc *entity = len ? htmlEntityLookup((const xmlChar *)name) : NULL;
    *at += entity ? len : 0;
    return entity ? entity->value : 0;
}

/* What stands for a character at an ampersand; gives where it ends. */
static size_t add_reference(struct buf *out, struct str text, size_t at)
{
    bool number = at + 2 < text.len && text.at[at + 1] == '#' &&
                  (is_digit(text.at[at + 2]) || text.at[at + 2] == 'x' || text.at[at + 2] == 'X');
    size_t end = at + (number ? 2 : 1);
    uint32_t code = number ? read_number(text, &end) : read_entity(text, &end);
    if (!code) {
        buf_add_byte(out, '&');
        return at + 1;
    }
    if (code < 0x80)
        add_letter(out, (char)code);
    else
        buf_add_code(out, code);
    return end < text.len && text.at[end] == ';' ? end + 1 : end;
}

static void read_words(struct page *page, size_t end)
{
    struct str text = str_slice(page->html, 0, end);
    while (page->at < end && !page->depth) {
        char c = text.at[page->at];
        if (c == '&') {
            page->at = add_reference(&page->words, text, page->at);
        } else {
            add_letter(&page->words, c);
            page->at++;
        }
    }
    page->at = end;
}

/* --- tags ----------------------------------------------------------------------------------------- */

/* Where the next `c` stands from `at` on, the page's end where there is none. */
static size_t find_byte(struct str html, size_t at, char c)
{
    const char *found = at < html.len ? memchr(html.at + at, c, html.len - at) : NULL;
    return found ? (size_t)(found - html.at) : html.len;
}

/* Behind the next `c`. */
static size_t pass_byte(struct str html, size_t at, char c)
{
    size_t found = find_byte(html, at, c);
    return found < html.len ? found + 1 : html.len;
}

static size_t pass_comment(struct str html, size_t at)
{
    size_t end = str_find(html, STR("-->"), at + strlen("<!"));
    return end == SIZE_MAX ? html.len : end + strlen("-->");
}

/* Reads a tag's name at `at`; gives where it ends. */
static size_t read_name(struct str html, size_t at, struct tag *tag)
{
    size_t len = 0;
    for (; at < html.len && !is_blank(html.at[at]) && html.at[at] != '/' && html.at[at] != '>';
         at++) {
        char c = html.at[at];
        if (len < NAME_MOST)
            tag->name[len++] = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    }
    tag->name[len] = 0;
    return at;
}

/* Passes attributes and the tag's end. A value in quotes may hold what would end the tag. */
static size_t pass_attributes(struct str html, size_t at, struct tag *tag)
{
    char before = 0;
    for (; at < html.len && html.at[at] != '>'; at++) {
        char c = html.at[at];
        if ((c == '"' || c == '\'') && before == '=')
            at = find_byte(html, at + 1, c);
        before = is_blank(c) ? before : c;
    }
    tag->closed = before == '/';
    return at < html.len ? at + 1 : html.len;
}

/* Behind the end tag of an element without tags in it. */
static size_t pass_raw(struct str html, size_t at, const char *name)
{
    size_t len = strlen(name);
    for (at = find_byte(html, at, '<'); at < html.len; at = find_byte(html, at + 1, '<')) {
        struct str here = str_slice(html, at + 2, len + 1);
        if (here.len <= len || html.at[at + 1] != '/' || strncasecmp(here.at, name, len) != 0)
            continue;
        if (is_blank(here.at[len]) || here.at[len] == '/' || here.at[len] == '>')
            return pass_byte(html, at, '>');
    }
    return html.len;
}

static void take_unseen(struct page *page, const struct tag *tag)
{
    if (!page->depth)
        memcpy(page->unseen, tag->name, sizeof tag->name);
    if (strcmp(page->unseen, tag->name) != 0 || (tag->closed && !tag->end))
        return;
    if (!tag->end)
        page->depth++;
    else if (page->depth)
        page->depth--;
}

static void take_tag(struct page *page, const struct tag *tag)
{
    if (IS_ONE_OF(tag->name, UNSEEN)) {
        take_unseen(page, tag);
    } else if (IS_ONE_OF(tag->name, RAW)) {
        if (!tag->end && !tag->closed)
            page->at = pass_raw(page->html, page->at, tag->name);
    } else if (!page->depth && !IS_ONE_OF(tag->name, INLINE)) {
        begin_line(&page->words);
    }
}

/* What begins with '<': a tag, a comment, something that browsers take for one, or the sign itself. */
static void read_markup(struct page *page)
{
    struct str html = page->html;
    struct str here = str_slice(html, page->at, 4);
    struct tag tag = {.end = str_starts(here, STR("</"))};
    size_t name = tag.end ? 2 : 1;
    if (here.len > name && is_letter(here.at[name])) {
        page->at = pass_attributes(html, read_name(html, page->at + name, &tag), &tag);
        take_tag(page, &tag);
    } else if (str_starts(here, STR("<!--"))) {
        page->at = pass_comment(html, page->at);
    } else if (tag.end || str_starts(here, STR("<!")) || str_starts(here, STR("<?"))) {
        page->at = pass_byte(html, page->at, '>');
    } else {
        if (!page->depth)
            buf_add_byte(&page->words, '<');
        page->at++;
    }
}

static void read_page(struct page *page)
{
    while (page->at < page->html.len)
        if (page->html.at[page->at] == '<')
            read_markup(page);
        else
            read_words(page, find_byte(page->html, page->at, '<'));
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
    struct page page = {.html = text, .words = {.arena = arena}};
    if (text.len > HTML_MAX)
        return error_set(err, STATUS_INPUT,
                         "%.*s is a web page of more than 16 MiB; give its text.",
                         "%.*s 为超过 16 MiB 的网页，请提供其文字。", STR_ARG(name));
    read_page(&page);
    *words = str_trim(buf_str(&page.words));
    return words->len ? STATUS_OK
                      : error_set(err, STATUS_INPUT, "%.*s is a web page without words.",
                                  "%.*s 为没有文字的网页。", STR_ARG(name));
}
