/* Findings as JSON: the documented object (docs/trace-json.md) and the form in which they are kept. */
#ifndef LIBRARY_FINDING_JSON_H
#define LIBRARY_FINDING_JSON_H

#include <jansson.h>

#include "library/trace.h"

/* The finding as docs/trace-json.md has it; the caller's to release. */
json_t *library_finding_json(const struct finding *finding);
/* The same without names and addresses of members: their numbers say who they are, and what is said of
 * somebody elsewhere changes when they change. In the arena. */
struct str library_pack_finding(struct arena *arena, const struct finding *finding);
/* Back from it, with names and addresses as they are today; matches are left out. STATUS_DAMAGED when it is
 * none. */
enum status library_unpack_finding(struct arena *arena, struct store *store, struct str packed,
                                   struct finding *finding, struct error *err);

/* Where the marks stand, for keeping as a blob: {"matches": [{"exhibit", "source", "edition", "spans": [[at,
 * len, source at, source len] …], "marks": [[site, "word", shown, counted, at, len, source at, source len,
 * "alternative 0", "alternative 1"] …]} …]}, offsets in bytes of the texts in UTF-8. Says nothing about any
 * member. */
struct str library_pack_matches(struct arena *arena, const struct finding *finding);
/* Back from it, into finding->matches, whose sources must be there; the texts of editions are loaded anew. */
enum status library_unpack_matches(struct arena *arena, struct store *store, struct str packed,
                                   struct finding *finding, struct error *err);

#endif
