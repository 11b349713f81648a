/* Visible marks in exhibits: numbers of copies that somebody printed there, read from codes and from the words.
 *
 * They are print. Whoever made a copy known could have put another's number on it; so they never count in a bound, name
 * nobody, and are told to stewards beside what the marks within say. */
#ifndef LIBRARY_TRACE_SIGN_H
#define LIBRARY_TRACE_SIGN_H

#include "library/trace.h"

#define TRACE_SIGNS_MAX 32U /* different numbers that are looked up */

/* Fills finding->signs from what was seen in the exhibits, once its members are known; in the arena. */
enum status library_find_signs(struct arena *arena, struct store *store,
                               const struct exhibit *exhibits, size_t count,
                               struct finding *finding, struct error *err);

/* What a number says beside a finding. */
enum sign_says {
    SIGN_UNKNOWN,     /* no copy has it */
    SIGN_OPEN,        /* somebody's copy, where the marks within name nobody */
    SIGN_AGREES,      /* a copy of somebody who is named */
    SIGN_CONTRADICTS, /* a copy of somebody else than those named */
    SIGN_SAYS
};
enum sign_says library_sign_says(const struct finding *finding, const struct trace_sign *sign);
/* "unknown", "open" and so on, as docs/trace-json.md has them. */
const char *sign_says_name(enum sign_says says);
/* The same as a sentence in each language. Static. */
void sign_says_words(enum sign_says says, const char **en, const char **zh);

#endif
