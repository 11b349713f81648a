/* The fold of every character of the basic plane; made at build time by tools/fold_table.c. */
#ifndef BASE_FOLD_TABLE_H
#define BASE_FOLD_TABLE_H

#include <stdint.h>

#define FOLD_TABLE_SEVERAL 0xFFFFU /* not a single code: ask ICU */

/* The code that a character folds to, 0 for none. */
extern const uint16_t fold_table[0x10000];

#endif
