/* Footnotes; see layout.h.
 *
 * A note is known by its place and its small letters, where it begins by its label: a number, a number in a circle or in
 * brackets, or a sign. What refers to it is the same label raised in the text, on the same page, on the one before where
 * the note did not fit, or far ahead where notes stand at the end. A raised number to which no note belongs is left as it
 * is: an exponent. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/unicode.h"
#include "reader/layout.h"

#define NOTE_SIZE   0.92F /* of the text's: smaller is a note */
#define SAME_SIZE   0.05F /* of its own: one note's lines differ less */
#define DIGITS_MOST 3U
#define NOTES_MOST  5000U

/* --- labels ------------------------------------------------------------------------------------------------ */

/* A number or sign, and how many characters it takes; length 0: none. */
struct label {
    enum { LABEL_NUMBER, LABEL_CIRCLE, LABEL_BRACKET, LABEL_SIGN } kind;
    uint32_t value;
    size_t len;
};

/* ¹, ², ³: raised by themselves. */
static bool is_small_number(uint32_t code)
{
    return code == 0xB9 || code == 0xB2 || code == 0xB3;
}

static struct label read_digits(const struct reader_line *line, size_t at)
{
    struct label label = {LABEL_NUMBER, 0, 0};
    while (at + label.len < line->nchars && line->chars[at + label.len].code >= '0' &&
           line->chars[at + label.len].code <= '9')
        label.value = label.value * 10 % 100000 + line->chars[at + label.len++].code - '0';
    if (label.len > DIGITS_MOST)
        label.len = 0;
    return label;
}

static bool is_sign(uint32_t code)
{
    return code == '*' || code == 0x2020 || code == 0x2021 || code == 0x203B;
}

static struct label read_label(const struct reader_line *line, size_t at)
{
    static const struct label none = {LABEL_NUMBER, 0, 0};
    uint32_t code = at < line->nchars ? line->chars[at].code : 0;
    if (code >= 0x2460 && code <= 0x2473)
        return (struct label){LABEL_CIRCLE, code - 0x2460 + 1, 1};
    if (is_small_number(code))
        return (struct label){LABEL_NUMBER, code == 0xB9 ? 1 : code - 0xB0, 1};
    if (code == '[' || code == 0x3014) {
        struct label inside = read_digits(line, at + 1);
        uint32_t end =
            at + 1 + inside.len < line->nchars ? line->chars[at + 1 + inside.len].code : 0;
        bool closed = inside.len && end == (code == '[' ? ']' : 0x3015U);
        return closed ? (struct label){LABEL_BRACKET, inside.value, inside.len + 2} : none;
    }
    if (is_sign(code)) {
        struct label label = {LABEL_SIGN, code * 8, 0};
        while (at + label.len < line->nchars && line->chars[at + label.len].code == code)
            label.len++;
        label.value += label.len < 8 ? (uint32_t)label.len : 7;
        return label;
    }
    return read_digits(line, at);
}

static bool is_same(struct label a, struct label b)
{
    return a.kind == b.kind && a.value == b.value;
}

/* --- which lines are notes --------------------------------------------------------------------------------- */

/* The lowest line of a page's own size; a note lies below. */
static float lowest_of_text(const struct reader_page *page, float body)
{
    float lowest = 0;
    for (size_t i = 0; i < page->nlines; i++) {
        const struct reader_line *line = &page->lines[i];
        if (!line->aside && (line->in_table || line->size > NOTE_SIZE * body))
            lowest = fmaxf(lowest, line->base);
    }
    return lowest;
}

/* Whether a small line begins a note. A number that is as large as what follows it may as well be the first word of a line:
 * it counts where it is the next, or the first of a page. */
static bool begins_note(const struct reader_line *line, const struct label *before)
{
    struct label label = read_label(line, 0);
    if (!label.len || label.len == line->nchars)
        return false;
    bool plain = label.kind == LABEL_NUMBER && !line->chars[0].raised && line->chars[0].code < 0x80;
    return !plain || !before->len ||
           (before->kind == LABEL_NUMBER && label.value == before->value + 1);
}

static bool ends_sentence(const struct reader_line *line)
{
    size_t end = layout_end(line);
    return end && layout_ends_sentence(line->chars[end - 1].code);
}

/* Poppler takes a raised label for a line of its own where nothing stands before it; at a page's foot it may even have been
 * taken for the page's number. */
static bool is_parted(const struct reader_line *label, const struct reader_line *line)
{
    return label->nchars && read_label(label, 0).len == label->nchars &&
           line->left >= label->right - 0.1F * line->size &&
           line->left - label->right < line->size && label->size < line->size &&
           fabsf(label->base - line->base) < line->size;
}

static void join_labels(struct arena *arena, struct reader_page *page)
{
    size_t count = 0;
    for (size_t i = 0; i < page->nlines; i++) {
        struct reader_line line = page->lines[i];
        const struct reader_line *label = count ? &page->lines[count - 1] : NULL;
        if (label && is_parted(label, &line)) {
            struct reader_char *chars =
                arena_array(arena, label->nchars + line.nchars, struct reader_char);
            memcpy(chars, label->chars, label->nchars * sizeof *chars);
            memcpy(chars + label->nchars, line.chars, line.nchars * sizeof *chars);
            for (size_t k = 0; k < label->nchars; k++)
                chars[k].raised = true;
            line.chars = chars;
            line.nchars += label->nchars;
            line.left = label->left;
            count--;
        }
        page->lines[count++] = line;
    }
    page->nlines = count;
}

/* Marks a page's notes; `open`: the last line of a note of the page before that has not ended, or NULL. Gives the page's
 * own last one. */
static const struct reader_line *find_on_page(struct reader_page *page, float body,
                                              const struct reader_line *open)
{
    float lowest = lowest_of_text(page, body);
    const struct reader_line *last = NULL;
    struct label before = {LABEL_NUMBER, 0, 0};
    for (size_t i = 0; i < page->nlines; i++) {
        struct reader_line *line = &page->lines[i];
        if (line->aside)
            continue;
        bool small =
            !line->in_table && line->size <= NOTE_SIZE * body && lowest > 0 && line->base > lowest;
        bool begins = small && begins_note(line, &before);
        bool goes_on =
            small && (last || (open && fabsf(line->size - open->size) < SAME_SIZE * open->size));
        line->note = begins || goes_on;
        line->begins = begins;
        if (begins)
            before = read_label(line, 0);
        last = line->note ? line : NULL;
    }
    return last && !ends_sentence(last) ? last : NULL;
}

/* --- what refers to them ----------------------------------------------------------------------------------- */

struct note {
    const struct reader_line *line;
    size_t page;
    struct label label;
    unsigned number; /* of the paper's; 0: nothing refers to it */
};
struct notes {
    struct arena *arena;
    struct note *list;
    size_t count;
    unsigned numbered;
};

static void collect_notes(const struct reader *reader, struct notes *notes)
{
    for (size_t p = 0; p < reader->npages; p++)
        for (size_t i = 0; i < reader->pages[p].nlines; i++) {
            const struct reader_line *line = &reader->pages[p].lines[i];
            if (!line->note || !line->begins || notes->count == NOTES_MOST)
                continue;
            notes->list[notes->count++] =
                (struct note){.line = line, .page = p, .label = read_label(line, 0)};
        }
}

/* The note to which a label on a page refers; NULL: none. */
static struct note *find_note(struct notes *notes, size_t page, struct label label)
{
    struct note *found = NULL;
    for (size_t i = 0; i < notes->count; i++) {
        struct note *note = &notes->list[i];
        if (note->page < page || !is_same(note->label, label))
            continue;
        if (note->page == page)
            return note;
        if (!note->number && !found)
            found = note;
    }
    return found;
}

/* A raised number behind a unit or a number is an exponent. */
static bool is_exponent(const struct reader_line *line, size_t at)
{
    uint32_t before = at ? line->chars[at - 1].code : 0;
    bool unit =
        before == 'm' && (at < 2 || !unicode_is_letter(line->chars[at - 2].code) ||
                          line->chars[at - 2].code == 'c' || line->chars[at - 2].code == 'k');
    return unicode_is_digit(before) || unit;
}

/* The note that raised characters at `at` refer to; their length goes to *len. */
static struct note *referred_at(struct notes *notes, size_t page, const struct reader_line *line,
                                size_t at, size_t *len)
{
    struct label label = read_label(line, at);
    for (size_t i = 0; i < label.len; i++)
        if (!line->chars[at + i].raised && !is_small_number(line->chars[at + i].code))
            return NULL;
    if (!label.len || (at && line->chars[at - 1].raised) || is_exponent(line, at) ||
        (at + label.len < line->nchars && line->chars[at + label.len].raised))
        return NULL;
    *len = label.len;
    return find_note(notes, page, label);
}

static size_t add_number(struct reader_char *chars, size_t count, const struct reader_char *like,
                         unsigned number)
{
    char digits[16];
    int len = snprintf(digits, sizeof digits, "[%u]", number);
    for (int i = 0; i < len; i++) {
        chars[count] = *like;
        chars[count].raised = false;
        chars[count++].code = (uint32_t)(unsigned char)digits[i];
    }
    return count;
}

static size_t behind_spaces(const struct reader_line *line, size_t at)
{
    while (at < line->nchars && unicode_is_space(line->chars[at].code))
        at++;
    return at;
}

/* Ties what a line refers to. */
static void tie_line(struct notes *notes, size_t page, struct reader_line *line)
{
    struct reader_char *chars = NULL;
    size_t count = 0;
    size_t done = 0;
    for (size_t i = 0; i < line->nchars; i++) {
        size_t len = 0;
        bool may = line->chars[i].raised || is_small_number(line->chars[i].code);
        struct note *note = may ? referred_at(notes, page, line, i, &len) : NULL;
        if (!note)
            continue;
        if (!chars)
            chars = arena_array(notes->arena, 16 * line->nchars, struct reader_char);
        note->number = note->number ? note->number : ++notes->numbered;
        memcpy(chars + count, line->chars + done, (i - done) * sizeof *chars);
        count += i - done;
        while (count && unicode_is_space(chars[count - 1].code))
            count--; /* room that the raised number takes */
        count = add_number(chars, count, &line->chars[i], note->number);
        done = i + len;
        size_t next = behind_spaces(line, done);
        if (next == line->nchars || unicode_is_punct(line->chars[next].code) ||
            layout_is_wide(line->chars[next].code))
            done = next;
        i = done - 1;
    }
    if (!chars)
        return;
    memcpy(chars + count, line->chars + done, (line->nchars - done) * sizeof *chars);
    line->chars = chars;
    line->nchars = count + line->nchars - done;
}

/* Gives a note the number that refers to it, in the place of its own label. */
static void number_note(struct notes *notes, const struct note *note)
{
    struct reader_line *line = (struct reader_line *)note->line;
    size_t from = behind_spaces(line, note->label.len);
    if (from < line->nchars && note->label.kind == LABEL_NUMBER && line->chars[from].code == '.')
        from = behind_spaces(line, from + 1);
    struct reader_char *chars = arena_array(notes->arena, line->nchars + 16, struct reader_char);
    size_t count = add_number(chars, 0, &line->chars[0], note->number);
    chars[count] = line->chars[0];
    chars[count++].code = ' ';
    memcpy(chars + count, line->chars + from, (line->nchars - from) * sizeof *chars);
    line->nchars = count + line->nchars - from;
    line->chars = chars;
}

void layout_find_notes(struct reader *reader)
{
    float body = layout_body_size(reader);
    const struct reader_line *open = NULL;
    struct notes notes = {.arena = reader->arena};
    for (size_t p = 0; p < reader->npages; p++) {
        join_labels(reader->arena, &reader->pages[p]);
        open = find_on_page(&reader->pages[p], body, open);
    }
    notes.list = arena_array(reader->arena, NOTES_MOST, struct note);
    collect_notes(reader, &notes);
    for (size_t p = 0; p < reader->npages && notes.count; p++)
        for (size_t i = 0; i < reader->pages[p].nlines; i++) {
            struct reader_line *line = &reader->pages[p].lines[i];
            if (!line->aside && !line->note)
                tie_line(&notes, p, line);
        }
    for (size_t i = 0; i < notes.count; i++)
        if (notes.list[i].number)
            number_note(&notes, &notes.list[i]);
}
