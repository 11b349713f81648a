/* Procedures are found by the words that official speech and everyday English call them by, and not by others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first */
#include <cmocka.h>

#include "server/ledger_find.h"
#include "server/route.h"

/* The page that fits best; the first of several. "" for none. */
static const char *found(const char *question)
{
    const char *path = "";
    int best = 0;
    for (const struct procedure *p = ledger_procedures; p->path; p++) {
        int fit = ledger_procedure_fits(p, str_of(question));
        if (fit > best) {
            best = fit;
            path = p->path;
        }
    }
    return path;
}

static void every_procedure_of_the_speech_is_found_by_its_own_words(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"联审联批", "/ledger/reviews"},
        {"joint review", "/ledger/reviews"},
        {"观摩督导", "/ledger/inspections"},
        {"Inspections", "/ledger/inspections"},
        {"双月攻坚", "/ledger/campaigns"},
        {"百日攻坚", "/ledger/campaigns"},
        {"“百日攻坚”", "/ledger/campaigns"},
        {"100-day campaign", "/ledger/campaigns"},
        {"campaigns", "/ledger/campaigns"},
        {"政策红利", "/ledger/policies"},
        {"向上争取", "/ledger/policies?route=seek"},
        {"自身配套", "/ledger/policies?route=match"},
        {"先行先试", "/ledger/policies?route=pilot"},
        {"tried first", "/ledger/policies?route=pilot"},
        {"风险排查", "/ledger/sweeps"},
        {"风险监测", "/ledger/risks"},
        {"监测、排查、处置", "/ledger/risks"},
        {"heat map", "/ledger/risks/map"},
        {"第一议题", "/ledger/studies"},
        {"first item of the agenda", "/ledger/studies"},
        {"查摆整改", "/ledger/rectifications"},
        {"查摆和整改", "/ledger/rectifications"},
        {"rectification", "/ledger/rectifications"},
        {"中梗阻", "/ledger/bottlenecks"},
        {"“最后一公里”", "/ledger/bottlenecks"},
        {"last mile", "/ledger/bottlenecks"},
        {"领导分包", "/ledger/leads"},
        {"五盯", "/ledger/projects"},
        {"盯落地、盯开工", "/ledger/projects"},
        {"five watches", "/ledger/projects"},
        {"项目库", "/ledger/projects"},
        {"project library", "/ledger/projects"},
        {"列单建账", "/ledger/accounts"},
        {"多规合一", "/ledger/programmes"},
        {"节点推进", "/ledger/goals"},
        {"战略承接", "/ledger/higher"},
        {"督查督办", "/ledger/supervision"},
        {"  Wall ", "/ledger/wall"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (!str_equal(str_of(found(cases[i][0])), str_of(cases[i][1])))
            fail_msg("%s leads to %s", cases[i][0], found(cases[i][0]));
}

static void every_procedure_has_a_page_and_words_in_both_languages(void **state)
{
    (void)state;
    for (const struct procedure *p = ledger_procedures; p->path; p++) {
        struct str path = str_of(p->path);
        bool found = false;
        path = str_slice(path, 0, str_find(path, STR("?"), 0));
        for (size_t i = 0; route_list[i]; i++)
            found |= str_equal(str_of(route_list[i]->path), path);
        if (!found)
            fail_msg("%s is no page", p->path);
        assert_int_equal(ledger_procedure_fits(p, str_of(p->en)), 3);
        assert_int_equal(ledger_procedure_fits(p, str_of(p->zh)), 3);
    }
}

static void other_words_find_none(void **state)
{
    (void)state;
    static const char *const cases[] = {"",      " ",    "a",       "险", "“”",
                                        "ferry", "清雪", "ampaign", "ask"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (*found(cases[i]))
            fail_msg("%s leads to %s", cases[i], found(cases[i]));
}

static void a_name_said_whole_comes_before_one_that_only_holds_it(void **state)
{
    (void)state;
    const struct procedure p = {"/", "Joint reviews", "联审联批", "joint review", NULL, 0};
    assert_int_equal(ledger_procedure_fits(&p, STR("JOINT review")), 3);
    assert_int_equal(ledger_procedure_fits(&p, STR("review")), 2);
    assert_int_equal(ledger_procedure_fits(&p, STR("审联")), 2);
    assert_int_equal(ledger_procedure_fits(&p, STR("who does the joint review")), 1);
    assert_int_equal(ledger_procedure_fits(&p, STR("eview")), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_procedure_of_the_speech_is_found_by_its_own_words),
        cmocka_unit_test(every_procedure_has_a_page_and_words_in_both_languages),
        cmocka_unit_test(other_words_find_none),
        cmocka_unit_test(a_name_said_whole_comes_before_one_that_only_holds_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
