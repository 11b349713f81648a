/* Formats in and out: bytes of a file to a paper_doc, and a paper_doc to a stamp plan.
 *
 * Every reader takes any bytes whatever and either gives a document or a message that names the
 * place; every writer goes through one walk over blocks and runs. Enters base/, mark/ and paper/. */
#ifndef FORMAT_FORMAT_H
#define FORMAT_FORMAT_H

#include "base/lang.h"
#include "paper/doc.h"
#include "paper/seen.h"
#include "paper/stamp.h"

#define FORMAT_INPUT_MAX ((size_t)64 * 1024 * 1024)

enum format_kind {
    FORMAT_TEXT,
    FORMAT_MARKDOWN,
    FORMAT_HTML,
    FORMAT_DOCX,
    FORMAT_EPUB,
    FORMAT_PDF,
    FORMAT_KINDS
};
#define FORMAT_PLAIN_KINDS \
    3U /* the first of them: text with or without marks, each one stamp plan */
const char *format_name(enum format_kind kind); /* "txt", "md", "html", "docx", "epub", "pdf" */
bool format_parse_name(struct str name, enum format_kind *kind);
/* The names of all kinds, separated by a space: what a new paper is given in unless somebody says otherwise. A kind that is
 * added stands here too, and in the table of src/format/read.c. */
#define FORMAT_ALL_NAMES "txt md html docx epub pdf"
/* "text/plain; charset=utf-8" and so on. */
const char *format_type(enum format_kind kind);
/* What people call it, in the middle of a sentence: "plain text". Static. */
const char *format_label(enum format_kind kind, enum lang lang);

/* What kinds are for: forms show them in these groups. */
enum format_group { FORMAT_PLAIN, FORMAT_OFFICE, FORMAT_PRINT, FORMAT_GROUPS };
enum format_group format_group_of(enum format_kind kind);
const char *format_group_label(enum format_group group, enum lang lang); /* "Office": static */

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

/* What a paper can't hold of a Word document or a PDF. */
enum format_left_kind {
    FORMAT_LEFT_CHANGES, /* tracked changes: taken as accepted */
    FORMAT_LEFT_PICTURES,
    FORMAT_LEFT_MARGINS,  /* headers and footers */
    FORMAT_LEFT_CONTENTS, /* lines of a table of contents, which is made anew */
    FORMAT_LEFT_COMMENTS,
    FORMAT_LEFT_HIDDEN,  /* hidden text */
    FORMAT_LEFT_OUTSIDE, /* what is fetched from elsewhere, and links to anything but the web */
    FORMAT_LEFT_OBJECTS, /* embedded documents */
    FORMAT_LEFT_SIGNS,   /* signs of fonts that have no letters */
    FORMAT_LEFT_MACROS,
    FORMAT_LEFT_KINDS
};
struct format_left {
    unsigned count;
    struct str example; /* how the first of it begins; may be empty */
};
/* "3 pictures; 1 header or footer “In confidence”": all kinds that there are any of; empty where there are none. In the
 * arena. */
struct str format_left_words(struct arena *arena, const struct format_left left[FORMAT_LEFT_KINDS],
                             enum lang lang);

/* Whether bytes look like a Word document in the format of 2007 and later. */
bool format_is_docx(struct str bytes);
/* Reads one; `name` is the file's, for messages; lang and title as in format_read. Headings come from styles, the
 * outline of official papers and its automatic numbers; lists, tables, notes, links and emphasis are kept; what is not
 * is counted in `left`. Never fetches anything. STATUS_INPUT where it is none, is damaged, unpacks to far more than it
 * holds, or has no text. */
enum status format_read_docx(struct arena *arena, struct str name, struct str bytes,
                             const enum lang *lang, struct str title, struct paper_doc *doc,
                             struct format_left left[FORMAT_LEFT_KINDS], struct error *err);

/* Reads the text layer of a PDF, by chancery-reader: paragraphs rejoined over lines and pages, headings by their looks and
 * numbers, tables where they are plain, notes at the end; heads, feet and pictures are counted in `left`. lang and title as in
 * format_read. STATUS_INPUT also where its pages are pictures; STATUS_IO as format_see. Takes some milliseconds a page. */
enum status format_read_pdf(struct arena *arena, struct str name, struct str bytes,
                            const enum lang *lang, struct str title, struct paper_doc *doc,
                            struct format_left left[FORMAT_LEFT_KINDS], unsigned *pages,
                            struct error *err);

/* Reads one that was found somewhere: its words, and where letters or lines stand wider apart than their style has it. */
enum status format_read_docx_shifts(struct arena *arena, struct str name, struct str bytes,
                                    struct paper_seen *seen, struct error *err);
/* Whether a Word document reads, in the paper's language, as the paper does, but for blanks. */
bool format_docx_reads_as(struct str bytes, const struct paper_doc *doc);
/* Locks sites that a copy in the likeness of that document could not carry: a place of theirs stands where the document has no
 * letters, in numbers that Word makes up or at tabs, or where its layout can't be moved, as at lines of notes. None of a document
 * that reads differently. */
void format_docx_lock_sites(struct str bytes, const struct paper_doc *doc,
                            struct paper_sites *sites);

/* A file as somebody brings it: its text, as it may be typed, and what was left out of it. */
struct format_opened {
    struct str text;
    enum format_kind kind; /* the text's: FORMAT_MARKDOWN of a Word document or PDF */
    const char *encoding;  /* as format_decode says it, "DOCX" or "PDF"; static */
    unsigned pages;        /* of a PDF; 0: has none */
    struct format_left left[FORMAT_LEFT_KINDS];
};
/* Opens a Word document, a PDF or a text in any encoding. STATUS_INPUT names the file and says what it is instead, where that is
 * known. */
enum status format_open(struct arena *arena, struct str name, struct str bytes,
                        struct format_opened *opened, struct error *err);
/* The same for its words alone, without marks of Markdown that it did not have: what is traced. Reads saved web pages
 * (HTML, MHTML), mails, EPUB and OpenDocument texts too. *how: "DOCX", "EPUB", "ODT", "mail", "HTML" or "text". */
enum status format_open_words(struct arena *arena, struct str name, struct str bytes,
                              struct str *text, const char **how, struct error *err);

/* Told now and then how far a file is read: `done` of `all` pages. False stops. */
struct format_watch {
    bool (*step)(void *context, unsigned done, unsigned all);
    void *context;
};

/* What was seen in a file that was found somewhere. */
struct format_seen {
    struct paper_seen seen;
    const char *how;          /* as format_open_words says it, "PDF" or "picture"; static */
    unsigned pages, pictured; /* 0: has none; of them read from pictures … */
    bool read_in[LANG_COUNT]; /* … in enum lang, where there are any */
    struct str *signs; /* what codes on its pages say, and words that look like a copy's number */
    size_t nsigns;
    /* What format_see_again makes the same of, where seeing it again would take seconds: valid for this version of the
     * reader; empty where the file itself is as good. */
    struct str kept;
};
/* Reads a file for its words and its marks, whatever it is. PDF and pictures are read by chancery-reader, a process of its
 * own that may touch nothing else; it takes seconds for each page that is a picture. watch may be NULL. Any thread may
 * call it. STATUS_INPUT names the file and says why it can't be read; STATUS_IO where the reader is not there or broke down;
 * STATUS_INTERRUPTED where the watch stopped it. */
enum status format_see(struct arena *arena, struct str name, struct str bytes,
                       const struct format_watch *watch, struct format_seen *seen,
                       struct error *err);
/* What a PDF or a picture looks like, for people: its first page in small. */
struct format_glance {
    unsigned width, height; /* 0: nothing */
    struct str grey;        /* a byte a point, row by row from the top */
};
/* Draws it, in the arena: by chancery-reader, in five seconds of a processor at most; nothing of what is neither. Any thread. Errors
 * as of format_see. */
enum status format_see_glance(struct arena *arena, struct str name, struct str bytes,
                              struct format_glance *glance, struct error *err);
/* What format_see kept, read by this version; STATUS_DAMAGED on anything else. */
enum status format_see_again(struct arena *arena, struct str kept, struct format_seen *seen,
                             struct error *err);
/* The version of the reader: what another one kept is worth nothing. */
unsigned format_see_version(void);
/* Whether bytes look like a PDF; like a picture: PNG, JPEG, TIFF, WebP or HEIC. */
bool format_is_pdf(struct str bytes);
bool format_is_picture(struct str bytes);
/* Whether format_see takes its time: either of them. */
bool format_sees_slowly(struct str bytes);

/* What may become of a copy on paper or on a screen. */
enum format_way {
    FORMAT_WAY_SCAN,       /* at 200 dpi, a degree askew, with noise, as JPEG */
    FORMAT_WAY_PHOTOGRAPH, /* by hand: perspective, shading, blur, noise, JPEG */
    FORMAT_WAY_SCREEN,     /* a screenshot at 100 % */
    FORMAT_WAY_SCREEN_2,   /* at 200 % */
    FORMAT_WAYS
};
const char *format_way_name(enum format_way way, enum lang lang);
/* "scan", "photograph", "screen", "screen2". */
bool format_parse_way(struct str name, enum format_way *way);
struct format_journey {
    enum format_way way;
    uint64_t seed;
    unsigned first, pages; /* which pages, 0 is the first; see reader/printed.h */
};
/* Draws pages of a PDF as a printer or a screen would, distorts the pictures as the journey says, and reads them: for
 * rehearsals, not for exhibits. Takes seconds a page. Nothing is seen where nothing can be read. STATUS_IO,
 * STATUS_INTERRUPTED as format_see. */
enum status format_see_printed(struct arena *arena, struct str pdf,
                               const struct format_journey *journey,
                               const struct format_watch *watch, struct format_seen *seen,
                               struct error *err);

/* Whose copy it is, on its face, in formats that have pages or margins. */
enum format_mark { FORMAT_MARK_NONE, FORMAT_MARK_MARGIN, FORMAT_MARK_DIAGONAL };
struct format_owner {
    struct str name, number;
    /* Of the page that says whether a copy of that number is genuine. Empty where the portal has no public address: then a
     * code says the number alone, which that page takes. */
    struct str check_url;
    int64_t first_ms; /* when the member was first given it: a copy is the same every time */
};

const char *format_mark_name(enum format_mark mark); /* "none", "margin", "diagonal" */
bool format_parse_mark(struct str name, enum format_mark *mark);

/* What stands around the paper in a copy. Any may be empty. */
struct format_frame {
    struct str notice; /* at the head */
    struct str credit; /* organisation's credit and contact line, at top and bottom */
    enum format_mark mark;
};

/* Everything that the copies of an edition in a format share. Never changes once it is made, so any number of threads
 * may use one press. */
struct format_press;
/* Prepares an edition for copying; sites NULL: for the master alone; frame NULL: none. `original` is the Word document
 * that the text was read from, or empty: what can be made in its likeness is. The press lives in the arena and keeps
 * nothing of what it is given. STATUS_INPUT where the paper can't be had in that format. */
enum status format_press_make(struct arena *arena, const struct paper_doc *doc,
                              const struct paper_sites *sites, const struct format_frame *frame,
                              struct str original, enum format_kind kind,
                              struct format_press **press, struct error *err);
/* The copy for `bits` (a byte 0/1 a site), in the arena. owner NULL: without a visible mark, whatever the frame says. The
 * same bits and owner always give the same bytes. */
struct str format_press_write(const struct format_press *press, struct arena *arena,
                              const uint8_t *bits, const struct format_owner *owner);

/* The whole rendering of an edition in one of the plain kinds, as a plan ready for stamping. HTML is a complete,
 * self-contained page with a small style sheet inside, lang attribute, ids on headings and
 * paragraphs, everything escaped. sites may be NULL: then it is the master. */
struct stamp_plan *format_write(struct arena *arena, const struct paper_doc *doc,
                                const struct paper_sites *sites, const struct format_frame *frame,
                                enum format_kind kind);

/* The same as a part of a page: HTML without head, frame and style, beginning with an h1 (id "title"). Ids
 * as in the HTML format: h1, h2 … for headings, p1, p2 … for paragraphs, measures, items, quotations. */
struct stamp_plan *format_write_page(struct arena *arena, const struct paper_doc *doc,
                                     const struct paper_sites *sites);
/* The headings, and the paragraphs whose first sentence would be one (paper_find_opening), as nested lists of links to them;
 * nothing without any. */
struct stamp_plan *format_write_outline(struct arena *arena, const struct paper_doc *doc,
                                        const struct paper_sites *sites);

/* Adds UTF-8 as text of XML, or between double quotes: markup is escaped, and what XML 1.0 can't hold left out. */
void format_escape_xml(struct buf *out, struct str text);

#endif
