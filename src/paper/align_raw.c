/* Marks that folding blurs or that anything but a plain copy destroys; see align_steps.h.
 *
 * Such a mark is read from the exhibit's own bytes between two neighbours that are aligned. Where it
 * is absent, nobody can say whether the member's copy had none or whether it was stripped. So an
 * absence counts only where something that stripping would have removed is still seen close by on
 * both sides; and where either reading may come from a tidy editor (a plain space or none), only
 * where both are seen close by. */
#include <string.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "base/utf8.h"
#include "paper/align_steps.h"

#define NEARBY 12U /* observations of the same channel looked at on each side */

/* A fragile place met on the path. */
struct sighting {
    size_t at, len; /* bytes of the exhibit */
    uint32_t place;
    int8_t value; /* 0, 1 or MARK_ERASED */
    bool odd;     /* what was seen would not have survived normalisation */
    bool both;    /* either value may come from normalisation: both must be seen */
};

/* --- alternatives ----------------------------------------------------------------------------- */

/* Is NFKC, the removal of invisible characters and of odd spaces going to leave this as it is? */
static bool survives(struct str s)
{
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *nfkc = unorm2_getNFKCInstance(&status);
    for (size_t pos = 0; pos < s.len;) {
        uint32_t code = utf8_next(s, &pos);
        UChar units[2];
        int32_t count = 0;
        UBool failed = false;
        if (unicode_is_invisible(code) || (unicode_is_space(code) && code != ' '))
            return false;
        U16_APPEND(units, count, 2, code, failed);
        if (failed || !unorm2_isNormalized(nfkc, units, count, &status))
            return false;
    }
    return true;
}

static bool is_blank(uint32_t code)
{
    return unicode_is_space(code) || unicode_is_invisible(code);
}

/* s without spaces and invisible characters, into the arena. */
static struct str without_blanks(struct arena *arena, struct str s)
{
    struct buf buf = {.arena = arena};
    for (size_t pos = 0; pos < s.len;) {
        uint32_t code = utf8_next(s, &pos);
        if (!is_blank(code))
            buf_add_code(&buf, code);
    }
    return buf_str(&buf);
}

static void set_value(struct sighting *sighting, const struct paper_place *place, bool glyph,
                      int value)
{
    bool safe[2] = {survives(place->alt[0]), survives(place->alt[1])};
    sighting->value = (int8_t)value;
    sighting->both = safe[0] && safe[1] && !glyph;
    if (safe[0] && safe[1])
        sighting->odd = glyph ? value == 1 : place->alt[value].len > 0;
    else
        sighting->odd = !safe[value];
}

/* --- reading ---------------------------------------------------------------------------------- */

/* Which alternative of blanks do the bytes between two neighbours show? */
static int read_blanks(struct str between, const struct paper_place *place)
{
    int longer = place->alt[1].len >= place->alt[0].len;
    int shorter = !longer;
    if (str_find(between, place->alt[longer], 0) != SIZE_MAX)
        return longer;
    if (place->alt[shorter].len > 0)
        return str_find(between, place->alt[shorter], 0) != SIZE_MAX ? shorter : MARK_ERASED;
    /* A line break stands where a space may have stood. */
    if (str_find(between, STR("\n"), 0) != SIZE_MAX)
        return MARK_ERASED;
    return shorter;
}

static int read_glyphs(struct arena *scratch, struct str between, const struct paper_place *place)
{
    struct str seen = without_blanks(scratch, between);
    bool is[2] = {str_equal(seen, without_blanks(scratch, place->alt[0])),
                  str_equal(seen, without_blanks(scratch, place->alt[1]))};
    return is[0] == is[1] ? MARK_ERASED : is[1];
}

/* The path's first step behind node `before`. */
static size_t step_behind(const struct align_path *path, uint32_t before)
{
    size_t low = 0;
    size_t high = path->nsteps;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (path->steps[middle].node <= before)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Are steps from … to all there, in one piece, and the same? */
static bool is_exact(const struct align_path *path, size_t from, size_t to)
{
    for (size_t i = from; i <= to; i++) {
        if (!path->steps[i].same || (i > from && path->steps[i].strange))
            return false;
    }
    return true;
}

/* Reads one raw place; false when the path does not lead past it. */
static bool read_raw(struct arena *scratch, const struct lattice *lattice, struct str text,
                     const struct folded *exhibit, const struct align_path *path,
                     const struct align_raw *raw, struct sighting *sighting)
{
    const struct paper_place *place = &lattice->sites->places[raw->place];
    size_t step = step_behind(path, raw->before);
    *sighting = (struct sighting){.place = raw->place, .value = MARK_ERASED};
    if (step < path->nsteps && path->steps[step].at != ALIGN_NONE)
        sighting->at = exhibit->from[path->steps[step].at];
    if (step == 0 || step + raw->codes >= path->nsteps)
        return false;
    if (!is_exact(path, step - 1, step + raw->codes))
        return true;
    uint32_t left = path->steps[step - 1].at;
    size_t from = exhibit->from[left];
    size_t to = exhibit->from[path->steps[step + raw->codes].at];
    if (exhibit->from[left + 1] == from)
        return true; /* half a character */
    (void)utf8_next(text, &from);
    struct str between = str_slice(text, from, to > from ? to - from : 0);
    sighting->at = from;
    sighting->len = between.len;
    int value = raw->codes ? read_glyphs(scratch, between, place) : read_blanks(between, place);
    if (value != MARK_ERASED)
        set_value(sighting, place, raw->codes > 0, value);
    return true;
}

/* --- what absence means ----------------------------------------------------------------------- */

struct window {
    bool any, odd, value[2];
};

static struct window look_around(const struct sighting *list, size_t count, size_t at,
                                 int direction)
{
    struct window w = {0};
    unsigned seen = 0;
    for (size_t i = at; seen < NEARBY;) {
        if (direction < 0 ? i == 0 : i + 1 >= count)
            break;
        i = direction < 0 ? i - 1 : i + 1;
        if (list[i].value == MARK_ERASED)
            continue;
        seen++;
        w.any = true;
        w.odd |= list[i].odd;
        w.value[list[i].value] = true;
    }
    return w;
}

static bool is_trusted(const struct sighting *list, size_t count, size_t at)
{
    const struct sighting *here = &list[at];
    if (here->odd && !here->both)
        return true;
    struct window left = look_around(list, count, at, -1);
    struct window right = look_around(list, count, at, +1);
    if (here->both)
        return left.value[!here->value] || right.value[!here->value];
    return (left.odd || !left.any) && (right.odd || !right.any) && (left.odd || right.odd);
}

static void vote(const struct lattice *lattice, const struct sighting *list, size_t count,
                 struct align_votes *votes, struct align_sights *sights)
{
    for (size_t i = 0; i < count; i++) {
        struct align_votes *site = &votes[lattice->sites->places[list[i].place].site];
        struct sight seen = {list[i].place, MARK_ERASED, list[i].at, list[i].len};
        site->met = true;
        if (list[i].value != MARK_ERASED && is_trusted(list, count, i)) {
            seen.value = list[i].value;
            align_cast_vote(site, seen.value, 0);
        }
        align_add_sight(sights, seen);
    }
}

/* --- the whole -------------------------------------------------------------------------------- */

void align_read_fragile(struct arena *arena, const struct lattice *lattice, struct str text,
                        const struct folded *exhibit, const struct align_path *path,
                        const int8_t *outcome, struct align_votes *votes,
                        struct align_sights *sights)
{
    struct sighting *lists[PAPER_CHANNELS] = {0};
    size_t counts[PAPER_CHANNELS] = {0};
    if (path->nsteps == 0)
        return;
    uint32_t last = path->steps[path->nsteps - 1].node;
    uint32_t raw = lattice_raw_from(lattice->raws, lattice->nraws, path->steps[0].node);
    uint32_t raw_end = lattice_raw_from(lattice->raws, lattice->nraws, last + 1);
    size_t most = raw_end - raw + path->nsights;
    for (size_t sight = 0; raw < raw_end || sight < path->nsights;) {
        struct sighting here;
        uint32_t branch_place = sight < path->nsights
                                    ? lattice->branches[path->sights[sight].branch].place
                                    : ALIGN_NONE;
        bool met = true;
        if (raw < raw_end && lattice->raws[raw].place < branch_place) {
            met = read_raw(arena, lattice, text, exhibit, path, &lattice->raws[raw++], &here);
        } else {
            const struct paper_place *place = &lattice->sites->places[branch_place];
            struct sight seen =
                align_locate_sight(lattice, text, exhibit, path, &path->sights[sight]);
            here = (struct sighting){
                .at = seen.at, .len = seen.len, .place = branch_place, .value = MARK_ERASED};
            if (outcome[sight] != MARK_ERASED)
                set_value(&here, place, true, outcome[sight]);
            met = !paper_channel_is_visible(lattice->sites->sites[place->site].channel);
            sight++;
        }
        if (!met)
            continue;
        enum paper_channel channel =
            lattice->sites->sites[lattice->sites->places[here.place].site].channel;
        if (!lists[channel])
            lists[channel] = arena_array(arena, most, struct sighting);
        lists[channel][counts[channel]++] = here;
    }
    for (unsigned channel = 0; channel < PAPER_CHANNELS; channel++)
        vote(lattice, lists[channel], counts[channel], votes, sights);
}
