/* PDF out; see pdf.h. */
#include "format/pdf.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "base/digest.h"
#include "format/pdf_press.h"
#include "format/writer.h"

/* --- what a file says of itself ------------------------------------------------------------------- */

static const char *lang_tag(const struct pdf_press *press)
{
    return press->lang == LANG_ZH ? "zh-Hans" : "en";
}

/* Title, language and the promise to be an archive's file (XMP, ISO 16684-1). */
static uint32_t put_metadata(struct pdf_setter *setter, int64_t made_ms)
{
    struct buf out = {.arena = setter->arena};
    uint32_t number = pdf_file_number(&setter->file);
    buf_add(&out,
            STR("<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
                "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF "
                "xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">"
                "<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
                "xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" "
                "xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\" "
                "xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\">"));
    buf_add(&out, STR("<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">"));
    format_escape_xml(&out, setter->title);
    buf_format(&out,
               "</rdf:li></rdf:Alt></dc:title><dc:language><rdf:Bag><rdf:li>%s</rdf:li></rdf:Bag>"
               "</dc:language><pdf:Producer>Chancery</pdf:Producer>",
               lang_tag(setter->press));
    if (made_ms) {
        time_t seconds = (time_t)(made_ms / 1000);
        struct tm when;
        (void)gmtime_r(&seconds, &when);
        buf_format(&out, "<xmp:CreateDate>%04d-%02d-%02dT%02d:%02d:%02dZ</xmp:CreateDate>",
                   when.tm_year + 1900, when.tm_mon + 1, when.tm_mday, when.tm_hour, when.tm_min,
                   when.tm_sec);
    }
    buf_format(&out,
               "<pdfaid:part>%d</pdfaid:part><pdfaid:conformance>U</pdfaid:conformance>"
               "</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"w\"?>",
               setter->press->options.nattachments ? 3 : 2);
    pdf_file_stream(&setter->file, number, STR("/Type/Metadata/Subtype/XML"), buf_str(&out),
                    PDF_PLAIN);
    return number;
}

static uint32_t put_info(struct pdf_setter *setter, int64_t made_ms)
{
    struct buf out = {.arena = setter->arena};
    uint32_t number = pdf_file_number(&setter->file);
    buf_add(&out, STR("<</Title"));
    pdf_put_text(&out, setter->title);
    buf_add(&out, STR("/Producer(Chancery)"));
    if (made_ms) {
        buf_add(&out, STR("/CreationDate"));
        pdf_put_date(&out, made_ms);
    }
    buf_add(&out, STR(">>"));
    pdf_file_pack(&setter->file, number, buf_str(&out));
    return number;
}

/* The pages, one below the other in one list, with what they all use. */
static void put_pages(struct pdf_setter *setter, uint32_t number, const struct pdf_mark *mark)
{
    const struct pdf_press *press = setter->press;
    struct buf kids = {.arena = setter->arena};
    struct buf body = {.arena = setter->arena};
    for (uint32_t i = 0; i < setter->npages; i++) {
        const struct pdf_page *page = &setter->pages[i];
        body.len = 0;
        buf_format(&body,
                   "<</Type/Page/Parent %" PRIu32 " 0 R/Contents %" PRIu32
                   " 0 R/StructParents %" PRIu32 "/Tabs/S",
                   number, page->content, page->key);
        if (page->annotations.len)
            buf_format(&body, "/Annots[%.*s]", STR_ARG(buf_str(&page->annotations)));
        buf_add(&body, STR(">>"));
        pdf_file_pack(&setter->file, setter->numbers[i], buf_str(&body));
        pdf_put_ref(&kids, setter->numbers[i]);
        buf_add_byte(&kids, ' ');
    }
    const struct {
        const char *name;
        uint32_t number;
    } forms[] = {{"Head", press->header},
                 {"Foot", press->footer},
                 {"Mark", mark->margin},
                 {"Across", mark->across}};
    body.len = 0;
    buf_format(&body,
               "<</Type/Pages/Count %" PRIu32 "/Kids[%.*s]/MediaBox[0 0 595.276 841.89]"
               "/Resources<</Font<<%.*s>>/XObject<<",
               setter->npages, STR_ARG(buf_str(&kids)), STR_ARG(press->fonts));
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (forms[i].number)
            buf_format(&body, "/%s %" PRIu32 " 0 R", forms[i].name, forms[i].number);
    for (size_t i = 0; i < press->options.npictures; i++)
        buf_format(&body, "/I%zu %" PRIu32 " 0 R", i, press->pictures[i]);
    buf_add(&body, STR(">>>>>>"));
    pdf_file_pack(&setter->file, number, buf_str(&body));
}

/* Writes the root; gives its number. */
static uint32_t put_root(struct pdf_setter *setter, uint32_t pages, int64_t made_ms)
{
    const struct pdf_press *press = setter->press;
    struct buf body = {.arena = setter->arena};
    uint32_t number = pdf_file_number(&setter->file);
    uint32_t tree = pdf_tree_write(&setter->tree, &setter->file, setter->numbers);
    uint32_t outline = pdf_outline_write(setter->arena, &setter->file, setter->headings,
                                         setter->nheadings, setter->numbers);
    buf_format(&body,
               "<</Type/Catalog/Pages %" PRIu32 " 0 R/Metadata %" PRIu32
               " 0 R/StructTreeRoot %" PRIu32 " 0 R/MarkInfo<</Marked true>>/Lang(%s)"
               "/ViewerPreferences<</DisplayDocTitle true>>",
               pages, put_metadata(setter, made_ms), tree, lang_tag(press));
    buf_format(&body,
               "/OutputIntents[<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)"
               "/Info(sRGB IEC61966-2.1)/DestOutputProfile %" PRIu32 " 0 R>>]",
               press->profile);
    if (outline)
        buf_format(&body, "/Outlines %" PRIu32 " 0 R", outline);
    buf_add(&body, press->files);
    buf_add(&body, STR(">>"));
    pdf_file_pack(&setter->file, number, buf_str(&body));
    return number;
}

/* --- a copy --------------------------------------------------------------------------------------- */

/* What no other file has: the digest of what all copies share, of the pages and of the mark. */
static struct digest id_of(const struct pdf_setter *setter)
{
    size_t shared = setter->press->base.out.len;
    return digest_of(str_slice(buf_str(&setter->file.out), shared, SIZE_MAX));
}

struct str pdf_press_write(const struct pdf_press *press, struct arena *arena, const uint8_t *bits,
                           const struct format_owner *owner)
{
    struct pdf_setter *setter = arena_new(arena, struct pdf_setter);
    setter->press = press;
    setter->arena = arena;
    setter->bits = bits;
    setter->title = press->title;
    setter->content.arena = arena;
    setter->pen = (struct pdf_pen){.out = &setter->content, .tree = &setter->tree};
    pdf_file_fork(&setter->file, &press->base, arena, 32768, 256);
    pdf_tree_begin(&setter->tree, arena);
    struct pdf_mark mark = pdf_mark_write(press, arena, &setter->file, owner);
    setter->marked = mark.margin;
    setter->watermarked = mark.across;
    uint32_t pages = pdf_file_number(&setter->file);
    setter->document = pdf_tree_add(&setter->tree, PDF_NOBODY, "Document", "");
    pdf_set_new_page(setter);
    pdf_set_items(setter);
    put_pages(setter, pages, &mark);
    int64_t made_ms = owner && owner->first_ms ? owner->first_ms : press->options.made_ms;
    uint32_t info = put_info(setter, made_ms);
    uint32_t root = put_root(setter, pages, made_ms);
    struct digest id = id_of(setter);
    return pdf_file_end(&setter->file, root, info, str_slice(digest_bytes(&id), 0, 16));
}

static enum status make(struct arena *arena, const struct press_order *order, void **made,
                        struct error *err)
{
    struct pdf_press *press;
    enum status status = pdf_press_make(arena, order, NULL, &press, err);
    if (!status)
        *made = press;
    return status;
}

static struct str write_copy(const void *made, struct arena *arena, const uint8_t *bits,
                             const struct format_owner *owner)
{
    return pdf_press_write(made, arena, bits, owner);
}

const struct press_maker format_pdf_maker = {make, write_copy};

enum status format_pdf_write(struct arena *arena, const struct paper_doc *doc,
                             const struct format_frame *frame, const struct pdf_options *options,
                             struct str *bytes, struct error *err)
{
    static const struct format_frame none;
    struct press_order order = {.doc = doc, .frame = frame ? frame : &none};
    struct pdf_press *press;
    enum status status = pdf_press_make(arena, &order, options, &press, err);
    if (!status)
        *bytes = pdf_press_write(press, arena, NULL, NULL);
    return status;
}
