/* Of lines one text; see words.h. */
#include "reader/words.h"

#include "base/unicode.h"
#include "base/utf8.h"

/* A text while it grows, with a doubt for each byte. */
struct speech {
    struct buf text, doubt;
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

static void say_line(struct speech *speech, const struct reader_line *line)
{
    for (size_t i = 0; i < line->nchars; i++)
        say(speech, line->chars[i].code, line->chars[i].doubt);
    say(speech, '\n', 0);
}

void words_compose(struct reader *reader, struct paper_seen *seen)
{
    struct speech speech = {.text = {.arena = reader->arena}, .doubt = {.arena = reader->arena}};
    for (size_t p = 0; p < reader->npages; p++)
        for (size_t i = 0; i < reader->pages[p].nlines; i++)
            say_line(&speech, &reader->pages[p].lines[i]);
    *seen = (struct paper_seen){.text = str_trim(buf_str(&speech.text))};
    size_t skipped = seen->text.len ? (size_t)(seen->text.at - speech.text.at) : 0;
    if (speech.doubtful)
        seen->doubt = (const uint8_t *)speech.doubt.at + skipped;
}
