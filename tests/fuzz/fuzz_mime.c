/* Any names, subject and words of a letter, between bytes 0xFF: the letter has the same fields as every other, in lines of
 * plain ASCII that end as mail's do; nothing in one field begins another. */
#include <stdint.h>
#include <stdlib.h>

#include "server/mime.h"

#define LINE_MOST 998U /* RFC 5322 */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static struct str write(struct arena *arena, struct str name, struct str subject, struct str html)
{
    const struct mime_letter letter = {
        .from = STR("papers@example.org"),
        .from_name = name,
        .to = STR("li@example.org"),
        .to_name = name,
        .subject = subject,
        .id = STR("1.2"),
        .unsubscribe = STR("https://example.org/unsubscribe/1"),
        .html = html,
    };
    return mime_write(arena, &letter);
}

/* Fields of the letter's head. */
static size_t count_fields(struct str letter)
{
    size_t end = str_find(letter, STR("\r\n\r\n"), 0);
    size_t count = 0;
    require(end != SIZE_MAX);
    for (size_t at = 0; at < end; at = str_find(letter, STR("\r\n"), at) + 2)
        count += letter.at[at] != ' ' && letter.at[at] != '\t';
    return count;
}

static void check_lines(struct str letter)
{
    size_t begin = 0;
    for (size_t i = 0; i < letter.len; i++) {
        unsigned char c = (unsigned char)letter.at[i];
        require(c < 0x80 && (c >= ' ' || c == '\r' || c == '\n' || c == '\t'));
        require(c != '\n' || (i && letter.at[i - 1] == '\r'));
        require(c != '\r' || (i + 1 < letter.len && letter.at[i + 1] == '\n'));
        require(i - begin <= LINE_MOST);
        if (c == '\n')
            begin = i + 1;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_make();
    struct str rest = {(const char *)data, size};
    struct str part[3] = {{"", 0}, {"", 0}, {"", 0}};
    for (int i = 0; i < 3 && str_split(&rest, '\xFF', &part[i]); i++)
        continue;
    struct str letter = write(arena, part[0], part[1], part[2]);
    check_lines(letter);
    require(count_fields(letter) ==
            count_fields(write(arena, STR("n"), STR("s"), STR("<p>w</p>"))));
    (void)mime_element(arena, part[2], "h1");
    arena_free(arena);
    return 0;
}
