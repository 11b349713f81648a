/* The test bed; see align_bed.h. */
#include "align_bed.h"

#include <string.h>

#include "base/utf8.h"

static const char han[] =
    "我们要把城市建设管理经济社会生活质量发展改革创新服务企业群众干部基层组织学习研究工作落实方案目标任务"
    "责任机制平台资源环境保护农村产业科技教育文化卫生安全信息交通水利能源土地住房财政金融投资消费市场开放"
    "合作区域协调统筹规划布局结构优化调整升级绿色低碳循环高效便捷公平正义法治监督考核评价激励约束风险防范";

static const char *const pairs_zh[][2] = {
    {"推动", "推进"}, {"加快", "加速"}, {"其他", "其它"}, {"必须", "务必"},
    {"因此", "因而"}, {"如果", "假如"}, {"立刻", "马上"}, {"非常", "十分"},
    {"和", "与"},     {"以及", "及"},   {"根据", "依据"}, {"大约", "约"},
};
static const char *const pairs_en[][2] = {
    {"which", "that"},     {"begin", "start"},    {"big", "large"},     {"quick", "fast"},
    {"also", "too"},       {"towards", "toward"}, {"perhaps", "maybe"}, {"whilst", "while"},
    {"in order to", "to"}, {"buy", "purchase"},   {"ask", "request"},   {"among", "amongst"},
};
static const char *const zero[] = {"\xE2\x80\x8B"};
static const char *const thin[] = {"\xE2\x80\x89"};
static const char *const radical[2] = {"\xE4\xBA\xBA", "\xE2\xBC\x88"}; /* 人 and Kangxi ⼈ */

struct maker {
    struct buf text;
    struct attack_dice dice;
    enum lang lang;
    struct paper_place *places;
    size_t nplaces;
    struct paper_site *sites;
    uint32_t nsites;
};

static size_t roll(struct maker *m, size_t limit)
{
    return (size_t)(attack_roll(&m->dice) % limit);
}

static void add_filler(struct maker *m)
{
    if (m->lang == LANG_ZH) {
        for (size_t i = 0, n = 7 + roll(m, 9); i < n; i++)
            buf_add(&m->text, (struct str){han + 3 * roll(m, (sizeof han - 1) / 3), 3});
        return;
    }
    for (size_t word = 0, words = 4 + roll(m, 4); word < words; word++) {
        for (size_t i = 0, n = 1 + roll(m, 3); i < n; i++) {
            buf_add_byte(&m->text, "bcdfghklmnprstvw"[roll(m, 16)]);
            buf_add_byte(&m->text, "aeiouaeio"[roll(m, 9)]);
            if (roll(m, 3) == 0)
                buf_add_byte(&m->text, "nrstl"[roll(m, 5)]);
        }
        buf_add_byte(&m->text, ' ');
    }
}

static void add_place(struct maker *m, uint32_t site, enum paper_channel channel, struct str a,
                      struct str b)
{
    if (site == m->nsites) {
        m->sites[m->nsites++] = (struct paper_site){.number = site, .channel = channel};
    }
    m->places[m->nplaces++] =
        (struct paper_place){.at = m->text.len, .len = a.len, .site = site, .alt = {a, b}};
    buf_add(&m->text, a);
}

/* A site of its own, either rendering being the master's. */
static void add_site(struct maker *m, enum paper_channel channel, struct str a, struct str b)
{
    bool turn = channel <= PAPER_PUNCT && roll(m, 2);
    add_place(m, m->nsites, channel, turn ? b : a, turn ? a : b);
}

static struct str item(struct maker *m)
{
    size_t len = 3 * (2 + roll(m, 2));
    if (m->lang == LANG_EN)
        return str_of(pairs_en[roll(m, sizeof pairs_en / sizeof *pairs_en)][0]);
    return str_slice((struct str){han, sizeof han - 1}, 3 * roll(m, sizeof han / 3 - 3), len);
}

static void add_order(struct maker *m)
{
    struct str a = item(m);
    struct str b = item(m);
    const char *joint = m->lang == LANG_ZH ? "、" : " and ";
    if (str_equal(a, b))
        return;
    add_site(m, PAPER_ORDER, str_format(m->text.arena, "%.*s%s%.*s", STR_ARG(a), joint, STR_ARG(b)),
             str_format(m->text.arena, "%.*s%s%.*s", STR_ARG(b), joint, STR_ARG(a)));
}

static void add_layout(struct maker *m, const char *words, const char *rule)
{
    add_site(m, PAPER_LAYOUT, str_of(words), str_of(words));
    m->sites[m->nsites - 1].rule = str_of(rule);
}

static void add_kind(struct maker *m, unsigned kind)
{
    bool zh = m->lang == LANG_ZH;
    switch (kind) {
    case BED_PAIRS: {
        size_t i = roll(m, sizeof pairs_zh / sizeof *pairs_zh);
        add_site(m, PAPER_WORD, str_of(zh ? pairs_zh[i][0] : pairs_en[i][0]),
                 str_of(zh ? pairs_zh[i][1] : pairs_en[i][1]));
        break;
    }
    case BED_OPTIONAL:
        add_site(m, PAPER_WORD, str_of(zh ? "的" : "that "), STR(""));
        break;
    case BED_ORDER:
        add_order(m);
        break;
    case BED_PUNCT:
        add_site(m, PAPER_PUNCT, str_of(zh ? "，" : ", "), str_of(zh ? "；" : "; "));
        break;
    case BED_ZERO:
        add_site(m, PAPER_ZERO, STR(""), str_of(zero[0]));
        break;
    case BED_SPACE:
        add_site(m, PAPER_SPACE, STR(""), str_of(thin[0]));
        break;
    case BED_GLYPH:
        add_site(m, PAPER_GLYPH, str_of(radical[0]), str_of(radical[1]));
        break;
    case BED_WIDE:
        add_place(m, 0, PAPER_WORD, STR("账户"), STR("帐户"));
        break;
    default:
        break;
    }
}

static struct bed finish(struct arena *arena, struct maker *m)
{
    struct bed bed = {.arena = arena};
    bed.doc = (struct paper_doc){.lang = m->lang, .title = STR("t"), .text = buf_str(&m->text)};
    size_t count = 1;
    for (size_t i = 0; i < bed.doc.text.len; i++)
        count += bed.doc.text.at[i] == '\n';
    bed.doc.blocks = arena_array(arena, count, struct paper_block);
    size_t at = 0;
    for (struct str rest = bed.doc.text, line; str_split(&rest, '\n', &line); at += line.len + 1)
        bed.doc.blocks[bed.doc.nblocks++] =
            (struct paper_block){.kind = PAPER_PARAGRAPH, .at = at, .len = line.len};
    bed.sites = (struct paper_sites){m->sites, m->nsites, m->places, m->nplaces};
    struct bed *kept = arena_new(arena, struct bed); /* the lattice points at doc and sites */
    *kept = bed;
    bed.lattice = paper_lattice_make(arena, &kept->doc, &kept->sites);
    return bed;
}

struct bed bed_make(struct arena *arena, enum lang lang, size_t characters, unsigned kinds,
                    uint64_t seed)
{
    struct maker m = {.text = {.arena = arena}, .dice = {seed}, .lang = lang};
    m.places = arena_array(arena, characters + 16, struct paper_place);
    m.sites = arena_array(arena, characters + 16, struct paper_site);
    size_t bytes = characters * (lang == LANG_ZH ? 3 : 1);
    if (kinds & BED_WIDE)
        m.sites[m.nsites++] = (struct paper_site){.channel = PAPER_WORD, .wide = true};
    while (m.text.len < bytes) {
        add_filler(&m);
        for (unsigned kind = 1; kind <= BED_WIDE; kind *= 2) {
            if ((kinds & kind) && roll(&m, (unsigned)__builtin_popcount(kinds)) == 0) {
                add_kind(&m, kind);
                add_filler(&m);
            }
        }
        if (lang == LANG_EN && m.text.at[m.text.len - 1] == ' ')
            m.text.len--;
        bool ends = roll(&m, 6) == 0;
        if ((kinds & BED_LAYOUT) && !ends)
            add_layout(&m, lang == LANG_ZH ? "。" : ".", "layout:gap");
        else
            buf_add(&m.text, str_of(lang == LANG_ZH ? "。" : "."));
        buf_add(&m.text, lang == LANG_ZH ? STR("") : STR(" "));
        if (!ends)
            continue;
        buf_add_byte(&m.text, '\n');
        if (kinds & BED_LAYOUT)
            add_layout(&m, lang == LANG_ZH ? "各" : "A", "layout:line");
    }
    return finish(arena, &m);
}

struct bed bed_of(struct arena *arena, enum lang lang, const char *text,
                  const struct paper_place *places, size_t nplaces, struct paper_site *sites,
                  uint32_t nsites)
{
    struct maker m = {.text = {.arena = arena},
                      .lang = lang,
                      .nplaces = nplaces,
                      .sites = sites,
                      .nsites = nsites};
    m.places = arena_array(arena, nplaces + 1, struct paper_place);
    if (nplaces)
        memcpy(m.places, places, nplaces * sizeof *places);
    buf_add(&m.text, str_of(text));
    return finish(arena, &m);
}

uint8_t *bed_bits(const struct bed *bed, uint64_t seed)
{
    struct attack_dice dice = {seed};
    uint8_t *bits = arena_take(bed->arena, bed->sites.nsites + 1);
    for (uint32_t i = 0; i < bed->sites.nsites; i++)
        bits[i] = attack_roll(&dice) >> 63;
    return bits;
}

struct str bed_copy(const struct bed *bed, const uint8_t *bits)
{
    struct buf out = {.arena = bed->arena};
    size_t at = 0;
    for (size_t i = 0; i < bed->sites.nplaces; i++) {
        const struct paper_place *place = &bed->sites.places[i];
        buf_add(&out, str_slice(bed->doc.text, at, place->at - at));
        buf_add(&out, place->alt[bits[place->site]]);
        at = place->at + place->len;
    }
    buf_add(&out, str_slice(bed->doc.text, at, bed->doc.text.len));
    return buf_str(&out);
}

struct bed_score bed_score(const struct bed *bed, const struct reading *reading,
                           const uint8_t *bits)
{
    struct bed_score score = {bed->sites.nsites, 0, 0};
    for (uint32_t i = 0; i < bed->sites.nsites; i++) {
        score.read += reading->read[i] != MARK_ERASED;
        score.wrong += reading->read[i] != MARK_ERASED && reading->read[i] != bits[i];
    }
    return score;
}
