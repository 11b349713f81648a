/* Data files built into the program (migrations, lexicon), so that one binary is all there is to
 * install. Written by tools/embed.py; a list ends with a name of NULL. */
#ifndef BASE_EMBED_H
#define BASE_EMBED_H

#include <stddef.h>

struct embedded {
    const char *name; /* file name without folder */
    const char *at;
    size_t len;
};

#endif
