/* Formats in and out: bytes of a file to a paper_doc, and a paper_doc to a stamp plan.
 *
 * Every reader takes any bytes whatever and either gives a document or a message that names the
 * place; every writer goes through one walk over blocks and runs. Enters base/, mark/ and paper/. */
#ifndef FORMAT_FORMAT_H
#define FORMAT_FORMAT_H

#include "paper/doc.h"
#include "paper/stamp.h"

#define FORMAT_INPUT_MAX ((size_t)64 * 1024 * 1024)

enum format_kind { FORMAT_TEXT, FORMAT_MARKDOWN, FORMAT_HTML, FORMAT_KINDS };
const char *format_name(enum format_kind kind); /* "txt", "md", "html" */
bool format_parse_name(struct str name, enum format_kind *kind);

/* Bytes in UTF-8 (with or without BOM), UTF-16 (with BOM, or recognised), GB18030 → UTF-8 text with
 * '\n' line ends and no BOM. *encoding gets "UTF-8", "UTF-16LE", "UTF-16BE" or "GB18030" (static).
 * STATUS_INPUT with the byte offset and line when the bytes fit none of them, hold NUL characters
 * (binary) or exceed FORMAT_INPUT_MAX. */
enum status format_decode(struct arena *arena, struct str bytes, struct str *text,
                          const char **encoding, struct error *err);

/* Reads decoded text. Markdown when `kind` says so; format_guess looks at name and content.
 * lang: NULL to detect. title: empty to find it. STATUS_INPUT when there is no text at all. */
enum format_kind format_guess(struct str file_name, struct str text);
enum status format_read(struct arena *arena, struct str text, enum format_kind kind,
                        const enum lang *lang, struct str title, struct paper_doc *doc,
                        struct error *err);

/* What stands around the paper in a copy. Any may be empty. */
struct format_frame {
    struct str notice; /* at the head */
    struct str credit; /* organisation's credit and contact line, at top and bottom */
};
/* The whole rendering of an edition in a format, as a plan ready for stamping. HTML is a complete,
 * self-contained page with a small style sheet inside, lang attribute, ids on headings and
 * paragraphs, everything escaped. sites may be NULL: then it is the master. */
struct stamp_plan *format_write(struct arena *arena, const struct paper_doc *doc,
                                const struct paper_sites *sites, const struct format_frame *frame,
                                enum format_kind kind);

/* The same as a part of a page: HTML without head, frame and style, beginning with an h1 (id "title"). Ids
 * as in the HTML format: h1, h2 … for headings, p1, p2 … for paragraphs, measures, items, quotations. */
struct stamp_plan *format_write_page(struct arena *arena, const struct paper_doc *doc,
                                     const struct paper_sites *sites);
/* The headings as nested lists of links to them; nothing without headings. */
struct stamp_plan *format_write_outline(struct arena *arena, const struct paper_doc *doc,
                                        const struct paper_sites *sites);

#endif
