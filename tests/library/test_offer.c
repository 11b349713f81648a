/* Offers: every paper has one, under a name that can't be guessed. */
#include "library_case.h"

#include <string.h>

#include "format/format.h"
#include "library/offer.h"

static const char note[] = "samples/zh-note.md";

static void every_published_paper_has_an_offer_to_all_members(void **state)
{
    struct library_case *c = *state;
    struct edition_text made = publish_text(c, project_file(c, note), 0);
    struct offer offer;
    struct offer found;
    must(c, library_offer_of(c->arena, c->store, made.edition.paper, &offer, &c->err));
    assert_false(offer.for_groups);
    assert_true(offer.free);
    assert_true(str_equal(offer.formats, STR(FORMAT_ALL_NAMES)));
    assert_int_equal(offer.published_ms, made.edition.published_ms);
    must(c, library_find_offer_by_key(c->arena, c->store, offer.key, &found, &c->err));
    assert_int_equal(found.paper, made.edition.paper);
}

static void a_new_edition_keeps_the_offer(void **state)
{
    struct library_case *c = *state;
    struct edition_text made = publish_text(c, project_file(c, note), 0);
    struct offer before;
    struct offer after;
    must(c, library_offer_of(c->arena, c->store, made.edition.paper, &before, &c->err));
    struct str longer =
        str_format(c->arena, "%.*s\n\n另附说明一段，供参阅。\n", STR_ARG(project_file(c, note)));
    (void)publish_text(c, longer, made.edition.paper);
    must(c, library_offer_of(c->arena, c->store, made.edition.paper, &after, &c->err));
    assert_true(str_equal(before.key, after.key));
    assert_int_equal(before.published_ms, after.published_ms);
    struct offered *list;
    size_t count;
    must(c, library_list_offers(c->arena, c->store, 0, 10, &list, &count, &c->err));
    assert_int_equal(count, 1);
    assert_int_equal(list[0].edition, 2);
}

static void keys_are_letters_and_digits_and_never_the_same(void **state)
{
    struct library_case *c = *state;
    struct str last = {0};
    for (int i = 0; i < 200; i++) {
        struct str key;
        must(c, digest_random_key(c->arena, &key, &c->err));
        assert_int_equal(key.len, DIGEST_KEY_LEN);
        for (size_t k = 0; k < key.len; k++)
            assert_non_null(strchr("abcdefghijklmnopqrstuvwxyz0123456789", key.at[k]));
        assert_false(str_equal(key, last));
        last = key;
    }
}

static void an_unknown_key_is_missing_and_says_no_more(void **state)
{
    struct library_case *c = *state;
    struct offer offer;
    assert_int_equal(
        library_find_offer_by_key(c->arena, c->store, STR("abcdefgh12345678"), &offer, &c->err),
        STATUS_MISSING);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, open_case, close_case)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(every_published_paper_has_an_offer_to_all_members),
        CASE(a_new_edition_keeps_the_offer),
        CASE(keys_are_letters_and_digits_and_never_the_same),
        CASE(an_unknown_key_is_missing_and_says_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
