/* Any bytes as a PDF that somebody publishes, and as one that was found: what it unpacks to is counted, poppler reads it, and
 * blocks or words come of it. Pages that are pictures are not drawn: that would take most of the time and try other people's
 * code alone. */
#include "reader/paper.h"
#include "reader/pdf.h"
#include "reader/words.h"
#include "reader_bed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reader reader = {.arena = arena_make()};
    struct reader found = {.arena = reader.arena};
    struct str bytes = {(const char *)data, size};
    struct wording words;
    if (size > 0 && !setjmp(refused)) {
        pdf_read(&reader, bytes);
        paper_answer(&reader);
    }
    if (size > 0 && !setjmp(refused)) {
        pdf_see(&found, bytes);
        words_compose(&found, &words);
    }
    arena_free(reader.arena);
    return 0;
}
