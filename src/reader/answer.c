/* The answer, record by record; see wire.h. Nothing is kept back: whoever waits hears of a page when it is done. */
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "reader/answer.h"
#include "reader/sandbox.h"

static void write_all(const void *bytes, size_t len)
{
    if (!fd_write(STDOUT_FILENO, (struct str){bytes, len}))
        _exit(1); /* nobody listens */
}

static void put_u32(unsigned char *to, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        to[i] = (unsigned char)(value >> (8 * i));
}

void answer_begin(void)
{
    write_all(WIRE_MAGIC, WIRE_MAGIC_LEN);
}

void answer_record(enum wire_record kind, struct str bytes)
{
    unsigned char head[WIRE_HEAD] = {(unsigned char)kind};
    put_u32(head + 1, (uint32_t)bytes.len);
    write_all(head, sizeof head);
    write_all(bytes.at, bytes.len);
}

void answer_two(enum wire_record kind, uint32_t one, uint32_t other)
{
    unsigned char bytes[8];
    put_u32(bytes, one);
    put_u32(bytes + 4, other);
    answer_record(kind, (struct str){(const char *)bytes, sizeof bytes});
}

void answer_one(enum wire_record kind, uint32_t value)
{
    unsigned char bytes[4];
    put_u32(bytes, value);
    answer_record(kind, (struct str){(const char *)bytes, sizeof bytes});
}

void answer_left(unsigned kind, uint32_t count, struct str example)
{
    unsigned char head[WIRE_HEAD + 5] = {WIRE_LEFT};
    put_u32(head + 1, (uint32_t)(5 + example.len));
    head[WIRE_HEAD] = (unsigned char)kind;
    put_u32(head + WIRE_HEAD + 1, count);
    write_all(head, sizeof head);
    write_all(example.at, example.len);
}

static void put_shift(unsigned char *to, const struct paper_shift *shift)
{
    uint32_t bits;
    put_u32(to, (uint32_t)shift->at);
    to[4] = (unsigned char)shift->kind;
    memcpy(&bits, &shift->ems, sizeof bits);
    put_u32(to + 5, bits);
    memcpy(&bits, &shift->noise, sizeof bits);
    put_u32(to + 9, bits);
}

void answer_seen(struct arena *arena, const struct paper_seen *seen)
{
    unsigned char *shifts = arena_take_unset(arena, seen->nshifts * WIRE_SHIFT + 1);
    answer_record(WIRE_TEXT, seen->text);
    if (seen->doubt)
        answer_record(WIRE_DOUBT, (struct str){(const char *)seen->doubt, seen->text.len});
    for (size_t i = 0; i < seen->nshifts; i++)
        put_shift(shifts + i * WIRE_SHIFT, &seen->shifts[i]);
    answer_record(WIRE_SHIFTS, (struct str){(const char *)shifts, seen->nshifts * WIRE_SHIFT});
}

/* Called from a signal's handler too: takes no memory and no lock. */
_Noreturn void reader_refuse(enum reader_refusal why, unsigned number)
{
    if (why == READER_REFUSED_SETUP && !sandbox_opens())
        why = READER_REFUSED_FENCED; /* it may be installed, and can't be opened */
    unsigned char record[WIRE_HEAD + 5] = {WIRE_REFUSED, 5, 0, 0, 0, (unsigned char)why};
    put_u32(record + WIRE_HEAD + 1, number);
    write_all(record, sizeof record);
    _exit(0);
}

void reader_tell(unsigned done, unsigned all)
{
    answer_two(WIRE_PROGRESS, done, all);
}
