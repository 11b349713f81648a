/* What was read of an exhibit: kept once, found again, made anew where it is damaged, forgotten with it. */
#include "library_case.h"

#include <string.h>
#include <sys/stat.h>

#include "../format/pdf_made.h"
#include "library/exhibit.h"

static struct str made_pdf(struct arena *arena, const char *words)
{
    struct str page = str_format(arena, "BT /F 11 Tf 72 700 Td (%s) Tj ET", words);
    return pdf_made_pages(arena, &page, 1);
}

static enum status read_it(struct library_case *c, struct str bytes, struct exhibit *exhibit)
{
    return library_read_exhibit(c->arena, c->store, STR("found.pdf"), bytes, NULL, exhibit,
                                &c->err);
}

static void keep(struct library_case *c, struct exhibit *exhibit)
{
    must(c, store_begin(c->store, &c->err));
    must(c, library_keep_reading(c->store, exhibit, &c->err));
    must(c, store_commit(c->store, &c->err));
}

static bool has_blob(struct library_case *c, const struct digest *digest)
{
    struct str bytes;
    return store_get_blob(c->arena, c->store, digest, &bytes, &c->err) == STATUS_OK;
}

static int begin(void **state)
{
    return setenv("CHANCERY_READER", TEST_READER, 1) || open_case(state);
}

static void what_was_read_is_found_again_without_the_reader(void **state)
{
    struct library_case *c = *state;
    struct exhibit first;
    struct exhibit again;
    struct str bytes = made_pdf(c->arena, "Members read it in confidence.");
    must(c, read_it(c, bytes, &first));
    assert_true(first.fresh && first.has_reading && first.pages == 1);
    keep(c, &first);
    assert_false(first.fresh);
    assert_int_equal(setenv("CHANCERY_READER", "/nowhere", 1), 0);
    must(c, read_it(c, bytes, &again));
    assert_false(again.fresh);
    assert_true(str_equal(again.seen.text, first.seen.text));
    assert_int_equal(read_it(c, made_pdf(c->arena, "Another one."), &again), STATUS_IO);
    must(c, library_recall_exhibit(c->arena, c->store, STR("a"), bytes, &first.reading, &again,
                                   &c->err));
    assert_true(str_equal(again.seen.text, first.seen.text));
    assert_int_equal(
        library_recall_exhibit(c->arena, c->store, STR("a"), bytes, NULL, &again, &c->err),
        STATUS_MISSING);
}

static void a_reading_of_an_older_reader_is_made_anew(void **state)
{
    struct library_case *c = *state;
    struct exhibit exhibit;
    struct str bytes = made_pdf(c->arena, "Members read it in confidence.");
    must(c, read_it(c, bytes, &exhibit));
    keep(c, &exhibit);
    must(c, store_run(c->store, "UPDATE exhibit_reading SET version = version - 1", &c->err));
    must(c, read_it(c, bytes, &exhibit));
    assert_true(exhibit.fresh);
    keep(c, &exhibit);
    must(c, read_it(c, bytes, &exhibit));
    assert_false(exhibit.fresh);
}

static void a_text_is_read_whenever_it_is_needed(void **state)
{
    struct library_case *c = *state;
    struct exhibit exhibit;
    must(c, library_check_exhibit(c->arena, STR("a.txt"), STR("Words"), &exhibit, &c->err));
    assert_string_equal(exhibit.how, "text");
    must(c, library_recall_exhibit(c->arena, c->store, STR("a.txt"), STR("Words"), NULL, &exhibit,
                                   &c->err));
    assert_true(str_equal(exhibit.seen.text, STR("Words")));
    assert_int_equal(
        library_check_exhibit(c->arena, STR("a.bin"), STR("\0\0\0\1"), &exhibit, &c->err),
        STATUS_INPUT);
}

static void a_page_only_looks_what_kind_a_picture_is(void **state)
{
    struct library_case *c = *state;
    struct exhibit exhibit;
    assert_int_equal(setenv("CHANCERY_READER", "/nowhere", 1), 0);
    must(c, library_check_exhibit(c->arena, STR("a.png"), STR("\x89PNG\r\n\x1A\n"), &exhibit,
                                  &c->err));
    assert_null(exhibit.how);
}

static void readings_go_with_their_exhibit_and_others_stay(void **state)
{
    struct library_case *c = *state;
    struct exhibit one;
    struct exhibit other;
    must(c, read_it(c, made_pdf(c->arena, "One."), &one));
    keep(c, &one);
    must(c, read_it(c, made_pdf(c->arena, "Other."), &other));
    keep(c, &other);
    must(c, library_forget_readings(c->store, &one.digest, &c->err));
    assert_false(has_blob(c, &one.reading));
    assert_true(has_blob(c, &other.reading));
    assert_int_equal(setenv("CHANCERY_READER", "/nowhere", 1), 0);
    assert_int_equal(read_it(c, one.bytes, &one), STATUS_IO);
    must(c, read_it(c, other.bytes, &other));
}

static void a_reading_in_use_is_not_swept(void **state)
{
    struct library_case *c = *state;
    struct exhibit exhibit;
    must(c, read_it(c, made_pdf(c->arena, "One."), &exhibit));
    keep(c, &exhibit);
    must(c, store_sweep_blobs(c->store, store_now_ms() + INT64_C(7200000), &c->err));
    assert_true(has_blob(c, &exhibit.reading));
    must(c, store_run(c->store, "DELETE FROM exhibit_reading", &c->err));
    must(c, store_sweep_blobs(c->store, store_now_ms() + INT64_C(7200000), &c->err));
    assert_false(has_blob(c, &exhibit.reading));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, begin, close_case)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(what_was_read_is_found_again_without_the_reader),
        CASE(a_reading_of_an_older_reader_is_made_anew),
        CASE(a_text_is_read_whenever_it_is_needed),
        CASE(a_page_only_looks_what_kind_a_picture_is),
        CASE(readings_go_with_their_exhibit_and_others_stay),
        CASE(a_reading_in_use_is_not_swept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
