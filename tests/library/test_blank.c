/* Blanks: what is typed for them, what an editor says of them, and filled copies with the same marks. */
#include "library_case.h"

#include <string.h>

#include "library/blank.h"

static const struct blank *blank_of(enum placeholder_kind kind)
{
    static struct str choices[] = {{"同意", 6}, {"不同意", 9}};
    static struct blank blanks[PLACEHOLDER_KINDS];
    blanks[kind] = (struct blank){STR("所填"), kind, true, STR(""), choices, 2};
    return &blanks[kind];
}

static void values_are_taken_in_the_forms_of_both_languages_and_shown_in_the_texts_own(void **state)
{
    static const struct {
        enum placeholder_kind kind;
        const char *typed, *kept, *zh, *en; /* kept NULL: refused */
    } cases[] = {
        {PLACEHOLDER_DATE, "2026-11-24", "2026-11-24", "2026年11月24日", "24 November 2026"},
        {PLACEHOLDER_DATE, "2026年11月4日", "2026-11-04", "2026年11月4日", "4 November 2026"},
        {PLACEHOLDER_DATE, "２０２６／２／２８", "2026-02-28", "2026年2月28日", "28 February 2026"},
        {PLACEHOLDER_DATE, "24 November 2026", "2026-11-24", "2026年11月24日", "24 November 2026"},
        {PLACEHOLDER_DATE, "Sept 3, 2026", "2026-09-03", "2026年9月3日", "3 September 2026"},
        {PLACEHOLDER_DATE, "29 Feb 2024", "2024-02-29", "2024年2月29日", "29 February 2024"},
        {PLACEHOLDER_DATE, "29 Feb 2026", NULL, NULL, NULL},
        {PLACEHOLDER_DATE, "tomorrow", NULL, NULL, NULL},
        {PLACEHOLDER_DATE, "2026-13-01", NULL, NULL, NULL},
        {PLACEHOLDER_NUMBER, "1,200", "1200", "1200", "1200"},
        {PLACEHOLDER_NUMBER, "１２０００．５", "12000.5", "12000.5", "12,000.5"},
        {PLACEHOLDER_NUMBER, "-1234567", "-1234567", "-1234567", "-1,234,567"},
        {PLACEHOLDER_NUMBER, "2026", "2026", "2026", "2026"},
        {PLACEHOLDER_NUMBER, "twelve", NULL, NULL, NULL},
        {PLACEHOLDER_NUMBER, "1.2.3", NULL, NULL, NULL},
        {PLACEHOLDER_CHOICE, "不同意", "不同意", "不同意", "不同意"},
        {PLACEHOLDER_CHOICE, "弃权", NULL, NULL, NULL},
        {PLACEHOLDER_TEXT, " 甲\xE2\x80\x8B 乙\n丙 ", "甲 乙 丙", "甲 乙 丙", "甲 乙 丙"},
        {PLACEHOLDER_PLACE, "", "", "", ""},
    };
    struct library_case *c = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct blank *b = blank_of(cases[i].kind);
        struct str value;
        enum status status =
            library_take_value(c->arena, b, str_of(cases[i].typed), &value, &c->err);
        assert_int_equal(status, cases[i].kept ? STATUS_OK : STATUS_INPUT);
        if (status) {
            assert_non_null(strstr(c->err.zh, "所填"));
            continue;
        }
        assert_string_equal(str_z(c->arena, value), cases[i].kept);
        assert_string_equal(str_z(c->arena, library_show_value(c->arena, b, value, LANG_ZH)),
                            cases[i].zh);
        assert_string_equal(str_z(c->arena, library_show_value(c->arena, b, value, LANG_EN)),
                            cases[i].en);
    }
}

static struct paper_doc read_text(struct library_case *c, const char *text)
{
    struct paper_doc doc;
    must(c, format_read(c->arena, str_of(text), FORMAT_TEXT, NULL, (struct str){0}, &doc, &c->err));
    return doc;
}

static void places_of_one_name_are_one_blank_until_an_editor_parts_them(void **state)
{
    struct library_case *c = *state;
    struct paper_doc doc = read_text(c, "通知\n\nXX市的工作由XX市负责，共××人，用【红/蓝】笔。\n");
    struct blanks b;
    library_find_blanks(c->arena, &doc, STR("{}"), &b);
    assert_int_equal(b.count, 3);
    assert_int_equal(b.nplaces, 4);
    assert_int_equal(b.list[2].nchoices, 2);
    struct str names[] = {STR("甲地"), STR("乙地"), STR(""), STR("颜色")};
    struct str colours[] = {STR("红"), STR("蓝"), STR("绿")};
    struct blank said[] = {{.name = STR("颜色"),
                            .kind = PLACEHOLDER_CHOICE,
                            .hint = STR("签字用"),
                            .choices = colours,
                            .nchoices = 3}};
    must(c, library_say_blanks(c->arena, &b, names, 4, said, 1, &c->err));
    struct str kept = library_write_blanks(c->arena, &b);
    /* Carried over into a changed text: the passage in front is new, one place is gone. */
    struct paper_doc next =
        read_text(c, "通知\n\n各单位：XX市的工作由XX市负责，用【红/蓝】笔，附XX表。\n");
    library_find_blanks(c->arena, &next, kept, &b);
    assert_int_equal(b.count, 4);
    assert_string_equal(str_z(c->arena, b.list[0].name), "甲地");
    assert_string_equal(str_z(c->arena, b.list[1].name), "乙地");
    assert_string_equal(str_z(c->arena, b.list[2].name), "颜色");
    assert_string_equal(str_z(c->arena, b.list[2].hint), "签字用");
    assert_int_equal(b.list[2].nchoices, 3);
    assert_false(b.list[2].required);
    assert_string_equal(str_z(c->arena, b.list[3].name), "XX表");
    /* The dropped one stays dropped. */
    library_find_blanks(c->arena, &doc, kept, &b);
    assert_int_equal(b.count, 3);
    assert_int_equal(b.places[2].blank, BLANK_NONE);
    assert_int_equal(library_say_blanks(c->arena, &b, names, 3, said, 1, &c->err), STATUS_CONFLICT);
}

/* A template of a speech: placeholders in every place where a word could touch them. */
static struct str template_text(struct library_case *c)
{
    struct str text = project_file(c, "samples/zh-speech.txt");
    struct buf out = {.arena = c->arena};
    struct str line;
    for (size_t i = 0; str_split(&text, '\n', &line); i++) {
        buf_add(&out, line);
        if (line.len > 60)
            buf_add(&out, STR("由××市和【单位】在×月×日前落实{{事项}}。"));
        buf_add_byte(&out, '\n');
    }
    return buf_str(&out);
}

static void no_site_touches_a_placeholder_and_none_can_be_added_there(void **state)
{
    struct library_case *c = *state;
    struct placeholder *list;
    size_t count;
    struct paper_doc doc;
    struct edition_text t;
    struct publication p = {.level = PAPER_FULL, .level_given = true, .actor = "test"};
    must(c, format_read(c->arena, template_text(c), FORMAT_TEXT, NULL, (struct str){0}, &doc,
                        &c->err));
    must(c, library_publish(c->arena, c->store, &doc, &p, &t, &c->err));
    paper_find_placeholders(c->arena, &t.doc, &list, &count);
    assert_true(count > 20);
    for (size_t i = 0; i < t.sites.nplaces; i++) {
        const struct paper_place *place = &t.sites.places[i];
        bool hidden = !paper_channel_is_visible(t.sites.sites[place->site].channel);
        for (size_t k = 0; k < count; k++) {
            size_t end = place->at + place->len;
            assert_false(place->at < list[k].at + list[k].len && end > list[k].at);
            assert_false(hidden && place->at <= list[k].at + list[k].len && end >= list[k].at);
        }
    }
    assert_int_equal(
        paper_add_site(c->arena, &t.doc, STR("由××市"), STR("由各市"), false, &t.sites, &c->err),
        STATUS_INPUT);
    assert_non_null(strstr(c->err.zh, "占位符"));
}

static void a_filled_copy_carries_the_bits_of_the_members_copy(void **state)
{
    struct library_case *c = *state;
    add_members(c, 3);
    struct edition_text t = publish_text(c, template_text(c), 0);
    struct blanks b;
    struct edition_text filled;
    must(c, library_edition_blanks(c->arena, c->store, &t.edition, &b, &c->err));
    assert_int_equal(b.count, 4);
    struct str *values = arena_array(c->arena, b.count, struct str);
    for (size_t i = 0; i < b.count; i++)
        must(c, library_take_value(c->arena, &b.list[i],
                                   b.list[i].kind == PLACEHOLDER_DATE ? STR("2026-11-24")
                                                                      : STR("和<b>&*其他*"),
                                   &values[i], &c->err));
    library_fill_edition(c->arena, &t, &b, values, &filled);
    for (int64_t member = 1; member <= 3; member++) {
        uint8_t *bits = copy_make_bits(c->arena, c->store, &t, member);
        assert_memory_equal(copy_make_bits(c->arena, c->store, &filled, member), bits,
                            t.sites.nsites);
        struct str copy = copy_make_doc(c->arena, c->store, &t, member).text;
        struct str other = copy_make_doc(c->arena, c->store, &filled, member).text;
        /* The one is the other with the fillings put in, in the member's own words on all sides. */
        struct buf made = {.arena = c->arena};
        for (size_t at = 0; at < copy.len;) {
            static const char *const marks[][2] = {{"××", "和<b>&*其他*"},
                                                   {"【单位】", "和<b>&*其他*"},
                                                   {"×月×日", "2026年11月24日"},
                                                   {"{{事项}}", "和<b>&*其他*"}};
            size_t m = 0;
            while (m < 4 && !str_starts(str_slice(copy, at, copy.len), str_of(marks[m][0])))
                m++;
            if (m < 4) {
                buf_add(&made, str_of(marks[m][1]));
                at += strlen(marks[m][0]);
            } else {
                buf_add_byte(&made, copy.at[at++]);
            }
        }
        assert_string_equal(str_z(c->arena, other), str_z(c->arena, buf_str(&made)));
    }
    struct copy_press *press;
    must(c, copy_press_make(c->arena, c->store, &filled, FORMAT_HTML, &press, &c->err));
    struct str html = copy_bytes(press, c->arena, 1, NULL);
    assert_true(str_find(html, STR("&lt;b&gt;&amp;"), 0) != SIZE_MAX);
    assert_true(str_find(html, STR("<b>"), 0) == SIZE_MAX);
    must(c, copy_press_make(c->arena, c->store, &filled, FORMAT_MARKDOWN, &press, &c->err));
    struct paper_doc again;
    must(c, format_read(c->arena, copy_bytes(press, c->arena, 1, NULL), FORMAT_MARKDOWN, NULL,
                        STR(""), &again, &c->err));
    assert_true(str_find(again.text, STR("和<b>&*其他*"), 0) != SIZE_MAX);
}

static void fills_are_kept_by_name_and_deleted(void **state)
{
    struct library_case *c = *state;
    add_members(c, 2);
    struct edition_text t = publish_text(c, STR("通知\n\nXX市应于×月×日前办结。\n"), 0);
    struct blanks b;
    must(c, library_edition_blanks(c->arena, c->store, &t.edition, &b, &c->err));
    struct str values[] = {STR("东港市"), STR("2026-11-24")};
    must(c, library_check_complete(&b, values, &c->err));
    must(c, store_begin(c->store, &c->err));
    must(c, library_keep_fills(c->store, 1, t.edition.paper, &b, values, &c->err));
    must(c, store_commit(c->store, &c->err));
    struct edition_text next = publish_text(
        c, STR("通知\n\n请注意：XX市应于×月×日前办结，报【部门】。\n"), t.edition.paper);
    must(c, library_edition_blanks(c->arena, c->store, &next.edition, &b, &c->err));
    assert_int_equal(b.count, 3);
    struct str *kept;
    must(c, library_list_fills(c->arena, c->store, 1, t.edition.paper, &b, &kept, &c->err));
    assert_string_equal(str_z(c->arena, kept[0]), "东港市");
    assert_int_equal(kept[2].len, 0);
    assert_int_equal(library_check_complete(&b, kept, &c->err), STATUS_INPUT);
    assert_non_null(strstr(c->err.zh, "部门"));
    must(c, library_list_fills(c->arena, c->store, 2, t.edition.paper, &b, &kept, &c->err));
    assert_int_equal(kept[0].len, 0);
    must(c, store_begin(c->store, &c->err));
    must(c, library_delete_fills(c->store, 1, t.edition.paper, &c->err));
    must(c, store_commit(c->store, &c->err));
    must(c, library_list_fills(c->arena, c->store, 1, t.edition.paper, &b, &kept, &c->err));
    assert_int_equal(kept[0].len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            values_are_taken_in_the_forms_of_both_languages_and_shown_in_the_texts_own, open_case,
            close_case),
        cmocka_unit_test_setup_teardown(places_of_one_name_are_one_blank_until_an_editor_parts_them,
                                        open_case, close_case),
        cmocka_unit_test_setup_teardown(no_site_touches_a_placeholder_and_none_can_be_added_there,
                                        open_case, close_case),
        cmocka_unit_test_setup_teardown(a_filled_copy_carries_the_bits_of_the_members_copy,
                                        open_case, close_case),
        cmocka_unit_test_setup_teardown(fills_are_kept_by_name_and_deleted, open_case, close_case),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
