/* Any bytes as a PDF that somebody publishes: what it unpacks to is counted, poppler reads it, and blocks come of it. Pages
 * that are pictures are not drawn: that would take most of the time and try other people's code alone. */
#include "reader/paper.h"
#include "reader/pdf.h"
#include "reader_bed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reader reader = {.arena = arena_make()};
    if (size > 0 && !setjmp(reader_bed_end)) {
        pdf_read(&reader, (struct str){(const char *)data, size});
        paper_answer(&reader);
    }
    arena_free(reader.arena);
    return 0;
}
