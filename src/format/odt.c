/* OpenDocument text as its words; see found.h. All text stands in content.xml (OpenDocument 1.3, part 3): paragraphs and
 * headings, in which blanks in a row, tabulators and line breaks are elements. */
#include "format/found.h"
#include "format/package.h"

#define UNPACKED_MAX ((size_t)24 * 1024 * 1024)
#define BLANKS_MAX   1000U

static bool begins_block(struct xml *xml)
{
    return xml_begins(xml, "p") || xml_begins(xml, "h");
}

/* What nobody reads in its place. */
static bool is_unseen(struct xml *xml)
{
    static const char *const UNSEEN[] = {"tracked-changes", "annotation", "note-citation",
                                         "forms",           "desc",       "title"};
    for (size_t i = 0; i < sizeof UNSEEN / sizeof *UNSEEN; i++)
        if (xml_begins(xml, UNSEEN[i]))
            return true;
    return false;
}

static void add_blanks(struct arena *arena, struct xml *xml, struct buf *out)
{
    unsigned count = xml_number(xml_attribute(arena, xml, "c"));
    for (unsigned i = 0; i < (count ? count : 1) && i < BLANKS_MAX; i++)
        buf_add_byte(out, ' ');
}

/* Notes go to a text of their own, as their paragraphs stand in the middle of another. */
static bool read_content(struct arena *arena, struct str part, struct buf *out, struct buf *notes)
{
    struct xml xml = xml_open(part);
    struct buf *to = out;
    unsigned open = 0; /* blocks that text belongs to */
    while (xml_next(&xml) && out->len + notes->len <= UNPACKED_MAX) {
        if (is_unseen(&xml)) {
            xml_skip(&xml);
        } else if (begins_block(&xml)) {
            open += !xml_is_empty(&xml);
        } else if (xml_ends(&xml, "p") || xml_ends(&xml, "h")) {
            open -= open > 0;
            buf_add_byte(to, '\n');
        } else if (xml_begins(&xml, "note-body")) {
            to = notes;
        } else if (xml_ends(&xml, "note-body")) {
            to = out;
        } else if (xml_begins(&xml, "s")) {
            add_blanks(arena, &xml, to);
        } else if (xml_begins(&xml, "tab")) {
            buf_add_byte(to, '\t');
        } else if (xml_begins(&xml, "line-break")) {
            buf_add_byte(to, '\n');
        } else if (open && xml_is_text(&xml)) {
            buf_add(to, xml_text(&xml));
        }
    }
    return xml_close(&xml);
}

bool format_is_odt(struct str bytes)
{
    return package_says(bytes, STR("application/vnd.oasis.opendocument.text"));
}

enum status format_read_odt_words(struct arena *arena, struct str name, struct str bytes,
                                  struct str *words, struct error *err)
{
    struct package package;
    struct buf out = {.arena = arena};
    struct buf notes = {.arena = arena};
    bool whole = package_open(&package, arena, bytes, UNPACKED_MAX);
    if (whole) {
        whole = read_content(arena, package_part(&package, STR("content.xml")), &out, &notes);
        package_close(&package);
        /* Only blanks in a row, which are said by their number, make more text than there is XML. */
        package.full = package.full || out.len + notes.len > UNPACKED_MAX;
    }
    if (package.full)
        return package_refuse(name, err);
    buf_add(&out, buf_str(&notes));
    *words = str_trim(buf_str(&out));
    if (whole && words->len)
        return STATUS_OK;
    return error_set(
        err, STATUS_INPUT,
        "%.*s is an OpenDocument text that is damaged, locked or without words; save it as "
        "DOCX or PDF.",
        "%.*s 为已损坏、已加密或没有文字的 OpenDocument 文档，请另存为 DOCX 或 PDF。",
        STR_ARG(name));
}
