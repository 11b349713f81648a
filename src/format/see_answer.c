/* What a reader answers, taken apart as the hostile bytes that they may be; see reader/wire.h. */
#include <math.h>
#include <string.h>

#include "base/utf8.h"
#include "format/see.h"
#include "reader/wire.h"

#define SIGNS_MOST  1000U
#define EXAMPLE_MAX 200U
#define LEVEL_MOST  6U
#define GLANCE_MOST 1000U /* points of a side */
#define NOISE_LEAST 1e-4F /* of what is exact, so that nobody divides by nothing */

static uint32_t u32_at(struct str bytes, size_t at)
{
    uint32_t value = 0;
    for (size_t i = 0; i < 4; i++)
        value |= (uint32_t)(unsigned char)bytes.at[at + i] << (8 * i);
    return value;
}

static float float_at(struct str bytes, size_t at)
{
    uint32_t bits = u32_at(bytes, at);
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* The record at *pos, which moves behind it; false where there is no whole one. */
static bool next_record(struct str bytes, size_t *pos, char *kind, struct str *record)
{
    if (bytes.len - *pos < WIRE_HEAD)
        return false;
    size_t len = u32_at(bytes, *pos + 1);
    *kind = bytes.at[*pos];
    if (len > bytes.len - *pos - WIRE_HEAD)
        return false;
    *record = str_slice(bytes, *pos + WIRE_HEAD, len);
    *pos += WIRE_HEAD + len;
    return true;
}

static bool is_text(struct str text)
{
    return utf8_first_bad(text) == SIZE_MAX && (!text.len || !memchr(text.at, 0, text.len));
}

static bool take_shifts(struct arena *arena, struct str record, struct paper_seen *seen)
{
    size_t count = record.len / WIRE_SHIFT;
    struct paper_shift *shifts = arena_array(arena, count + 1, struct paper_shift);
    for (size_t i = 0; i < count; i++) {
        size_t at = i * WIRE_SHIFT;
        shifts[i] = (struct paper_shift){.at = u32_at(record, at),
                                         .kind = (enum paper_shift_kind)record.at[at + 4],
                                         .ems = float_at(record, at + 5),
                                         .noise = float_at(record, at + 9)};
        if ((unsigned char)record.at[at + 4] > PAPER_SHIFT_LINE || !isfinite(shifts[i].ems) ||
            !isfinite(shifts[i].noise) || (i && shifts[i].at < shifts[i - 1].at))
            return false;
        shifts[i].noise = fmaxf(shifts[i].noise, NOISE_LEAST);
    }
    seen->shifts = shifts;
    seen->nshifts = count;
    return record.len % WIRE_SHIFT == 0;
}

static bool take_sign(struct arena *arena, struct str sign, struct format_seen *seen)
{
    if (!seen->signs)
        seen->signs = arena_array(arena, SIGNS_MOST, struct str);
    if (seen->nsigns == SIGNS_MOST || !is_text(sign))
        return false;
    seen->signs[seen->nsigns++] = sign;
    return true;
}

static bool take_left(struct str record, struct format_left left[FORMAT_LEFT_KINDS])
{
    if (record.len < 5 || (unsigned char)record.at[0] >= FORMAT_LEFT_KINDS)
        return false;
    struct str example = str_slice(record, 5, record.len);
    left[(unsigned char)record.at[0]] = (struct format_left){u32_at(record, 1), example};
    return example.len <= EXAMPLE_MAX && is_text(example);
}

static bool take_block(struct arena *arena, struct str record, struct see_answer *answer)
{
    answer->blocks = arena_one_more(arena, answer->blocks, answer->nblocks, sizeof *answer->blocks);
    if (record.len < 2 || (unsigned char)record.at[0] > PAPER_ROW ||
        (unsigned char)record.at[1] > LEVEL_MOST)
        return false;
    struct see_block *block = &answer->blocks[answer->nblocks++];
    *block = (struct see_block){(enum paper_block_kind)record.at[0], (unsigned)record.at[1],
                                str_slice(record, 2, record.len)};
    return block->kind != PAPER_CODE && block->kind != PAPER_QUOTE && is_text(block->text);
}

static bool take_glance(struct str record, struct format_glance *glance)
{
    if (record.len < WIRE_GLANCE_HEAD)
        return false;
    *glance = (struct format_glance){u32_at(record, 0), u32_at(record, 4),
                                     str_slice(record, WIRE_GLANCE_HEAD, record.len)};
    return glance->width && glance->width <= GLANCE_MOST && glance->height &&
           glance->height <= GLANCE_MOST &&
           (size_t)glance->width * glance->height == glance->grey.len;
}

static bool take_record(struct arena *arena, char kind, struct str record,
                        struct see_answer *answer)
{
    struct format_seen *seen = &answer->seen;
    switch (kind) {
    case WIRE_PROGRESS:
        return record.len == 8;
    case WIRE_PAGES:
        if (record.len != 8)
            return false;
        seen->pages = u32_at(record, 0);
        seen->pictured = u32_at(record, 4);
        return true;
    case WIRE_MODELS:
        if (record.len != 4 || u32_at(record, 0) > (WIRE_CHINESE | WIRE_ENGLISH))
            return false;
        seen->read_in[LANG_ZH] = (u32_at(record, 0) & WIRE_CHINESE) != 0;
        seen->read_in[LANG_EN] = (u32_at(record, 0) & WIRE_ENGLISH) != 0;
        return true;
    case WIRE_TEXT:
        seen->seen.text = record;
        return is_text(record);
    case WIRE_DOUBT:
        seen->seen.doubt = (const uint8_t *)record.at;
        return record.len == seen->seen.text.len;
    case WIRE_SHIFTS:
        return take_shifts(arena, record, &seen->seen);
    case WIRE_SIGN:
        return take_sign(arena, record, seen);
    case WIRE_LEFT:
        return take_left(record, answer->left);
    case WIRE_GLANCE:
        return take_glance(record, &answer->glance);
    case WIRE_BLOCK:
        return take_block(arena, record, answer);
    case WIRE_REFUSED:
        if (record.len != 5 || !record.at[0])
            return false;
        answer->refused = (unsigned char)record.at[0];
        answer->number = u32_at(record, 1);
        return true;
    default:
        return kind == WIRE_END && !record.len;
    }
}

/* What was said of the text must fit the text that was said last. */
static bool fits(const struct format_seen *seen, size_t doubts)
{
    const struct paper_seen *s = &seen->seen;
    return (!s->doubt || doubts == s->text.len) &&
           (!s->nshifts || s->shifts[s->nshifts - 1].at <= s->text.len) &&
           seen->pictured <= seen->pages;
}

bool see_read_answer(struct arena *arena, struct str bytes, struct see_answer *answer)
{
    size_t pos = WIRE_MAGIC_LEN;
    size_t doubts = 0;
    char kind = 0;
    struct str record;
    *answer = (struct see_answer){.seen = {.kept = bytes}};
    if (!str_starts(bytes, str_of(WIRE_MAGIC)))
        return false;
    while (kind != WIRE_END && kind != WIRE_REFUSED) {
        if (!next_record(bytes, &pos, &kind, &record) || !take_record(arena, kind, record, answer))
            return false;
        if (kind == WIRE_DOUBT)
            doubts = record.len;
    }
    answer->seen.how =
        answer->seen.pages && answer->seen.pictured == answer->seen.pages ? "picture" : "PDF";
    return pos == bytes.len && fits(&answer->seen, doubts);
}

bool see_follow_answer(struct str bytes, size_t *from, unsigned *done, unsigned *all)
{
    char kind;
    struct str record;
    if (*from == 0 && bytes.len >= WIRE_MAGIC_LEN)
        *from = WIRE_MAGIC_LEN;
    while (*from && next_record(bytes, from, &kind, &record))
        if (kind == WIRE_PROGRESS && record.len == 8) {
            *done = u32_at(record, 0);
            *all = u32_at(record, 4);
        }
    return !*from || bytes.len - *from < WIRE_HEAD || u32_at(bytes, *from + 1) <= WIRE_ANSWER_MAX;
}
