/* Any bytes as a PDF whose first page is drawn in grey, and its lines looked for. Small, so that many are: what is drawn and
 * how large is decided by draw.c alone, whatever a page says of itself. */
#include <stdint.h>
#include <stdlib.h>

#include "reader/draw.h"

#define SIDE_MOST 1000.0F /* points: a larger page is drawn as its corner */
#define DPI       48.0

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Fontconfig keeps what it read of a font. */
int __lsan_is_turned_off(void);
int __lsan_is_turned_off(void)
{
    return 1;
}

static void check(PIX *grey, const struct reader_page *page)
{
    float right = (float)(pixGetWidth(grey) + 1) * 72 / (float)pixGetXRes(grey);
    float bottom = (float)(pixGetHeight(grey) + 1) * 72 / (float)pixGetXRes(grey);
    for (size_t i = 0; i < page->nrules; i++) {
        const struct reader_rule *rule = &page->rules[i];
        if (!(rule->left >= 0 && rule->left < rule->right && rule->right < right &&
              rule->top >= 0 && rule->top < rule->bottom && rule->bottom < bottom))
            abort();
    }
}

static void draw(struct arena *arena, PopplerPage *from)
{
    struct reader_page page = {0};
    double width = 0;
    double height = 0;
    poppler_page_get_size(from, &width, &height);
    page.width = width < (double)SIDE_MOST ? (float)width : SIDE_MOST;
    page.height = height < (double)SIDE_MOST ? (float)height : SIDE_MOST;
    PIX *grey = draw_page(from, &page, DPI);
    if (grey) {
        draw_find_rules(arena, grey, &page);
        check(grey, &page);
    }
    pixDestroy(&grey);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_make();
    GBytes *bytes = g_bytes_new_static(data, size);
    PopplerDocument *document = poppler_document_new_from_bytes(bytes, NULL, NULL);
    PopplerPage *page = document && poppler_document_get_n_pages(document) > 0
                            ? poppler_document_get_page(document, 0)
                            : NULL;
    if (page) {
        draw(arena, page);
        g_object_unref(page);
    }
    if (document)
        g_object_unref(document);
    g_bytes_unref(bytes);
    arena_free(arena);
    return 0;
}
