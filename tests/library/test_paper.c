/* Publishing, editions and changes of sites. */
#include "library_case.h"

#include <string.h>

#include "library/source.h"
#include "library/strength.h"

static const char speech[] = "samples/zh-speech.txt";

static void a_published_paper_is_found_again_whole(void **state)
{
    struct library_case *c = *state;
    struct edition_text made = publish_text(c, project_file(c, speech), 0);
    struct edition found;
    struct edition_text loaded;
    must(c, library_find_edition(c->arena, c->store, made.edition.paper, 0, &found, &c->err));
    must(c, library_load_edition(c->arena, c->store, &found, &loaded, &c->err));
    assert_int_equal(found.number, 1);
    assert_true(str_equal(loaded.doc.text, made.doc.text));
    assert_int_equal(loaded.sites.nsites, made.sites.nsites);
    assert_true(loaded.sites.nplaces > 100);
}

static void publishing_the_same_text_again_is_refused(void **state)
{
    struct library_case *c = *state;
    struct edition_text made = publish_text(c, project_file(c, speech), 0);
    struct edition_text again;
    struct publication p = {.paper = made.edition.paper, .actor = "test"};
    assert_int_equal(library_publish(c->arena, c->store, &made.doc, &p, &again, &c->err),
                     STATUS_CONFLICT);
}

static void a_new_edition_keeps_the_bits_of_unchanged_passages(void **state)
{
    struct library_case *c = *state;
    struct str text = project_file(c, speech);
    struct edition_text first = publish_text(c, text, 0);
    struct str tail = STR("\n\n本段为新版本增补的内容，说明有关安排自下月起施行。\n");
    struct buf longer = {.arena = c->arena};
    buf_add(&longer, text);
    buf_add(&longer, tail);
    struct edition_text second = publish_text(c, buf_str(&longer), first.edition.paper);
    assert_int_equal(second.edition.number, 2);
    assert_true(second.sites.nsites >= first.sites.nsites);
    for (size_t i = 0; i < first.sites.nplaces; i++) {
        assert_int_equal(first.sites.places[i].at, second.sites.places[i].at);
        assert_int_equal(first.sites.places[i].site, second.sites.places[i].site);
    }
}

static void sites_change_in_place_until_a_copy_was_given(void **state)
{
    struct library_case *c = *state;
    add_members(c, 1);
    struct edition_text text = publish_text(c, project_file(c, speech), 0);
    text.sites.sites[0].locked = true;
    must(c, library_change_sites(c->arena, c->store, &text, STR("{\"locked\":[1]}"), &c->err));
    assert_int_equal(text.edition.number, 1);
    (void)give_copy(c, &text, 1);
    text.sites.sites[1].locked = true;
    must(c, library_change_sites(c->arena, c->store, &text, STR("{\"locked\":[2]}"), &c->err));
    assert_int_equal(text.edition.number, 2);
    struct edition_text kept;
    struct edition first;
    must(c, library_find_edition(c->arena, c->store, text.edition.paper, 1, &first, &c->err));
    must(c, library_load_edition(c->arena, c->store, &first, &kept, &c->err));
    assert_true(kept.sites.sites[0].locked);
    assert_false(kept.sites.sites[1].locked);
}

static void every_copy_is_an_event_and_the_chain_holds(void **state)
{
    struct library_case *c = *state;
    int64_t count = 0;
    int64_t bad = 0;
    int64_t before = 0;
    add_members(c, 2);
    struct edition_text text = publish_text(c, project_file(c, speech), 0);
    must(c, store_verify_events(c->store, &before, &bad, &c->err));
    (void)give_copy(c, &text, 1);
    (void)give_copy(c, &text, 2);
    (void)give_copy(c, &text, 2);
    must(c, store_verify_events(c->store, &count, &bad, &c->err));
    assert_int_equal(count, before + 3);
    int64_t copies = 0;
    must(c, library_count_copies(c->store, &text.edition, &copies, &c->err));
    assert_int_equal(copies, 2);
}

static void copies_differ_between_members_and_repeat_for_one(void **state)
{
    struct library_case *c = *state;
    add_members(c, 2);
    struct edition_text text = publish_text(c, project_file(c, speech), 0);
    struct str one = give_copy(c, &text, 1);
    struct str other = give_copy(c, &text, 2);
    assert_false(str_equal(one, other));
    assert_true(str_equal(one, give_copy(c, &text, 1)));
}

static void a_locked_site_reads_as_the_master_in_every_copy(void **state)
{
    struct library_case *c = *state;
    add_members(c, 4);
    struct edition_text text = publish_text(c, project_file(c, speech), 0);
    for (uint32_t i = 0; i < text.sites.nsites; i++)
        text.sites.sites[i].locked = true;
    must(c, library_change_sites(c->arena, c->store, &text, STR("{}"), &c->err));
    struct str first = give_copy(c, &text, 1);
    for (int64_t m = 2; m <= 4; m++)
        assert_true(str_equal(first, give_copy(c, &text, m)));
}

static void an_excerpt_finds_its_paper_among_others(void **state)
{
    struct library_case *c = *state;
    struct edition_text a = publish_text(c, project_file(c, speech), 0);
    struct edition_text b = publish_text(c, project_file(c, "samples/zh-note.md"), 0);
    const struct edition_text *papers[] = {&a, &b};
    for (size_t i = 0; i < 2; i++) {
        struct source_candidate *found;
        size_t count;
        struct str text = papers[i]->doc.text;
        size_t from = text.len / 2;
        while (((unsigned char)text.at[from] & 0xC0) == 0x80)
            from++;
        must(c, source_index_search(c->arena, c->store, str_slice(text, from, 600), 5, &found,
                                    &count, &c->err));
        assert_true(count > 0);
        assert_int_equal(found[0].paper, papers[i]->edition.paper);
    }
}

static void a_planned_coalition_differs_only_with_enough_sites(void **state)
{
    (void)state;
    assert_int_equal(library_plan_colluders(0, 10), 2);
    assert_int_equal(library_plan_colluders(300, 10000), 2);
    assert_true(library_plan_colluders(20000, 10000) > 4);
}

static void strength_names_a_shorter_excerpt_for_fewer_members(void **state)
{
    struct library_case *c = *state;
    struct edition_text text = publish_text(c, project_file(c, speech), 0);
    struct strength few =
        library_measure_strength(c->arena, &text.doc, &text.sites, text.edition.colluders, 100);
    assert_true(few.excerpt_present > 0);
    assert_true(few.excerpt_present <= few.excerpt_million);
    assert_true(few.excerpt_million < few.characters);
    assert_true(few.coalition >= 1);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, open_case, close_case)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_published_paper_is_found_again_whole),
        CASE(publishing_the_same_text_again_is_refused),
        CASE(a_new_edition_keeps_the_bits_of_unchanged_passages),
        CASE(sites_change_in_place_until_a_copy_was_given),
        CASE(every_copy_is_an_event_and_the_chain_holds),
        CASE(copies_differ_between_members_and_repeat_for_one),
        CASE(a_locked_site_reads_as_the_master_in_every_copy),
        CASE(an_excerpt_finds_its_paper_among_others),
        CASE(a_planned_coalition_differs_only_with_enough_sites),
        CASE(strength_names_a_shorter_excerpt_for_fewer_members),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
