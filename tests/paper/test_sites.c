/* Sites: what may be one, what may not, and that they keep their identity. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/unicode.h"
#include "base/utf8.h"
#include "paper/site.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

struct bed {
    struct arena *arena;
    struct paper_lexicon *lexicon;
};

static struct str read_file(struct arena *arena, const char *path)
{
    FILE *file = fopen(path, "rb");
    struct buf buf = {.arena = arena};
    char piece[8192];
    if (!file)
        return STR("");
    for (size_t n; (n = fread(piece, 1, sizeof piece, file)) > 0;)
        buf_add(&buf, (struct str){piece, n});
    (void)fclose(file);
    return buf_str(&buf);
}

static struct paper_lexicon *read_lexicon(struct arena *arena)
{
    static const char *const kinds[] = {"word", "order", "punct", "glyph", "locks", "guard"};
    struct paper_lexicon *lexicon = paper_lexicon_make(arena);
    for (int lang = 0; lang < LANG_COUNT; lang++)
        for (size_t i = 0; i < LENGTH(kinds); i++) {
            struct str name = str_format(arena, "%s-%s.txt", lang_code((enum lang)lang), kinds[i]);
            struct str text =
                read_file(arena, str_format(arena, "%s/%.*s", LEXICON_DIR, STR_ARG(name)).at);
            struct error err = {0};
            if (paper_lexicon_add(lexicon, name, text, &err))
                fail_msg("%s", err.en);
        }
    return lexicon;
}

static int set_up(void **state)
{
    struct arena *arena = arena_make();
    struct bed *bed = arena_new(arena, struct bed);
    *bed = (struct bed){arena, read_lexicon(arena)};
    *state = bed;
    return 0;
}

static int tear_down(void **state)
{
    arena_free(((struct bed *)*state)->arena);
    return 0;
}

/* Each line of the text becomes a block as the outline says. */
static struct paper_doc make_doc(struct arena *arena, enum lang lang, struct str text)
{
    struct paper_doc doc = {.lang = lang, .text = text, .title = STR("t")};
    size_t at = 0;
    doc.blocks = arena_array(arena, text.len + 1, struct paper_block);
    while (at < text.len) {
        size_t end = str_find(text, STR("\n"), at);
        end = end == SIZE_MAX ? text.len : end;
        struct paper_block *block = &doc.blocks[doc.nblocks++];
        paper_classify_line(str_slice(text, at, end - at), lang, block);
        block->at = at;
        block->len = end - at;
        at = end + 1;
    }
    return doc;
}

static struct paper_sites find(struct bed *bed, const struct paper_doc *doc, enum paper_level level)
{
    struct paper_sites sites;
    struct error err = {0};
    assert_int_equal(paper_find_sites(bed->arena, doc, bed->lexicon, level, &sites, &err),
                     STATUS_OK);
    return sites;
}

static const char chinese[] =
    "一、总体要求\n"
    "今年以来，各部门认真落实工作部署，不断完善服务体系，切实提升服务水平，取得了明显成效。但是，目前仍然存在"
    "一些困难，必须高度重视。\n"
    "要加强组织领导，按照要求抓好各项工作，确保项目按时完成。要围绕解决群众普遍关心的教育、医疗、住房、养老等"
    "问题，持续优化服务，把好事办好。\n"
    "会议指出，《关于加强和改进服务的意见》已经印发，有关单位应当及时对照检查，并且在二〇二六年三月前完成整改。"
    "有人说“必须加强和改进”，这种看法值得重视。\n";

static const char english[] =
    "The committee started the review in order to help small firms. However, many members said that "
    "they need more time, and the board agreed to extend the deadline.\n"
    "We should begin with the most important tasks, since the budget is limited. The report shows "
    "that costs have increased while income has remained flat.\n";

/* Whether a site touches the part of the text given. */
static bool touched(const struct paper_doc *doc, const struct paper_sites *sites, const char *part)
{
    size_t at = str_find(doc->text, str_of(part), 0);
    assert_true(at != SIZE_MAX);
    for (size_t i = 0; i < sites->nplaces; i++) {
        const struct paper_place *p = &sites->places[i];
        bool inside = p->len == 0 && p->at > at && p->at < at + strlen(part);
        if (inside || (p->len && p->at < at + strlen(part) && p->at + p->len > at))
            return true;
    }
    return false;
}

static void words_are_never_split(void **state)
{
    static const char *const traps[][2] = {
        {"我们维护世界和平，促进发展。", "和平"},
        {"与会人员参与讨论。", "参与"},
        {"请及时报告情况。", "及时"},
        {"这的确重要。", "的确"},
        {"改革的目的是发展。", "目的"},
        {"为了人民，因为人民。", "因为"},
        {"各地区都取得进展。", "地区"},
        {"以及其他方面的工作。", "以及其"},
        {"他了解情况。", "了解"},
        {"这是标的物。", "标的"},
        {"饱和的市场与日俱增。", "饱和"},
        {"供应充足，反应迅速。", "供应"},
        {"大使馆使用新楼。", "大使馆"},
        {"可能性不大。", "可能性"},
        {"首都和成都都很大。", "首都"},
        {"正确对待正式文件。", "正式"},
        {"社会需求增加。", "需求"},
        {"提高可持续性。", "可持续性"},
        {"把握机会，把关质量。", "把关"},
        {"将军即将到达。", "将军"},
    };
    struct bed *bed = *state;
    for (size_t i = 0; i < LENGTH(traps); i++) {
        struct paper_doc doc = make_doc(bed->arena, LANG_ZH, str_of(traps[i][0]));
        struct paper_sites sites = find(bed, &doc, PAPER_FULL);
        size_t at = str_find(doc.text, str_of(traps[i][1]), 0);
        size_t end = at + strlen(traps[i][1]);
        for (size_t k = 0; k < sites.nplaces; k++) {
            const struct paper_place *p = &sites.places[k];
            size_t to = p->at + p->len;
            if (!paper_channel_is_visible(sites.sites[p->site].channel))
                continue;
            if ((p->at > at && p->at < end) || (to > at && to < end))
                fail_msg("%s: %.*s splits %s", traps[i][0], STR_ARG(p->alt[0]), traps[i][1]);
        }
    }
}

static void what_is_locked_carries_no_site(void **state)
{
    static const struct {
        enum lang lang;
        const char *text, *part;
    } cases[] = {
        {LANG_ZH, "要学习《加强和改进工作的意见》，抓好落实。", "《加强和改进工作的意见》"},
        {LANG_ZH, "他说“必须加强和改进各项工作”，很对。", "“必须加强和改进各项工作”"},
        {LANG_ZH, "他说「必须加强和改进各项工作」，很对。", "「必须加强和改进各项工作」"},
        {LANG_ZH, "全力打好脱贫攻坚战，不断提升能力。", "脱贫攻坚战"},
        {LANG_ZH, "坚持高质量发展，不断提升能力。", "高质量发展"},
        {LANG_ZH, "国家发展和改革委员会不断完善政策。", "国家发展和改革委员会"},
        {LANG_ZH, "到2025年12月31日增长7.5%，不断完善政策。", "2025年12月31日增长7.5%"},
        {LANG_ZH, "见https://example.org/和/与?a=的，不断完善政策。", "https://example.org/"},
        {LANG_ZH, "请写信到name@example.org，不断完善政策。", "name@example.org"},
        {LANG_ZH, "在X都市圈和××市不断完善政策。", "××"},
        {LANG_ZH, "由【和单位】和{{与姓名}}不断完善政策。", "【和单位】"},
        {LANG_EN, "The group uses \"start and help\" in its motto.", "\"start and help\""},
        {LANG_EN, "The Start Help Foundation began work.", "Start Help Foundation"},
        {LANG_EN, "Costs rose by 12.5 per cent on 12 May 2024.", "12.5 per cent"},
        {LANG_EN, "See https://example.org/start/help for more.", "https://example.org/start/help"},
    };
    struct bed *bed = *state;
    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct paper_doc doc = make_doc(bed->arena, cases[i].lang, str_of(cases[i].text));
        struct paper_sites sites = find(bed, &doc, PAPER_FULL);
        if (touched(&doc, &sites, cases[i].part))
            fail_msg("a site touches %s", cases[i].part);
    }
}

static void headings_code_and_links_carry_no_site(void **state)
{
    struct bed *bed = *state;
    struct str line = STR("不断完善服务体系，切实提升服务水平。");
    static const enum paper_block_kind closed[] = {PAPER_TITLE, PAPER_HEADING, PAPER_CODE,
                                                   PAPER_QUOTE, PAPER_ROW,     PAPER_RULE};
    for (size_t i = 0; i < LENGTH(closed); i++) {
        struct paper_doc doc = make_doc(bed->arena, LANG_ZH, line);
        doc.blocks[0].kind = closed[i];
        assert_int_equal(find(bed, &doc, PAPER_FULL).nplaces, 0);
    }
    struct paper_doc doc = make_doc(bed->arena, LANG_ZH, line);
    struct paper_run run = {.kind = PAPER_LINK, .at = 0, .len = line.len};
    assert_true(find(bed, &doc, PAPER_DISCREET).nplaces > 0);
    doc.runs = &run;
    doc.nruns = 1;
    assert_int_equal(find(bed, &doc, PAPER_FULL).nplaces, 0);
}

static void a_measures_opening_sentence_is_a_heading(void **state)
{
    struct bed *bed = *state;
    struct paper_doc doc =
        make_doc(bed->arena, LANG_ZH, STR("一要不断完善服务。要切实提升服务水平。"));
    assert_int_equal(doc.blocks[0].kind, PAPER_MEASURE);
    struct paper_sites sites = find(bed, &doc, PAPER_DISCREET);
    assert_true(sites.nplaces > 0);
    assert_false(touched(&doc, &sites, "一要不断完善服务"));
}

static void parallel_clauses_change_together(void **state)
{
    struct bed *bed = *state;
    struct paper_doc doc = make_doc(
        bed->arena, LANG_ZH,
        STR("要不断完善服务，不断优化结构，不断提升水平。要着力培育人才。要着力培育产业。"));
    struct paper_sites sites = find(bed, &doc, PAPER_DISCREET);
    uint32_t site[2] = {UINT32_MAX, UINT32_MAX};
    size_t places[2] = {0, 0};
    static const char *const words[] = {"不断", "着力"};
    for (size_t i = 0; i < sites.nplaces; i++)
        for (int w = 0; w < 2; w++)
            if (str_equal(sites.places[i].alt[0], str_of(words[w]))) {
                assert_true(site[w] == UINT32_MAX || site[w] == sites.places[i].site);
                site[w] = sites.places[i].site;
                places[w]++;
            }
    assert_int_equal(places[0], 3);
    assert_int_equal(places[1], 2);
}

static void a_choice_of_spelling_is_one_site_for_the_whole_paper(void **state)
{
    struct bed *bed = *state;
    struct paper_doc doc = make_doc(bed->arena, LANG_ZH,
                                    STR("其他单位可以参加。\n其他方法应当试验。\n其他问题另议。"));
    struct paper_sites sites = find(bed, &doc, PAPER_DISCREET);
    uint32_t site = UINT32_MAX;
    size_t places = 0;
    for (size_t i = 0; i < sites.nplaces; i++)
        if (str_equal(sites.places[i].alt[0], STR("其他"))) {
            assert_true(site == UINT32_MAX || site == sites.places[i].site);
            site = sites.places[i].site;
            assert_true(sites.sites[site].wide);
            places++;
        }
    assert_int_equal(places, 3);
}

static void only_like_items_change_places(void **state)
{
    static const struct {
        const char *text;
        bool swapped;
    } cases[] = {
        {"加强铁路、公路建设。", true},
        {"关注机场、铁路、公路、港口的建设。", true}, /* inside a longer list */
        {"发展铁路、公路、航空的运输。", false},      /* would open a longer list */
        {"高等教育、医疗等领域。", false},            /* 高等 belongs to 教育 alone */
        {"先调查、后决策。", false},
        {"总理、部长等出席。", false},
    };
    struct bed *bed = *state;
    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct paper_doc doc = make_doc(bed->arena, LANG_ZH, str_of(cases[i].text));
        struct paper_sites sites = find(bed, &doc, PAPER_DISCREET);
        size_t orders = 0;
        for (uint32_t s = 0; s < sites.nsites; s++)
            orders += sites.sites[s].channel == PAPER_ORDER;
        if ((orders > 0) != cases[i].swapped)
            fail_msg("%s: %zu order sites", cases[i].text, orders);
    }
}

static void check_promises(struct bed *bed, const struct paper_doc *doc,
                           const struct paper_sites *sites)
{
    size_t end = 0;
    uint32_t seen = 0;
    for (size_t i = 0; i < sites->nplaces; i++) {
        const struct paper_place *p = &sites->places[i];
        assert_true(p->at >= end);
        end = p->at + p->len;
        const struct paper_block *block = paper_block_at(doc, p->at);
        assert_non_null(block);
        assert_true(end <= block->at + block->len);
        assert_true(str_equal(p->alt[0], str_slice(doc->text, p->at, p->len)));
        assert_true(p->alt[0].len || p->alt[1].len);
        assert_true(p->site <= seen);
        seen += p->site == seen;
        bool layout = sites->sites[p->site].channel == PAPER_LAYOUT;
        assert_true(layout == str_equal(p->alt[0], p->alt[1]));
        assert_true(!layout || utf8_count(p->alt[0]) == 1);
        if (!paper_channel_is_visible(sites->sites[p->site].channel))
            continue;
        struct folded a = unicode_fold(bed->arena, p->alt[0]);
        struct folded b = unicode_fold(bed->arena, p->alt[1]);
        assert_false(a.count == b.count && memcmp(a.code, b.code, a.count * sizeof *a.code) == 0);
    }
    assert_int_equal(seen, sites->nsites);
}

static void places_keep_to_their_promises(void **state)
{
    struct bed *bed = *state;
    for (int level = PAPER_DISCREET; level <= PAPER_FULL; level++) {
        struct paper_doc zh = make_doc(bed->arena, LANG_ZH, str_of(chinese));
        struct paper_doc en = make_doc(bed->arena, LANG_EN, str_of(english));
        struct paper_sites in_zh = find(bed, &zh, (enum paper_level)level);
        struct paper_sites in_en = find(bed, &en, (enum paper_level)level);
        assert_true(in_zh.nsites >= 12);
        assert_true(in_en.nsites >= 5);
        check_promises(bed, &zh, &in_zh);
        check_promises(bed, &en, &in_en);
    }
}

static void a_level_has_its_channels_and_no_others(void **state)
{
    struct bed *bed = *state;
    bool seen[PAPER_CHANNELS] = {false};
    for (int level = PAPER_DISCREET; level <= PAPER_FULL; level++) {
        struct paper_doc doc = make_doc(bed->arena, LANG_ZH, str_of(chinese));
        struct paper_sites sites = find(bed, &doc, (enum paper_level)level);
        for (uint32_t i = 0; i < sites.nsites; i++) {
            assert_true(paper_level_has((enum paper_level)level, sites.sites[i].channel));
            seen[sites.sites[i].channel] = true;
        }
        assert_true(seen[PAPER_ZERO] == (level >= PAPER_STANDARD));
        assert_true(seen[PAPER_GLYPH] == (level >= PAPER_FULL));
        assert_true(seen[PAPER_LAYOUT] == (level >= PAPER_FULL));
    }
    assert_false(paper_level_has(PAPER_DISCREET, PAPER_SPACE));
    assert_true(paper_level_has(PAPER_DISCREET, PAPER_ORDER));
}

static void a_channel_has_a_name_that_reads_back_and_words_in_both_languages(void **state)
{
    (void)state;
    for (int i = 0; i < PAPER_CHANNELS; i++) {
        enum paper_channel channel = (enum paper_channel)i;
        enum paper_channel back = PAPER_CHANNELS;
        assert_true(paper_channel_parse(str_of(paper_channel_name(channel)), &back));
        assert_int_equal(back, channel);
        assert_true(str_of(paper_channel_word(channel, LANG_EN)).len > 0);
        assert_string_not_equal(paper_channel_word(channel, LANG_EN),
                                paper_channel_word(channel, LANG_ZH));
    }
}

/* The number of the first place with these words at or behind `part`. */
static uint32_t number_near(const struct paper_doc *doc, const struct paper_sites *sites,
                            const char *part, const char *words)
{
    size_t from = str_find(doc->text, str_of(part), 0);
    for (size_t i = 0; i < sites->nplaces; i++)
        if (sites->places[i].at >= from && str_equal(sites->places[i].alt[0], str_of(words)))
            return sites->places[i].site;
    fail_msg("no site %s", words);
    return 0;
}

/* --- layout ---------------------------------------------------------------------------------- */

/* The text with [ ] around each place of the layout whose marks show so. */
static const char *with_layout(struct bed *bed, enum lang lang, const char *text,
                               enum paper_shift_kind kind)
{
    struct paper_doc doc = make_doc(bed->arena, lang, str_of(text));
    struct paper_sites sites = find(bed, &doc, PAPER_FULL);
    struct buf out = {.arena = bed->arena};
    size_t at = 0;
    for (size_t i = 0; i < sites.nplaces; i++) {
        const struct paper_place *p = &sites.places[i];
        const struct paper_site *site = &sites.sites[p->site];
        if (site->channel != PAPER_LAYOUT || paper_site_shift(site) != kind)
            continue;
        buf_add(&out, str_slice(doc.text, at, p->at - at));
        buf_format(&out, "[%.*s]", STR_ARG(p->alt[1]));
        at = p->at + p->len;
    }
    buf_add(&out, str_slice(doc.text, at, doc.text.len));
    buf_add_byte(&out, 0);
    return out.at;
}

static void a_gap_may_be_wider_behind_a_mark_that_words_follow(void **state)
{
    static const struct {
        enum lang lang;
        const char *text, *marked;
    } cases[] = {
        {LANG_ZH, "甲方到场，乙方离场。丙方留下。", "甲方到场[，]乙方离场[。]丙方留下。"},
        {LANG_ZH, "甲方到场、乙方离场；丙方：来到！丁方？好。",
         "甲方到场[、]乙方离场[；]丙方[：]来到[！]丁方[？]好。"},
        {LANG_ZH, "他说“到场。”丙方留下。",
         "他说“到场。”丙方留下。"}, /* a quotation stays as it is */
        {LANG_ZH, "甲方（到场），乙方。", "甲方（到场）[，]乙方。"},
        {LANG_ZH, "甲方到场，“乙方”离场。", "甲方到场，“乙方”离场。"}, /* two marks close up */
        {LANG_ZH, "由××，乙方离场。", "由××，乙方离场。"}, /* a blank is filled in beside it */
        {LANG_EN, "Cats sat, dogs ran. Birds flew; fish: all of it.",
         "Cats sat[,] dogs ran[.] Birds flew[;] fish[:] all of it."},
        {LANG_EN, "It cost 1,200 dollars at 10:30 sharp", "It cost 1,200 dollars at 10:30 sharp"},
    };
    struct bed *bed = *state;
    for (size_t i = 0; i < LENGTH(cases); i++)
        assert_string_equal(with_layout(bed, cases[i].lang, cases[i].text, PAPER_SHIFT_GAP),
                            cases[i].marked);
}

static void whatever_begins_a_paragraph_but_the_first_may_stand_lower(void **state)
{
    struct bed *bed = *state;
    assert_string_equal(with_layout(bed, LANG_ZH,
                                    "甲方到场。\n乙方离场。\n一要抓落实。\n丙方留下。",
                                    PAPER_SHIFT_LINE),
                        "甲方到场。\n[乙]方离场。\n[一]要抓落实。\n[丙]方留下。");
    assert_string_equal(with_layout(bed, LANG_EN, "Cats sat.\nDogs ran.", PAPER_SHIFT_LINE),
                        "Cats sat.\n[D]ogs ran.");
    /* A paragraph that begins with a blank is found again by nothing. */
    assert_string_equal(
        with_layout(bed, LANG_EN, "Cats sat.\n\xC2\xA0\nDogs ran.", PAPER_SHIFT_LINE),
        "Cats sat.\n\xC2\xA0\n[D]ogs ran.");
}

/* There is room already, and of two rooms word processors show the larger. */
static void no_line_is_moved_below_a_title_or_code(void **state)
{
    static const enum paper_block_kind KINDS[] = {PAPER_TITLE, PAPER_PARAGRAPH, PAPER_CODE,
                                                  PAPER_ITEM,  PAPER_HEADING,   PAPER_PARAGRAPH};
    struct bed *bed = *state;
    struct paper_doc doc = make_doc(bed->arena, LANG_EN, STR("Cats\nsat\nran\nFish\nall\nof"));
    assert_int_equal(doc.nblocks, LENGTH(KINDS));
    for (size_t b = 0; b < doc.nblocks; b++)
        doc.blocks[b].kind = KINDS[b];
    struct paper_sites sites = find(bed, &doc, PAPER_FULL);
    assert_int_equal(sites.nplaces, 1);
    assert_true(str_starts(str_slice(doc.text, sites.places[0].at, doc.text.len), STR("of")));
}

static void no_layout_mark_lies_beside_another(void **state)
{
    struct bed *bed = *state;
    const char *const texts[] = {chinese, english};
    for (enum lang lang = LANG_ZH; lang < LANG_COUNT; lang++) {
        struct paper_doc doc = make_doc(bed->arena, lang, str_of(texts[lang]));
        struct paper_sites sites = find(bed, &doc, PAPER_FULL);
        size_t count = 0;
        for (size_t i = 0; i < sites.nplaces; i++) {
            const struct paper_place *p = &sites.places[i];
            if (sites.sites[p->site].channel != PAPER_LAYOUT)
                continue;
            count++;
            assert_true(i == 0 || p[-1].at + p[-1].len < p->at);
            if (i + 1 == sites.nplaces || sites.sites[p[1].site].channel == PAPER_ZERO)
                continue; /* what has no width may stand behind it */
            assert_true(p->at + p->len < p[1].at);
        }
        assert_true(count >= 2);
    }
}

static void words_that_an_editor_adds_push_layout_marks_aside(void **state)
{
    struct bed *bed = *state;
    struct error err = {0};
    struct paper_doc doc =
        make_doc(bed->arena, LANG_ZH, STR("甲方到场，乙方离场。丙方留下，丁方走。"));
    struct paper_sites sites = find(bed, &doc, PAPER_FULL);
    uint32_t before = sites.nsites;
    uint32_t gone = number_near(&doc, &sites, "甲方", "，");
    uint32_t kept = number_near(&doc, &sites, "离场", "。");
    assert_int_equal(
        paper_add_site(bed->arena, &doc, STR("场，乙"), STR("场；乙"), false, &sites, &err),
        STATUS_OK);
    assert_int_equal(sites.nsites, before + 1);
    assert_true(sites.sites[gone].absent);
    assert_false(sites.sites[kept].absent);
    for (size_t i = 0; i < sites.nplaces; i++)
        assert_true(sites.places[i].site != gone);
    assert_true(number_near(&doc, &sites, "甲方", "，") == before);
}

static void the_same_paper_gives_the_same_sites(void **state)
{
    struct bed *bed = *state;
    struct paper_doc doc = make_doc(bed->arena, LANG_ZH, str_of(chinese));
    struct paper_sites one = find(bed, &doc, PAPER_FULL);
    struct paper_sites two = find(bed, &doc, PAPER_FULL);
    assert_true(str_equal(paper_sites_pack(bed->arena, &one), paper_sites_pack(bed->arena, &two)));
}

static void kept_sites_come_back_and_damage_is_noticed(void **state)
{
    struct bed *bed = *state;
    struct paper_doc doc = make_doc(bed->arena, LANG_ZH, str_of(chinese));
    struct paper_sites sites = find(bed, &doc, PAPER_FULL);
    struct paper_sites back;
    struct error err = {0};
    sites.sites[1].locked = true;
    struct str kept = paper_sites_pack(bed->arena, &sites);
    assert_int_equal(paper_sites_unpack(bed->arena, kept, &doc, &back, &err), STATUS_OK);
    assert_true(str_equal(paper_sites_pack(bed->arena, &back), kept));
    assert_true(back.sites[1].locked);
    for (size_t cut = 0; cut < kept.len; cut++)
        assert_int_equal(paper_sites_unpack(bed->arena, str_slice(kept, 0, cut), &doc, &back, &err),
                         STATUS_DAMAGED);
    for (size_t i = 0; i < sites.nplaces; i++) /* a word is no layout */
        if (sites.sites[sites.places[i].site].channel == PAPER_WORD)
            sites.sites[sites.places[i].site].channel = PAPER_LAYOUT;
    assert_int_equal(
        paper_sites_unpack(bed->arena, paper_sites_pack(bed->arena, &sites), &doc, &back, &err),
        STATUS_DAMAGED);
    doc.text = str_slice(doc.text, 0, 30);
    doc.nblocks = 1;
    assert_int_equal(paper_sites_unpack(bed->arena, kept, &doc, &back, &err), STATUS_DAMAGED);
}

static void a_new_edition_keeps_the_numbers_of_what_is_unchanged(void **state)
{
    struct bed *bed = *state;
    struct paper_doc before = make_doc(
        bed->arena, LANG_ZH,
        STR("要不断完善服务体系，切实提升服务水平。\n目前仍然存在困难，必须高度重视。\n有关部门应当及时检查。"));
    struct paper_doc after = make_doc(
        bed->arena, LANG_ZH,
        STR("有关部门应当及时检查。\n新增一段，尽快改善环境。\n要不断完善服务体系，切实提升服务水平。\n如今有困难，必须高度重视。"));
    struct paper_sites old = find(bed, &before, PAPER_DISCREET);
    struct paper_sites now = find(bed, &after, PAPER_DISCREET);
    old.sites[number_near(&before, &old, "要不断", "不断")].locked = true;
    paper_carry_sites(bed->arena, &before, &old, &after, &now);
    static const char *const same[][2] = {
        {"要不断", "不断"}, {"有关部门", "有关"}, {"有关部门", "应当"}, {"必须高度", "必须"}};
    for (size_t i = 0; i < LENGTH(same); i++)
        assert_int_equal(number_near(&before, &old, same[i][0], same[i][1]),
                         number_near(&after, &now, same[i][0], same[i][1]));
    assert_true(now.sites[number_near(&after, &now, "要不断", "不断")].locked);
    assert_true(number_near(&after, &now, "新增", "尽快") >= old.nsites);
    assert_true(now.sites[number_near(&before, &old, "仍然", "仍然")].absent);
    for (uint32_t i = 0; i < now.nsites; i++)
        assert_int_equal(now.sites[i].number, i);
}

static void the_same_edition_again_keeps_every_number(void **state)
{
    struct bed *bed = *state;
    struct paper_doc doc = make_doc(bed->arena, LANG_ZH, str_of(chinese));
    struct paper_sites old = find(bed, &doc, PAPER_FULL);
    struct paper_sites now = find(bed, &doc, PAPER_FULL);
    paper_carry_sites(bed->arena, &doc, &old, &doc, &now);
    assert_true(str_equal(paper_sites_pack(bed->arena, &old), paper_sites_pack(bed->arena, &now)));
}

static void an_editor_may_add_a_site(void **state)
{
    struct bed *bed = *state;
    struct error err = {0};
    struct paper_doc doc =
        make_doc(bed->arena, LANG_ZH, STR("甲方提交材料。乙方提交材料。丙方完成。"));
    struct paper_sites sites = {0};
    assert_int_equal(
        paper_add_site(bed->arena, &doc, STR("提交材料"), STR("报送材料"), false, &sites, &err),
        STATUS_OK);
    assert_int_equal(sites.nsites, 1);
    assert_int_equal(sites.nplaces, 2);
    assert_true(str_equal(sites.places[1].alt[0], STR("提交")));
    assert_true(str_equal(sites.places[1].alt[1], STR("报送")));
    assert_true(sites.sites[0].by_hand);
    assert_int_equal(
        paper_add_site(bed->arena, &doc, STR("方完成"), STR("方办结"), true, &sites, &err),
        STATUS_OK);
    assert_int_equal(sites.nsites, 2);
    assert_int_equal(
        paper_add_site(bed->arena, &doc, STR("方提交"), STR("方递交"), true, &sites, &err),
        STATUS_INPUT);
    assert_non_null(strstr(err.en, "提交"));
    assert_int_equal(paper_add_site(bed->arena, &doc, STR("没有"), STR("无"), true, &sites, &err),
                     STATUS_INPUT);
    assert_int_equal(
        paper_add_site(bed->arena, &doc, STR("丙方"), STR("丙 方"), true, &sites, &err),
        STATUS_INPUT);
    struct paper_doc next =
        make_doc(bed->arena, LANG_ZH, STR("新的一段。\n甲方提交材料。乙方提交材料。丁方办。"));
    struct paper_sites now = {0};
    paper_carry_sites(bed->arena, &doc, &sites, &next, &now);
    assert_int_equal(now.nplaces, 2);
    assert_int_equal(now.places[0].site, 0);
    assert_false(now.sites[0].absent);
    assert_true(now.sites[1].absent);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_never_split),
        cmocka_unit_test(what_is_locked_carries_no_site),
        cmocka_unit_test(headings_code_and_links_carry_no_site),
        cmocka_unit_test(a_measures_opening_sentence_is_a_heading),
        cmocka_unit_test(parallel_clauses_change_together),
        cmocka_unit_test(a_choice_of_spelling_is_one_site_for_the_whole_paper),
        cmocka_unit_test(only_like_items_change_places),
        cmocka_unit_test(places_keep_to_their_promises),
        cmocka_unit_test(a_level_has_its_channels_and_no_others),
        cmocka_unit_test(a_channel_has_a_name_that_reads_back_and_words_in_both_languages),
        cmocka_unit_test(a_gap_may_be_wider_behind_a_mark_that_words_follow),
        cmocka_unit_test(whatever_begins_a_paragraph_but_the_first_may_stand_lower),
        cmocka_unit_test(no_line_is_moved_below_a_title_or_code),
        cmocka_unit_test(no_layout_mark_lies_beside_another),
        cmocka_unit_test(words_that_an_editor_adds_push_layout_marks_aside),
        cmocka_unit_test(the_same_paper_gives_the_same_sites),
        cmocka_unit_test(kept_sites_come_back_and_damage_is_noticed),
        cmocka_unit_test(a_new_edition_keeps_the_numbers_of_what_is_unchanged),
        cmocka_unit_test(the_same_edition_again_keeps_every_number),
        cmocka_unit_test(an_editor_may_add_a_site),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
