/* A small picture of an exhibit; see glance.h. */
#include "reader/glance.h"

#include "reader/answer.h"
#include "reader/pdf.h"
#include "reader/picture.h"
#include "reader/sandbox.h"

/* Points at most; as pictures of pages and of screens stand upright. */
#define WIDTH_MOST  540
#define HEIGHT_MOST 720

/* In grey of 8 bits, no larger than that. */
static PIX *make_small(PIX *picture)
{
    PIX *grey = pixConvertTo8(picture, 0);
    float across = (float)WIDTH_MOST / (float)pixGetWidth(picture);
    float down = (float)HEIGHT_MOST / (float)pixGetHeight(picture);
    float scale = across < down ? across : down;
    PIX *small = !grey ? NULL : scale < 1 ? pixScale(grey, scale, scale) : pixClone(grey);
    pixDestroy(&grey);
    return small;
}

static void answer_glance(struct arena *arena, PIX *grey)
{
    size_t w = (size_t)pixGetWidth(grey);
    size_t h = (size_t)pixGetHeight(grey);
    char *bytes = arena_take(arena, WIRE_GLANCE_HEAD + w * h);
    for (size_t i = 0; i < 4; i++) {
        bytes[i] = (char)(w >> (8 * i));
        bytes[4 + i] = (char)(h >> (8 * i));
    }
    for (size_t y = 0; y < h; y++) {
        const l_uint32 *row = pixGetData(grey) + y * (size_t)pixGetWpl(grey);
        for (size_t x = 0; x < w; x++)
            bytes[WIRE_GLANCE_HEAD + y * w + x] = (char)GET_DATA_BYTE(row, x);
    }
    answer_record(WIRE_GLANCE, (struct str){bytes, WIRE_GLANCE_HEAD + w * h});
    answer_record(WIRE_END, STR(""));
}

void glance_answer(struct reader *reader, struct str bytes)
{
    setMsgSeverity(L_SEVERITY_NONE);
    sandbox_more_memory();
    sandbox_begin_lines(1);
    PIX *picture = picture_is(bytes) ? picture_glance(reader, bytes) : pdf_glance(bytes);
    PIX *small = picture ? make_small(picture) : NULL;
    if (!small || pixGetWidth(small) < 1 || pixGetHeight(small) < 1)
        reader_refuse(READER_REFUSED_DAMAGED, 1);
    answer_glance(reader->arena, small);
    pixDestroy(&small);
    pixDestroy(&picture);
}
