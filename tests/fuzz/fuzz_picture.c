/* Any bytes as a picture: decoded, made flat and searched for codes, all that comes before letters are read. */
#include <stdint.h>

#include "reader/picture.h"
#include "reader/sandbox.h"
#include "refused.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct reader_page *reader_add_page(struct reader *reader)
{
    reader->npages++;
    return arena_new(reader->arena, struct reader_page);
}

void sandbox_more_memory(void)
{
}

void sandbox_begin_picture(unsigned page)
{
    (void)page;
}

/* As picture.c begins. A picture of more points than a seed's takes too long to try five thousand of. */
void reader_see_picture(struct reader *reader, struct Pix *picture, unsigned dpi,
                        struct reader_page *page)
{
    struct picture_flat flat = {0};
    (void)dpi;
    if ((int64_t)pixGetWidth(picture) * pixGetHeight(picture) > 250000)
        return;
    PIX *grey = picture_grey(picture);
    if (grey) {
        picture_read_signs(reader->arena, grey, page);
        if (picture_flatten(grey, &flat))
            picture_turn(&flat);
    }
    pixDestroy(&flat.grey);
    pixDestroy(&grey);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reader reader = {.arena = arena_make()};
    if (setjmp(refused) == 0)
        picture_see(&reader, (struct str){(const char *)data, size});
    arena_free(reader.arena);
    return 0;
}
