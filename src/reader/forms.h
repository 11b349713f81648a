/* Characters that stand in a font for others: ligatures of Latin letters, radicals and compatibility forms of Chinese. */
#ifndef READER_FORMS_H
#define READER_FORMS_H

#include "reader/reader.h"

struct forms;

/* Looks at how a file uses them. A font that has a form and its plain character both was given both by who wrote the text:
 * they may be marks, and stay. A font that has the form alone has it by the way its file was made. Takes O(forms ×
 * characters) of at most a few hundred forms. */
struct forms *forms_find(struct reader *reader);

/* What a character of a font stands for; writes one code or several to `codes`, gives how many. */
#define FORMS_CODES_MOST 8
size_t forms_read(const struct forms *forms, unsigned font, uint32_t code,
                  uint32_t codes[FORMS_CODES_MOST]);

#endif
