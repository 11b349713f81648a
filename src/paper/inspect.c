/* The inspector's entry: the text as code points, every finder in turn, the finds put in order.
 *
 * The finders are independent and may report the same place; the first of CONCERN kinds in the
 * enum's order wins, because a character that is invisible or a look-alike must be put right before
 * spacing or spelling can be judged. */
#include "paper/inspect.h"

#include <stdlib.h>
#include <string.h>
#include <unicode/unorm2.h>

#include "base/unicode.h"
#include "base/utf8.h"
#include "paper/inspect_look.h"

const char *concern_kind_name(enum concern_kind kind)
{
    static const char *const names[CONCERN_KINDS] = {"invisible", "lookalike", "space", "width",
                                                     "form"};
    return (unsigned)kind < CONCERN_KINDS ? names[kind] : "";
}

struct concern *look_report(struct look *look, const struct look_rule *rule, size_t from, size_t to,
                            struct str intended)
{
    look->list = arena_one_more(look->arena, look->list, look->count, sizeof *look->list);
    struct concern *c = &look->list[look->count++];
    c->kind = rule->kind;
    c->at = look->at[from];
    c->len = look->at[to] - look->at[from];
    c->found = str_slice(look->text, c->at, c->len);
    c->intended = intended;
    c->certain = rule->certain;
    c->unusual = rule->unusual;
    (void)strncpy(c->en, rule->en, sizeof c->en - 1);
    (void)strncpy(c->zh, rule->zh, sizeof c->zh - 1);
    return c;
}

struct str look_code(struct look *look, uint32_t code)
{
    char *bytes = arena_take(look->arena, 4);
    return (struct str){bytes, utf8_put(bytes, code)};
}

struct str look_cells(const struct look *look, size_t from, size_t to)
{
    return str_slice(look->text, look->at[from], look->at[to] - look->at[from]);
}

uint32_t look_before(const struct look *look, size_t i)
{
    return i > 0 ? look->code[i - 1] : 0;
}

uint32_t look_after(const struct look *look, size_t i)
{
    return i + 1 < look->n ? look->code[i + 1] : 0;
}

struct str look_compatible(struct look *look, uint32_t code)
{
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *nfkc = unorm2_getNFKCInstance(&status);
    UChar decomposed[24];
    int32_t len = U_SUCCESS(status)
                      ? unorm2_getDecomposition(nfkc, (UChar32)code, decomposed, 24, &status)
                      : -1;
    struct buf out = {.arena = look->arena};
    for (int32_t i = 0; U_SUCCESS(status) && i < len;) {
        UChar32 c;
        U16_NEXT(decomposed, i, len, c);
        buf_add_code(&out, (uint32_t)c);
    }
    return buf_str(&out);
}

bool look_is_latin(uint32_t c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c >= 0xC0 && c <= 0x24F && c != 0xD7 && c != 0xF7) || (c >= 0x1E00 && c <= 0x1EFF);
}

static void read_cells(struct look *look)
{
    size_t room = utf8_count(look->text) + 1;
    look->code = arena_array(look->arena, room, uint32_t);
    look->at = arena_array(look->arena, room, uint32_t);
    for (size_t pos = 0; pos < look->text.len; look->n++) {
        look->at[look->n] = (uint32_t)pos;
        look->code[look->n] = utf8_next(look->text, &pos);
        look->han += unicode_is_han(look->code[look->n]);
    }
    look->at[look->n] = (uint32_t)look->text.len;
}

static int by_place(const void *a, const void *b)
{
    const struct concern *x = a;
    const struct concern *y = b;
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return x->kind != y->kind ? (x->kind < y->kind ? -1 : 1) : (x->len < y->len ? -1 : 1);
}

/* Keeps the earlier of two that overlap, unless the later is of a graver kind. */
static size_t drop_overlaps(struct concern *list, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        struct concern *last = kept ? &list[kept - 1] : NULL;
        if (!last || list[i].at >= last->at + last->len)
            list[kept++] = list[i];
        else if (list[i].kind < last->kind)
            *last = list[i];
    }
    return kept;
}

/* Whether [at, at+len) touches any concern's own place (binary search). */
static bool taken(const struct concern *list, size_t count, size_t at, size_t len)
{
    size_t low = 0;
    for (size_t high = count; low < high;) {
        size_t mid = low + (high - low) / 2;
        if (list[mid].at + list[mid].len <= at)
            low = mid + 1;
        else
            high = mid;
    }
    return low < count && list[low].at < at + len;
}

static void drop_taken_places(struct concern *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t kept = 0;
        for (size_t k = 0; k < list[i].nalso; k++) {
            const struct concern_place *place = &list[i].also[k];
            if (!taken(list, count, place->at, place->found.len))
                list[i].also[kept++] = *place;
        }
        list[i].nalso = kept;
    }
}

static void set_lines(const struct look *look, struct concern *list, size_t count)
{
    unsigned line = 1;
    unsigned column = 1;
    size_t next = 0;
    for (size_t i = 0; i < look->n && next < count; i++) {
        if (look->at[i] == list[next].at) {
            list[next].line = line;
            list[next++].column = column;
        }
        column++;
        if (look->code[i] == '\n') {
            line++;
            column = 1;
        }
    }
}

struct concerns paper_inspect(struct arena *arena, struct str text, enum lang lang)
{
    struct look look = {.arena = arena, .text = text, .lang = lang};
    read_cells(&look);
    look_read_words(&look);
    look_for_invisible(&look);
    look_for_compatible(&look);
    look_for_scripts(&look);
    look_for_misread(&look);
    look_for_digits(&look);
    look_for_spaces(&look);
    look_for_widths(&look);
    look_for_forms(&look);
    if (look.count == 0)
        return (struct concerns){NULL, 0};
    qsort(look.list, look.count, sizeof *look.list, by_place);
    look.count = drop_overlaps(look.list, look.count);
    drop_taken_places(look.list, look.count);
    set_lines(&look, look.list, look.count);
    return (struct concerns){look.list, look.count};
}

static int by_offset(const void *a, const void *b)
{
    const struct concern_place *x = a;
    const struct concern_place *y = b;
    return x->at < y->at ? -1 : x->at > y->at;
}

struct str paper_inspect_clean(struct arena *arena, struct str text,
                               const struct concerns *concerns, const bool *apply)
{
    size_t count = 0;
    for (size_t i = 0; i < concerns->count; i++)
        count += apply[i] ? 1 + concerns->list[i].nalso : 0;
    struct concern_place *edits = arena_array(arena, count + 1, struct concern_place);
    count = 0;
    for (size_t i = 0; i < concerns->count; i++) {
        const struct concern *c = &concerns->list[i];
        if (!apply[i])
            continue;
        edits[count++] = (struct concern_place){c->at, c->found, c->intended};
        for (size_t k = 0; k < c->nalso; k++)
            edits[count++] = c->also[k];
    }
    if (count)
        qsort(edits, count, sizeof *edits, by_offset);
    struct buf out = {.arena = arena};
    buf_reserve(&out, text.len + 1);
    size_t done = 0;
    for (size_t i = 0; i < count; i++) {
        buf_add(&out, str_slice(text, done, edits[i].at - done));
        buf_add(&out, edits[i].intended);
        done = edits[i].at + edits[i].found.len;
    }
    buf_add(&out, str_slice(text, done, text.len - done));
    return buf_str(&out);
}
