/* The gate before what takes much memory: few inside, few waiting, and strangers never in the way of who is
 * known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first */
#include <cmocka.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include "server/gate.h"

#define THREADS 64
#define ROUNDS  500

static void fill(struct gate *gate, enum gate_lane lane, unsigned places)
{
    for (unsigned i = 0; i < places; i++)
        assert_true(gate_enter(gate, lane, 0));
}

static void strangers_who_fill_their_lane_keep_nobody_out_who_is_known(void **state)
{
    (void)state;
    struct gate *gate = gate_make(0); /* nobody may wait: refused at once */
    fill(gate, GATE_STRANGERS, GATE_STRANGERS_AT_ONCE);
    assert_false(gate_enter(gate, GATE_STRANGERS, 0));
    fill(gate, GATE_KNOWN, GATE_KNOWN_AT_ONCE);
    assert_false(gate_enter(gate, GATE_KNOWN, 0));
    gate_leave(gate, GATE_KNOWN, 0);
    assert_false(gate_enter(gate, GATE_STRANGERS, 0)); /* nor do they take what is left there */
    assert_true(gate_enter(gate, GATE_KNOWN, 0));
    gate_leave(gate, GATE_STRANGERS, 0);
    assert_true(gate_enter(gate, GATE_STRANGERS, 0));
    gate_free(gate);
}

static void nobody_has_more_than_one_place_among_the_known(void **state)
{
    (void)state;
    static const enum gate_lane LANES[] = {GATE_KNOWN, GATE_RECORD};
    for (size_t i = 0; i < sizeof LANES / sizeof *LANES; i++) {
        struct gate *gate = gate_make(0);
        assert_true(gate_enter(gate, LANES[i], 7));
        assert_false(gate_enter(gate, LANES[i], 7));
        assert_true(gate_enter(gate, LANES[i], 8));
        gate_leave(gate, LANES[i], 7);
        assert_false(gate_enter(gate, LANES[i], 8));
        assert_true(gate_enter(gate, LANES[i], 7));
        gate_free(gate);
    }
}

struct pushing {
    struct gate *gate;
    atomic_uint over; /* whose wait ended, one way or the other */
};

static void *push(void *context)
{
    struct pushing *p = context;
    bool passed = gate_enter(p->gate, GATE_RECORD, 7);
    atomic_fetch_add(&p->over, 1);
    if (passed)
        gate_leave(p->gate, GATE_RECORD, 7);
    return NULL;
}

static void nobody_waits_in_more_than_one_place(void **state)
{
    (void)state;
    enum { MANY = 20 };
    pthread_t all[MANY];
    struct pushing p = {.gate = gate_make(4 * MANY)};
    assert_true(gate_enter(p.gate, GATE_RECORD, 7));
    for (unsigned i = 0; i < MANY; i++)
        assert_int_equal(pthread_create(&all[i], NULL, push, &p), 0);
    while (atomic_load(&p.over) < MANY - 1)
        (void)sched_yield();
    assert_true(gate_enter(p.gate, GATE_RECORD, 8));
    gate_leave(p.gate, GATE_RECORD, 7); /* and the one who waits has it */
    for (unsigned i = 0; i < MANY; i++)
        (void)pthread_join(all[i], NULL);
    assert_int_equal(atomic_load(&p.over), MANY);
    gate_leave(p.gate, GATE_RECORD, 8);
    gate_free(p.gate);
}

struct crowd {
    struct gate *gate;
    atomic_uint inside, most, passed;
};

static void *pass_often(void *context)
{
    struct crowd *crowd = context;
    for (unsigned i = 0; i < ROUNDS; i++) {
        if (!gate_enter(crowd->gate, GATE_STRANGERS, 0))
            continue;
        unsigned inside = atomic_fetch_add(&crowd->inside, 1) + 1;
        unsigned most = atomic_load(&crowd->most);
        while (inside > most && !atomic_compare_exchange_weak(&crowd->most, &most, inside))
            continue;
        atomic_fetch_add(&crowd->passed, 1);
        atomic_fetch_sub(&crowd->inside, 1);
        gate_leave(crowd->gate, GATE_STRANGERS, 0);
    }
    return NULL;
}

static unsigned passed_of(unsigned may_wait, unsigned threads, unsigned *most)
{
    pthread_t all[THREADS];
    struct crowd crowd = {.gate = gate_make(4 * may_wait)};
    for (unsigned i = 0; i < threads; i++)
        assert_int_equal(pthread_create(&all[i], NULL, pass_often, &crowd), 0);
    for (unsigned i = 0; i < threads; i++)
        (void)pthread_join(all[i], NULL);
    gate_free(crowd.gate);
    *most = atomic_load(&crowd.most);
    return atomic_load(&crowd.passed);
}

static void a_crowd_passes_few_at_once_and_whoever_may_wait_passes(void **state)
{
    (void)state;
    unsigned most;
    assert_int_equal(passed_of(THREADS, THREADS, &most), THREADS * ROUNDS);
    assert_in_range(most, 1, GATE_STRANGERS_AT_ONCE);
    (void)passed_of(1, THREADS, &most);
    assert_in_range(most, 1, GATE_STRANGERS_AT_ONCE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strangers_who_fill_their_lane_keep_nobody_out_who_is_known),
        cmocka_unit_test(nobody_has_more_than_one_place_among_the_known),
        cmocka_unit_test(nobody_waits_in_more_than_one_place),
        cmocka_unit_test(a_crowd_passes_few_at_once_and_whoever_may_wait_passes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
