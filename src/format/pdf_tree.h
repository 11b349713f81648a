/* Inside format/: what is read aloud: the tree of a PDF's structure (ISO 32000-1, 14.7), and its outline. */
#ifndef FORMAT_PDF_TREE_H
#define FORMAT_PDF_TREE_H

#include "format/pdf_file.h"

#define PDF_NOBODY UINT32_MAX

enum pdf_kid_kind { PDF_KID_ELEMENT, PDF_KID_MARKED, PDF_KID_OBJECT };
struct pdf_kid {
    enum pdf_kid_kind kind;
    uint32_t page;   /* index, of what is marked and of objects */
    uint32_t number; /* of the element, of what is marked on its page, or of the object */
    uint32_t next;   /* + 1; 0 at the end */
};
struct pdf_element {
    const char *tag;        /* "P" */
    const char *attributes; /* what else its dictionary says, or "" */
    uint32_t parent;        /* PDF_NOBODY: the root's */
    uint32_t first, last;   /* kids, + 1 */
};
struct pdf_tree {
    struct arena *arena;
    struct pdf_element *elements;
    struct pdf_kid *kids;
    uint32_t nelements, nkids;
    uint32_t *owners; /* element of what is marked, page by page … */
    uint32_t nowners;
    struct pdf_key { /* … and what leads there from pages and annotations */
        bool page;
        uint32_t first; /* of the page's owners; of an annotation its element */
    } * keys;
    uint32_t nkeys;
    uint32_t page, page_first;
};

/* Begins with nothing but the root; it grows in the arena. */
void pdf_tree_begin(struct pdf_tree *tree, struct arena *arena);
/* A new element at the end of its parent; gives its number. Strings are static. */
uint32_t pdf_tree_add(struct pdf_tree *tree, uint32_t parent, const char *tag,
                      const char *attributes);
/* Goes on to a page, by index; gives its key (/StructParents). */
uint32_t pdf_tree_page(struct pdf_tree *tree, uint32_t page);
/* The next thing marked on the page is the element's; gives its number there (MCID). */
uint32_t pdf_tree_mark(struct pdf_tree *tree, uint32_t element);
/* An annotation on the page is the element's; gives its key (/StructParent). */
uint32_t pdf_tree_annotate(struct pdf_tree *tree, uint32_t element, uint32_t object);
/* Writes it; pages by index. Gives the root's number. */
uint32_t pdf_tree_write(const struct pdf_tree *tree, struct pdf_file *file, const uint32_t *pages);

struct pdf_heading {
    unsigned rank; /* from 1 */
    struct str title;
    uint32_t page; /* index */
    int64_t top;   /* thousandths of a point */
};
/* Writes the outline; gives its number, 0 where there are no headings. A rank that leaves some out is taken as the next. */
uint32_t pdf_outline_write(struct arena *arena, struct pdf_file *file,
                           const struct pdf_heading *headings, size_t count, const uint32_t *pages);

#endif
