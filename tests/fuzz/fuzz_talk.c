/* Any text of a post, after a list of names in its first line: mentions are found within the people, and what
 * is shown holds no markup but its own. */
#include <stdlib.h>
#include <string.h>

#include "library/post.h"
#include "server/talk_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool begins(struct str s, const char *what)
{
    return str_starts(s, str_of(what));
}

static bool is_ours(struct str tag)
{
    static const char *const OURS[] = {
        "<p>",      "</p>",      "<blockquote>", "</blockquote>",      "<br>",
        "<strong>", "</strong>", "</a>",         "<a href=\"/papers/", "<a href=\"/groups/"};
    for (size_t i = 0; i < sizeof OURS / sizeof *OURS; i++)
        if (begins(tag, OURS[i]))
            return true;
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_make();
    struct str rest = {(const char *)data, size};
    struct str line = {0};
    struct mentionable people[4] = {{1, STR("Li Hua"), STR("li@x.org")}};
    struct str names[4] = {STR("Li Hua")};
    size_t count = 1;
    (void)str_split(&rest, '\n', &line);
    for (struct str name; count < 4 && str_split(&line, ',', &name); count++) {
        people[count] = (struct mentionable){(int64_t)count + 1, name, STR("a@b")};
        names[count] = name;
    }
    struct mentions mentions;
    struct str text = post_complete_mentions(arena, rest, people, count, &mentions);
    for (size_t i = 0; i < mentions.count; i++)
        if (mentions.members[i] < 1 || mentions.members[i] > (int64_t)count)
            abort();
    struct buf html = {.arena = arena};
    talk_write_text(&html, text, STR("https://x.org"), names, count);
    for (size_t i = 0; i < html.len; i++)
        if (html.at[i] == '<' && !is_ours(str_slice(buf_str(&html), i, html.len)))
            abort();
    arena_free(arena);
    return 0;
}
