/* The two languages of the house. */
#ifndef BASE_LANG_H
#define BASE_LANG_H

#include <stdbool.h>

#include "base/str.h"

enum lang { LANG_ZH, LANG_EN };
#define LANG_COUNT 2

/* The person's language from LC_ALL, LC_MESSAGES, LANG in the order POSIX gives them: zh* is
 * Chinese, anything else English. */
enum lang lang_of_locale(void);
/* "zh" or "en". */
const char *lang_code(enum lang lang);
/* Reads "zh" or "en" (also zh_CN, zh-Hans, en_GB…). False on anything else. */
bool lang_parse(struct str code, enum lang *lang);
/* `en` or `zh`, as lang asks. */
const char *lang_pick(enum lang lang, const char *en, const char *zh);

#endif
