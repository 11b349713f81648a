/* What the tests of the shipped lexicons share: a lexicon of the files named, a document of a text, and
 * the text with its places shown. */
#ifndef TESTS_PAPER_LEXICON_BED_H
#define TESTS_PAPER_LEXICON_BED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "paper/site.h"

struct bench {
    struct arena *arena;
    struct paper_lexicon *lexicon;
    enum lang lang;
};

/* Opens the bench of a language over its lexicon files; the list ends with NULL. */
void bench_open(void **state, enum lang lang, const char *const *files);
int bench_close(void **state);
/* A file of the project, whole. */
struct str bench_file(struct arena *arena, const char *folder, const char *name);
/* A block of the kind a line (PAPER_PARAGRAPH: as the outline tells); Markdown's marks at a line's beginning
 * say what carries no sites. */
struct paper_doc bench_document(const struct bench *bench, struct str text,
                                enum paper_block_kind kind);
/* The sites at level discreet. */
struct paper_sites bench_find(const struct bench *bench, const struct paper_doc *doc);
/* The text with every place as [master|alternative]. */
const char *bench_preview(const struct bench *bench, const char *text, enum paper_block_kind kind);
/* Fails unless the preview of the text holds (or lacks) the part. */
void bench_expect(const struct bench *bench, const char *text, const char *part, bool wanted);

#endif
