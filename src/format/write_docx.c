/* Word documents out: the package around the body; see write_docx.h. */
#include "format/write_docx.h"

#include "format/write_docx_body.h"
#include "format/write_docx_frame.h"
#include "format/write_docx_names.h"
#include "format/write_docx_original.h"
#include "format/write_docx_style.h"
#include "format/zip_press.h"

static const char SETTINGS[] =
    DOCX_XML_HEAD "<w:settings " DOCX_NAMES "><w:zoom w:percent=\"100\"/>"
                  "<w:characterSpacingControl w:val=\"doNotCompress\"/><w:compat><w:compatSetting"
                  " w:name=\"compatibilityMode\" w:uri=\"http://schemas.microsoft.com/office/word\""
                  " w:val=\"15\"/></w:compat></w:settings>";

/* --- parts --------------------------------------------------------------------------------------------- */

static const struct {
    const char *name, *kind, *type;
} PARTS[] = {
    {"styles.xml", "styles", DOCX_TYPE "styles+xml"},
    {"numbering.xml", "numbering", DOCX_TYPE "numbering+xml"},
    {"settings.xml", "settings", DOCX_TYPE "settings+xml"},
    {"fontTable.xml", "fontTable", DOCX_TYPE "fontTable+xml"},
    {"header1.xml", "header", DOCX_TYPE "header+xml"},
    {"header2.xml", "header", DOCX_TYPE "header+xml"},
    {"footer1.xml", "footer", DOCX_TYPE "footer+xml"},
    {"footer2.xml", "footer", DOCX_TYPE "footer+xml"},
};
#define NPARTS (sizeof PARTS / sizeof *PARTS)

static struct str content_types(struct arena *arena)
{
    struct buf out = {.arena = arena};
    buf_add(&out,
            STR(DOCX_XML_HEAD
                "<Types xmlns=\"" DOCX_PACKAGE "content-types\"><Default Extension=\"rels\""
                " ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
                "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
                "<Override PartName=\"/word/document.xml\" ContentType=\"" DOCX_TYPE
                "document.main+xml\"/><Override PartName=\"/docProps/core.xml\""
                " ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/>"));
    for (size_t i = 0; i < NPARTS; i++)
        buf_format(&out, "<Override PartName=\"/word/%s\" ContentType=\"%s\"/>", PARTS[i].name,
                   PARTS[i].type);
    buf_add(&out, STR("</Types>"));
    return buf_str(&out);
}

static const char RELATIONS[] = DOCX_XML_HEAD
    "<Relationships xmlns=\"" DOCX_PACKAGE "relationships\">"
    "<Relationship Id=\"main\" Type=\"" DOCX_OFFICE
    "/officeDocument\" Target=\"word/document.xml\"/>"
    "<Relationship Id=\"core\" Type=\"" DOCX_PACKAGE "relationships/metadata/core-properties\""
    " Target=\"docProps/core.xml\"/></Relationships>";

static struct str body_relations(struct arena *arena, const struct paper_doc *doc,
                                 const struct docx_body *body)
{
    struct buf out = {.arena = arena};
    buf_add(&out, STR(DOCX_XML_HEAD "<Relationships xmlns=\"" DOCX_PACKAGE "relationships\">"));
    for (size_t i = 0; i < NPARTS; i++) {
        size_t name = str_find(str_of(PARTS[i].name), STR("."), 0);
        buf_format(&out, "<Relationship Id=\"%.*s\" Type=\"" DOCX_OFFICE "/%s\" Target=\"%s\"/>",
                   (int)name, PARTS[i].name, PARTS[i].kind, PARTS[i].name);
    }
    for (size_t i = 0; i < doc->nruns; i++) {
        if (!body->links[i])
            continue;
        buf_format(&out,
                   "<Relationship Id=\"link%zu\" Type=\"" DOCX_OFFICE "/hyperlink\" Target=\"",
                   i + 1);
        format_escape_xml(&out, doc->runs[i].target);
        buf_add(&out, STR("\" TargetMode=\"External\"/>"));
    }
    buf_add(&out, STR("</Relationships>"));
    return buf_str(&out);
}

static struct str numbering(struct arena *arena, const struct docx_body *body)
{
    return str_format(arena, DOCX_XML_HEAD "<w:numbering " DOCX_NAMES ">%.*s%.*s</w:numbering>",
                      STR_ARG(buf_str(&body->lists)), STR_ARG(buf_str(&body->numbers)));
}

/* --- the press ------------------------------------------------------------------------------------ */

struct docx_press {
    struct zip_press *zip;
    enum format_mark mark;
};

static void splice_literal_of(void *to, struct str bytes)
{
    splice_literal(to, bytes);
}

static void splice_choice_of(void *to, uint32_t site, struct str alt0, struct str alt1)
{
    splice_choice(to, site, alt0, alt1);
}

/* The package made anew from the paper. */
static struct zip_press *make_anew(struct arena *arena, const struct press_order *order)
{
    struct arena *scratch = arena_make();
    struct docx_body body = {.lists = {.arena = scratch}, .numbers = {.arena = scratch}};
    struct splice *document = splice_make(arena);
    struct zip_press *zip = zip_press_make(arena);
    enum lang lang = order->doc->lang;
    body.links = arena_array(scratch, order->doc->nruns + 1, bool);
    writer_write(&format_docx_hooks, scratch, order->doc, order->sites, order->frame,
                 (struct writer_sink){splice_literal_of, splice_choice_of, document}, &body);
    splice_end(document);
    zip_press_add(zip, STR("[Content_Types].xml"), content_types(scratch));
    zip_press_add(zip, STR("_rels/.rels"), str_of(RELATIONS));
    zip_press_add_splice(zip, STR("docProps/core.xml"), docx_core(arena, order));
    zip_press_add(zip, STR("word/_rels/document.xml.rels"),
                  body_relations(scratch, order->doc, &body));
    zip_press_add(zip, STR("word/styles.xml"), docx_styles(scratch, lang));
    zip_press_add(zip, STR("word/numbering.xml"), numbering(scratch, &body));
    zip_press_add(zip, STR("word/settings.xml"), str_of(SETTINGS));
    zip_press_add(zip, STR("word/fontTable.xml"), docx_fonts());
    zip_press_add_splice(zip, STR("word/header1.xml"), docx_header(arena, order->frame, false));
    zip_press_add_splice(zip, STR("word/header2.xml"), docx_header(arena, order->frame, true));
    zip_press_add(zip, STR("word/footer1.xml"), docx_numbered_footer(scratch, order->frame, lang));
    zip_press_add(zip, STR("word/footer2.xml"), docx_numbered_footer(scratch, order->frame, lang));
    zip_press_add_splice(zip, STR("word/document.xml"), document);
    arena_free(scratch);
    return zip;
}

static enum status make(struct arena *arena, const struct press_order *order, void **made,
                        struct error *err)
{
    struct docx_press *press = arena_new(arena, struct docx_press);
    (void)err;
    press->mark = order->frame->mark;
    if (order->original.len)
        press->zip = docx_make_original(arena, order);
    if (!press->zip)
        press->zip = make_anew(arena, order);
    *made = press;
    return STATUS_OK;
}

static struct str write(const void *made, struct arena *arena, const uint8_t *bits,
                        const struct format_owner *owner)
{
    const struct docx_press *press = made;
    struct str mark = docx_visible_mark(arena, press->mark, owner);
    return zip_press_write(press->zip, arena, bits, &mark);
}

const struct press_maker format_docx_maker = {make, write};
