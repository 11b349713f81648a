/* How the exhibits of a finding were read: what kind of file each was, how many pages, and which of them were pictures whose
 * letters had to be recognised. Says nothing about any member. */
#ifndef LIBRARY_TRACE_LOOK_H
#define LIBRARY_TRACE_LOOK_H

#include "library/trace.h"

/* Fills finding->looks, one for each exhibit in their order; in the arena. */
void library_note_looks(struct arena *arena, const struct exhibit *exhibits, size_t count,
                        struct finding *finding);

/* "text", "html", "docx", "odt", "epub", "mail", "pdf" or "picture", as docs/trace-json.md has them. */
const char *trace_look_name(enum trace_look_kind kind);
/* False where it is none of them. */
bool trace_look_parse(struct str name, enum trace_look_kind *kind);
/* "PDF of 3 pages; letters recognised on 2 of them (Chinese); about 2 characters in 100 may be misread": in the arena. */
struct str trace_look_words(struct arena *arena, const struct trace_look *look, enum lang lang);

#endif
