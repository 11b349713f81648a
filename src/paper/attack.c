/* Attacks on copies; see attack.h. */
#include "paper/attack.h"

#include <opencc.h>
#include <stdlib.h>
#include <string.h>

#include "base/unicode.h"
#include "base/utf8.h"
#include "paper/attack_steps.h"

uint64_t attack_roll(struct attack_dice *dice)
{
    uint64_t z = dice->state += 0x9E3779B97F4A7C15U;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9U;
    z = (z ^ z >> 27) * 0x94D049BB133111EBU;
    return z ^ z >> 31;
}

double attack_chance(struct attack_dice *dice)
{
    return (double)(attack_roll(dice) >> 11) / 9007199254740992.0;
}

size_t attack_pick(struct attack_dice *dice, size_t limit)
{
    return (size_t)(attack_roll(dice) % limit);
}

/* --- names ------------------------------------------------------------------------------------ */

static const char *const names[ATTACK_SINGLES][LANG_COUNT] = {
    [ATTACK_PASTE] = {"复制粘贴", "copied and pasted"},
    [ATTACK_STRIP] = {"清除隐形字符", "hidden characters stripped"},
    [ATTACK_FOLD] = {"全角半角归一", "widths and forms folded"},
    [ATTACK_REFLOW] = {"重新断行", "lines re-broken"},
    [ATTACK_TRADITIONAL] = {"转繁体再转回", "Traditional and back"},
    [ATTACK_RETYPE] = {"手工重打", "retyped by hand"},
    [ATTACK_OCR] = {"扫描识别", "scanned (OCR)"},
    [ATTACK_EXCERPT] = {"摘录后重打", "excerpt, retyped"},
    [ATTACK_REORDER] = {"段落换序", "paragraphs reordered"},
    [ATTACK_EMBED] = {"混入别的文字", "among foreign text"},
    [ATTACK_REWRITE] = {"改写三分之一", "a third rewritten"},
    [ATTACK_COMBINED] = {"多种手法并用", "all of these together"},
};

static const char *const mix_names[ATTACK_MIXES][LANG_COUNT] = {
    [MIX_SENTENCE] = {"逐句拼合", "mixed by sentence"},
    [MIX_RANDOM] = {"随机混合", "mixed at random"},
    [MIX_MAJORITY] = {"取多数", "majority"},
    [MIX_MINORITY] = {"取少数", "minority"},
    [MIX_ZEROS] = {"尽量取原文", "all zeros"},
    [MIX_ONES] = {"尽量取变体", "all ones"},
};

const char *attack_name(enum attack_kind kind, enum lang lang)
{
    return names[kind][lang];
}

const char *attack_mix_name(enum attack_mix mix, enum lang lang)
{
    return mix_names[mix][lang];
}

/* --- characters ------------------------------------------------------------------------------- */

static uint32_t code_after(struct str text, size_t pos)
{
    return pos < text.len ? utf8_next(text, &pos) : 0;
}

static struct str strip(struct arena *arena, struct str text)
{
    struct buf out = {.arena = arena};
    uint32_t before = 0;
    for (size_t pos = 0; pos < text.len;) {
        uint32_t code = utf8_next(text, &pos);
        if (unicode_is_invisible(code))
            continue;
        bool odd = unicode_is_space(code) && code >= 0x80;
        if (!odd)
            buf_add_code(&out, code);
        else if (before > ' ' && before < 0x2E80 && code_after(text, pos) < 0x2E80)
            buf_add_byte(&out, ' ');
        before = code;
    }
    return buf_str(&out);
}

static struct str reflow(struct arena *arena, struct str text, enum lang lang)
{
    struct buf out = {.arena = arena};
    const size_t width = lang == LANG_ZH ? 36 : 72;
    size_t line = 0;
    bool blank = false;
    for (size_t pos = 0; pos < text.len;) {
        uint32_t code = utf8_next(text, &pos);
        if (unicode_is_space(code)) {
            blank = true;
            continue;
        }
        bool breaks = line >= width && (blank || lang == LANG_ZH);
        if (out.len && (breaks || blank))
            buf_add_byte(&out, breaks ? '\n' : ' ');
        line = breaks ? 0 : line + 1;
        blank = false;
        buf_add_code(&out, code);
    }
    return buf_str(&out);
}

/* One conversion by OpenCC with its own configuration; the text as it is when it is not installed. */
static struct str convert(struct arena *arena, struct str text, const char *config)
{
    opencc_t opencc = opencc_open(config);
    if (opencc == (opencc_t)-1)
        return text;
    char *converted = opencc_convert_utf8(opencc, text.at, text.len);
    struct str result = converted ? str_copy(arena, str_of(converted)) : text;
    opencc_convert_utf8_free(converted);
    opencc_close(opencc);
    return result;
}

static struct str to_traditional_and_back(struct arena *arena, struct str text, enum lang lang)
{
    if (lang != LANG_ZH)
        return text;
    return convert(arena, convert(arena, text, "s2t.json"), "t2s.json");
}

static struct str excerpt(struct arena *arena, struct str text, enum lang lang,
                          struct attack_dice *dice)
{
    const size_t wanted = lang == LANG_ZH ? 1200 : 3000;
    size_t count = utf8_count(text);
    size_t skip = count > wanted ? attack_pick(dice, count - wanted + 1) : 0;
    size_t from = 0;
    for (size_t i = 0; i < skip; i++)
        (void)utf8_next(text, &from);
    size_t to = from;
    for (size_t i = 0; i < wanted && to < text.len; i++)
        (void)utf8_next(text, &to);
    return attack_retype(arena, str_slice(text, from, to - from), dice);
}

/* --- paragraphs ------------------------------------------------------------------------------- */

static struct str reorder(struct arena *arena, struct str text, struct attack_dice *dice)
{
    size_t count = 1;
    for (size_t i = 0; i < text.len; i++)
        count += text.at[i] == '\n';
    struct str *lines = arena_array(arena, count, struct str);
    count = 0;
    for (struct str rest = text, line; str_split(&rest, '\n', &line);)
        lines[count++] = line;
    for (size_t i = count; i > 1; i--) {
        size_t other = attack_pick(dice, i);
        struct str line = lines[i - 1];
        lines[i - 1] = lines[other];
        lines[other] = line;
    }
    struct buf out = {.arena = arena};
    for (size_t i = 0; i < count; i++) {
        buf_add(&out, lines[i]);
        buf_add_byte(&out, '\n');
    }
    return buf_str(&out);
}

static void add_foreign(struct buf *out, enum lang lang, struct attack_dice *dice)
{
    size_t sentences = 3 + attack_pick(dice, 4);
    for (size_t i = 0; i < sentences; i++) {
        buf_add(out, attack_foreign_sentence(lang, dice));
        if (lang == LANG_EN)
            buf_add_byte(out, ' ');
    }
    buf_add_byte(out, '\n');
}

static struct str embed(struct arena *arena, struct str text, enum lang lang,
                        struct attack_dice *dice)
{
    struct buf out = {.arena = arena};
    add_foreign(&out, lang, dice);
    add_foreign(&out, lang, dice);
    for (struct str rest = text, line; str_split(&rest, '\n', &line);) {
        buf_add(&out, line);
        buf_add_byte(&out, '\n');
        if (attack_pick(dice, 5) == 0)
            add_foreign(&out, lang, dice);
    }
    add_foreign(&out, lang, dice);
    return buf_str(&out);
}

/* --- sentences -------------------------------------------------------------------------------- */

static bool ends_sentence(uint32_t code, uint32_t after)
{
    return code == 0x3002 || code == 0xFF01 || code == 0xFF1F || code == '\n' ||
           ((code == '.' || code == '!' || code == '?') && (after == ' ' || after == '\n'));
}

static struct str next_sentence(struct str *rest)
{
    size_t pos = 0;
    while (pos < rest->len) {
        uint32_t code = utf8_next(*rest, &pos);
        if (ends_sentence(code, code_after(*rest, pos)))
            break;
    }
    struct str sentence = str_slice(*rest, 0, pos);
    *rest = str_slice(*rest, pos, rest->len);
    return sentence;
}

static bool ends_clause(uint32_t code)
{
    return code == ',' || code == ';' || code == 0xFF0C || code == 0xFF1B;
}

/* The clauses last to first, with every fourth piece of a word or so left out. */
static void add_turned(struct buf *out, struct str sentence, struct attack_dice *dice)
{
    size_t end = sentence.len;
    while (end > 0) {
        size_t start = end;
        for (size_t pos = end; pos > 0; start = pos) {
            uint32_t code = utf8_before(sentence, &pos);
            if (ends_clause(code) && start != end)
                break;
        }
        size_t left_out = 0;
        for (size_t pos = start; pos < end;) {
            size_t at = pos;
            (void)utf8_next(sentence, &pos);
            if (left_out == 0 && attack_pick(dice, 8) == 0)
                left_out = 1 + attack_pick(dice, 3);
            if (left_out > 0)
                left_out--;
            else
                buf_add(out, str_slice(sentence, at, pos - at));
        }
        end = start;
    }
}

static struct str rewrite(struct arena *arena, struct str text, enum lang lang,
                          struct attack_dice *dice)
{
    struct buf out = {.arena = arena};
    struct str rest = text;
    while (rest.len > 0) {
        struct str sentence = next_sentence(&rest);
        bool line = str_ends(sentence, STR("\n"));
        if (sentence.len < 12 || attack_pick(dice, 3)) {
            buf_add(&out, sentence);
            continue;
        }
        if (attack_pick(dice, 2))
            buf_add(&out, attack_foreign_sentence(lang, dice));
        else
            add_turned(&out, str_slice(sentence, 0, sentence.len - line), dice);
        if (line)
            buf_add_byte(&out, '\n');
    }
    return buf_str(&out);
}

/* --- the whole -------------------------------------------------------------------------------- */

static struct str combined(struct arena *arena, struct str text, enum lang lang,
                           struct attack_dice *dice)
{
    text = attack_normalise(arena, strip(arena, text));
    text = embed(arena, reorder(arena, text, dice), lang, dice);
    return attack_retype(arena, text, dice);
}

struct str attack_text(struct arena *arena, struct str text, enum lang lang, enum attack_kind kind,
                       struct attack_dice *dice)
{
    switch (kind) {
    case ATTACK_STRIP:
        return strip(arena, text);
    case ATTACK_FOLD:
        return attack_normalise(arena, text);
    case ATTACK_REFLOW:
        return reflow(arena, text, lang);
    case ATTACK_TRADITIONAL:
        return to_traditional_and_back(arena, text, lang);
    case ATTACK_RETYPE:
        return attack_retype(arena, text, dice);
    case ATTACK_OCR:
        return attack_scan(arena, text, lang, dice);
    case ATTACK_EXCERPT:
        return excerpt(arena, text, lang, dice);
    case ATTACK_REORDER:
        return reorder(arena, text, dice);
    case ATTACK_EMBED:
        return embed(arena, text, lang, dice);
    case ATTACK_REWRITE:
        return rewrite(arena, text, lang, dice);
    case ATTACK_COMBINED:
        return combined(arena, text, lang, dice);
    case ATTACK_PASTE:
    case ATTACK_SINGLES:
        break;
    }
    return str_copy(arena, text);
}

/* --- coalitions ------------------------------------------------------------------------------- */

/* By sentence: the site's first place decides, so that a site with several places is one choice. */
static void mix_sentences(const struct paper_doc *doc, const struct paper_sites *sites,
                          const uint8_t *const *bits, size_t members, struct attack_dice *dice,
                          uint8_t *result)
{
    uint64_t seed = attack_roll(dice);
    for (uint32_t i = 0; i < sites->nsites; i++)
        result[i] = bits[0][i];
    for (size_t p = sites->nplaces; p-- > 0;) {
        const struct paper_place *place = &sites->places[p];
        struct str sentence = paper_sentence_at(doc, place->at, place->len);
        struct attack_dice own = {seed ^
                                  (uint64_t)(sentence.at - doc->text.at) * 0x9E3779B97F4A7C15U};
        result[place->site] = bits[attack_pick(&own, members)][place->site];
    }
}

static uint8_t mix_site(const uint8_t *const *bits, size_t members, uint32_t site,
                        enum attack_mix mix, struct attack_dice *dice)
{
    size_t ones = 0;
    for (size_t k = 0; k < members; k++)
        ones += bits[k][site] == 1;
    size_t pick = attack_pick(dice, members);
    uint8_t at_random = bits[pick][site];
    if (ones == 0 || ones == members)
        return at_random; /* they can't write what none of them has */
    switch (mix) {
    case MIX_MAJORITY:
        return 2 * ones == members ? at_random : 2 * ones > members;
    case MIX_MINORITY:
        return 2 * ones == members ? at_random : 2 * ones < members;
    case MIX_ZEROS:
        return 0;
    case MIX_ONES:
        return 1;
    default:
        return at_random;
    }
}

void attack_mix_bits(const struct paper_doc *doc, const struct paper_sites *sites,
                     const uint8_t *const *bits, size_t members, enum attack_mix mix,
                     struct attack_dice *dice, uint8_t *result)
{
    if (mix == MIX_SENTENCE) {
        mix_sentences(doc, sites, bits, members, dice, result);
        return;
    }
    for (uint32_t i = 0; i < sites->nsites; i++)
        result[i] = mix_site(bits, members, i, mix, dice);
}
