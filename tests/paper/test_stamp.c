/* Stamping must give what naive assembly gives, for any plan and any bits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "paper/stamp.h"

#define STEPS_MAX 40

static uint64_t dice_state = 88172645463325252ULL;

static uint64_t dice(uint64_t below)
{
    dice_state ^= dice_state << 13;
    dice_state ^= dice_state >> 7;
    dice_state ^= dice_state << 17;
    return dice_state % below;
}

static struct str random_str(struct arena *arena)
{
    static const size_t lengths[] = {0, 0, 1, 3, 6, 31, 32, 33, 63, 64, 65, 200, 1000};
    size_t len = lengths[dice(sizeof lengths / sizeof *lengths)];
    char *at = arena_take(arena, len + 1);
    for (size_t i = 0; i < len; i++)
        at[i] = (char)('a' + dice(26));
    return (struct str){at, len};
}

struct part {
    bool choice;
    uint32_t site;
    struct str side[2];
};

static void check_copy(struct arena *arena, const struct stamp_plan *plan, const struct part *parts,
                       size_t count, const uint8_t *bits)
{
    struct buf naive = {.arena = arena};
    for (size_t i = 0; i < count; i++)
        buf_add(&naive, parts[i].side[parts[i].choice ? bits[parts[i].site] : 0]);
    size_t (*const ways[])(const struct stamp_plan *, const uint8_t *,
                           char *) = {stamp_plan_write, stamp_plan_write_in_runs};
    size_t room = stamp_plan_room(plan);
    for (size_t way = 0; way < 2; way++) {
        char *out = arena_take(arena, room + 8);
        memset(out + room, '#', 8);
        size_t len = ways[way](plan, bits, out);
        assert_int_equal(len, naive.len);
        assert_true(len <= room);
        if (len)
            assert_memory_equal(out, naive.at, len);
        assert_memory_equal(out + room, "########", 8);
    }
}

static void stamping_any_bits_equals_naive_assembly(void **state)
{
    (void)state;
    for (int round = 0; round < 400; round++) {
        struct arena *arena = arena_make();
        struct stamp_plan *plan = stamp_plan_make(arena);
        struct part parts[STEPS_MAX] = {0};
        size_t count = dice(STEPS_MAX);
        uint32_t greatest = 0;
        for (size_t i = 0; i < count; i++) {
            struct part *part = &parts[i];
            part->choice = dice(2);
            part->site = (uint32_t)dice(50);
            part->side[0] = random_str(arena);
            part->side[1] = random_str(arena);
            if (part->choice)
                stamp_plan_choice(plan, part->site, part->side[0], part->side[1]);
            else
                stamp_plan_literal(plan, part->side[0]);
            if (part->choice && part->site + 1 > greatest)
                greatest = part->site + 1;
        }
        stamp_plan_end(plan);
        assert_int_equal(stamp_plan_sites(plan), greatest);
        for (int copy = 0; copy < 8; copy++) {
            uint8_t bits[50];
            for (size_t i = 0; i < sizeof bits; i++)
                bits[i] = copy == 0 ? 0 : copy == 1 ? 1 : (uint8_t)dice(2);
            check_copy(arena, plan, parts, count, bits);
        }
        arena_free(arena);
    }
}

static void an_empty_plan_gives_an_empty_copy(void **state)
{
    (void)state;
    struct arena *arena = arena_make();
    struct stamp_plan *plan = stamp_plan_make(arena);
    stamp_plan_end(plan);
    char *out = arena_take(arena, stamp_plan_room(plan));
    uint8_t bits[1] = {1};
    assert_int_equal(stamp_plan_write(plan, bits, out), 0);
    assert_int_equal(stamp_plan_sites(plan), 0);
    arena_free(arena);
}

static void locked_and_absent_sites_carry_no_mark(void **state)
{
    (void)state;
    struct paper_site list[3] = {{.locked = true}, {.absent = true}, {.number = 2}};
    struct paper_sites sites = {.sites = list, .nsites = 3};
    uint8_t bits[3] = {1, 1, 1};
    stamp_apply_locks(&sites, bits);
    assert_int_equal(bits[0], 0);
    assert_int_equal(bits[1], 0);
    assert_int_equal(bits[2], 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stamping_any_bits_equals_naive_assembly),
        cmocka_unit_test(an_empty_plan_gives_an_empty_copy),
        cmocka_unit_test(locked_and_absent_sites_carry_no_mark),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
