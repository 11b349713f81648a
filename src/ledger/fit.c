/* Which policies fit a line; see fit.h. */
#include "ledger/fit.h"

static const struct {
    const char *name, *en, *zh;
} FACETS[POLICY_FACETS] = {
    [FACET_INDUSTRY] = {"industry", "Industry", "行业"},
    [FACET_FIELD] = {"field", "Field", "领域"},
    [FACET_CATEGORY] = {"category", "Category", "类别"},
    [FACET_AUDIENCE] = {"audience", "Whom it is for", "适用对象"},
};

const char *policy_facet_name(enum policy_facet facet)
{
    return FACETS[facet].name;
}

const char *policy_facet_words(enum policy_facet facet, enum lang lang)
{
    return lang_pick(lang, FACETS[facet].en, FACETS[facet].zh);
}

enum policy_facet policy_facet_named(struct str name)
{
    int facet = 0;
    while (facet < POLICY_FACETS && !str_equal(name, str_of(FACETS[facet].name)))
        facet++;
    return (enum policy_facet)facet;
}

const char *fit_words(enum fit fit, enum lang lang)
{
    static const char *const WORDS[FITS][2] = {
        [FIT_NO] = {"does not fit", "不适用"},
        [FIT_OPEN] = {"may fit", "可能适用"},
        [FIT_YES] = {"fits", "适用"},
    };
    return lang_pick(lang, WORDS[fit][0], WORDS[fit][1]);
}

static bool has_facet(const struct fit_word *words, size_t count, enum policy_facet facet)
{
    for (size_t i = 0; i < count; i++)
        if (words[i].facet == facet)
            return true;
    return false;
}

static size_t count_shared(const struct fit_word *a, size_t na, const struct fit_word *b, size_t nb,
                           enum policy_facet facet)
{
    size_t shared = 0;
    for (size_t i = 0; i < na; i++)
        for (size_t j = 0; j < nb && a[i].facet == facet; j++)
            shared += a[i].id == b[j].id;
    return shared;
}

enum fit fit_judge(const struct fit_word *policy, size_t npolicy, const struct fit_word *line,
                   size_t nline, size_t *shared)
{
    static const enum policy_facet BY[] = {FACET_INDUSTRY, FACET_FIELD};
    bool against = false;
    *shared = 0;
    for (size_t i = 0; i < sizeof BY / sizeof *BY; i++) {
        size_t same = count_shared(policy, npolicy, line, nline, BY[i]);
        *shared += same;
        against |= !same && has_facet(policy, npolicy, BY[i]) && has_facet(line, nline, BY[i]);
    }
    if (against)
        return FIT_NO;
    return *shared ? FIT_YES : FIT_OPEN;
}
