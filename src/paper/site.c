/* Names of channels and levels, and what a rule says; see site.h. */
#include "paper/site.h"

static const struct {
    const char *name, *en, *zh;
    bool visible;
    enum paper_level from; /* the lowest level that has it */
} channels[PAPER_CHANNELS] = {
    [PAPER_WORD] = {"word", "wording", "用词", true, PAPER_DISCREET},
    [PAPER_ORDER] = {"order", "word order", "语序", true, PAPER_DISCREET},
    [PAPER_PUNCT] = {"punct", "punctuation", "标点", true, PAPER_DISCREET},
    [PAPER_GLYPH] = {"glyph", "letter forms", "字形", false, PAPER_FULL},
    [PAPER_SPACE] = {"space", "spacing", "间距", false, PAPER_STANDARD},
    [PAPER_ZERO] = {"zero", "zero width", "零宽", false, PAPER_STANDARD},
    [PAPER_LAYOUT] = {"layout", "layout", "版式", false, PAPER_FULL},
};

static const char *const levels[] = {"discreet", "standard", "full"};

const char *paper_channel_name(enum paper_channel channel)
{
    return channels[channel].name;
}

const char *paper_channel_word(enum paper_channel channel, enum lang lang)
{
    return lang_pick(lang, channels[channel].en, channels[channel].zh);
}

bool paper_channel_parse(struct str name, enum paper_channel *channel)
{
    for (int i = 0; i < PAPER_CHANNELS; i++)
        if (str_equal(name, str_of(channels[i].name)))
            return *channel = (enum paper_channel)i, true;
    return false;
}

const char *paper_level_name(enum paper_level level)
{
    return levels[level];
}

bool paper_level_parse(struct str name, enum paper_level *level)
{
    for (int i = PAPER_DISCREET; i <= PAPER_FULL; i++)
        if (str_equal(name, str_of(levels[i])))
            return *level = (enum paper_level)i, true;
    return false;
}

bool paper_level_has(enum paper_level level, enum paper_channel channel)
{
    return level >= channels[channel].from;
}

enum paper_shift_kind paper_site_shift(const struct paper_site *site)
{
    return str_equal(site->rule, STR("layout:line")) ? PAPER_SHIFT_LINE : PAPER_SHIFT_GAP;
}

const char *paper_shift_words(enum paper_shift_kind kind, unsigned bit, enum lang lang)
{
    static const char *const words[][2][LANG_COUNT] = {
        [PAPER_SHIFT_GAP] = {{"标点后如常", "usual gap behind this mark"},
                             {"标点后略宽", "wider gap behind this mark"}},
        [PAPER_SHIFT_LINE] = {{"行位如常", "line stands as usual"},
                              {"行略低", "line stands lower"}},
    };
    return words[kind][bit][lang];
}

bool paper_channel_is_visible(enum paper_channel channel)
{
    return channels[channel].visible;
}

size_t paper_place_from(const struct paper_sites *sites, size_t at)
{
    size_t low = 0;
    size_t high = sites ? sites->nplaces : 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sites->places[middle].at < at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}
