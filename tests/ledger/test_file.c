/* Files of lines: what is taken, under which name, and that removing leaves a record. */
#include "ledger_case.h"

#include <string.h>

#include "base/utf8.h"
#include "ledger/file.h"

static const struct ledger_deed plain = {.now_ms = 1000};

static void a_file_is_taken_when_its_name_fits_its_content(void **state)
{
    const struct {
        const char *name;
        struct str bytes;
        const char *media;
    } cases[] = {
        {"site.JPG", STR("\xFF\xD8\xFF\xE0more"), "image/jpeg"},
        {"site.png", STR("\xFF\xD8\xFF\xE0more"), NULL},
        {"plan.pdf", STR("%PDF-1.7"), "application/pdf"},
        {"plan.pdf", STR("%PDF"), NULL},
        {"film.mp4",
         STR("\0\0\0\x20"
             "ftypisom"),
         "video/mp4"},
        {"notes.txt", STR("Done."), "text/plain"},
        {"notes.txt", STR(""), NULL},
        {"page.html", STR("<script>"), NULL},
        {"picture.svg", STR("<svg>"), NULL},
        {"run.exe", STR("MZ"), NULL},
        {"sheet.xlsx", STR("PK\x03\x04"),
         "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
        {".pdf", STR("%PDF-1.7"), NULL},
        {"pdf", STR("%PDF-1.7"), NULL},
        {"", STR("%PDF-1.7"), NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct ledger_file_kind *kind =
            ledger_file_kind_of(str_of(cases[i].name), cases[i].bytes);
        if (!cases[i].media ? kind != NULL : !kind || strcmp(kind->media, cases[i].media) != 0)
            fail_msg("case %zu: %s", i, kind ? kind->media : "not taken");
    }
}

static void a_name_keeps_its_words_and_loses_what_deceives(void **state)
{
    struct ledger_case *c = *state;
    static const char *const cases[][2] = {
        {"现场 照片.jpg", "现场 照片.jpg"},
        {"C:\\Users\\me\\plan.pdf", "plan.pdf"},
        {"../../etc/passwd.txt", "passwd.txt"},
        {"re\xE2\x80\xAEgpj.txt", "regpj.txt"},
        {"a\r\nb.txt", "ab.txt"},
        {"a\"b<c>|d?.txt", "abcd.txt"},
        {"...", "file"},
        {"\xFF\xFE.txt", "txt"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(str_z(c->arena, ledger_clean_file_name(c->arena, str_of(cases[i][0]))),
                            cases[i][1]);
    struct buf name = {.arena = c->arena};
    for (int i = 0; i < 300; i++)
        buf_add(&name, STR("桥"));
    buf_add(&name, STR(".jpg"));
    struct str cut = ledger_clean_file_name(c->arena, buf_str(&name));
    assert_int_equal(utf8_count(cut), LINE_FILE_NAME_MAX);
    assert_true(str_ends(cut, STR(".jpg")));
}

static int64_t make(struct ledger_case *c)
{
    struct line line = {.kind = LEDGER_PROJECT, .title = STR("A bridge"), .weight = 1};
    must(c, ledger_make_line(c->arena, c->store, &line, &plain, &c->err));
    return line.id;
}

static struct line_file file_of(int64_t line)
{
    return (struct line_file){.line = line,
                              .name = STR("site.jpg"),
                              .media = STR("image/jpeg"),
                              .digest = digest_of(STR("x")),
                              .bytes = 1,
                              .taken_ms = 500,
                              .place = STR("By the river"),
                              .member = 3};
}

static void a_file_that_is_removed_leaves_its_record_and_the_reason(void **state)
{
    struct ledger_case *c = *state;
    int64_t line = make(c);
    struct line_file file = file_of(line);
    struct line_file found;
    must(c, ledger_attach_file(c->arena, c->store, &file, &plain, &c->err));
    must(c, ledger_find_file(c->arena, c->store, line, file.key, &found, &c->err));
    assert_true(str_equal(found.place, STR("By the river")) && found.taken_ms == 500 &&
                !found.removed_ms);
    struct ledger_deed why = {.now_ms = 2000};
    assert_int_equal(ledger_remove_file(c->store, &file, &why, &c->err), STATUS_INPUT);
    why.why = STR("The wrong bridge");
    must(c, ledger_remove_file(c->store, &file, &why, &c->err));
    assert_int_equal(ledger_remove_file(c->store, &file, &why, &c->err), STATUS_CONFLICT);
    must(c, ledger_find_file(c->arena, c->store, line, file.key, &found, &c->err));
    assert_true(found.removed_ms == 2000 && str_equal(found.removed_why, why.why));
}

static void a_file_belongs_to_one_line_and_one_matter_of_it(void **state)
{
    struct ledger_case *c = *state;
    int64_t line = make(c);
    int64_t other = make(c);
    struct line_file file = file_of(line);
    struct line_file found;
    struct line_file *list;
    size_t count;
    file.about = STR("watch.start");
    must(c, ledger_attach_file(c->arena, c->store, &file, &plain, &c->err));
    assert_int_equal(ledger_find_file(c->arena, c->store, other, file.key, &found, &c->err),
                     STATUS_MISSING);
    must(c, ledger_list_files(c->arena, c->store, line, STR(""), &list, &count, &c->err));
    assert_int_equal(count, 0);
    must(c,
         ledger_list_files(c->arena, c->store, line, STR("watch.start"), &list, &count, &c->err));
    assert_int_equal(count, 1);
}

static void nothing_is_attached_from_the_future_or_to_a_closed_line(void **state)
{
    struct ledger_case *c = *state;
    int64_t line = make(c);
    struct line_file file = file_of(line);
    file.taken_ms = plain.now_ms + 1;
    assert_int_equal(ledger_attach_file(c->arena, c->store, &file, &plain, &c->err), STATUS_INPUT);
    file.taken_ms = 0;
    struct line_change closed = {.field = LINE_STATE, .number = LINE_CLOSED};
    struct ledger_deed why = {.now_ms = 2000, .why = STR("Over")};
    must(c, ledger_change_line(c->store, line, &closed, 1, &why, &c->err));
    assert_int_equal(ledger_attach_file(c->arena, c->store, &file, &plain, &c->err),
                     STATUS_CONFLICT);
}

static void a_cut_text_holds_whole_characters_only(void **state)
{
    struct ledger_case *c = *state;
    struct str text = STR("a桥b梁");
    (void)c;
    for (size_t most = 0; most <= text.len + 1; most++) {
        struct str cut = utf8_cut(text, most);
        assert_true(cut.len <= most && utf8_first_bad(cut) == SIZE_MAX);
        assert_true(cut.len + 4 > most || cut.len == text.len);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_taken_when_its_name_fits_its_content),
        cmocka_unit_test_setup_teardown(a_name_keeps_its_words_and_loses_what_deceives, open_case,
                                        close_case),
        cmocka_unit_test_setup_teardown(a_file_that_is_removed_leaves_its_record_and_the_reason,
                                        open_case, close_case),
        cmocka_unit_test_setup_teardown(a_file_belongs_to_one_line_and_one_matter_of_it, open_case,
                                        close_case),
        cmocka_unit_test_setup_teardown(nothing_is_attached_from_the_future_or_to_a_closed_line,
                                        open_case, close_case),
        cmocka_unit_test_setup_teardown(a_cut_text_holds_whole_characters_only, open_case,
                                        close_case),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
