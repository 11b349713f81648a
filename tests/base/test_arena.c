/* The arena: pieces are zeroed, aligned, apart from each other, and grow without loss. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdalign.h>
#include <string.h>

#include "base/arena.h"

static void pieces_are_zeroed_aligned_and_apart(void **state)
{
    (void)state;
    struct arena *arena = arena_make();
    unsigned char *before = NULL;
    size_t before_size = 0;
    for (size_t size = 0; size < 5000; size += 37) {
        unsigned char *at = arena_take(arena, size);
        assert_int_equal((uintptr_t)at % alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(at[i], 0);
        memset(at, 0xAB, size);
        for (size_t i = 0; i < before_size; i++)
            assert_int_equal(before[i], 0xAB);
        before = at;
        before_size = size;
    }
    arena_free(arena);
}

static void growing_keeps_what_was_there_and_zeroes_the_rest(void **state)
{
    (void)state;
    struct arena *arena = arena_make();
    size_t size = 3;
    char *at = arena_take(arena, size);
    memcpy(at, "abc", 3);
    for (size_t round = 0; round < 16; round++) {
        if (round % 3 == 0)
            (void)arena_take(arena, 5); /* so that it has to move now and then */
        at = arena_grow(arena, at, size, size * 2);
        assert_memory_equal(at, "abc", 3);
        for (size_t i = size; i < 2 * size; i++)
            assert_int_equal(at[i], 0);
        size *= 2;
    }
    arena_free(arena);
}

static void a_list_that_grows_by_one_keeps_what_it_has_and_moves_seldom(void **state)
{
    (void)state;
    struct arena *arena = arena_make();
    const size_t most = 100000;
    size_t *list = NULL;
    size_t moves = 0;
    for (size_t i = 0; i < most; i++) {
        size_t *before = list;
        list = arena_one_more(arena, list, i, sizeof *list);
        moves += list != before;
        assert_int_equal(list[i], 0);
        list[i] = i + 1;
        memset(arena_take(arena, 1), 1, 1); /* stands in the way of a piece that only grows */
    }
    for (size_t i = 0; i < most; i++)
        assert_int_equal(list[i], i + 1);
    assert_true(moves <= 16);
    arena_free(arena);
}

static void a_smaller_piece_is_cut(void **state)
{
    (void)state;
    struct arena *arena = arena_make();
    char *at = arena_take(arena, 8);
    memcpy(at, "abcdefgh", 8);
    at = arena_grow(arena, at, 8, 3);
    assert_memory_equal(at, "abc", 3);
    assert_non_null(arena_grow(arena, NULL, 0, 10));
    arena_free(arena);
}

static void a_reset_arena_is_used_again_without_asking_for_more(void **state)
{
    (void)state;
    struct arena *arena = arena_make();
    (void)arena_take(arena, 1000000);
    arena_reset(arena);
    size_t held = arena_held(arena);
    for (int round = 0; round < 10; round++) {
        unsigned char *at = arena_take(arena, 900000);
        assert_int_equal(at[899999], 0);
        memset(at, 1, 900000);
        arena_reset(arena);
    }
    assert_int_equal(arena_held(arena), held);
    arena_free(arena);
    arena_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_are_zeroed_aligned_and_apart),
        cmocka_unit_test(growing_keeps_what_was_there_and_zeroes_the_rest),
        cmocka_unit_test(a_list_that_grows_by_one_keeps_what_it_has_and_moves_seldom),
        cmocka_unit_test(a_smaller_piece_is_cut),
        cmocka_unit_test(a_reset_arena_is_used_again_without_asking_for_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
