/* A page as a reader of pictures sees it: words with doubts, and the layout measured with noise. */
#include <math.h>

#include "base/unicode.h"
#include "base/utf8.h"
#include "paper/attack_steps.h"

#define SURE_DOUBT 1U /* in 255ths, of a character that is read well */

struct page {
    struct arena *arena;
    const struct attack_page *how;
    struct attack_dice *dice;
    struct buf text, doubt;
    struct paper_shift *shifts;
    size_t nshifts;
};

/* A normal variable (Box and Muller 1958). */
static double normal(struct attack_dice *dice)
{
    double radius = sqrt(-2 * log(1 - attack_chance(dice)));
    return radius * cos(2 * M_PI * attack_chance(dice));
}

/* A character as it is read: some are doubtful, and of these as many are wrong as the doubt says. */
static void add_code(struct page *page, uint32_t code)
{
    double doubt = SURE_DOUBT / 255.0;
    if (code != '\n' && attack_chance(page->dice) < page->how->doubtful)
        doubt = 0.05 + 0.55 * attack_chance(page->dice);
    bool wrong = page->how->doubtful > 0 && code != '\n' && attack_chance(page->dice) < doubt;
    if (wrong && code >= 0x2E80)
        code = 0x4E00 + (uint32_t)attack_pick(page->dice, 0x5000);
    else if (wrong)
        code = 'a' + (uint32_t)attack_pick(page->dice, 26);
    buf_add_code(&page->text, code);
    while (page->doubt.len < page->text.len)
        buf_add_byte(&page->doubt, (char)(unsigned char)lround(255 * doubt));
}

/* What can't be seen is not on the page. */
static void add_text(struct page *page, struct str s)
{
    for (size_t pos = 0; pos < s.len;) {
        uint32_t code = utf8_next(s, &pos);
        if (unicode_is_space(code) && code != '\n')
            code = ' ';
        if (!unicode_is_invisible(code))
            add_code(page, code);
    }
}

/* What is measured beside a mark of the layout; nothing where it ends its line or begins its page. */
static void add_shift(struct page *page, enum paper_shift_kind kind, size_t at, unsigned bit)
{
    const struct attack_page *how = page->how;
    double wider = kind == PAPER_SHIFT_GAP ? PAPER_GAP_EMS : PAPER_LINE_EMS;
    double noise = how->noise * normal(page->dice);
    if (attack_chance(page->dice) < how->lost)
        return;
    page->shifts[page->nshifts++] = (struct paper_shift){
        .at = at,
        .kind = kind,
        .ems = (float)(how->offset + how->stretch * wider * bit + noise),
        .noise = (float)how->noise,
    };
}

/* So many characters of what is seen, from anywhere. */
static void cut_out(struct paper_seen *seen, struct paper_shift *shifts, size_t characters,
                    struct attack_dice *dice)
{
    size_t all = utf8_count(seen->text);
    if (characters == 0 || characters >= all)
        return;
    size_t skip = attack_pick(dice, all - characters + 1);
    size_t from = 0;
    for (size_t i = 0; i < skip; i++)
        (void)utf8_next(seen->text, &from);
    size_t to = from;
    for (size_t i = 0; i < characters; i++)
        (void)utf8_next(seen->text, &to);
    size_t kept = 0;
    for (size_t i = 0; i < seen->nshifts; i++) {
        if (shifts[i].at < from || shifts[i].at > to)
            continue;
        shifts[kept] = shifts[i];
        shifts[kept++].at -= from;
    }
    seen->nshifts = kept;
    seen->text = str_slice(seen->text, from, to - from);
    seen->doubt = seen->doubt ? seen->doubt + from : NULL;
}

struct paper_seen attack_measure(struct arena *arena, const struct paper_doc *doc,
                                 const struct paper_sites *sites, const uint8_t *bits,
                                 const struct attack_page *how, struct attack_dice *dice)
{
    struct page page = {.arena = arena,
                        .how = how,
                        .dice = dice,
                        .text = {.arena = arena},
                        .doubt = {.arena = arena},
                        .shifts = arena_array(arena, sites->nplaces, struct paper_shift)};
    size_t at = 0;
    for (size_t i = 0; i < sites->nplaces; i++) {
        const struct paper_place *place = &sites->places[i];
        const struct paper_site *site = &sites->sites[place->site];
        unsigned bit = bits[place->site];
        add_text(&page, str_slice(doc->text, at, place->at - at));
        size_t before = page.text.len;
        add_text(&page, place->alt[bit]);
        at = place->at + place->len;
        if (site->channel != PAPER_LAYOUT)
            continue;
        enum paper_shift_kind kind = paper_site_shift(site);
        add_shift(&page, kind, kind == PAPER_SHIFT_LINE ? before : page.text.len, bit);
    }
    add_text(&page, str_slice(doc->text, at, doc->text.len));
    struct paper_seen seen = {.text = buf_str(&page.text),
                              .doubt = how->doubtful > 0 ? (const uint8_t *)page.doubt.at : NULL,
                              .shifts = page.shifts,
                              .nshifts = page.nshifts};
    cut_out(&seen, page.shifts, how->characters, dice);
    return seen;
}
