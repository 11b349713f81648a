/* The copy walk: one press for many, the same words in every shape, the record. */
#include "library_case.h"

#include <string.h>

#include "library/setting.h"

static const char speech[] = "samples/zh-speech.txt";

static struct copy_press *page_press(struct library_case *c, const struct edition_text *text)
{
    struct copy_press *press;
    must(c, copy_press_make_page(c->arena, c->store, text, &press, &c->err));
    return press;
}

/* What a reader sees of HTML: no tags, entities read, no white space. */
static struct str words_of(struct arena *arena, struct str html)
{
    static const struct {
        const char *entity;
        char character;
    } entities[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}};
    struct buf out = {.arena = arena};
    for (size_t i = 0; i < html.len; i++) {
        char character = html.at[i];
        if (character == '<') {
            i = str_find(html, STR(">"), i);
            continue;
        }
        for (size_t e = 0; e < 5; e++)
            if (str_starts(str_slice(html, i, html.len), str_of(entities[e].entity))) {
                character = entities[e].character;
                i += strlen(entities[e].entity) - 1;
                break;
            }
        if (!strchr(" \n\t", character))
            buf_add_byte(&out, character);
    }
    return buf_str(&out);
}

static struct str without_space(struct arena *arena, struct str text)
{
    struct buf out = {.arena = arena};
    for (size_t i = 0; i < text.len; i++)
        if (!strchr(" \n\t", text.at[i]))
            buf_add_byte(&out, text.at[i]);
    return buf_str(&out);
}

static void a_page_a_document_and_a_text_copy_hold_the_same_words(void **state)
{
    struct library_case *c = *state;
    static const char *const files[] = {"samples/zh-speech.txt", "samples/en-address.txt"};
    add_members(c, 20);
    for (size_t f = 0; f < 2; f++) {
        struct edition_text text = publish_text(c, project_file(c, files[f]), 0);
        struct copy_press *press = page_press(c, &text);
        for (int64_t m = 1; m <= 20; m++) {
            struct str copy = without_space(c->arena, give_copy(c, &text, m));
            struct paper_doc doc = copy_make_doc(c->arena, c->store, &text, m);
            struct copy_page page = copy_write_page(press, c->arena, m);
            assert_true(str_equal(without_space(c->arena, doc.text), copy));
            assert_true(str_equal(words_of(c->arena, page.body), copy));
        }
    }
}

static void a_copys_blocks_lie_where_its_own_words_are(void **state)
{
    struct library_case *c = *state;
    add_members(c, 3);
    struct edition_text text = publish_text(c, project_file(c, speech), 0);
    for (int64_t m = 1; m <= 3; m++) {
        struct paper_doc doc = copy_make_doc(c->arena, c->store, &text, m);
        struct buf joined = {.arena = c->arena};
        assert_int_equal(doc.nblocks, text.doc.nblocks);
        for (size_t i = 0; i < doc.nblocks; i++) {
            if (i)
                buf_add_byte(&joined, '\n');
            buf_add(&joined, str_slice(doc.text, doc.blocks[i].at, doc.blocks[i].len));
            assert_int_equal(doc.blocks[i].marker_len, text.doc.blocks[i].marker_len);
        }
        assert_true(str_equal(buf_str(&joined), doc.text));
    }
}

static void an_outline_links_every_heading_in_the_members_own_words(void **state)
{
    struct library_case *c = *state;
    add_members(c, 1);
    struct edition_text text = publish_text(c, project_file(c, speech), 0);
    struct copy_page page = copy_write_page(page_press(c, &text), c->arena, 1);
    struct paper_doc doc = copy_make_doc(c->arena, c->store, &text, 1);
    unsigned headings = 0;
    for (size_t i = 0; i < doc.nblocks; i++) {
        if (doc.blocks[i].kind != PAPER_HEADING)
            continue;
        struct str link = str_format(c->arena, "<a href=\"#h%u\">", ++headings);
        size_t at = str_find(page.outline, link, 0);
        assert_true(at != SIZE_MAX);
        assert_true(str_starts(str_slice(page.outline, at + link.len, SIZE_MAX),
                               str_slice(doc.text, doc.blocks[i].at, doc.blocks[i].len)));
    }
    assert_true(headings > 1);
}

/* A paper without a title line is called by its first words. */
static void nothing_in_a_title_is_marked(void **state)
{
    struct library_case *c = *state;
    static const char untitled[] =
        "进一步加强和改进沟通工作的办法以及落实这些要求的注意事项，当前形势下我们要加快推动其他项目，并且抓好"
        "铁路、公路建设。这次会议的主要任务是分析当前形势，总结前一阶段工作，对今后一个时期的各项工作进行安排。\n";
    add_members(c, 20);
    struct edition_text text = publish_text(c, str_of(untitled), 0);
    assert_true(text.sites.nplaces > 0);
    for (int64_t m = 1; m <= 20; m++)
        assert_true(str_starts(give_copy(c, &text, m), text.doc.title));
}

static int64_t count_events(struct library_case *c)
{
    int64_t count = 0;
    int64_t bad = 0;
    must(c, store_verify_events(c->store, &count, &bad, &c->err));
    return count;
}

static void open_to_read(struct library_case *c, const struct edition *edition, int64_t member)
{
    must(c, store_begin(c->store, &c->err));
    must(c, copy_record_opening(edition, c->store, member, &c->err));
    must(c, store_commit(c->store, &c->err));
}

static void reading_is_on_record_once_a_member_edition_and_day(void **state)
{
    struct library_case *c = *state;
    bool found;
    add_members(c, 2);
    struct edition_text text = publish_text(c, project_file(c, speech), 0);
    int64_t before = count_events(c);
    must(c, copy_find_opening(&text.edition, c->store, 1, &found, &c->err));
    assert_false(found);
    open_to_read(c, &text.edition, 1);
    open_to_read(c, &text.edition, 1);
    open_to_read(c, &text.edition, 2);
    must(c, copy_find_opening(&text.edition, c->store, 1, &found, &c->err));
    assert_true(found);
    assert_int_equal(count_events(c), before + 2);
    must(c, store_run(c->store, "UPDATE copy SET opened_ms = opened_ms - 86400000", &c->err));
    open_to_read(c, &text.edition, 1);
    assert_int_equal(count_events(c), before + 3);
}

static void a_press_of_sites_that_changed_meanwhile_gives_no_copy(void **state)
{
    struct library_case *c = *state;
    struct copy_press *press;
    add_members(c, 1);
    struct edition_text text = publish_text(c, project_file(c, speech), 0);
    struct edition before = text.edition;
    must(c, copy_press_make(c->arena, c->store, &text, FORMAT_TEXT, &press, &c->err));
    text.sites.sites[0].locked = !text.sites.sites[0].locked;
    must(c, library_change_sites(c->arena, c->store, &text, STR("{\"locked\":[1]}"), &c->err));
    must(c, store_begin(c->store, &c->err));
    assert_int_equal(copy_record(press, c->store, 1, &c->err), STATUS_CONFLICT);
    assert_int_equal(copy_record_opening(&before, c->store, 1, &c->err), STATUS_CONFLICT);
    store_rollback(c->store);
}

static void run_sql(struct library_case *c, const char *sql)
{
    must(c, store_run(c->store, sql, &c->err));
}

static int64_t number(struct library_case *c, const char *sql)
{
    struct query *q = query_start(c->store, sql);
    int64_t value = query_row(q) ? query_int(q, 0) : -1;
    must(c, query_end(q, &c->err));
    return value;
}

static void a_copy_to_be_deleted_is_noted_once_and_anew_after_it_was_attested(void **state)
{
    struct library_case *c = *state;
    add_members(c, 1);
    struct edition_text text = publish_text(c, project_file(c, speech), 0);
    run_sql(c, "UPDATE offer SET delete_days = 7");
    (void)give_copy(c, &text, 1);
    int64_t due = number(c, "SELECT due_ms FROM deletion");
    assert_true(due > store_now_ms() + 6 * 86400000LL && due <= store_now_ms() + 7 * 86400000LL);
    run_sql(c, "UPDATE deletion SET due_ms = 5");
    (void)give_copy(c, &text, 1);
    assert_int_equal(number(c, "SELECT due_ms FROM deletion"), 5);
    run_sql(c, "UPDATE deletion SET attested_ms = 6");
    (void)give_copy(c, &text, 1);
    assert_int_equal(number(c, "SELECT attested_ms IS NULL AND due_ms > 5 FROM deletion"), 1);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, open_case, close_case)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_page_a_document_and_a_text_copy_hold_the_same_words),
        CASE(a_copys_blocks_lie_where_its_own_words_are),
        CASE(an_outline_links_every_heading_in_the_members_own_words),
        CASE(nothing_in_a_title_is_marked),
        CASE(reading_is_on_record_once_a_member_edition_and_day),
        CASE(a_press_of_sites_that_changed_meanwhile_gives_no_copy),
        CASE(a_copy_to_be_deleted_is_noted_once_and_anew_after_it_was_attested),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
