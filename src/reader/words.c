/* Of lines one text; see words.h. */
#include "reader/words.h"

#include "base/unicode.h"
#include "reader/forms.h"
#include "reader/layout.h"

/* A text while it grows, with a doubt for each byte. */
struct speech {
    const struct forms *forms;
    struct buf text, doubt, shifts, paragraphs;
    bool doubtful;
};

static void say(struct speech *speech, uint32_t code, uint8_t doubt)
{
    size_t from = speech->text.len;
    buf_add_code(&speech->text, code);
    while (from++ < speech->text.len)
        buf_add_byte(&speech->doubt, (char)doubt);
    speech->doubtful |= doubt > 0;
}

static void shift(struct speech *speech, enum paper_shift_kind kind, float ems, float noise)
{
    struct paper_shift seen = {speech->text.len, kind, ems, noise};
    if (noise > 0 && noise < READER_BLIND)
        buf_add(&speech->shifts, (struct str){(const char *)&seen, sizeof seen});
}

/* A space beside a wide character is room that was left, not typed. */
static bool is_room(const struct reader_line *line, size_t at)
{
    size_t next = layout_next_char(line, at);
    return line->chars[at].code == ' ' &&
           (at == 0 || next == line->nchars || next > at + 1 ||
            (layout_is_wide(line->chars[at - 1].code) && layout_is_wide(line->chars[next].code)));
}

/* How many characters of a line are said: a hyphen that only parts a word at its end is not, where the next line goes
 * on in small letters. */
static size_t said_of(const struct reader_line *line, const struct reader_line *next)
{
    size_t count = layout_end(line);
    if (!next || next->begins || !next->nchars)
        return count;
    return layout_parts_word(line->chars, count, next->chars[0].code) ? count - 1 : count;
}

/* Whether two words stand apart with no space between them, as poppler gives what a pen left out. */
#define HOLE_EMS 0.8F
static bool is_hole(const struct reader_line *line, size_t at, size_t count)
{
    const struct reader_char *c = &line->chars[at];
    return at + 1 < count && !unicode_is_space(c->code) && !unicode_is_space(c[1].code) &&
           !(layout_is_wide(c->code) && layout_is_wide(c[1].code)) &&
           c[1].left - c->right > HOLE_EMS * line->size;
}

static void say_line(struct speech *speech, const struct reader_line *line, size_t count)
{
    shift(speech, PAPER_SHIFT_LINE, line->lower, line->lower_noise);
    for (size_t i = 0; i < count; i++) {
        const struct reader_char *c = &line->chars[i];
        if (is_room(line, i))
            continue;
        uint32_t codes[FORMS_CODES_MOST];
        size_t ncodes = forms_read(speech->forms, line->font, c->code, codes);
        for (size_t k = 0; k < ncodes; k++)
            say(speech, codes[k], c->doubt);
        shift(speech, PAPER_SHIFT_GAP, c->wider, c->wider_noise);
        if (is_hole(line, i, count))
            say(speech, ' ', 0);
    }
}

/* What parts a line from the next: nothing within a word or between wide characters. */
static void say_end(struct speech *speech, const struct reader_line *line, size_t said,
                    const struct reader_line *next)
{
    bool cut = said && said < line->nchars && !unicode_is_space(line->chars[said].code);
    if (next->begins)
        say(speech, '\n', 0);
    else if (said && next->nchars && !cut &&
             !(layout_is_wide(line->chars[said - 1].code) && layout_is_wide(next->chars[0].code)))
        say(speech, ' ', 0);
}

static void open_paragraph(struct speech *speech, const struct reader_line *first)
{
    struct words_paragraph paragraph = {.first = first, .at = speech->text.len};
    buf_add(&speech->paragraphs, (struct str){(const char *)&paragraph, sizeof paragraph});
}

/* Says the lines of the text, or the notes. */
static void say_lines(struct speech *speech, const struct reader *reader, bool notes)
{
    const struct reader_line *line = NULL;
    for (size_t p = 0; p < reader->npages; p++)
        for (size_t i = 0; i < reader->pages[p].nlines; i++) {
            const struct reader_line *next = &reader->pages[p].lines[i];
            if (next->aside || next->note != notes)
                continue;
            if (line) {
                size_t said = said_of(line, next);
                say_line(speech, line, said);
                say_end(speech, line, said, next);
            } else if (speech->text.len) {
                say(speech, '\n', 0);
            }
            if (!line || next->begins)
                open_paragraph(speech, next);
            line = next;
        }
    if (line)
        say_line(speech, line, said_of(line, NULL));
}

void words_compose(struct reader *reader, struct wording *words)
{
    struct arena *arena = reader->arena;
    struct speech speech = {.forms = forms_find(reader),
                            .text = {.arena = arena},
                            .doubt = {.arena = arena},
                            .shifts = {.arena = arena},
                            .paragraphs = {.arena = arena}};
    layout_find_asides(reader);
    layout_take_numbers(reader);
    layout_find_tables(reader);
    layout_find_notes(reader);
    layout_find_paragraphs(reader);
    layout_measure(reader);
    say_lines(&speech, reader, false);
    say_lines(&speech, reader, true);
    *words = (struct wording){
        .seen = {.text = buf_str(&speech.text),
                 .doubt = speech.doubtful ? (const uint8_t *)speech.doubt.at : NULL,
                 .shifts = (const struct paper_shift *)(const void *)speech.shifts.at,
                 .nshifts = speech.shifts.len / sizeof(struct paper_shift)},
        .paragraphs = (const struct words_paragraph *)(const void *)speech.paragraphs.at,
        .nparagraphs = speech.paragraphs.len / sizeof(struct words_paragraph),
    };
}

struct str words_paragraph_text(const struct wording *words, size_t at)
{
    size_t end = at + 1 < words->nparagraphs ? words->paragraphs[at + 1].at : words->seen.text.len;
    struct str text =
        str_slice(words->seen.text, words->paragraphs[at].at, end - words->paragraphs[at].at);
    if (!words->paragraphs[at].first->in_table)
        return str_trim(text);
    while (text.len && text.at[text.len - 1] == '\n') /* cells may be empty */
        text.len--;
    return text;
}
