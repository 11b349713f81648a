/* Forms, files and JSON, read and held against what a route declares. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "server/internal.h"

static const struct input INPUTS[] = {
    {.name = "title", .kind = INPUT_TEXT, .needed = true, .most = 5, .en = "Title", .zh = "标题"},
    {.name = "text", .kind = INPUT_LONG_TEXT, .en = "Text", .zh = "正文"},
    {.name = "count", .kind = INPUT_NUMBER, .least = -3, .most = 9, .en = "Count", .zh = "数量"},
    {.name = "day", .kind = INPUT_DAY, .en = "Day", .zh = "日期"},
    {.name = "open", .kind = INPUT_FLAG, .en = "Open", .zh = "公开"},
    {.name = "file", .kind = INPUT_FILE, .en = "File", .zh = "文件"},
    {.name = "group", .kind = INPUT_LIST, .en = "Groups", .zh = "组"},
    {0},
};
static const struct route ROUTE = {.method = "POST", .path = "/x", .inputs = INPUTS};

static struct request request_of(struct arena *arena, const char *type, struct str body,
                                 struct error *err)
{
    struct request rq = {.arena = arena, .route = &ROUTE, .post = true};
    *err = (struct error){0};
    pairs_add(arena, &rq.headers, STR("Content-Type"), str_of(type));
    enum status status = input_read(&rq, body, err);
    if (!status)
        (void)input_check(&rq, err);
    return rq;
}

#define FORM "application/x-www-form-urlencoded"
#define JSON "application/json"

static void an_input_that_does_not_fit_is_named_with_what_would(void **state)
{
    (void)state;
    static const struct {
        const char *type, *body, *says; /* "" when it is taken */
    } cases[] = {
        {FORM, "title=abc", ""},
        {FORM, "title=+%E4%B8%AD%E6%96%87+", ""},
        {FORM, "", "Title: please fill this in."},
        {FORM, "title=+++", "Title: please fill this in."},
        {FORM, "title=abcdef", "Title: 6 characters are too many; there is room for 5."},
        {FORM, "title=a%00",
         "Title: at line 1, after 1 characters, stands what is no character (byte 00)"},
        {FORM, "title=%FF",
         "Title: at line 1, after 0 characters, stands what is no character (byte FF)"},
        {FORM, "title=a&text=%E4%B8%AD%0A%E6%96%87b%1B%5B0m",
         "Text: at line 2, after 2 characters, stands what is no character (byte 1B)"},
        {FORM, "title=a&text=1%0D%0A2%09", ""},
        {FORM, "title=a&count=9", ""},
        {FORM, "title=a&count=-3", ""},
        {FORM, "title=a&count=10", "Count: give a whole number from -3 to 9."},
        {FORM, "title=a&count=1.5", "Count: give a whole number from -3 to 9."},
        {FORM, "title=a&count=99999999999999999999", "Count: give a whole number from -3 to 9."},
        {FORM, "title=a&group=x&group=%FF",
         "Groups: at line 1, after 0 characters, stands what is no character (byte FF)"},
        {FORM, "title=a&day=2026-02-28", ""},
        {FORM, "title=a&day=2026-02-29", "Day: give a date like 2026-11-24."},
        {FORM, "title=a&day=tomorrow", "Day: give a date like 2026-11-24."},
        {JSON, "{\"title\":\"abc\",\"count\":4,\"open\":true,\"group\":[\"x\",\"y\"]}", ""},
        {JSON, "{\"title\":\"abc\",\"count\":null,\"open\":false,\"group\":[null]}", ""},
        {JSON, "{\"title\":\"abc\",\"count\":1.5}", "Count: give a whole number from -3 to 9."},
        {JSON, "{\"title\":\"abc\",\"day\":{\"year\":2026}}",
         "\"day\" holds a value that no form has"},
        {JSON, "{\"title\":\"abc\",\"group\":[\"x\",[\"y\"]]}",
         "\"group\" holds a value that no form has"},
        {JSON, "{\"title\":\"abc\",\"count\":99999999999999999999}",
         "The body is not a JSON object"},
        {JSON, "[1]", "The body is not a JSON object"},
        {JSON, "{\"title\":", "The body is not a JSON object"},
        {"text/plain", "title=a", "Send a form or a JSON object."},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_make();
        struct error err;
        (void)request_of(arena, cases[i].type, str_of(cases[i].body), &err);
        if (cases[i].says[0] ? !strstr(err.en, cases[i].says) : err.status != STATUS_OK)
            fail_msg("%s: %s", cases[i].body, err.en);
        assert_true((err.status == STATUS_OK) == (err.zh[0] == 0));
        arena_free(arena);
    }
}

/* A page of broken characters would be what a browser makes of it. */
static void what_is_shown_again_after_a_refusal_is_whole_characters(void **state)
{
    struct arena *arena = arena_make();
    struct error err;
    (void)state;
    struct request rq = request_of(arena, FORM, STR("title=%FFa%E4%B8&text=%E4%B8%AD"), &err);
    assert_int_equal(err.status, STATUS_INPUT);
    input_mend(&rq);
    assert_string_equal(str_z(arena, request_input(&rq, "title")), "\xEF\xBF\xBD"
                                                                   "a\xEF\xBF\xBD\xEF\xBF\xBD");
    assert_string_equal(str_z(arena, request_input(&rq, "text")), "中");
    arena_free(arena);
}

static void values_come_as_what_they_are_declared(void **state)
{
    (void)state;
    struct arena *arena = arena_make();
    struct error err;
    struct str groups[3];
    struct request rq = request_of(
        arena, FORM,
        STR("title=+a%2Bb+&text=+x%0A&count=-2&day=2026-11-24&open=on&group=1&group=+2"), &err);
    assert_true(str_equal(request_input(&rq, "title"), STR("a+b")));
    assert_true(str_equal(request_input(&rq, "text"), STR(" x\n")));
    assert_int_equal(request_number(&rq, "count"), -2);
    assert_int_equal(request_number(&rq, "day"), 1795478400000);
    assert_int_equal(request_number(&rq, "open"), 1);
    assert_int_equal(request_inputs(&rq, "group", groups, 3), 2);
    assert_true(str_equal(groups[1], STR("2")));
    assert_null(request_upload(&rq, "file"));
    arena_free(arena);
}

/* So many times `one`, between a beginning and an end. */
static struct str body_of(struct arena *arena, const char *begin, const char *one, size_t count,
                          const char *end)
{
    struct buf out = {.arena = arena};
    buf_add(&out, str_of(begin));
    for (size_t i = 0; i < count; i++)
        buf_add(&out, str_of(one));
    buf_add(&out, str_of(end));
    return buf_str(&out);
}

/* Each would take many times the room that it came in, and anybody may send some. */
static void a_form_of_very_many_fields_is_refused_before_room_is_made_for_them(void **state)
{
    static const struct {
        const char *type, *begin, *one, *end;
        size_t most;
    } cases[] = {
        {FORM, "title=a", "&group=x", "", 1999},
        {JSON, "{\"title\":\"a\",\"more\":[1", ",1", "]}", 3998},
        {JSON, "{\"title\":\"a\",\"text\":\"\\\"", ",,,,,,,,,,", "\"}", 10000},
        {"multipart/form-data; boundary=b",
         "--b\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nabc\r\n--b",
         "\r\nContent-Disposition: form-data; name=\"more\"\r\n\r\nx\r\n--b", "--", 399},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_make();
        struct error err;
        (void)request_of(arena, cases[i].type,
                         body_of(arena, cases[i].begin, cases[i].one, cases[i].most, cases[i].end),
                         &err);
        assert_int_equal(err.status, STATUS_OK);
        struct request rq =
            request_of(arena, cases[i].type,
                       body_of(arena, cases[i].begin, cases[i].one, 100000, cases[i].end), &err);
        assert_int_equal(err.status, STATUS_INPUT);
        assert_true(rq.form.count <= 4000);
        arena_free(arena);
    }
}

static void a_number_in_json_is_taken_as_it_is_written(void **state)
{
    static const struct {
        const char *body, *text;
    } cases[] = {
        {"{\"title\":\"a\",\"text\":12.5}", "12.5"},
        {"{\"title\":\"a\",\"text\":0.1}", "0.1"},
        {"{\"title\":\"a\",\"text\":-3.0}", "-3"},
        {"{\"title\":\"a\",\"text\":7}", "7"},
        {"{\"title\":\"a\",\"text\":1e-7}", "1e-07"},
        {"{\"title\":\"a\",\"text\":0.0}", "0"},
        {"{\"title\":\"a\",\"text\":1234567.8901}", "1234567.8901"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_make();
        struct error err;
        struct request rq = request_of(arena, JSON, str_of(cases[i].body), &err);
        assert_int_equal(err.status, STATUS_OK);
        assert_string_equal(str_z(arena, request_input(&rq, "text")), cases[i].text);
        arena_free(arena);
    }
}

static void the_name_of_a_file_shows_its_own_ending(void **state)
{
    struct arena *arena = arena_make();
    struct error err;
    (void)state;
    /* Shown from right to left after the mark, it would end in ".png". */
    struct request rq =
        request_of(arena, "multipart/form-data; boundary=b",
                   STR("--b\r\nContent-Disposition: form-data; name=\"file\"; "
                       "filename=\"scan\xE2\x80\xAEgnp\xE2\x80\x8B\x01.exe\"\r\n\r\nx\r\n--b--"),
                   &err);
    const struct upload *file = request_upload(&rq, "file");
    assert_non_null(file);
    assert_string_equal(str_z(arena, file->file), "scangnp.exe");
    arena_free(arena);
}

static void a_file_comes_whole_with_its_name_and_without_its_folder(void **state)
{
    (void)state;
    struct arena *arena = arena_make();
    struct error err;
    struct request rq = request_of(
        arena, "multipart/form-data; boundary=xYz",
        STR("--xYz\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nabc\r\n"
            "--xYz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"C:\\a\\../b\xE4.txt\"\r\n"
            "Content-Type: text/plain\r\n\r\nline\r\n--xY\r\n\r\n--xYz--\r\n"),
        &err);
    const struct upload *file = request_upload(&rq, "file");
    assert_int_equal(err.status, STATUS_OK);
    assert_true(str_equal(request_input(&rq, "title"), STR("abc")));
    assert_non_null(file);
    assert_true(str_equal(file->file, STR("b\xEF\xBF\xBD.txt")));
    assert_true(str_equal(file->bytes, STR("line\r\n--xY\r\n")));
    arena_free(arena);
}

static void a_form_cut_short_is_refused(void **state)
{
    (void)state;
    static const char whole[] =
        "--b\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nabc\r\n--b--";
    for (size_t len = 1; len < sizeof whole - 1; len++) {
        struct arena *arena = arena_make();
        struct error err;
        (void)request_of(arena, "multipart/form-data; boundary=b", (struct str){whole, len}, &err);
        assert_int_equal(err.status, STATUS_INPUT);
        arena_free(arena);
    }
}

static void what_a_word_processor_leaves_in_a_pasted_text_is_put_right(void **state)
{
    static const struct {
        const char *body, *name, *value;
    } cases[] = {
        {"title=a%0Ab", "title", "a b"},
        {"title=a%0Bb%07", "title", "a b"},
        {"title=a%1Eb%1Fc", "title", "a-bc"},
        {"title=a&text=one%0Btwo%0Cthree%0D%0Afour%09%7F", "text", "one\ntwo\nthree\r\nfour\t"},
        {"title=a&text=%13%20HYPERLINK%14here%15", "text", " HYPERLINKhere"},
        {"title=a&group=x%07", "group", "x"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_make();
        struct error err;
        struct request rq = request_of(arena, FORM, str_of(cases[i].body), &err);
        assert_int_equal(err.status, STATUS_OK);
        struct str value = request_input(&rq, cases[i].name);
        assert_string_equal(value.at, cases[i].value);
        arena_free(arena);
    }
}

int main(void)
{
    (void)setenv("TZ", "UTC", 1);
    tzset();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_word_processor_leaves_in_a_pasted_text_is_put_right),
        cmocka_unit_test(an_input_that_does_not_fit_is_named_with_what_would),
        cmocka_unit_test(what_is_shown_again_after_a_refusal_is_whole_characters),
        cmocka_unit_test(values_come_as_what_they_are_declared),
        cmocka_unit_test(a_file_comes_whole_with_its_name_and_without_its_folder),
        cmocka_unit_test(a_form_cut_short_is_refused),
        cmocka_unit_test(a_number_in_json_is_taken_as_it_is_written),
        cmocka_unit_test(a_form_of_very_many_fields_is_refused_before_room_is_made_for_them),
        cmocka_unit_test(the_name_of_a_file_shows_its_own_ending),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
