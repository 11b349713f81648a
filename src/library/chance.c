/* Chances in words; see chance.h. */
#include "library/chance.h"

#include <math.h>

#define WORDS_EN_MOST 20   /* a hundred million million million */
#define WORDS_ZH_MOST 19   /* 千亿亿 */
#define TINY          1e-9 /* so that 10^-6 stays 10^-6 */

static struct str in_english(struct arena *arena, unsigned n)
{
    static const char *const SMALL[] = {"one", "one in ten", "one in a hundred"};
    static const char *const BEFORE[] = {"a", "ten", "a hundred"};
    static const char *const THOUSAND[] = {"a thousand", "ten thousand", "a hundred thousand"};
    static const char *const MILLIONS[] = {"", " million", " million million",
                                           " million million million"};
    if (n < sizeof SMALL / sizeof *SMALL)
        return str_of(SMALL[n]);
    const char *const *lead = n % 6 < 3 ? BEFORE : THOUSAND;
    return str_format(arena, "one in %s%s", lead[n % 3], MILLIONS[n / 6]);
}

static struct str in_chinese(struct arena *arena, unsigned n)
{
    static const char *const BEFORE[] = {"", "十", "百", "千"};
    static const char *const UNITS[] = {"", "万", "亿", "万亿", "亿亿"};
    if (n == 0)
        return STR("必然");
    return str_format(arena, "%s%s分之一", BEFORE[n % 4], UNITS[n / 4]);
}

struct str chance_words(struct arena *arena, double log10, enum lang lang)
{
    double places = floor(-log10 + TINY);
    unsigned most = lang == LANG_ZH ? WORDS_ZH_MOST : WORDS_EN_MOST;
    unsigned n = places > 0 ? (places < most ? (unsigned)places : most) : 0;
    return lang == LANG_ZH ? in_chinese(arena, n) : in_english(arena, n);
}
