/* Any bytes as a backup: restored whole, or refused with nothing left behind. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "folder.h"
#include "store/internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char file[64];
    static char into[64];
    struct error err = {0};
    if (!file[0]) {
        const char *dir = make_folder();
        (void)snprintf(file, sizeof file, "%s/file", dir);
        (void)snprintf(into, sizeof into, "%s/into", dir);
    }
    FILE *out = fopen(file, "wb");
    if (!out || fwrite(data, 1, size, out) != size || fclose(out))
        abort();
    /* A forger can seal as well as anybody; what lies behind the seal is what is tried. */
    if (size && store_seal_backup(file, &err))
        abort();
    if (store_restore(file, into, &err) == STATUS_OK) {
        char command[128];
        (void)snprintf(command, sizeof command, "rm -rf %s", into);
        if (system(command))
            abort();
    } else if (err.en[0] == 0 || access(into, F_OK) == 0) {
        abort();
    }
    return 0;
}
