/* Texts that the program writes out as papers: Markdown in one language, by headings as official papers have them. */
#ifndef LEDGER_PROSE_H
#define LEDGER_PROSE_H

#include "base/lang.h"
#include "base/str.h"

struct prose {
    struct buf out; /* its arena is set by who begins one */
    enum lang lang;
};

/* Adds the words of the language that it is written in. Both formats take the same arguments. */
void prose_say(struct prose *prose, const char *en, const char *zh, ...)
    __attribute__((format(printf, 2, 4), format(printf, 3, 4)));
/* A text within Markdown: what it would take for its own marks is taken for text. */
struct str prose_plain(struct prose *prose, struct str text);
/* A civil day as it is said: "9 December 2026", "2026年12月9日". */
struct str prose_date(struct prose *prose, int64_t day);

#endif
