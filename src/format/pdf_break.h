/* Inside format/: where a line may end (UAX #14), decided between two neighbours.
 *
 * A copy's lines are broken at copying, when it is known which alternatives stand side by side; so each character gets
 * its class once an edition, and what is asked at copying is a row and a column of a table. Chinese rules come with it:
 * no line begins with ，。！？）》… or ends with （《“, —— and …… stay whole, figures stay with their units. */
#ifndef FORMAT_PDF_BREAK_H
#define FORMAT_PDF_BREAK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/lang.h"

enum pdf_break {
    BREAK_AL, /* letters that make words */
    BREAK_ID, /* ideographs, and what stands by itself like them */
    BREAK_SP,
    BREAK_OP, /* opening … */
    BREAK_CP, /* … and closing brackets of the West … */
    BREAK_QO, /* … and of East Asia, with the quotation marks “ and ” in Chinese … */
    BREAK_QC, /* (closing: those two alone) */
    BREAK_CL, /* … and other closing punctuation: ，。》 */
    BREAK_QU, /* quotation marks that open or close */
    BREAK_EX, /* ！？ */
    BREAK_IS, /* , . : ; between figures */
    BREAK_SY, /* / */
    BREAK_NS, /* not at the beginning of a line */
    BREAK_NU,
    BREAK_PR, /* before figures: ￥ … */
    BREAK_PO, /* … and behind: % ℃ */
    BREAK_HY, /* - */
    BREAK_BA, /* other hyphens, tabs */
    BREAK_BB,
    BREAK_B2, /* — */
    BREAK_IN, /* … */
    BREAK_GL, /* no break on either side */
    BREAK_WJ,
    BREAK_ZW,
    BREAK_CM, /* belongs to what stands before it */
    BREAK_ZWJ,
    BREAK_EB,
    BREAK_EM,
    BREAK_RI,
    BREAK_CLASSES
};

/* The class of a character in a text of that language. */
enum pdf_break pdf_break_class(uint32_t code, enum lang lang);

enum { BREAK_IN_FIGURE = 1, BREAK_PAST_FIGURE };
/* Walks over a text: begin with a zeroed walker, then ask before each character of class `next` (the first too) whether
 * a line may end in front of it. */
struct pdf_breaker {
    enum pdf_break before; /* the last one that is no space and no mark upon another */
    enum pdf_break earlier;
    uint8_t figure; /* whether the last one is of a figure, or the bracket behind one */
    bool begun, spaced, joined;
};
bool pdf_break_before(struct pdf_breaker *breaker, enum pdf_break next);

#endif
