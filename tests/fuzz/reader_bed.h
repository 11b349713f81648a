/* What reader/ needs of the rest of its process, for targets that link a part of it: a refusal ends an input, an answer
 * goes nowhere, and pictures have nothing written on them. */
#ifndef TESTS_READER_BED_H
#define TESTS_READER_BED_H

#include "reader/answer.h"
#include "reader/draw.h"
#include "reader/picture.h"
#include "reader/sandbox.h"
#include "refused.h"

void reader_tell(unsigned done, unsigned all)
{
    if (done > all)
        abort();
}

/* Whatever is answered can be read. */
void answer_record(enum wire_record kind, struct str bytes)
{
    size_t sum = 0;
    for (size_t i = 0; i < bytes.len; i++)
        sum += (unsigned char)bytes.at[i];
    if (sum > 255 * bytes.len || !kind)
        abort();
}

void answer_two(enum wire_record kind, uint32_t one, uint32_t other)
{
    if (!kind || other > one)
        abort();
}

void answer_left(unsigned kind, uint32_t count, struct str example)
{
    (void)kind;
    if (!count)
        abort();
    answer_record(WIRE_LEFT, example);
}

void reader_see_picture(struct reader *reader, struct Pix *picture, unsigned dpi,
                        struct reader_page *page)
{
    (void)reader;
    (void)picture;
    page->pictured = dpi > 0;
}

void picture_read_signs(struct arena *arena, PIX *grey, struct reader_page *page)
{
    (void)arena;
    (void)grey;
    page->nsigns = 0;
}

/* Nothing is drawn: that would take most of the time and try other people's code alone. */
PIX *draw_page(PopplerPage *page, const struct reader_page *about, double dpi)
{
    (void)page;
    (void)about;
    (void)dpi;
    return NULL;
}

void draw_find_rules(struct arena *arena, PIX *grey, struct reader_page *page)
{
    (void)arena;
    (void)grey;
    page->nrules = 0;
}

void sandbox_more_memory(void)
{
}

void sandbox_begin_text(unsigned page)
{
    (void)page;
}

void sandbox_begin_lines(unsigned page)
{
    (void)page;
}

void sandbox_begin_picture(unsigned page)
{
    (void)page;
}

/* An input that was refused leaves behind what the process's end would free. */
int __lsan_is_turned_off(void);
int __lsan_is_turned_off(void)
{
    return 1;
}

#endif
