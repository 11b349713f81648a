/* Any bytes as a Word document: as a whole file, and, after an 'X', as its parts between bytes 0xFF (body, styles,
 * numbering, notes, relations), put into a package. What is read is a document that keeps to its own rules; a copy is
 * made in its likeness, and what its layout shows is read. */
#include <stdint.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "format/format.h"
#include "package_bed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const PATHS[] = {"word/document.xml", "word/styles.xml", "word/numbering.xml",
                                    "word/footnotes.xml", "word/_rels/document.xml.rels"};
#define ROOT "<r><Relationship Type=\"x/officeDocument\" Target=\"word/document.xml\"/></r>"

static void begin(zip_t *zip)
{
    package_bed_add(zip, "_rels/.rels", STR(ROOT));
    package_bed_add(zip, "[Content_Types].xml",
                    STR("<T><Default Extension=\"xml\" ContentType=\"application/xml\"/></T>"));
}

static void check(struct arena *arena, const struct paper_doc *doc)
{
    struct paper_doc again;
    struct error err = {0};
    if (doc->title.len == 0 || doc->nblocks == 0 ||
        paper_doc_unpack(arena, paper_doc_pack(arena, doc), &again, &err))
        abort();
    for (size_t i = 0; i < doc->nblocks; i++)
        if (doc->blocks[i].at + doc->blocks[i].len > doc->text.len)
            abort();
}

/* A copy with a choice at every third character, in the likeness of what was read. */
static void copy(struct arena *arena, const struct paper_doc *doc, struct str original)
{
    struct paper_site site = {.rule = STR("word")};
    struct paper_sites sites = {&site, 1, arena_array(arena, doc->text.len + 1, struct paper_place),
                                0};
    struct format_press *press;
    struct error err = {0};
    const uint8_t bits[] = {1};
    for (size_t i = 0; i < doc->nblocks; i++)
        for (size_t at = doc->blocks[i].at; at < doc->blocks[i].at + doc->blocks[i].len;) {
            size_t from = at;
            uint32_t code = utf8_next(doc->text, &at);
            if (code % 3 == 0 && code > ' ')
                sites.places[sites.nplaces++] =
                    (struct paper_place){.at = from,
                                         .len = at - from,
                                         .alt = {str_slice(doc->text, from, at - from), STR("Z")}};
        }
    format_docx_lock_sites(original, doc, &sites);
    if (format_press_make(arena, doc, &sites, NULL, original, FORMAT_DOCX, &press, &err))
        abort();
    struct paper_doc back;
    struct paper_seen seen;
    struct format_left left[FORMAT_LEFT_KINDS];
    struct str bytes = format_press_write(press, arena, bits, NULL);
    (void)format_read_docx(arena, STR("copy"), bytes, &doc->lang, STR(""), &back, left, &err);
    if (!format_read_docx_shifts(arena, STR("copy"), original, &seen, &err))
        for (size_t i = 0; i < seen.nshifts; i++)
            if (seen.shifts[i].at > seen.text.len)
                abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_make();
    struct str bytes = {(const char *)data, size};
    struct error err = {0};
    struct paper_doc doc = {0};
    struct format_left left[FORMAT_LEFT_KINDS];
    if (size && data[0] == 'X')
        bytes = package_bed_make(arena, begin, PATHS, sizeof PATHS / sizeof *PATHS,
                                 str_slice(bytes, 1, size));
    if (format_read_docx(arena, STR("fuzz"), bytes, NULL, STR(""), &doc, left, &err) == STATUS_OK) {
        check(arena, &doc);
        copy(arena, &doc, bytes);
    } else if (!err.en[0] || !err.zh[0]) {
        abort();
    }
    arena_free(arena);
    return 0;
}
