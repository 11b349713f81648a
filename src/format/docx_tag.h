/* Inside format/: tags of a Word document's parts as bytes, for copies that keep all else as it was. */
#ifndef FORMAT_DOCX_TAG_H
#define FORMAT_DOCX_TAG_H

#include "base/str.h"

struct docx_tag {
    struct str whole; /* "<w:p …>" */
    struct str name;  /* without prefix; "w:" or another stands before it in `whole` */
    bool ends, empty; /* </w:p>, <w:p/> */
};

/* The tag that begins at `at`; false where it has no end. */
bool docx_read_tag(struct str in, size_t at, struct docx_tag *tag);
/* Whether the name, as a tag gave it, is Word's own of that name: "w:p". */
bool docx_is_word(struct str name, const char *word);
/* Whether the name is one of those, of which NULL is the last. */
bool docx_is_one_of(struct str name, const char *const *names);
/* What stands behind the last separator; all of the text where there is none. */
struct str docx_last_after(struct str text, char separator);
/* Where a tag's attributes begin. */
size_t docx_attributes_from(struct str tag);
/* The next attribute of a tag from *at on: with the white space before it, its name, its value. */
bool docx_next_attribute(struct str tag, size_t *at, struct str *whole, struct str *name,
                         struct str *value);
/* Behind the end of the element that begins at `at`. */
size_t docx_element_end(struct str in, size_t at);

/* What stands in properties, and what is to stand in place of it. */
struct docx_change {
    size_t at, len;
    struct str with;
};
/* How properties come to say other space: behind each letter of a run (`properties` is its "<w:rPr>…</w:rPr>"), or above a
 * paragraph ("<w:pPr>…</w:pPr>"); empty where it has none. In twentieths of a point, and not in hundredths of a line, which would
 * count for more. All else that they say stays, and the order that the schema demands. In the arena. */
struct docx_change docx_space_letters(struct arena *arena, struct str properties, int space);
struct docx_change docx_space_above(struct arena *arena, struct str properties, int space);

#endif
