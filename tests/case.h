/* What every test that keeps something begins with: cmocka, a folder of its own under /tmp, and words of errors. */
#ifndef TESTS_CASE_H
#define TESTS_CASE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first */
#include <cmocka.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Fails the test with the words of the error that the case `c` holds. */
#define must(c, expression)                               \
    do {                                                  \
        if ((expression) != STATUS_OK)                    \
            fail_msg("%s: %s", #expression, (c)->err.en); \
    } while (0)

/* Makes an empty folder and writes its path to `dir`, which has room for `size` bytes (64 do); false where it can't. */
static inline bool make_folder(char *dir, size_t size)
{
    (void)snprintf(dir, size, "/tmp/chancery-test-XXXXXX");
    return mkdtemp(dir);
}

static inline int remove_entry(const char *path, const struct stat *s, int type, struct FTW *ftw)
{
    (void)s;
    (void)type;
    (void)ftw;
    return remove(path);
}

/* The folder with all that is in it. */
static inline void remove_folder(const char *dir)
{
    (void)nftw(dir, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

#endif
