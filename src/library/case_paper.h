/* The case file as somebody reads it, and as a whole file: pages, facts and exhibits under one seal. */
#ifndef LIBRARY_CASE_PAPER_H
#define LIBRARY_CASE_PAPER_H

#include "format/pdf.h"
#include "library/case_facts.h"
#include "paper/doc.h"

/* In which language the pages are. */
enum case_tongue { CASE_TONGUE_ZH, CASE_TONGUE_EN, CASE_TONGUE_BOTH };
/* "zh", "en" or "both". */
bool case_tongue_parse(struct str name, enum case_tongue *tongue);

/* The pages, and the pictures beside their paragraphs. */
struct case_pages {
    struct paper_doc doc;
    const struct pdf_picture *pictures;
    size_t npictures;
};
/* Composes them, in the arena. With both languages everything stands twice, in `first` before the other. `glances`: what the
 * exhibits look like, by their order; NULL: they are not shown. */
struct case_pages case_compose(struct arena *arena, const struct case_facts *facts,
                               const struct format_glance *glances, enum case_tongue tongue,
                               enum lang first);
/* The file: the pages as PDF/A-3, case.json and the exhibits within, signed by the newest key. In the arena. Pictures
 * and PDF among the exhibits are shown in small where they can be drawn, which takes a part of a second each. */
enum status case_make_file(struct arena *arena, struct store *store, const struct case_facts *facts,
                           enum case_tongue tongue, enum lang first, struct str *file,
                           struct error *err);

#endif
