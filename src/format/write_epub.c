/* Electronic books out (EPUB 3.3): a cover with notice and credit, and the paper with its table of contents before it.
 *
 * The text is written by the walk that writes web pages, which is well-formed XML but for its frame. Both documents are
 * spliced: the paper for the member's words, the cover for the visible mark. */
#include <time.h>

#include "base/digest.h"
#include "format/write_docx.h"
#include "format/write_docx_frame.h"
#include "format/writer.h"
#include "format/zip_press.h"

#define XML_HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"

enum { MARK_FIELD, TIME_FIELD, FIELDS };

static const char CONTAINER[] =
    XML_HEAD "<container xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\" version=\"1.0\">"
             "<rootfiles><rootfile full-path=\"EPUB/package.opf\""
             " media-type=\"application/oebps-package+xml\"/></rootfiles></container>";

static const char STYLE[] =
    "body{margin:0 4%;line-height:1.7}\n:lang(zh){line-height:1.9}\n"
    "h1,h2,h3,h4,h5,h6{line-height:1.4;page-break-after:avoid}\nh1:lang(zh){text-align:center}\n"
    "p{margin:0 0 .7em}\n.body p:lang(zh){text-indent:2em}\n.body li p,.body td p{text-indent:0}\n"
    "blockquote{margin:1em 1.5em}\npre{white-space:pre-wrap}\n"
    "table{border-collapse:collapse}\nth,td{border:1px solid #888;padding:.3em .6em;"
    "text-align:left;vertical-align:top}\n"
    ".cover{margin-top:25%;text-align:center}\n.cover p{margin:.4em 0}\n"
    ".notice,.mark{margin-top:2em;font-size:.9em}\nnav ol{list-style:none}\n";

static void literal(void *to, struct str bytes)
{
    splice_literal(to, bytes);
}

static void choice(void *to, uint32_t site, struct str alt0, struct str alt1)
{
    splice_choice(to, site, alt0, alt1);
}

static void put(struct splice *s, const char *text)
{
    splice_literal(s, str_of(text));
}

static void put_head(struct splice *s, struct arena *arena, const struct press_order *order)
{
    const char *lang = order->doc->lang == LANG_ZH ? "zh-Hans" : "en";
    splice_literal(s, str_format(arena,
                                 XML_HEAD
                                 "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\""
                                 " xmlns:epub=\"http://www.idpf.org/2007/ops\" lang=\"%s\""
                                 " xml:lang=\"%s\">\n<head><title>",
                                 lang, lang));
    docx_put_title(s, arena, order->doc, order->sites);
    put(s,
        "</title><link rel=\"stylesheet\" type=\"text/css\" href=\"style.css\"/></head>\n<body>\n");
}

static void put_lines(struct splice *s, struct arena *arena, const char *name, struct str lines)
{
    struct buf out = {.arena = arena};
    struct str line;
    buf_format(&out, "<div class=\"%s\">", name);
    while (str_split(&lines, '\n', &line)) {
        buf_add(&out, STR("<p>"));
        format_escape_xml(&out, str_trim(line));
        buf_add(&out, STR("</p>"));
    }
    buf_add(&out, STR("</div>\n"));
    splice_literal(s, buf_str(&out));
}

static struct splice *cover(struct arena *arena, struct arena *scratch,
                            const struct press_order *order)
{
    struct splice *s = splice_make(arena);
    put_head(s, scratch, order);
    put(s, "<section class=\"cover\" epub:type=\"cover\">\n<p class=\"title\"><strong>");
    docx_put_title(s, scratch, order->doc, order->sites);
    put(s, "</strong></p>\n");
    if (order->frame->credit.len)
        put_lines(s, scratch, "credit", order->frame->credit);
    if (order->frame->notice.len)
        put_lines(s, scratch, "notice", order->frame->notice);
    splice_field(s, MARK_FIELD);
    put(s, "</section>\n</body>\n</html>\n");
    splice_end(s);
    return s;
}

static struct splice *paper(struct arena *arena, struct arena *scratch,
                            const struct press_order *order)
{
    struct splice *s = splice_make(arena);
    struct writer_sink sink = {literal, choice, s};
    put_head(s, scratch, order);
    put(s, "<nav epub:type=\"toc\" id=\"toc\"><ol><li><a href=\"#title\">");
    docx_put_title(s, scratch, order->doc, order->sites);
    put(s, "</a>");
    writer_write_contents(scratch, order->doc, order->sites, sink);
    put(s, "</li></ol></nav>\n<section class=\"body\" epub:type=\"bodymatter\">\n");
    writer_write(&format_page_hooks, scratch, order->doc, order->sites, NULL, sink, NULL);
    put(s, "</section>\n");
    if (order->frame->credit.len)
        put_lines(s, scratch, "credit", order->frame->credit);
    put(s, "</body>\n</html>\n");
    splice_end(s);
    return s;
}

/* A book needs an id of its own and a time; the id is the same in all copies, the time when the member was first given
 * one. */
static struct splice *package(struct arena *arena, struct arena *scratch,
                              const struct press_order *order)
{
    struct splice *s = splice_make(arena);
    struct digest digest = digest_of(order->doc->title);
    char hex[DIGEST_HEX + 1];
    digest_to_hex(&digest, hex);
    splice_literal(s, str_format(scratch,
                                 XML_HEAD
                                 "<package xmlns=\"http://www.idpf.org/2007/opf\" version=\"3.0\""
                                 " unique-identifier=\"id\"><metadata"
                                 " xmlns:dc=\"http://purl.org/dc/elements/1.1/\">"
                                 "<dc:identifier id=\"id\">urn:sha256:%s</dc:identifier><dc:title>",
                                 hex));
    docx_put_title(s, scratch, order->doc, order->sites);
    put(s, "</dc:title><dc:language>");
    put(s, order->doc->lang == LANG_ZH ? "zh-Hans" : "en");
    put(s, "</dc:language><meta property=\"dcterms:modified\">");
    splice_field(s, TIME_FIELD);
    put(s,
        "</meta></metadata><manifest>"
        "<item id=\"cover\" href=\"cover.xhtml\" media-type=\"application/xhtml+xml\"/>"
        "<item id=\"paper\" href=\"paper.xhtml\" media-type=\"application/xhtml+xml\" properties=\"nav\"/>"
        "<item id=\"style\" href=\"style.css\" media-type=\"text/css\"/></manifest>"
        "<spine><itemref idref=\"cover\"/><itemref idref=\"paper\"/></spine></package>");
    splice_end(s);
    return s;
}

/* --- the press ------------------------------------------------------------------------------------ */

struct epub_press {
    struct zip_press *zip;
    enum format_mark mark;
};

static enum status make(struct arena *arena, const struct press_order *order, void **made,
                        struct error *err)
{
    struct arena *scratch = arena_make();
    struct epub_press *press = arena_new(arena, struct epub_press);
    struct zip_press *zip = zip_press_make(arena);
    (void)err;
    zip_press_add_plain(zip, STR("mimetype"), STR("application/epub+zip"));
    zip_press_add(zip, STR("META-INF/container.xml"), str_of(CONTAINER));
    zip_press_add_splice(zip, STR("EPUB/package.opf"), package(arena, scratch, order));
    zip_press_add(zip, STR("EPUB/style.css"), str_of(STYLE));
    zip_press_add_splice(zip, STR("EPUB/cover.xhtml"), cover(arena, scratch, order));
    zip_press_add_splice(zip, STR("EPUB/paper.xhtml"), paper(arena, scratch, order));
    *press = (struct epub_press){zip, order->frame->mark};
    *made = press;
    arena_free(scratch);
    return STATUS_OK;
}

static struct str time_of(struct arena *arena, const struct format_owner *owner)
{
    char text[24] = "1980-01-01T00:00:00Z"; /* the master has none */
    struct tm t;
    time_t seconds = owner ? (time_t)(owner->first_ms / 1000) : 0;
    if (seconds && gmtime_r(&seconds, &t))
        (void)strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &t);
    return str_copy(arena, str_of(text));
}

static struct str mark_of(struct arena *arena, const struct format_owner *owner)
{
    struct buf out = {.arena = arena};
    buf_add(&out, STR("<div class=\"mark\"><p>"));
    format_escape_xml(&out, format_owner_line(arena, owner));
    buf_add(&out, STR("</p>"));
    if (owner->check_url.len) {
        buf_add(&out, STR("<p>"));
        format_escape_xml(&out, owner->check_url);
        buf_add(&out, STR("</p>"));
    }
    buf_add(&out, STR("</div>\n"));
    return buf_str(&out);
}

static struct str write(const void *made, struct arena *arena, const uint8_t *bits,
                        const struct format_owner *owner)
{
    const struct epub_press *press = made;
    bool marked = owner && press->mark != FORMAT_MARK_NONE;
    struct str fields[FIELDS] = {
        [MARK_FIELD] = marked ? mark_of(arena, owner) : STR(""),
        [TIME_FIELD] = time_of(arena, owner),
    };
    return zip_press_write(press->zip, arena, bits, fields);
}

const struct press_maker format_epub_maker = {make, write};
