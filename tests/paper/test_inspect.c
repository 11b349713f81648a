/* The inspector: what it finds, what it leaves alone, and that cleaning restores the text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <uchar.h>

#include <cmocka.h>

#include "base/unicode.h"
#include "base/utf8.h"
#include "paper/inspect.h"

static int set_up(void **state)
{
    *state = arena_make();
    return 0;
}

static int tear_down(void **state)
{
    arena_free(*state);
    return 0;
}

static enum lang lang_of(const char *text)
{
    return strstr(text, "的") || strstr(text, "。") ? LANG_ZH : LANG_EN;
}

static struct concerns inspect(struct arena *arena, const char *text)
{
    return paper_inspect(arena, str_of(text), lang_of(text));
}

static struct str clean_certain(struct arena *arena, struct str text, const struct concerns *found)
{
    bool *apply = arena_array(arena, found->count + 1, bool);
    for (size_t i = 0; i < found->count; i++)
        apply[i] = found->list[i].certain;
    return paper_inspect_clean(arena, text, found, apply);
}

static void assert_text(struct str got, const char *want)
{
    char shown[512];
    (void)snprintf(shown, sizeof shown, "%.*s", STR_ARG(got));
    assert_string_equal(shown, want);
}

/* --- one concern ------------------------------------------------------------------------------ */

static const struct {
    const char *text, *found, *intended;
    enum concern_kind kind;
    bool certain;
} single[] = {
    {"我们的工作要注重质量第—、效益优先。", "—", "一", CONCERN_LOOKALIKE, true},
    {"要把这项任务放到大局屮去考虑，做好的准备。", "屮", "中", CONCERN_LOOKALIKE, true},
    {"各单位要统—思想，做好的准备。", "—", "一", CONCERN_LOOKALIKE, false},
    {"人民的需要是进ー步工作的方向，不能忘记。", "ー", "一", CONCERN_LOOKALIKE, false},
    {"全市的人ロ情况，稳定增长。", "ロ", "口", CONCERN_LOOKALIKE, false},
    {"广大エ人和农民的利益，必须保障。", "エ", "工", CONCERN_LOOKALIKE, false},
    {"他对自已的要求，十分严格。", "已", "己", CONCERN_LOOKALIKE, false},
    {"面向末来的计划，已经准备好。", "末", "未", CONCERN_LOOKALIKE, false},
    {"英勇的战土，守卫边疆。", "土", "士", CONCERN_LOOKALIKE, false},
    {"各级于部的责任，不能推卸。", "于", "干", CONCERN_LOOKALIKE, false},
    {"去年的收人，比前年多。", "人", "入", CONCERN_LOOKALIKE, false},
    {"二0二四年的计划，已经通过。", "0", "〇", CONCERN_LOOKALIKE, false},
    {"Published in 2O21 by the board.", "O", "0", CONCERN_LOOKALIKE, false},
    {"The committee met on the p\u043Ern.", "\u043E", "o", CONCERN_LOOKALIKE, true},
    {"The \u0430gency and its members.", "\u0430", "a", CONCERN_LOOKALIKE, true},
    {"A c\u03BFpy of the paper.", "\u03BF", "o", CONCERN_LOOKALIKE, true},
    {"Правилo работы описано там.", "o", "\u043E", CONCERN_LOOKALIKE, true},
    {"发展的目标，是⽣活更好。", "⽣", "生", CONCERN_LOOKALIKE, true},
    {"新的⻓城，新的开始。", "⻓", "长", CONCERN_LOOKALIKE, true},
    {"他的\uF90A额，全部到位。", "\uF90A", "金", CONCERN_LOOKALIKE, true},
    {"The vote was \U0001D41F\U0001D422\U0001D427\U0001D41A\U0001D425.",
     "\U0001D41F\U0001D422\U0001D427\U0001D41A\U0001D425", "final", CONCERN_LOOKALIKE, false},
    {"The of\uFB01ce is open.", "\uFB01", "fi", CONCERN_LOOKALIKE, true},
    {"He came\u037E she left.", "\u037E", ";", CONCERN_LOOKALIKE, true},
    {"发展的\u200B目标，已经明确。", "\u200B", "", CONCERN_INVISIBLE, true},
    {"\uFEFFA text with a mark before it.", "\uFEFF", "", CONCERN_INVISIBLE, true},
    {"Read this \u202Enow\u202C.", "\u202E", "", CONCERN_INVISIBLE, true},
    {"A hid\u00ADden hyphen.", "\u00AD", "", CONCERN_INVISIBLE, true},
    {"Tags\U000E0041\U000E0042\U000E0043 are unseen.", "\U000E0041\U000E0042\U000E0043", "",
     CONCERN_INVISIBLE, true},
    {"A selector\uFE01 does nothing here.", "\uFE01", "", CONCERN_INVISIBLE, true},
    {"发展\U000E0100的目标，已经明确。", "\U000E0100", "", CONCERN_INVISIBLE, false},
    {"A bell\a in the text.", "\a", "", CONCERN_INVISIBLE, true},
    {"A thin\u2009space here.", "\u2009", " ", CONCERN_SPACE, true},
    {"A fixed\u00A0space here.", "\u00A0", " ", CONCERN_SPACE, true},
    {"发展的目\u2009标，已经明确。", "\u2009", "", CONCERN_SPACE, true},
    {"Words, and\uFF0Cafter them, others.", NULL, NULL, CONCERN_WIDTH, false},
};

static void each_planted_fault_is_found_with_what_was_meant(void **state)
{
    for (size_t i = 0; i < sizeof single / sizeof *single; i++) {
        struct concerns found = inspect(*state, single[i].text);
        print_message("%s\n", single[i].text);
        assert_true(found.count >= 1);
        assert_int_equal(found.list[0].kind, single[i].kind);
        if (single[i].found) {
            assert_text(found.list[0].found, single[i].found);
            assert_text(found.list[0].intended, single[i].intended);
            assert_int_equal(found.list[0].certain, single[i].certain);
        }
        assert_true(found.list[0].unusual >= 3.0);
        assert_true(found.list[0].en[0] && found.list[0].zh[0]);
    }
}

/* --- silence ---------------------------------------------------------------------------------- */

static const char *const silent[] = {
    "",
    "\n\n\n",
    "会议决定，从今年的第一季度开始——也就是说——立即实行。",
    "2019—2020年度的北京—上海专线，运营正常。",
    "他已经把自己的工作做完，未来的计划写在周末。",
    "有人在门前站着，把土地的界限说明白。",
    "人口的入口，工人的收入，大家的太阳。",
    "使用 Debian 的用户，可以运行 apt-get 命令（参见第 5 章）。",
    "第一章　总则的说明，如下。\n第二条　本办法的解释，归委员会。",
    "卡拉OK的ロボット，是日语词。",
    "孔子曰：学而时习之，不亦说乎？这是古人的话。",
    "The café's naïve façade; 5 µm wide, at 20 °C — “fine”.",
    "Δx and αβ are symbols, and so is χ.",
    "Правила работы и English words side by side.",
    "See Chapter\u00A05 and Table\u00A02, p.\u00A07.",
    "Love \u2764\uFE0F and family \U0001F468\u200D\U0001F469\u200D\U0001F467 and key 1\uFE0F\u20E3.",
    "می\u200Cخواهم",
    "word by word\ttab\tseparated\ncolumns   of    text   stay\n",
    "i18n, l10n, x86_64, sha256, 0x1F, p2p and H2O are names.",
    "The options --colour and color= are code; behaviour is the word.",
    "The organism was organised.",
    "Two spaces after a stop.  They are a habit.  Old ones.",
};

static void what_is_usual_is_left_alone(void **state)
{
    for (size_t i = 0; i < sizeof silent / sizeof *silent; i++) {
        struct concerns found = inspect(*state, silent[i]);
        for (size_t k = 0; k < found.count; k++)
            print_message("%s: [%.*s] %s\n", silent[i], STR_ARG(found.list[k].found),
                          found.list[k].en);
        assert_int_equal(found.count, 0);
    }
}

/* --- habit ------------------------------------------------------------------------------------ */

static struct str repeat(struct arena *arena, const char *piece, size_t times, const char *tail)
{
    struct buf out = {.arena = arena};
    for (size_t i = 0; i < times; i++)
        buf_add(&out, str_of(piece));
    buf_add(&out, str_of(tail));
    return buf_str(&out);
}

static size_t count_kind(const struct concerns *found, enum concern_kind kind)
{
    size_t count = 0;
    for (size_t i = 0; i < found->count; i++)
        count += found->list[i].kind == kind;
    return count;
}

static void a_half_width_comma_is_reported_only_where_the_text_uses_full_width(void **state)
{
    struct arena *arena = *state;
    struct str odd = repeat(arena, "会议开始，大家到场。\n", 20, "会议结束,大家离开。\n");
    struct concerns found = paper_inspect(arena, odd, LANG_ZH);
    assert_int_equal(count_kind(&found, CONCERN_WIDTH), 1);
    assert_text(found.list[0].intended, "，");
    struct str habit = repeat(arena, "会议开始,大家到场。\n", 20, "会议结束，大家离开。\n");
    found = paper_inspect(arena, habit, LANG_ZH);
    assert_int_equal(count_kind(&found, CONCERN_WIDTH), 0);
}

static void a_full_width_digit_is_reported_only_among_half_width_ones(void **state)
{
    struct arena *arena = *state;
    struct str odd = repeat(arena, "共有 1234 人的名单。\n", 20, "另有１２人，未到。\n");
    struct concerns found = paper_inspect(arena, odd, LANG_ZH);
    assert_int_equal(found.count, 1);
    assert_text(found.list[0].intended, "12");
    struct str habit = repeat(arena, "共有１２３４人的名单。\n", 20, "");
    assert_int_equal(paper_inspect(arena, habit, LANG_ZH).count, 0);
}

static void a_space_between_ideographs_is_reported_where_the_text_has_none(void **state)
{
    struct arena *arena = *state;
    const char *line = "各部门要按照会议的要求，认真研究存在的问题，提出切实可行的办法。\n";
    const char *tail = "各部门要按照会议的要求，认真研究存在的问 题，提出切实可行的办法。\n";
    struct concerns found = paper_inspect(arena, repeat(arena, line, 10, tail), LANG_ZH);
    assert_int_equal(found.count, 1);
    assert_int_equal(found.list[0].kind, CONCERN_SPACE);
    assert_int_equal(found.list[0].line, 11);
    found = paper_inspect(arena, repeat(arena, tail, 200, ""), LANG_ZH);
    assert_int_equal(found.count, 0);
}

/* --- forms ------------------------------------------------------------------------------------ */

static const struct {
    const char *text, *found, *intended;
    size_t also;
} mixed[] = {
    {"其他单位和其他部门的意见，以及其它的建议。", "其它", "其他", 0},
    {"其它单位和其它部门，其他的地方，还有其它的事。", "其他", "其它", 0},
    {"这个账户，那个账户，这个账户的帐户，另一个帐户。", "帐户", "账户", 1},
    {"Colour is one colour, and color is another.", "color", "colour", 0},
    {"We realize and realized it. Realising is hard.", "Realising", "Realizing", 0},
    {"An email, two emails, one email and an e-mail.", "e-mail", "email", 0},
    {"A judgement, the judgement, no judgment.", "judgment", "judgement", 0},
};

static void a_mixed_form_is_reported_once_with_its_other_places(void **state)
{
    for (size_t i = 0; i < sizeof mixed / sizeof *mixed; i++) {
        struct concerns found = inspect(*state, mixed[i].text);
        print_message("%s\n", mixed[i].text);
        assert_int_equal(found.count, 1);
        assert_int_equal(found.list[0].kind, CONCERN_FORM);
        assert_text(found.list[0].found, mixed[i].found);
        assert_text(found.list[0].intended, mixed[i].intended);
        assert_int_equal(found.list[0].nalso, mixed[i].also);
        assert_false(found.list[0].certain);
    }
}

static void cleaning_a_mixed_form_puts_every_place_right(void **state)
{
    struct arena *arena = *state;
    struct str text = STR("账户的账户，账户，帐户，又一个帐户。");
    struct concerns found = paper_inspect(arena, text, LANG_ZH);
    bool apply[] = {true};
    assert_text(paper_inspect_clean(arena, text, &found, apply),
                "账户的账户，账户，账户，又一个账户。");
}

/* --- places ----------------------------------------------------------------------------------- */

static void line_and_column_count_characters_from_one(void **state)
{
    struct concerns found = inspect(*state, "第一行的字，\n质量第—。\n\n又是\u200B字。");
    assert_int_equal(found.count, 2);
    assert_int_equal(found.list[0].line, 2);
    assert_int_equal(found.list[0].column, 4);
    assert_int_equal(found.list[1].line, 4);
    assert_int_equal(found.list[1].column, 3);
}

static void malformed_bytes_are_walked_and_kept(void **state)
{
    struct arena *arena = *state;
    struct str text = STR("ab\xFF\xC0 \xE4\xB8 cd\xF0\x9F\n");
    struct concerns found = paper_inspect(arena, text, LANG_EN);
    assert_true(str_equal(clean_certain(arena, text, &found), text));
}

/* --- planting --------------------------------------------------------------------------------- */

/* A small generator, so that a failure repeats. */
static uint32_t roll(uint32_t *state, uint32_t below)
{
    *state = *state * 1664525U + 1013904223U;
    return (*state >> 8) % below;
}

static const char *const clean_zh[] = {
    "各部门要按照会议的要求，认真研究工作中存在的问题，提出切实可行的解决办法。",
    "委员会听取了关于上半年财务情况的报告，并对下一阶段的主要任务作出安排。",
    "第一，要进一步改善公共服务，提高人民群众的生活水平；第二，要加强干部队伍建设。",
    "未来三年，我们将继续增加对教育和医疗的投入，努力保持就业形势基本稳定。",
    "大家一致认为，自己的经验已经说明，统一思想是做好一切工作的前提。",
    "工人、农民和战士的代表先后发言，介绍了收入增长和环境改善的具体情况。",
};
static const char *const clean_en[] = {
    "The board reviewed the accounts for the first half of the year and approved the plan. ",
    "Members asked how the office expects to keep its costs within the agreed limits. ",
    "A careful reader compares copies sentence by sentence and notes every difference. ",
    "People who process papers by hand make mistakes that no machine would ever make. ",
};

static struct str clean_text(struct arena *arena, bool chinese)
{
    struct buf out = {.arena = arena};
    for (size_t i = 0; i < 60; i++) {
        buf_add(&out, str_of(chinese ? clean_zh[i % 6] : clean_en[i % 4]));
        buf_add(&out, i % 3 == 2 ? STR("\n") : STR(""));
    }
    return buf_str(&out);
}

/* One way to spoil a text: at a character of `from`, or between any two when `from` is NULL. */
static const struct plant {
    const char *name;
    const char32_t *from, *to;
    bool chinese, certain;
    unsigned least; /* percent that must be found */
} plants[] = {
    {"zero-width", NULL, U"\u200B\u200C\u200D\u2060\uFEFF\u00AD\u2063", true, true, 95},
    {"zero-width", NULL, U"\u200B\u200C\u200D\u2060\uFEFF\u00AD\u2063", false, true, 95},
    {"bidi", NULL, U"\u200E\u200F\u202A\u202E\u2066\u2069", false, true, 95},
    {"tags", NULL, U"\U000E0041\U000E0061\U000E007F", true, true, 95},
    {"radical", U"人大工士生用見方心行", U"⼈⼤⼯⼠⽣⽤⾒⽅⼼⾏", true, true, 95},
    {"compatibility", U"不六北年行里立林料",
     U"\uF967\uF9D1\uF963\uF98E\uFA08\uF9E9\uF9F7\uF9F4\uF9BE", true, true, 95},
    {"cyrillic", U"aceopxy", U"асеорху", false, true, 95},
    {"thin space", U" ", U"\u2009", false, true, 95},
    {"dash for 一", U"一", U"—", true, false, 70},
    {"kana", U"工力口", U"エカロ", true, false, 70},
    {"misread", U"己已未士干入人中", U"已己末土于人入屮", true, false, 70},
};

static uint32_t planted(const struct plant *plant, uint32_t code, uint32_t *dice)
{
    size_t count = 0;
    while (plant->to[count])
        count++;
    if (!plant->from)
        return plant->to[roll(dice, (uint32_t)count)];
    for (size_t k = 0; plant->from[k]; k++)
        if (plant->from[k] == code)
            return plant->to[k];
    return 0;
}

/* Byte places of characters that can be spoiled: for misreadings, inside words of two or more. */
static size_t find_spots(struct arena *arena, const struct plant *plant, struct str text,
                         size_t *spots)
{
    struct words words = unicode_segment(arena, text, true);
    size_t count = 0;
    uint32_t dice = 1;
    for (size_t w = 0, from = 0; w < words.count; from = words.end[w++])
        for (size_t pos = from; pos < words.end[w];) {
            size_t at = pos;
            uint32_t code = utf8_next(text, &pos);
            bool whole_word = at == from && pos == words.end[w];
            bool fits = planted(plant, code, &dice) != 0 && code != '\n' && at > 0;
            if (fits && (plant->certain || !whole_word))
                spots[count++] = at;
        }
    return count;
}

static struct str spoil(struct arena *arena, const struct plant *plant, struct str text, size_t at,
                        uint32_t *dice)
{
    size_t end = at;
    uint32_t put = planted(plant, utf8_next(text, &end), dice);
    struct buf out = {.arena = arena};
    buf_add(&out, str_slice(text, 0, at));
    buf_add_code(&out, put);
    size_t rest = plant->from ? end : at;
    buf_add(&out, str_slice(text, rest, text.len - rest));
    return buf_str(&out);
}

static bool is_found(const struct concerns *found, size_t at)
{
    for (size_t i = 0; i < found->count; i++)
        if (found->list[i].at <= at && at < found->list[i].at + found->list[i].len)
            return true;
    return false;
}

static void assert_recall(const struct plant *plant)
{
    enum { TRIALS = 60 };
    struct arena *arena = arena_make();
    struct str text = clean_text(arena, plant->chinese);
    size_t *spots = arena_array(arena, text.len + 1, size_t);
    size_t nspots = find_spots(arena, plant, text, spots);
    uint32_t dice = 20260101;
    unsigned hits = 0;
    assert_true(nspots > 0);
    for (int k = 0; k < TRIALS; k++) {
        size_t at = spots[roll(&dice, (uint32_t)nspots)];
        struct str spoilt = spoil(arena, plant, text, at, &dice);
        struct concerns found = paper_inspect(arena, spoilt, plant->chinese ? LANG_ZH : LANG_EN);
        bool hit = is_found(&found, at);
        hits += hit;
        if (hit && plant->certain)
            assert_true(str_equal(clean_certain(arena, spoilt, &found), text));
    }
    print_message("%s: %u of %d found\n", plant->name, hits, TRIALS);
    assert_true(hits * 100 >= plant->least * TRIALS);
    arena_free(arena);
}

static void planted_faults_are_found_and_the_certain_ones_undone(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof plants / sizeof *plants; i++)
        assert_recall(&plants[i]);
}

static void clean_paragraphs_raise_nothing(void **state)
{
    struct arena *arena = *state;
    assert_int_equal(paper_inspect(arena, clean_text(arena, true), LANG_ZH).count, 0);
    assert_int_equal(paper_inspect(arena, clean_text(arena, false), LANG_EN).count, 0);
}

/* --- order and hostile input ------------------------------------------------------------------- */

static void concerns_never_overlap_and_stand_in_order(void **state)
{
    static const char *const pieces[] = {"第—", "屮",    "\u200B", "а",    "b",      "\u00A0",
                                         " ",   "\n",    "自已",   "其它", "其他",   "⼈",
                                         "１",  "0",     "，",     ",",    "\u202E", "人",
                                         "中",  "color", "colour", "ﬁ",    "ロ"};
    uint32_t dice = 7;
    for (int round = 0; round < 200; round++) {
        struct arena *arena = *state;
        struct buf out = {.arena = arena};
        for (int k = 0; k < 60; k++)
            buf_add(&out, str_of(pieces[roll(&dice, sizeof pieces / sizeof *pieces)]));
        struct concerns found = paper_inspect(arena, buf_str(&out), LANG_ZH);
        size_t last = 0;
        for (size_t i = 0; i < found.count; i++) {
            assert_true(found.list[i].len > 0 && found.list[i].at >= last);
            last = found.list[i].at + found.list[i].len;
        }
        assert_true(last <= out.len);
    }
}

static void hostile_repetition_is_inspected_in_full(void **state)
{
    static const char *const pieces[] = {"已", "—", "\u200B", "其它其他", "  ",
                                         "а",  "(", "0O",     "人入"};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        struct arena *arena = arena_make();
        struct str text = repeat(arena, pieces[i], 50000, "");
        struct concerns found = paper_inspect(arena, text, LANG_ZH);
        assert_true(found.count <= text.len);
        arena_free(arena);
    }
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_planted_fault_is_found_with_what_was_meant),
        cmocka_unit_test(what_is_usual_is_left_alone),
        cmocka_unit_test(a_half_width_comma_is_reported_only_where_the_text_uses_full_width),
        cmocka_unit_test(a_full_width_digit_is_reported_only_among_half_width_ones),
        cmocka_unit_test(a_space_between_ideographs_is_reported_where_the_text_has_none),
        cmocka_unit_test(a_mixed_form_is_reported_once_with_its_other_places),
        cmocka_unit_test(cleaning_a_mixed_form_puts_every_place_right),
        cmocka_unit_test(line_and_column_count_characters_from_one),
        cmocka_unit_test(malformed_bytes_are_walked_and_kept),
        cmocka_unit_test(clean_paragraphs_raise_nothing),
        cmocka_unit_test(planted_faults_are_found_and_the_certain_ones_undone),
        cmocka_unit_test(concerns_never_overlap_and_stand_in_order),
        cmocka_unit_test(hostile_repetition_is_inspected_in_full),
    };
    return cmocka_run_group_tests_name("inspect", tests, set_up, tear_down);
}
