/* Presses kept ready: found again, out of date, too many, shared by threads. */
#include "../library/library_case.h"

#include <pthread.h>

#include "library/setting.h"
#include "server/press.h"

static const char speech[] = "samples/zh-speech.txt";

static const struct copy_press *take(struct library_case *c, struct presses *p,
                                     const struct edition *edition, unsigned kind)
{
    const struct copy_press *press;
    must(c, press_take(p, c->store, edition, kind, &press, &c->err));
    return press;
}

static void a_press_is_made_once_for_each_edition_and_format(void **state)
{
    struct library_case *c = *state;
    struct presses *p = presses_make(PRESS_BYTES_MAX);
    size_t bytes;
    struct edition e = publish_text(c, project_file(c, speech), 0).edition;
    const struct copy_press *text = take(c, p, &e, FORMAT_TEXT);
    const struct copy_press *page = take(c, p, &e, PRESS_PAGE);
    assert_ptr_not_equal(text, page);
    assert_ptr_equal(take(c, p, &e, FORMAT_TEXT), text);
    assert_ptr_equal(take(c, p, &e, PRESS_PAGE), page);
    assert_int_equal(presses_count(p, &bytes), 2);
    presses_free(p);
}

static void a_changed_notice_makes_another_press(void **state)
{
    struct library_case *c = *state;
    struct presses *p = presses_make(PRESS_BYTES_MAX);
    struct edition e = publish_text(c, project_file(c, speech), 0).edition;
    const struct copy_press *before = take(c, p, &e, FORMAT_TEXT);
    must(c, library_set_setting(c->store, STR("notice"), STR("请勿外传。"), &c->err));
    const struct copy_press *after = take(c, p, &e, FORMAT_TEXT);
    assert_true(str_find(copy_bytes(after, c->arena, 1, NULL), STR("请勿外传。"), 0) != SIZE_MAX);
    assert_true(str_find(copy_bytes(before, c->arena, 1, NULL), STR("请勿外传。"), 0) == SIZE_MAX);
    presses_free(p);
}

static void the_longest_unused_goes_first_and_one_in_use_stays_whole(void **state)
{
    struct library_case *c = *state;
    struct presses *p = presses_make(1);
    size_t bytes;
    struct edition e = publish_text(c, project_file(c, speech), 0).edition;
    const struct copy_press *used = take(c, p, &e, FORMAT_TEXT);
    struct str before = copy_bytes(used, c->arena, 1, NULL);
    press_release(p, take(c, p, &e, FORMAT_HTML));
    assert_int_equal(presses_count(p, &bytes), 1);
    assert_true(str_equal(copy_bytes(used, c->arena, 1, NULL), before));
    press_release(p, used);
    press_release(p, take(c, p, &e, FORMAT_TEXT));
    assert_int_equal(presses_count(p, &bytes), 1);
    presses_free(p);
}

struct reader {
    const struct library_case *c;
    struct presses *presses;
    const struct edition *edition;
    const struct str *copies; /* what each member is to get */
    unsigned wrong;
};

#define READERS 4
#define MEMBERS 16

static void *read_copies(void *context)
{
    struct reader *r = context;
    struct arena *arena = arena_make();
    struct store *store;
    if (store_open(r->c->dir, &store, NULL))
        return r;
    for (int64_t m = 1; m <= MEMBERS; m++) {
        const struct copy_press *press;
        if (press_take(r->presses, store, r->edition, FORMAT_TEXT, &press, NULL))
            break;
        r->wrong += !str_equal(copy_bytes(press, arena, m, NULL), r->copies[m]);
        press_release(r->presses, press);
        if (m == MEMBERS)
            r->wrong += 1000; /* came to the end */
    }
    store_close(store);
    arena_free(arena);
    return r;
}

static void many_threads_get_each_member_their_own_words(void **state)
{
    struct library_case *c = *state;
    struct presses *p = presses_make(1);
    struct edition_text text = publish_text(c, project_file(c, speech), 0);
    struct str copies[MEMBERS + 1];
    pthread_t threads[READERS];
    struct reader readers[READERS];
    add_members(c, MEMBERS);
    for (int64_t m = 1; m <= MEMBERS; m++)
        copies[m] = give_copy(c, &text, m);
    for (size_t i = 0; i < READERS; i++) {
        readers[i] = (struct reader){c, p, &text.edition, copies, 0};
        assert_int_equal(pthread_create(&threads[i], NULL, read_copies, &readers[i]), 0);
    }
    for (size_t i = 0; i < READERS; i++) {
        (void)pthread_join(threads[i], NULL);
        assert_int_equal(readers[i].wrong, 1000);
    }
    presses_free(p);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, open_case, close_case)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_press_is_made_once_for_each_edition_and_format),
        CASE(a_changed_notice_makes_another_press),
        CASE(the_longest_unused_goes_first_and_one_in_use_stays_whole),
        CASE(many_threads_get_each_member_their_own_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
