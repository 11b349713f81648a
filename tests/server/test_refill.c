/* A refused form in its page: filled, marked, found among others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/internal.h"
#include "server/refill.h"

#define HEAD "<p class=\"problem\" id=\"problem\" role=\"alert\">No.</p>"

static const struct input INPUTS[] = {
    {.name = "title", .kind = INPUT_TEXT}, {.name = "text", .kind = INPUT_LONG_TEXT},
    {.name = "kind", .kind = INPUT_TEXT},  {.name = "tick", .kind = INPUT_LIST},
    {.name = "old", .kind = INPUT_TEXT},   {0},
};

static const struct route ROUTE = {.inputs = INPUTS};

/* What becomes of a form's fields; `typed` is "name=value&…". NULL: no such form. */
static const char *filled(struct arena *arena, const char *page, const char *typed,
                          const char *blamed, size_t place)
{
    struct pairs pairs = {0};
    struct str rest = str_of(typed);
    for (struct str pair; str_split(&rest, '&', &pair);) {
        struct str name;
        (void)str_split(&pair, '=', &name);
        pairs_add(arena, &pairs, name, pair);
    }
    struct refill refill = {str_of(page), STR("/a"), &pairs,     &ROUTE,
                            blamed,       place,     STR("No."), false};
    return refill_form(arena, &refill) ? str_z(arena, refill.page) : NULL;
}

static void fields_hold_what_was_typed(void **state)
{
    static const struct {
        const char *fields, *typed, *expected;
    } cases[] = {
        {"<input name=\"title\" value=\"old\" required>", "title=a<\"b",
         "<input name=\"title\" required value=\"a&lt;&quot;b\">"},
        {"<input name=\"title\">", "title=a", "<input name=\"title\" value=\"a\">"},
        {"<input name=\"title\"><input name=\"title\">", "title=a&title=b",
         "<input name=\"title\" value=\"a\"><input name=\"title\" value=\"b\">"},
        {"<input name=\"title\" value=\"x > y\">", "title=", "<input name=\"title\" value=\"\">"},
        {"<input name=\"title\" value=\"kept\">", "text=a",
         "<input name=\"title\" value=\"kept\">"},
        {"<textarea name=\"text\">old</textarea>", "text=a</textarea>",
         "<textarea name=\"text\">\na&lt;/textarea&gt;</textarea>"},
        {"<input type=\"checkbox\" name=\"tick\" value=\"1\" checked><input type=\"checkbox\" name=\"tick\" value=\"2\">",
         "tick=2",
         "<input type=\"checkbox\" name=\"tick\" value=\"1\"><input type=\"checkbox\" name=\"tick\" value=\"2\" checked>"},
        {"<input type=\"radio\" name=\"kind\" value=\"1\" checked>", "",
         "<input type=\"radio\" name=\"kind\" value=\"1\">"},
        {"<select name=\"kind\"><option value=\"a\" selected>A</option><option>b</option></select>",
         "kind=b",
         "<select name=\"kind\"><option value=\"a\">A</option><option selected>b</option></select>"},
        {"<input type=\"password\" name=\"title\">", "title=a",
         "<input type=\"password\" name=\"title\">"},
        {"<input type=\"hidden\" name=\"title\" value=\"1\">", "title=2",
         "<input type=\"hidden\" name=\"title\" value=\"1\">"},
        {"<input name=\"other\" value=\"1\">", "other=2", "<input name=\"other\" value=\"1\">"},
        {"<details><summary>x</summary></details>", "",
         "<details open><summary>x</summary></details>"},
    };
    struct arena *arena = arena_make();
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *page =
            str_format(arena, "<form method=\"post\" action=\"/a\">%s</form><p>", cases[i].fields)
                .at;
        const char *expected =
            str_format(arena, "<form method=\"post\" action=\"/a\">%s</form><p>", cases[i].expected)
                .at;
        assert_string_equal(filled(arena, page, cases[i].typed, NULL, 0), expected);
    }
    arena_free(arena);
}

static void the_form_is_known_by_its_address_and_hidden_fields(void **state)
{
#define FIELD_OF(OLD) "<input type=\"hidden\" name=\"old\" value=\"" OLD "\"><input name=\"title\""
    static const struct {
        const char *page, *expected; /* NULL: none */
    } cases[] = {
        {"<form method=\"post\" action=\"/b\"><input name=\"title\"></form>", NULL},
        {"<form method=\"get\" action=\"/a\"><input name=\"title\"></form>", NULL},
        {"<form method=\"post\" action=\"/ab\"><input name=\"title\"></form>", NULL},
        {"<form method=\"post\" action=\"/a#x\"><input name=\"title\"></form>",
         "<form method=\"post\" action=\"/a#x\"><input name=\"title\" value=\"t\"></form>"},
        {"<form method=\"post\" action=\"/b\"><input name=\"title\"><button formaction=\"/a\"></form>",
         "<form method=\"post\" action=\"/b\"><input name=\"title\" value=\"t\"><button formaction=\"/a\"></form>"},
        {"<form method=\"post\" action=\"/a\">" FIELD_OF(
             "1") "></form><form method=\"post\" action=\"/a\">" FIELD_OF("2") "></form>",
         "<form method=\"post\" action=\"/a\">" FIELD_OF(
             "1") "></form><form method=\"post\" action=\"/a\">" FIELD_OF("2") " value=\"t\"></form>"},
        {"<form method=\"post\" action=\"/a\">" FIELD_OF(
             "1") "></form><form method=\"post\" action=\"/a\">" FIELD_OF("3") "></form>",
         NULL},
        {"<form method=\"post\" action=\"/a\">" FIELD_OF("1") "></form>",
         "<form method=\"post\" action=\"/a\">" FIELD_OF("1") " value=\"t\"></form>"},
        {"<details><summary>s</summary></details><details class=\"x\"><form method=\"post\" action=\"/a\"></form></details>",
         "<details><summary>s</summary></details><details class=\"x\" open><form method=\"post\" action=\"/a\"></form></details>"},
    };
    struct arena *arena = arena_make();
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *page = filled(arena, cases[i].page, "title=t&old=2", NULL, 0);
        if (cases[i].expected)
            assert_string_equal(page, cases[i].expected);
        else
            assert_null(page);
    }
    arena_free(arena);
}

static void the_words_move_to_the_field_that_they_are_about(void **state)
{
    static const struct {
        const char *page, *expected;
        size_t place;
    } cases[] = {
        {HEAD
         "<form method=\"post\" action=\"/a\"><p>x</p><p><label>T</label><input name=\"title\" autofocus></p></form>",
         "<form method=\"post\" action=\"/a\"><p>x</p>" HEAD
         "\n<p><label>T</label><input name=\"title\" aria-invalid=\"true\""
         " aria-describedby=\"problem\" autofocus></p></form>",
         0},
        {HEAD
         "<form method=\"post\" action=\"/a\"><p><input name=\"title\" aria-describedby=\"hint\"></p></form>",
         "<form method=\"post\" action=\"/a\">" HEAD
         "\n<p><input name=\"title\" aria-invalid=\"true\""
         " aria-describedby=\"problem hint\" autofocus></p></form>",
         0},
        {HEAD "<form method=\"post\" action=\"/a\"><p><input name=\"kind\"></p></form>",
         HEAD "<form method=\"post\" action=\"/a\"><p><input name=\"kind\"></p></form>", 0},
        {HEAD
         "<form method=\"post\" action=\"/a\"><p><input name=\"title\"></p><p><input name=\"title\"></p></form>",
         "<form method=\"post\" action=\"/a\"><p><input name=\"title\"></p>" HEAD
         "\n<p><input name=\"title\" aria-invalid=\"true\" aria-describedby=\"problem\" autofocus></p></form>",
         1},
    };
    struct arena *arena = arena_make();
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(filled(arena, cases[i].page, "", "title", cases[i].place),
                            cases[i].expected);
    arena_free(arena);
}

/* Only our own pages come here; all the same nothing is read past their end. */
static void a_page_that_is_cut_off_is_left_alone(void **state)
{
    static const char page[] =
        "<details><form method=\"post\" action=\"/a\" x><select name=\"kind\"><option value=\"a\">A</option></select>"
        "<textarea name=\"text\">x</textarea><input name=title value=\"1\"></form></details>";
    struct arena *arena = arena_make();
    (void)state;
    for (size_t len = 0; len < sizeof page - 1; len++) {
        const char *cut = str_z(arena, (struct str){page, len});
        const char *got = filled(arena, cut, "title=t&kind=a&text=b", "text", 0);
        if (len < sizeof page - 1 - sizeof "</details>" - 1)
            assert_null(got);
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_hold_what_was_typed),
        cmocka_unit_test(the_form_is_known_by_its_address_and_hidden_fields),
        cmocka_unit_test(the_words_move_to_the_field_that_they_are_about),
        cmocka_unit_test(a_page_that_is_cut_off_is_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
