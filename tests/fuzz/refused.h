/* Where a refusal by a part of reader/ ends an input. */
#ifndef TESTS_REFUSED_H
#define TESTS_REFUSED_H

#include <setjmp.h>
#include <stdlib.h>

#include "reader/reader.h"

static jmp_buf refused;

_Noreturn void reader_refuse(enum reader_refusal why, unsigned number)
{
    (void)number;
    if (why <= 0 || why >= READER_REFUSALS)
        abort();
    longjmp(refused, 1);
}

#endif
