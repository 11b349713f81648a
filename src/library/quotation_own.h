/* Short pieces of a member's own copies in what they type: those that a trace would be too unsure to recognise, and
 * that may carry marks all the same.
 *
 * Which of them do carry marks is not for members to learn: what is done with a piece must not turn on it, or whoever
 * types their copy bit by bit is told where all marks are. */
#ifndef LIBRARY_QUOTATION_OWN_H
#define LIBRARY_QUOTATION_OWN_H

#include "library/paper.h"

#define OWN_HAN   12U /* folded characters that a piece has at least, where it begins in Chinese */
#define OWN_OTHER 32U /* elsewhere */
#define OWN_MOST  64U /* pieces of one text */

struct own_piece {
    size_t at, len; /* bytes of the text */
    int64_t paper, edition;
    size_t source_at, source_len; /* bytes of the master; may cut a site */
};

/* Finds pieces of the copies that the member got last, in a text (valid UTF-8), leaving out what of them stands within
 * 《》: titles bear no marks in any copy, and are what one speaks of. `pieces` has room for OWN_MOST. Takes
 * O(text + copies). */
enum status quotation_find_own(struct arena *arena, struct store *store, int64_t member,
                               struct str text, struct own_piece *pieces, size_t *count,
                               struct error *err);
/* The same, but only such as hold a marked place: for who may see where those are. */
enum status quotation_find_marked(struct arena *arena, struct store *store, int64_t member,
                                  struct str text, struct own_piece *pieces, size_t *count,
                                  struct error *err);
/* The text without invisible characters, which could carry marks in a single word; what joins emoji stays. */
struct str quotation_drop_hidden(struct arena *arena, struct str text);

#endif
