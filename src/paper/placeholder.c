/* Placeholders; see placeholder.h. One pass over each block: at every character the longest form that begins
 * there is taken, dates before runs. */
#include "paper/placeholder.h"

#include <string.h>

#include "base/unicode.h"
#include "base/utf8.h"

#define TIMES       0xD7U
#define WIDE_X      0xFF38U
#define YEAR        0x5E74U
#define MONTH       0x6708U
#define DAY         0x65E5U
#define NEXT_WORD   16U /* bytes of an English word that tells one run from another */
#define DIGITS_MOST 8U

static const char *const KINDS[PLACEHOLDER_KINDS] = {"text", "date", "place", "number", "choice"};

const char *placeholder_kind_name(enum placeholder_kind kind)
{
    return KINDS[kind];
}

bool placeholder_kind_parse(struct str name, enum placeholder_kind *kind)
{
    for (int i = 0; i < PLACEHOLDER_KINDS; i++)
        if (str_equal(name, str_of(KINDS[i]))) {
            *kind = (enum placeholder_kind)i;
            return true;
        }
    return false;
}

/* --- what is asked for ---------------------------------------------------------------------------- */

static bool ends_with_any(struct str name, const char *const *ends)
{
    for (; *ends; ends++)
        if (str_ends(name, str_of(*ends)))
            return true;
    return false;
}

static enum placeholder_kind guess_kind(struct str name, bool bracketed)
{
    static const char *const dates[] = {"日期", "时间", "年月日", "date", "Date", "day", NULL};
    static const char *const places[] = {"地点", "地址", "市",   "县",    "省",    "镇",
                                         "乡",   "村",   "地区", "place", "Place", NULL};
    static const char *const numbers[] = {
        "年",   "月",   "日",   "元", "万",     "亿",   "亩",     "个",     "次",     "人", "%",
        "数量", "金额", "人数", "数", "number", "公里", "Number", "amount", "Amount", NULL};
    if (bracketed && (memchr(name.at, '/', name.len) || memchr(name.at, '|', name.len)))
        return PLACEHOLDER_CHOICE;
    if (ends_with_any(name, dates))
        return PLACEHOLDER_DATE;
    if (ends_with_any(name, places))
        return PLACEHOLDER_PLACE;
    return ends_with_any(name, numbers) ? PLACEHOLDER_NUMBER : PLACEHOLDER_TEXT;
}

/* --- the forms ------------------------------------------------------------------------------------ */

static bool is_x(uint32_t code)
{
    return code == 'X' || code == TIMES || code == WIDE_X;
}

static bool is_latin_letter(uint32_t code)
{
    return code < 0x250 && code != TIMES && unicode_is_letter(code);
}

/* Between an opening and a closing mark, on one line, without another opening one. */
static size_t bracketed_end(struct str text, size_t at, struct str open, struct str close)
{
    if (!str_starts(str_slice(text, at, open.len), open))
        return 0;
    size_t end = str_find(text, close, at + open.len);
    if (end == SIZE_MAX)
        return 0;
    struct str inside = str_slice(text, at + open.len, end - at - open.len);
    bool whole = str_find(inside, open, 0) == SIZE_MAX && !memchr(inside.at, '\n', inside.len) &&
                 !memchr(inside.at, '\t', inside.len) && !memchr(inside.at, '{', inside.len) &&
                 utf8_count(inside) <= PLACEHOLDER_NAME_MAX;
    return whole ? end + close.len : 0;
}

/* Figures and X, at least one; counts the X. */
static size_t after_figures(struct str text, size_t at, unsigned *xs)
{
    size_t pos = at;
    for (size_t next = at; pos < text.len; pos = next) {
        uint32_t code = utf8_next(text, &next);
        if (!is_x(code) && !unicode_is_digit(code))
            break;
        *xs += is_x(code);
    }
    return pos;
}

/* ××年×月×日, 20××年×月, ×月×日: two parts or more, an X among them. */
static size_t date_end(struct str text, size_t at)
{
    static const uint32_t signs[] = {YEAR, MONTH, DAY};
    unsigned xs = 0;
    unsigned parts = 0;
    size_t end = at;
    for (size_t sign = 0; sign < 3;) {
        size_t pos = after_figures(text, end, &xs);
        size_t next = pos;
        uint32_t code = pos > end && pos < text.len ? utf8_next(text, &next) : 0;
        while (sign < 3 && signs[sign] != code)
            sign++;
        if (sign == 3)
            break;
        parts++;
        sign++;
        end = next;
    }
    return xs && parts > 1 ? end : 0;
}

/* 20××, XXXX: two X or more, with figures before them but no letter on either side. */
static size_t run_end(struct str text, size_t at)
{
    size_t pos = at;
    size_t next = at;
    unsigned digits = 0;
    unsigned xs = 0;
    uint32_t code = 0;
    for (; pos < text.len; pos = next) {
        code = utf8_next(text, &next);
        if (is_x(code))
            xs++;
        else if (!xs && unicode_is_digit(code) && digits < DIGITS_MOST)
            digits++;
        else
            break;
    }
    bool goes_on = pos < text.len && (is_latin_letter(code) || unicode_is_digit(code));
    return xs > 1 && !goes_on ? pos : 0;
}

/* The run with what tells it from others: ××市, XX March. */
static struct str run_name(struct str text, size_t at, size_t end)
{
    size_t next = end;
    if (end < text.len && unicode_is_han(utf8_next(text, &next)))
        return str_slice(text, at, next - at);
    size_t word = end + 1;
    if (end < text.len && text.at[end] == ' ')
        while (word < text.len && word - end <= NEXT_WORD &&
               is_latin_letter((unsigned char)text.at[word]))
            word++;
    return str_slice(text, at, (word > end + 1 ? word : end) - at);
}

/* The placeholder that begins at `at`, if one does. */
static bool take(struct str text, size_t at, bool inside_word, struct placeholder *p)
{
    static const struct str marks[][2] = {{{"{{", 2}, {"}}", 2}}, {{"【", 3}, {"】", 3}}};
    for (size_t i = 0; i < 2; i++) {
        size_t end = bracketed_end(text, at, marks[i][0], marks[i][1]);
        if (!end)
            continue;
        size_t open = marks[i][0].len;
        struct str name = str_trim(str_slice(text, at + open, end - at - 2 * open));
        *p = (struct placeholder){at, end - at, name.len ? name : str_slice(text, at, end - at),
                                  guess_kind(name, true)};
        return true;
    }
    if (inside_word)
        return false;
    size_t end = date_end(text, at);
    if (end) {
        *p = (struct placeholder){at, end - at, str_slice(text, at, end - at), PLACEHOLDER_DATE};
        return true;
    }
    end = run_end(text, at);
    if (!end)
        return false;
    struct str name = run_name(text, at, end);
    *p = (struct placeholder){at, end - at, name, guess_kind(name, false)};
    return true;
}

/* --- the walk ------------------------------------------------------------------------------------- */

struct finds {
    struct arena *arena;
    struct placeholder *list;
    size_t count;
};

static void keep(struct finds *f, struct placeholder p)
{
    f->list = arena_one_more(f->arena, f->list, f->count, sizeof *f->list);
    f->list[f->count++] = p;
}

/* Past the code span that begins before or at `pos`, if it reaches further; else pos. */
static size_t after_code(const struct paper_doc *doc, size_t *run, size_t pos)
{
    while (*run < doc->nruns && (doc->runs[*run].kind != PAPER_CODE_SPAN ||
                                 doc->runs[*run].at + doc->runs[*run].len <= pos))
        (*run)++;
    bool inside = *run < doc->nruns && doc->runs[*run].at <= pos;
    return inside ? doc->runs[*run].at + doc->runs[*run].len : pos;
}

static void find_in_block(struct finds *f, const struct paper_doc *doc,
                          const struct paper_block *block, size_t *run)
{
    struct str text = str_slice(doc->text, 0, block->at + block->len);
    bool inside_word = false;
    for (size_t pos = block->at; pos < text.len;) {
        struct placeholder p;
        size_t out = after_code(doc, run, pos);
        if (out > pos) {
            pos = out;
            inside_word = false;
        } else if (take(text, pos, inside_word, &p)) {
            keep(f, p);
            pos += p.len;
            inside_word = false;
        } else {
            uint32_t code = utf8_next(text, &pos);
            inside_word = is_latin_letter(code) || unicode_is_digit(code) || is_x(code);
        }
    }
}

void paper_find_placeholders(struct arena *arena, const struct paper_doc *doc,
                             struct placeholder **list, size_t *count)
{
    struct finds f = {.arena = arena};
    size_t run = 0;
    for (size_t i = 0; i < doc->nblocks; i++)
        if (doc->blocks[i].kind != PAPER_CODE)
            find_in_block(&f, doc, &doc->blocks[i], &run);
    *list = f.list;
    *count = f.count;
}

/* --- filling in ----------------------------------------------------------------------------------- */

struct filler {
    const struct paper_filling *list;
    size_t count;
    size_t *after; /* bytes of the filled text up to the end of each filling */
};

static struct str fill_text(struct arena *arena, struct filler *f, struct str text)
{
    struct buf out = {.arena = arena};
    size_t at = 0;
    f->after = arena_array(arena, f->count + 1, size_t);
    buf_reserve(&out, text.len + 1);
    for (size_t i = 0; i < f->count; i++) {
        buf_add(&out, str_slice(text, at, f->list[i].at - at));
        buf_add(&out, f->list[i].text);
        at = f->list[i].at + f->list[i].len;
        f->after[i] = out.len;
    }
    buf_add(&out, str_slice(text, at, text.len));
    return buf_str(&out);
}

/* Where a byte of the text lies now; one inside a filling lies behind it. */
static size_t moved_to(const struct filler *f, size_t at)
{
    size_t low = 0;
    size_t high = f->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (f->list[middle].at < at)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return at;
    const struct paper_filling *last = &f->list[low - 1];
    size_t end = last->at + last->len;
    return f->after[low - 1] + (at > end ? at - end : 0);
}

static size_t move(const struct filler *f, size_t *at, size_t len)
{
    size_t end = moved_to(f, *at + len);
    *at = moved_to(f, *at);
    return end - *at;
}

static void move_blocks(struct arena *arena, const struct filler *f, const struct paper_doc *doc,
                        struct paper_doc *filled)
{
    filled->blocks = arena_array(arena, doc->nblocks + 1, struct paper_block);
    for (size_t i = 0; i < doc->nblocks; i++) {
        struct paper_block *b = &filled->blocks[i];
        *b = doc->blocks[i];
        size_t marker = b->at;
        b->marker_len = move(f, &marker, b->marker_len);
        b->len = move(f, &b->at, b->len);
        if (b->kind == PAPER_TITLE)
            filled->title = str_slice(filled->text, b->at, b->len);
    }
    if (!str_trim(filled->title).len)
        filled->title = doc->title;
}

void paper_fill(struct arena *arena, const struct paper_doc *doc, const struct paper_sites *sites,
                const struct paper_filling *fillings, size_t count, struct paper_doc *filled,
                struct paper_sites *moved)
{
    struct filler f = {.list = fillings, .count = count};
    *filled = *doc;
    *moved = *sites;
    filled->text = fill_text(arena, &f, doc->text);
    move_blocks(arena, &f, doc, filled);
    filled->runs = arena_array(arena, doc->nruns + 1, struct paper_run);
    for (size_t i = 0; i < doc->nruns; i++) {
        filled->runs[i] = doc->runs[i];
        filled->runs[i].len = move(&f, &filled->runs[i].at, doc->runs[i].len);
    }
    moved->places = arena_array(arena, sites->nplaces + 1, struct paper_place);
    for (size_t i = 0; i < sites->nplaces; i++) {
        moved->places[i] = sites->places[i];
        moved->places[i].len = move(&f, &moved->places[i].at, sites->places[i].len);
    }
}
