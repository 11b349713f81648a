/* The order channel: two like items side by side that say the same either way round.
 *
 * Only pairs named in the lexicon, only joined directly, and never the first two of a longer list,
 * whose head is often the weightiest; the entry's own context decides what may stand around. */
#include "base/utf8.h"
#include "paper/lexicon.h"

static const struct str joints_zh[] = {{"、", 3}, {"和", 3}, {"与", 3}, {"及", 3}, {"以及", 6}};
static const struct str joints_en[] = {{" and ", 5}, {" or ", 4}, {", ", 2}};

static size_t after_joint(const struct scene *scene, size_t at, struct str *joint)
{
    const struct str *joints = scene->chinese ? joints_zh : joints_en;
    size_t count = scene->chinese ? 5 : 3;
    for (size_t i = 0; i < count; i++)
        if (str_starts(str_slice(scene->doc->text, at, joints[i].len), joints[i]))
            return *joint = joints[i], at + joints[i].len;
    return SIZE_MAX;
}

/* Whether the text before `at` (after `end`) goes on with the same list. */
static bool listed_before(const struct scene *scene, const struct paper_block *block, size_t at)
{
    struct str before = str_slice(scene->doc->text, block->at, at - block->at);
    const struct str *joints = scene->chinese ? joints_zh : joints_en;
    size_t count = scene->chinese ? 4 : 3;
    for (size_t i = 0; i < count; i++)
        if (str_ends(before, joints[i]))
            return true;
    return false;
}

static bool listed_after(const struct scene *scene, const struct paper_block *block, size_t end)
{
    struct str joint;
    size_t at = after_joint(scene, end, &joint);
    return at != SIZE_MAX && at < block->at + block->len;
}

/* English case stays with the place, not with the word. */
static struct str swapped(struct arena *arena, const struct scene *scene, struct str one,
                          struct str joint, struct str two)
{
    struct str alt = str_format(arena, "%.*s%.*s%.*s", STR_ARG(two), STR_ARG(joint), STR_ARG(one));
    char *at = (char *)alt.at;
    if (!scene->chinese && one.at[0] >= 'A' && one.at[0] <= 'Z' && two.at[0] >= 'a' &&
        two.at[0] <= 'z') {
        at[0] = (char)(at[0] - ('a' - 'A'));
        at[two.len + joint.len] = (char)(at[two.len + joint.len] + ('a' - 'A'));
    }
    return alt;
}

bool order_match(struct arena *arena, const struct scene *scene, const struct paper_block *block,
                 const struct lexicon_form *form, size_t at, struct candidate *found)
{
    const struct lexicon_entry *entry = &scene->book->entries[form->entry];
    struct str text = scene->doc->text;
    struct str joint;
    size_t one = scene_match(scene, form->text, at);
    if (one == SIZE_MAX)
        return false;
    size_t two = after_joint(scene, one, &joint);
    if (two == SIZE_MAX)
        return false;
    size_t end = scene_match(scene, entry->alt[!form->side], two);
    if (end == SIZE_MAX || end > block->at + block->len)
        return false;
    uint8_t edges = scene->marks[at] & scene->marks[one] & scene->marks[two] & scene->marks[end];
    if (!(edges & SCENE_EDGE) || !scene_is_open(scene, at, end))
        return false;
    bool before = listed_before(scene, block, at);
    if (!before && (listed_after(scene, block, end) || str_equal(joint, STR(", "))))
        return false;
    if (!scene_allows(scene, entry, block, at, end))
        return false;
    *found = (struct candidate){.at = at,
                                .end = end,
                                .entry = form->entry,
                                .side = form->side,
                                .holds = true,
                                .alt = swapped(arena, scene, str_slice(text, at, one - at), joint,
                                               str_slice(text, two, end - two))};
    return true;
}
