/* A folder for a target's database, which is gone again when the target has ended. */
#ifndef TESTS_FOLDER_H
#define TESTS_FOLDER_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

static char fuzz_folder_path[] = "/tmp/chancery-fuzz-XXXXXX";

static int remove_entry(const char *path, const struct stat *what, int kind, struct FTW *at)
{
    (void)what;
    (void)kind;
    (void)at;
    return remove(path);
}

static void remove_folder(void)
{
    (void)nftw(fuzz_folder_path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

/* Makes it; to be called once. */
static const char *make_folder(void)
{
    if (!mkdtemp(fuzz_folder_path) || atexit(remove_folder))
        abort();
    return fuzz_folder_path;
}

#endif
