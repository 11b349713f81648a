/* Cells of CSV: what a spreadsheet reads is what was written, and never a formula. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/csv.h"

static void a_cell_is_quoted_and_never_a_formula(void **state)
{
    static const struct {
        const char *text, *cell;
    } cases[] = {
        {"", "\"\""},
        {"plain", "\"plain\""},
        {"桥梁 \"甲\", 二", "\"桥梁 \"\"甲\"\", 二\""},
        {"=1+1", "\"'=1+1\""},
        {"+1", "\"'+1\""},
        {"-1", "\"'-1\""},
        {"@x", "\"'@x\""},
        {"\tx", "\"'\tx\""},
        {"\nx", "\"'\nx\""},
        {"＝1+1", "\"'＝1+1\""},
        {"＋1", "\"'＋1\""},
        {"－1", "\"'－1\""},
        {"＠x", "\"'＠x\""},
        {"a=1", "\"a=1\""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_make();
        struct buf out = {.arena = arena};
        csv_add_text(&out, str_of(cases[i].text));
        assert_string_equal(str_z(arena, buf_str(&out)), cases[i].cell);
        arena_free(arena);
    }
}

static void a_number_keeps_its_sign(void **state)
{
    struct arena *arena = arena_make();
    struct buf out = {.arena = arena};
    (void)state;
    csv_add_number(&out, STR("-12.5"));
    assert_string_equal(str_z(arena, buf_str(&out)), "\"-12.5\"");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cell_is_quoted_and_never_a_formula),
        cmocka_unit_test(a_number_keeps_its_sign),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
