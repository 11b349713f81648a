/* The case file as somebody reads it, and as a whole file: pages, facts and exhibits under one seal. */
#ifndef LIBRARY_CASE_PAPER_H
#define LIBRARY_CASE_PAPER_H

#include "library/case_facts.h"
#include "paper/doc.h"

/* In which language the pages are. */
enum case_tongue { CASE_TONGUE_ZH, CASE_TONGUE_EN, CASE_TONGUE_BOTH };
/* "zh", "en" or "both". */
bool case_tongue_parse(struct str name, enum case_tongue *tongue);

/* The pages, in the arena. With both languages everything stands twice, in `first` before the other. */
struct paper_doc case_compose(struct arena *arena, const struct case_facts *facts,
                              enum case_tongue tongue, enum lang first);
/* The file: the pages as PDF/A-3, case.json and the exhibits within, signed by the newest key. In the arena. */
enum status case_make_file(struct arena *arena, struct store *store, const struct case_facts *facts,
                           enum case_tongue tongue, enum lang first, struct str *file,
                           struct error *err);

#endif
