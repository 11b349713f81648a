/* Any bytes as what lies inside files that papers are found in: after an 'O' the text of an OpenDocument, after an 'E' the
 * parts of an EPUB between bytes 0xFF (container, list of files, two chapters), else a mail. Words, or a refusal that says
 * why. */
#include <stdint.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "format/found.h"
#include "package_bed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const ODT[] = {"content.xml"};
static const char *const EPUB[] = {"META-INF/container.xml", "p/list.opf", "p/one.html",
                                   "p/two.html"};

static enum status read_words(struct arena *arena, struct str bytes, struct str *words,
                              struct error *err)
{
    struct str rest = str_slice(bytes, 1, bytes.len);
    switch (bytes.at[0]) {
    case 'O':
        bytes = package_bed_make(arena, NULL, ODT, 1, rest);
        return format_read_odt_words(arena, STR("fuzz"), bytes, words, err);
    case 'E':
        bytes = package_bed_make(arena, NULL, EPUB, sizeof EPUB / sizeof *EPUB, rest);
        return format_read_epub_words(arena, STR("fuzz"), bytes, words, err);
    default:
        (void)format_is_mail(bytes);
        return format_read_mail_words(arena, STR("fuzz"), bytes, words, err);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_make();
    struct error err = {0};
    struct str words = {0};
    if (size) {
        if (read_words(arena, (struct str){(const char *)data, size}, &words, &err)) {
            if (!err.en[0] || !err.zh[0])
                abort();
        } else if (!str_trim(words).len || utf8_first_bad(words) != SIZE_MAX) {
            abort();
        }
    }
    arena_free(arena);
    return 0;
}
