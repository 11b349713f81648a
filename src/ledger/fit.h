/* Which policies fit a line: by the words of industry and field that both have. Of a policy without a word of a kind,
 * all of that kind fit. Pure. */
#ifndef LEDGER_FIT_H
#define LEDGER_FIT_H

#include "base/lang.h"
#include "base/str.h"

/* What a word tells apart: 行业、领域、类别, and whom it is for. */
enum policy_facet {
    FACET_INDUSTRY,
    FACET_FIELD,
    FACET_CATEGORY,
    FACET_AUDIENCE,
    POLICY_FACETS,
};
const char *policy_facet_name(enum policy_facet facet);
const char *policy_facet_words(enum policy_facet facet, enum lang lang);
enum policy_facet policy_facet_named(struct str name); /* POLICY_FACETS for anything else */

/* A word that something has; a list holds each once. */
struct fit_word {
    int64_t id;
    enum policy_facet facet;
};
enum fit {
    FIT_NO,   /* of another industry or field */
    FIT_OPEN, /* nothing speaks against it, and nothing for it */
    FIT_YES,  /* an industry or field is the same, and none is another */
    FITS
};
const char *fit_words(enum fit fit, enum lang lang);
/* *shared gets how many words of industry and field both have. Takes O(npolicy × nline). */
enum fit fit_judge(const struct fit_word *policy, size_t npolicy, const struct fit_word *line,
                   size_t nline, size_t *shared);

#endif
