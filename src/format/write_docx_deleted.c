/* What tracked deletions take away besides words; see write_docx_deleted.h.
 *
 * A paragraph's deleted end stands in its properties (w:pPr, w:rPr, w:del), a deleted row in the row's (w:trPr, w:del). Elements are
 * gone through child by child, so that nothing of a table within a cell is taken for the outer one's. */
#include "format/write_docx_deleted.h"

#include "format/docx_tag.h"

#define NOWHERE SIZE_MAX

/* The child that begins at `at` or behind it, among text and remarks; NOWHERE at its parent's end. */
static size_t next_child(struct str in, size_t at, struct docx_tag *tag)
{
    while ((at = str_find(in, STR("<"), at)) != NOWHERE && docx_read_tag(in, at, tag)) {
        if (tag->ends)
            return NOWHERE;
        if (tag->whole.at[1] != '!' && tag->whole.at[1] != '?')
            return at;
        at += tag->whole.len;
    }
    return NOWHERE;
}

static size_t first_child(struct str in, size_t parent, struct docx_tag *tag)
{
    if (parent == NOWHERE || !docx_read_tag(in, parent, tag) || tag->empty)
        return NOWHERE;
    return next_child(in, parent + tag->whole.len, tag);
}

/* The child of that name, which only children of the name `before` may precede. */
static size_t early_child(struct str in, size_t parent, const char *before, const char *name)
{
    struct docx_tag tag;
    size_t at = first_child(in, parent, &tag);
    while (at != NOWHERE && docx_is_word(tag.name, before))
        at = next_child(in, docx_element_end(in, at), &tag);
    return at != NOWHERE && docx_is_word(tag.name, name) ? at : NOWHERE;
}

static bool has_any(struct str in, size_t parent, const char *const *names)
{
    struct docx_tag tag;
    size_t at = first_child(in, parent, &tag);
    while (at != NOWHERE && !docx_is_one_of(tag.name, names))
        at = next_child(in, docx_element_end(in, at), &tag);
    return at != NOWHERE;
}

static size_t properties_of_end(struct str in, size_t paragraph)
{
    struct docx_tag tag;
    size_t at = first_child(in, early_child(in, paragraph, "", "pPr"), &tag);
    while (at != NOWHERE && !docx_is_word(tag.name, "rPr"))
        at = next_child(in, docx_element_end(in, at), &tag);
    return at;
}

enum docx_fate docx_fate_of_paragraph(struct str in, size_t at)
{
    static const char *const ENDS[] = {"del", "moveFrom", NULL};
    static const char *const NOTHING[] = {"pPr",
                                          "del",
                                          "moveFrom",
                                          "proofErr",
                                          "bookmarkStart",
                                          "bookmarkEnd",
                                          "permStart",
                                          "permEnd",
                                          "moveFromRangeStart",
                                          "moveFromRangeEnd",
                                          "moveToRangeStart",
                                          "moveToRangeEnd",
                                          "commentRangeStart",
                                          "commentRangeEnd",
                                          NULL};
    struct docx_tag tag;
    if (!has_any(in, properties_of_end(in, at), ENDS))
        return DOCX_STAYS;
    size_t child = first_child(in, at, &tag);
    while (child != NOWHERE && docx_is_one_of(tag.name, NOTHING))
        child = next_child(in, docx_element_end(in, child), &tag);
    return child == NOWHERE ? DOCX_VANISHES : DOCX_JOINS;
}

bool docx_paragraph_has(struct str in, size_t at, const char *const *names)
{
    return has_any(in, early_child(in, at, "", "pPr"), names);
}

bool docx_row_is_deleted(struct str in, size_t at)
{
    static const char *const ENDS[] = {"del", NULL};
    return has_any(in, early_child(in, at, "tblPrEx", "trPr"), ENDS);
}

bool docx_table_is_deleted(struct str in, size_t at)
{
    static const char *const BEFORE_ROWS[] = {"tblPr", "tblGrid", "bookmarkStart", "bookmarkEnd",
                                              NULL};
    struct docx_tag tag;
    bool rows = false;
    size_t child = first_child(in, at, &tag);
    while (child != NOWHERE) {
        bool row = docx_is_word(tag.name, "tr");
        if (row ? !docx_row_is_deleted(in, child) : !docx_is_one_of(tag.name, BEFORE_ROWS))
            return false;
        rows |= row;
        child = next_child(in, docx_element_end(in, child), &tag);
    }
    return rows;
}
