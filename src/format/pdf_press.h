/* Inside format/: what the copies of an edition in PDF share. */
#ifndef FORMAT_PDF_PRESS_H
#define FORMAT_PDF_PRESS_H

#include "format/pdf.h"
#include "format/pdf_line.h"
#include "format/pdf_text.h"

/* --- how things look ------------------------------------------------------------------------------ */

enum pdf_part {
    PDF_PART_TITLE,
    PDF_PART_HEADING, /* four of them, by rank */
    PDF_PART_SECOND,
    PDF_PART_THIRD,
    PDF_PART_FOURTH,
    PDF_PART_TEXT,
    PDF_PART_OPENING, /* 各位会员： flush left */
    PDF_PART_SIGNED,  /* who wrote it and when, at the end, to the right */
    PDF_PART_ITEM,
    PDF_PART_QUOTE,
    PDF_PART_CODE,
    PDF_PART_ROW,
    PDF_PART_NOTICE,
    PDF_PART_RULE,
    PDF_PARTS
};

enum pdf_align { PDF_LEFT, PDF_EVEN, PDF_CENTRE, PDF_RIGHT };

/* Thousandths of a point; indents are thousandths of an em. */
struct pdf_style {
    enum pdf_role role;
    enum pdf_align align;
    int32_t size, pitch, before, after;
    int32_t indent; /* of the first line */
};
struct pdf_look {
    int32_t left, right, top, bottom; /* margins */
    struct pdf_style parts[PDF_PARTS];
    int32_t number_size; /* the page's number … */
    bool dashed;         /* … between dashes */
};
#define PDF_PAGE_WIDTH   595276
#define PDF_PAGE_HEIGHT  841890
#define PDF_CELL_PADDING 4500  /* of a table */
#define PDF_MARK_TOP     64000 /* the foot's texts and marks stand below it */
extern const struct pdf_look pdf_looks[LANG_COUNT];

/* --- an edition ----------------------------------------------------------------------------------- */

struct pdf_item {
    enum pdf_part part;
    unsigned rank;  /* of a heading, from 1 */
    unsigned depth; /* of items and quotations, from 1 */
    bool ordered, listed;
    struct pdf_text label; /* of an item in a list */
    struct pdf_text text;
    uint32_t line_site;
    uint32_t table;   /* of a row */
    bool head;        /* row of headings */
    uint32_t columns; /* of a row: how many cells it has */
    uint32_t picture; /* of the options, + 1; 0: none stands beside it */
};
struct pdf_table {
    size_t first; /* item: its first row */
    uint32_t ncolumns;
    int32_t *widths;
};

struct pdf_press {
    enum lang lang;
    const struct pdf_look *look;
    struct str title, org;
    struct pdf_texts texts;
    struct pdf_item *items;
    size_t nitems;
    struct pdf_table *tables;
    size_t ntables;
    struct str *links; /* by run: where it leads; empty where it leads nowhere that is safe */
    size_t nlinks;
    bool has_title;
    struct pdf_text digits; /* "— 0123456789" */
    enum format_mark mark;
    struct pdf_options options;
    struct pdf_file base; /* what is written once … */
    struct str fonts;     /* … and where: entries of resources */
    uint32_t header, footer, profile;
    uint32_t *pictures; /* objects, by the options' */
    struct str files;   /* entries of the catalogue that name the attachments */
    size_t pages_guess, bytes_guess;
};

/* Makes what all copies share, in the arena. options NULL: none. STATUS_IO where a font is lacking or can't be cut down;
 * *press is untouched then. */
enum status pdf_press_make(struct arena *arena, const struct press_order *order,
                           const struct pdf_options *options, struct pdf_press **press,
                           struct error *err);
/* The copy with these bits, one byte a site, as bytes of a PDF in `arena`; bits NULL: where the document has no sites. owner NULL: it
 * is nobody's and shows no mark. Threads may write from one press at the same time, each with an arena of its own. */
struct str pdf_press_write(const struct pdf_press *press, struct arena *arena, const uint8_t *bits,
                           const struct format_owner *owner);

/* --- a copy while it is set ----------------------------------------------------------------------- */

struct pdf_page {
    uint32_t content;       /* object */
    uint32_t key;           /* in the tree */
    struct buf annotations; /* "12 0 R 13 0 R" */
};
struct pdf_setter {
    const struct pdf_press *press;
    struct arena *arena;
    const uint8_t *bits;
    struct pdf_file file;
    struct pdf_pen pen;
    struct pdf_tree tree;
    struct buf content; /* of the present page */
    int64_t y;          /* above which it is full */
    bool fresh;         /* nothing has been set on it */
    struct pdf_page *pages;
    uint32_t *numbers; /* objects of pages, by index */
    uint32_t npages, pages_cap;
    struct pdf_heading *headings;
    size_t nheadings;
    struct str title;
    uint32_t document;                  /* element */
    uint32_t lists[16], list_items[16]; /* elements of the lists that are open, by depth */
    bool ordered[16];
    unsigned depth;
    uint32_t table; /* element */
    bool marked, watermarked;
};

/* Sets all items; the last page is ended. */
void pdf_set_items(struct pdf_setter *setter);
void pdf_set_new_page(struct pdf_setter *setter);

/* The visible mark of an owner as two forms, one for margins and one across the page (0: none), which need `resources` of
 * their own. */
struct pdf_mark {
    uint32_t margin, across;
};
struct pdf_mark pdf_mark_write(const struct pdf_press *press, struct arena *arena,
                               struct pdf_file *file, const struct format_owner *owner);

#endif
