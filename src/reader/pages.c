/* The pages of the file at hand; see reader.h. */
#include "reader/reader.h"

struct reader_page *reader_add_page(struct reader *reader)
{
    reader->pages =
        arena_one_more(reader->arena, reader->pages, reader->npages, sizeof *reader->pages);
    return &reader->pages[reader->npages++];
}
