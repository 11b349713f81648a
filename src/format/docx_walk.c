/* Walking through a Word document's parts; see docx_walk.h. */
#include "format/docx_walk.h"

#include <string.h>

#include "base/utf8.h"

#define EXAMPLE_MOST 60U /* characters of what is left out that are said */

void docx_leave_out(struct docx *d, enum format_left_kind kind, struct str example)
{
    struct format_left *left = &d->left[kind];
    size_t end = 0;
    example = str_trim(example);
    for (unsigned i = 0; i < EXAMPLE_MOST && end < example.len; i++)
        (void)utf8_next(example, &end);
    if (!left->example.len)
        left->example = str_copy(d->arena, str_slice(example, 0, end));
    left->count++;
}

int docx_enter(struct docx *d)
{
    return xml_is_empty(d->xml) ? -1 : xmlTextReaderDepth(d->xml->reader);
}

bool docx_next_in(struct docx *d, int entered)
{
    while (entered >= 0 && xml_next(d->xml)) {
        if (xmlTextReaderNodeType(d->xml->reader) == XML_READER_TYPE_END_ELEMENT &&
            xmlTextReaderDepth(d->xml->reader) == entered)
            return false;
        if (xml_is_element(d->xml))
            return true;
    }
    return false;
}

void docx_each_child(struct docx *d, docx_taker *take)
{
    int entered = docx_enter(d);
    while (docx_next_in(d, entered))
        take(d);
}

bool docx_is(struct docx *d, const char *name)
{
    return xml_named(d->xml, name);
}

struct str docx_said(struct docx *d, const char *attribute)
{
    return xml_attribute(d->arena, d->xml, attribute);
}

bool docx_is_on(struct docx *d)
{
    struct str value = docx_said(d, "val");
    return !str_equal(value, STR("0")) && !str_equal(value, STR("false")) &&
           !str_equal(value, STR("none")) && !str_equal(value, STR("off"));
}

bool docx_take_wrapping(struct docx *d, docx_taker *take)
{
    static const char *const AROUND[] = {
        "sdt", "sdtContent", "smartTag", "customXml", "AlternateContent", "Choice", "dir", "bdo"};
    static const char *const GONE[] = {"Fallback",    "del",       "moveFrom",
                                       "sdtPr",       "sdtEndPr",  "smartTagPr",
                                       "customXmlPr", "rPrChange", "pPrChange"};
    if (docx_is(d, "ins") || docx_is(d, "moveTo") || docx_is(d, "del"))
        docx_leave_out(d, FORMAT_LEFT_CHANGES, STR(""));
    if (docx_is(d, "ins") || docx_is(d, "moveTo")) {
        docx_each_child(d, take);
        return true;
    }
    for (size_t i = 0; i < sizeof AROUND / sizeof *AROUND; i++)
        if (docx_is(d, AROUND[i])) {
            docx_each_child(d, take);
            return true;
        }
    for (size_t i = 0; i < sizeof GONE / sizeof *GONE; i++)
        if (docx_is(d, GONE[i])) {
            xml_skip(d->xml);
            return true;
        }
    return false;
}

struct str docx_note_id(struct docx *d, bool end)
{
    return str_format(d->arena, "%c%.*s", end ? 'e' : 'f', STR_ARG(docx_said(d, "id")));
}

bool docx_walk(struct docx *d, struct str part, docx_taker *take)
{
    struct xml xml = xml_open(part);
    struct xml *kept = d->xml;
    d->xml = &xml;
    d->fields = 0;
    while (xml_next(&xml))
        if (xml_is_element(&xml))
            take(d);
    d->xml = kept;
    return xml_close(&xml);
}

bool docx_gather(struct docx *d, struct str part, docx_taker *take, struct str *text)
{
    struct buf out = {.arena = d->arena};
    struct format_left unsaid[FORMAT_LEFT_KINDS] = {0};
    struct format_left *left = d->left;
    size_t nnotes = d->nnotes;
    struct docx_map *map = d->map;
    d->aside = &out;
    d->left = unsaid;
    d->nnotes = 0;
    d->map = NULL;
    bool good = docx_walk(d, part, take);
    d->aside = NULL;
    d->left = left;
    d->nnotes = nnotes;
    d->map = map;
    d->boxes.len = 0;
    *text = buf_str(&out);
    return good;
}
