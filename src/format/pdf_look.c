/* How a paper looks on pages; see pdf_press.h.
 *
 * Chinese: GB/T 9704-2012. A4, margins 37, 26, 35 and 28 mm, so that 156 × 225 mm are left for 22 lines of 28
 * characters: the third size is a 28th of the width, a line a 22nd of the height. The title is of the second size,
 * headings begin two characters in. English: one column of about 75 letters.
 *
 * Text, items and quotations have the same room behind them, and items of a list none between them: how far a line stands
 * lower is told by others at the same distance, which a paper with few lists has few of. */
#include "format/pdf_press.h"

#define ZH_SIZE  15793
#define ZH_PITCH 28990
#define EN_SIZE  11000
#define EN_PITCH 16000

const struct pdf_look
    pdf_looks[LANG_COUNT] =
        {
            [LANG_ZH] =
                {
                    .left = 79370,
                    .right = 73701,
                    .top = 104882,
                    .bottom = 99213,
                    .number_size = 14000,
                    .dashed = true,
                    .parts =
                        {
                            [PDF_PART_TITLE] = {PDF_TITLE, PDF_CENTRE, 22000, 34000, 0, ZH_PITCH,
                                                0},
                            [PDF_PART_HEADING] = {PDF_HEADING, PDF_LEFT, ZH_SIZE, ZH_PITCH, 0, 0,
                                                  2000},
                            [PDF_PART_SECOND] = {PDF_SECOND, PDF_LEFT, ZH_SIZE, ZH_PITCH, 0, 0,
                                                 2000},
                            [PDF_PART_THIRD] = {PDF_STRONG, PDF_LEFT, ZH_SIZE, ZH_PITCH, 0, 0,
                                                2000},
                            [PDF_PART_FOURTH] = {PDF_BODY, PDF_LEFT, ZH_SIZE, ZH_PITCH, 0, 0, 2000},
                            [PDF_PART_TEXT] = {PDF_BODY, PDF_EVEN, ZH_SIZE, ZH_PITCH, 0, 0, 2000},
                            [PDF_PART_OPENING] = {PDF_BODY, PDF_EVEN, ZH_SIZE, ZH_PITCH, 0, 0, 0},
                            [PDF_PART_SIGNED] = {PDF_BODY, PDF_RIGHT, ZH_SIZE, ZH_PITCH, 0, 0, 0},
                            [PDF_PART_ITEM] = {PDF_BODY, PDF_EVEN, ZH_SIZE, ZH_PITCH, 0, 0, 0},
                            [PDF_PART_QUOTE] = {PDF_QUOTE, PDF_EVEN, ZH_SIZE, ZH_PITCH, 0, 0, 0},
                            [PDF_PART_CODE] = {PDF_CODE, PDF_LEFT, 11000, 17000, 6000, 8000, 0},
                            [PDF_PART_ROW] = {PDF_BODY, PDF_LEFT, 12000, 18000, 0, 0, 0},
                            [PDF_PART_NOTICE] = {PDF_QUOTE, PDF_EVEN, 10500, 16500, 0, 0, 0},
                            [PDF_PART_RULE] = {PDF_BODY, PDF_LEFT, ZH_SIZE, ZH_PITCH, 0, 0, 0},
                        },
                },
            [LANG_EN] =
                {
                    .left = 93000,
                    .right = 93000,
                    .top = 92000,
                    .bottom = 90000,
                    .number_size = 10000,
                    .parts =
                        {
                            [PDF_PART_TITLE] = {PDF_TITLE, PDF_LEFT, 20000, 27000, 0, 16000, 0},
                            [PDF_PART_HEADING] = {PDF_HEADING, PDF_LEFT, 14000, 20000, 14000, 5000,
                                                  0},
                            [PDF_PART_SECOND] = {PDF_SECOND, PDF_LEFT, 12000,
                                                 17000, 11000, 4000, 0},
                            [PDF_PART_THIRD] = {PDF_SECOND, PDF_LEFT, EN_SIZE, EN_PITCH, 9000, 3000,
                                                0},
                            [PDF_PART_FOURTH] = {PDF_STRONG, PDF_LEFT, EN_SIZE, EN_PITCH,
                                                 7000, 2000, 0},
                            [PDF_PART_TEXT] = {PDF_BODY, PDF_LEFT, EN_SIZE, EN_PITCH, 0, 8000, 0},
                            [PDF_PART_OPENING] = {PDF_BODY, PDF_LEFT, EN_SIZE, EN_PITCH, 0, 8000,
                                                  0},
                            [PDF_PART_SIGNED] = {PDF_BODY, PDF_LEFT, EN_SIZE, EN_PITCH, 0, 8000, 0},
                            [PDF_PART_ITEM] = {PDF_BODY, PDF_LEFT, EN_SIZE, EN_PITCH, 0, 8000, 0},
                            [PDF_PART_QUOTE] = {PDF_QUOTE, PDF_LEFT, EN_SIZE, EN_PITCH, 0, 8000, 0},
                            [PDF_PART_CODE] = {PDF_CODE, PDF_LEFT, 9000, 13000, 2000, 10000, 0},
                            [PDF_PART_ROW] = {PDF_BODY, PDF_LEFT, 9500, 13500, 0, 0, 0},
                            [PDF_PART_NOTICE] = {PDF_EMPHASIS, PDF_LEFT, 9000, 13000, 0, 0, 0},
                            [PDF_PART_RULE] = {PDF_BODY, PDF_LEFT, EN_SIZE, EN_PITCH, 0, 8000, 0},
                        },
                },
};
