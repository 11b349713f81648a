/* CSV out; see csv.h. */
#include "base/csv.h"

static bool begins_formula(struct str text)
{
    static const char *const MARKS[] = {"=",  "+",  "-",  "@",  "\t", "\r",
                                        "\n", "＝", "＋", "－", "＠"};
    for (size_t i = 0; i < sizeof MARKS / sizeof *MARKS; i++)
        if (str_starts(text, str_of(MARKS[i])))
            return true;
    return false;
}

static void add_cell(struct buf *out, const char *before, struct str text)
{
    buf_add_byte(out, '"');
    buf_add(out, str_of(before));
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '"')
            buf_add_byte(out, '"');
        buf_add_byte(out, text.at[i]);
    }
    buf_add_byte(out, '"');
}

void csv_add_text(struct buf *out, struct str text)
{
    add_cell(out, begins_formula(text) ? "'" : "", text);
}

void csv_add_number(struct buf *out, struct str number)
{
    add_cell(out, "", number);
}
