/* What rules find in single sentences: kinds, dates, quantities, bodies; and that damaged rules are told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ledger/commitment.h"

static struct arena *arena;

static int begin(void **state)
{
    (void)state;
    arena = arena_make();
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static size_t find(enum lang lang, const struct ledger_passage *passages, size_t n,
                   struct ledger_commitment **found)
{
    struct ledger_rules *rules;
    assert_int_equal(ledger_load_rules(arena, lang, &rules, NULL), STATUS_OK);
    return ledger_find_commitments(arena, rules, passages, n, found);
}

static struct ledger_commitment only(enum lang lang, const char *sentence)
{
    struct ledger_passage passage = {.kind = LEDGER_PARAGRAPH, .text = str_of(sentence)};
    struct ledger_commitment *found = NULL;
    size_t count = find(lang, &passage, 1, &found);
    if (count != 1)
        fail_msg("%zu commitments in: %s", count, sentence);
    return found[0];
}

static void says(struct str text, const char *expected)
{
    if (!str_equal(text, str_of(expected)))
        fail_msg("\"%.*s\" where \"%s\" was expected", STR_ARG(text), expected);
}

static void a_sentence_becomes_the_kind_of_line_that_its_words_speak_for(void **state)
{
    (void)state;
    static const struct {
        enum lang lang;
        enum ledger_kind kind;
        const char *sentence;
    } cases[] = {
        {LANG_ZH, LEDGER_GOAL, "要着眼长远，形成东西互补的新格局。"},
        {LANG_ZH, LEDGER_INDICATOR, "要把一项项指标细化到逐年逐季逐月。"},
        {LANG_ZH, LEDGER_INDICATOR, "确保全县主要经济指标增速高于全省平均水平。"},
        {LANG_ZH, LEDGER_PROJECT, "要推出一批重大专项，充实项目库。"},
        {LANG_ZH, LEDGER_POLICY, "要梳理出需要向上争取的政策，先行先试。"},
        {LANG_ZH, LEDGER_RISK, "要做好各类风险隐患的监测、排查、处置。"},
        {LANG_ZH, LEDGER_STUDY, "要落实“第一议题”学习制度。"},
        {LANG_ZH, LEDGER_RECTIFICATION, "要持续抓好查摆和整改。"},
        {LANG_ZH, LEDGER_RECTIFICATION, "要解决好“中梗阻”和“最后一公里”问题。"},
        {LANG_EN, LEDGER_INDICATOR, "At least 60 per cent of letters shall be answered in a day."},
        {LANG_EN, LEDGER_PROJECT, "The trust will rebuild the bridge."},
        {LANG_EN, LEDGER_STUDY, "New staff must attend a training course."},
        {LANG_EN, LEDGER_RISK, "Fire doors must be kept shut for safety."},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ledger_commitment c = only(cases[i].lang, cases[i].sentence);
        if (c.kind != cases[i].kind)
            fail_msg("%s: %s", ledger_kind_name(c.kind), cases[i].sentence);
    }
}

static void a_sentence_names_until_when(void **state)
{
    (void)state;
    static const struct {
        enum lang lang;
        const char *sentence, *date;
        struct ledger_date due;
    } cases[] = {
        {LANG_ZH, "要在2027年6月底前建成。", "在2027年6月底前", {2027, 6, 0}},
        {LANG_ZH, "必须于10月15日前报送。", "于10月15日前", {0, 10, 15}},
        {LANG_ZH, "到二〇三五年，要建成现代化新区。", "到二〇三五年", {2035, 0, 0}},
        {LANG_ZH, "年底前，办理时间要压缩三成。", "年底前", {0, 12, 31}},
        {LANG_ZH, "2028年底，要全部完成。", "2028年底", {2028, 12, 31}},
        {LANG_ZH, "必须从3月起逐村检查，6月前完成。", "6月前", {0, 6, 0}},
        {LANG_ZH, "要保持良好态势，守牢民生底线。", "", {0, 0, 0}},
        {LANG_ZH, "必须看到，截至9月底任务过半。", "", {0, 0, 0}},
        {LANG_EN,
         "The store must be counted by 31 August 2026.",
         "by 31 August 2026",
         {2026, 8, 31}},
        {LANG_EN,
         "It shall be shut no later than June 2027.",
         "no later than June 2027",
         {2027, 6, 0}},
        {LANG_EN,
         "The quay will be built by the end of 2028.",
         "by the end of 2028",
         {2028, 12, 31}},
        {LANG_EN,
         "It must be cut before the end of the year.",
         "before the end of the year",
         {0, 12, 31}},
        {LANG_EN, "Faults must be mended within ten days.", "within ten days", {0, 0, 0}},
        {LANG_EN, "The doors must be kept shut by the staff.", "", {0, 0, 0}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ledger_commitment c = only(cases[i].lang, cases[i].sentence);
        says(c.date, cases[i].date);
        assert_int_equal(c.due.year, cases[i].due.year);
        assert_int_equal(c.due.month, cases[i].due.month);
        assert_int_equal(c.due.day, cases[i].due.day);
    }
}

static void a_sentence_names_how_much(void **state)
{
    (void)state;
    static const struct {
        enum lang lang;
        const char *sentence, *quantity;
    } cases[] = {
        {LANG_ZH, "绿地率要提高到35.5%以上。", "提高到35.5%以上"},
        {LANG_ZH, "文件要减少两成以上。", "减少两成以上"},
        {LANG_ZH, "要打通断头路9条。", "打通断头路9条"},
        {LANG_ZH, "要打通“四个通道”。", ""},
        {LANG_ZH, "要认清形势，今年是第3年。", ""},
        {LANG_EN, "At least 1,200 homes shall be built.", "At least 1,200 homes"},
        {LANG_EN, "The trust will offer no more than three hundred paid placements.",
         "no more than three hundred paid placements"},
        {LANG_EN, "The lead must report at least every month.", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        says(only(cases[i].lang, cases[i].sentence).quantity, cases[i].quantity);
}

static void a_sentence_names_who_is_to_do_it(void **state)
{
    (void)state;
    static const struct {
        enum lang lang;
        const char *sentence, *body;
    } cases[] = {
        {LANG_ZH, "由县水务局牵头制定办法，必须公开。", "县水务局"},
        {LANG_ZH, "各级党组织要树立正确导向。", "各级党组织"},
        {LANG_ZH, "年底前，区住建局要完成普查。", "区住建局"},
        {LANG_ZH, "要抓紧抓实。", ""},
        {LANG_EN, "By May the audit committee shall visit the store.", "the audit committee"},
        {LANG_EN, "Keys must be kept.", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        says(only(cases[i].lang, cases[i].sentence).body, cases[i].body);
}

static void what_only_tells_commits_nobody(void **state)
{
    (void)state;
    const struct ledger_passage passages[] = {
        {.kind = LEDGER_HEADING, .level = 1, .text = STR("一、必须完成的任务")},
        {.kind = LEDGER_PARAGRAPH, .text = STR("今年以来，全市要闻不断，主要道路取得了改善。")},
        {.kind = LEDGER_PARAGRAPH, .text = STR("有的同志认为必须再等等。")},
    };
    struct ledger_commitment *found;
    assert_int_equal(find(LANG_ZH, passages, 3, &found), 0);
}

static void an_instruction_binds_behind_one_that_does_and_not_alone(void **state)
{
    (void)state;
    const struct ledger_passage passages[] = {
        {.kind = LEDGER_PARAGRAPH, .text = STR("加快道路建设。")},
        {.kind = LEDGER_PARAGRAPH, .text = STR("一要改善出行。加快道路建设。")},
    };
    struct ledger_commitment *found;
    assert_int_equal(find(LANG_ZH, passages, 2, &found), 2);
    says(found[1].sentence, "加快道路建设。");
}

static void the_items_of_a_decision_bind_and_the_one_named_has_to_do_them(void **state)
{
    (void)state;
    const struct ledger_passage chinese[] = {
        {.kind = LEDGER_PARAGRAPH, .text = STR("会议议定：")},
        {.kind = LEDGER_ITEM, .number = 7, .text = STR("同意上次纪要。")},
        {.kind = LEDGER_ITEM, .number = 8, .text = STR("资料在网站公布。责任单位：秘书处。")},
        {.kind = LEDGER_PARAGRAPH, .text = STR("会议结束。")},
        {.kind = LEDGER_ITEM, .text = STR("合影一张。")},
    };
    const struct ledger_passage english = {
        .kind = LEDGER_PARAGRAPH,
        .text =
            STR("Resolved: that the roof be replaced; that tenants be told. Action: Treasurer.")};
    struct ledger_commitment *found;
    assert_int_equal(find(LANG_ZH, chinese, 5, &found), 1);
    assert_int_equal(found[0].number, 8);
    says(found[0].body, "秘书处");
    assert_int_equal(find(LANG_EN, &english, 1, &found), 2);
    says(found[1].sentence, "that tenants be told.");
    says(found[1].body, "Treasurer");
}

static void a_line_that_is_no_rule_is_named(void **state)
{
    (void)state;
    static const char *const bad[] = {"# good\nbinds\t要\nbind\t须\n",
                                      "# good\nbinds\t要\nkind\tgaol\t3\t项目\n",
                                      "# good\nbinds\t要\nkind\tgoal\tmany\t项目\n",
                                      "# good\nbinds\t要\nbinds\t\n",
                                      "# good\nbinds\t要\nbinds\t须\tno=必须\n",
                                      "# good\nbinds\t要\nbinds\t须\tnot=必须\tmore\n"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct ledger_rules *rules;
        struct error err = {0};
        assert_int_equal(
            ledger_read_rules(arena, LANG_ZH, "mine.txt", str_of(bad[i]), &rules, &err),
            STATUS_DAMAGED);
        assert_non_null(strstr(err.en, "mine.txt, line 3"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sentence_becomes_the_kind_of_line_that_its_words_speak_for),
        cmocka_unit_test(a_sentence_names_until_when),
        cmocka_unit_test(a_sentence_names_how_much),
        cmocka_unit_test(a_sentence_names_who_is_to_do_it),
        cmocka_unit_test(what_only_tells_commits_nobody),
        cmocka_unit_test(an_instruction_binds_behind_one_that_does_and_not_alone),
        cmocka_unit_test(the_items_of_a_decision_bind_and_the_one_named_has_to_do_them),
        cmocka_unit_test(a_line_that_is_no_rule_is_named),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
