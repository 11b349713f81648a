/* The gate before what takes much memory: few inside, few waiting, and strangers never in the way of who is
 * known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first */
#include <cmocka.h>
#include <pthread.h>
#include <stdatomic.h>

#include "server/gate.h"

#define THREADS 64
#define ROUNDS  500

static void fill(struct gate *gate, enum gate_lane lane, unsigned places)
{
    for (unsigned i = 0; i < places; i++)
        assert_true(gate_enter(gate, lane));
}

static void strangers_who_fill_their_lane_keep_nobody_out_who_is_known(void **state)
{
    (void)state;
    struct gate *gate = gate_make(0); /* nobody may wait: refused at once */
    fill(gate, GATE_STRANGERS, GATE_STRANGERS_AT_ONCE);
    assert_false(gate_enter(gate, GATE_STRANGERS));
    fill(gate, GATE_KNOWN, GATE_KNOWN_AT_ONCE);
    assert_false(gate_enter(gate, GATE_KNOWN));
    gate_leave(gate, GATE_KNOWN);
    assert_false(gate_enter(gate, GATE_STRANGERS)); /* nor do they take what is left there */
    assert_true(gate_enter(gate, GATE_KNOWN));
    gate_leave(gate, GATE_STRANGERS);
    assert_true(gate_enter(gate, GATE_STRANGERS));
    gate_free(gate);
}

struct crowd {
    struct gate *gate;
    atomic_uint inside, most, passed;
};

static void *pass_often(void *context)
{
    struct crowd *crowd = context;
    for (unsigned i = 0; i < ROUNDS; i++) {
        if (!gate_enter(crowd->gate, GATE_STRANGERS))
            continue;
        unsigned inside = atomic_fetch_add(&crowd->inside, 1) + 1;
        unsigned most = atomic_load(&crowd->most);
        while (inside > most && !atomic_compare_exchange_weak(&crowd->most, &most, inside))
            continue;
        atomic_fetch_add(&crowd->passed, 1);
        atomic_fetch_sub(&crowd->inside, 1);
        gate_leave(crowd->gate, GATE_STRANGERS);
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
        cmocka_unit_test(a_crowd_passes_few_at_once_and_whoever_may_wait_passes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
