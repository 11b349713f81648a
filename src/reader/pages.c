/* The pages of the file at hand; see reader.h. */
#include "reader/reader.h"

struct reader_page *reader_add_page(struct reader *reader)
{
    if (reader->npages == reader->pages_cap) {
        size_t cap = reader->pages_cap ? 2 * reader->pages_cap : 16;
        reader->pages =
            arena_grow(reader->arena, reader->pages, reader->pages_cap * sizeof *reader->pages,
                       cap * sizeof *reader->pages);
        reader->pages_cap = cap;
    }
    return &reader->pages[reader->npages++];
}
