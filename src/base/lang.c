/* Languages; see lang.h. */
#include "base/lang.h"

#include <stdlib.h>

enum lang lang_of_locale(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = getenv(names[i]);
        if (value && *value)
            return str_starts(str_of(value), STR("zh")) ? LANG_ZH : LANG_EN;
    }
    return LANG_EN;
}

const char *lang_code(enum lang lang)
{
    return lang_pick(lang, "en", "zh");
}

bool lang_parse(struct str code, enum lang *lang)
{
    struct str head = str_slice(code, 0, 2);
    bool whole = code.len == 2 || (code.len > 2 && (code.at[2] == '_' || code.at[2] == '-'));
    if (whole && str_equal(head, STR("zh")))
        *lang = LANG_ZH;
    else if (whole && str_equal(head, STR("en")))
        *lang = LANG_EN;
    else
        return false;
    return true;
}

const char *lang_pick(enum lang lang, const char *en, const char *zh)
{
    return lang == LANG_ZH ? zh : en;
}
