/* A document composed by the program: headings, paragraphs and tables, in one language at a time. Not for other rooms. */
#ifndef LIBRARY_CASE_LEAF_H
#define LIBRARY_CASE_LEAF_H

#include "format/pdf.h"
#include "library/case_facts.h"
#include "paper/doc.h"

struct leaf {
    struct arena *arena;
    enum lang lang; /* of what is said from now on */
    bool both;      /* whole blocks and heads of tables in the other language too */
    struct buf text, blocks, runs, pictures;
    struct paper_block open;
};

/* Begins and ends a block; cells of a row are parted by leaf_cell. */
void leaf_begin(struct leaf *c, enum paper_block_kind kind, unsigned level);
void leaf_end(struct leaf *c);
void leaf_cell(struct leaf *c);
/* Adds words in the present language; both formats take the same arguments in the same order. */
void leaf_say(struct leaf *c, const char *en, const char *zh, ...)
    __attribute__((format(printf, 2, 4), format(printf, 3, 4)));
/* Adds a text from elsewhere: line ends and tabs become spaces, what can't be seen is shown by its number. */
void leaf_put(struct leaf *c, struct str text);
/* The same, set apart. */
void leaf_strong(struct leaf *c, struct str text);
/* A digest in four groups, so that a line may end between them; a moment in UTC; a chance as a power of ten. */
void leaf_digest(struct leaf *c, const struct digest *digest);
void leaf_time(struct leaf *c, int64_t time_ms);
void leaf_chance(struct leaf *c, double log10_p);
/* Begins a paragraph beside a picture, which `words` stand for where it is read aloud. */
void leaf_begin_pictured(struct leaf *c, const struct format_glance *glance, struct str words);
/* Whole blocks. */
void leaf_heading(struct leaf *c, unsigned level, const char *en, const char *zh);
void leaf_paragraph(struct leaf *c, const char *en, const char *zh);
/* Names of columns in each language, parted by '|': within a row, and as the head of a table. */
void leaf_names(struct leaf *c, const char *en, const char *zh);
void leaf_head(struct leaf *c, const char *en, const char *zh);
struct paper_doc leaf_doc(struct leaf *c, struct str title);

/* What the findings say, one after the other, and how they were come to; the annex has the texts side by side and every
 * mark. In case_paper_found.c. */
void leaf_findings(struct leaf *c, const struct case_facts *facts);
void leaf_annex(struct leaf *c, const struct case_facts *facts);
void leaf_method(struct leaf *c, const struct case_facts *facts);
void leaf_refuting(struct leaf *c, const struct case_facts *facts);

#endif
