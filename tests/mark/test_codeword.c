/* Codewords: stable, keyed, with the right frequencies, and the same whichever way they are read. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "leak.h"
#include "mark/internal.h"

static int start(void **state)
{
    *state = arena_make();
    return 0;
}

static int end(void **state)
{
    arena_free(*state);
    return 0;
}

static void a_paper_may_gain_sites_and_keeps_its_bits(void **state)
{
    const struct digest key = leak_key(1);
    for (unsigned c = 2; c <= 8; c += 2) {
        struct mark_code *small = mark_code_make(*state, &key, c, 300);
        struct mark_code *large = mark_code_make(*state, &key, c, 5000);
        uint8_t *a = arena_take(*state, 300);
        uint8_t *b = arena_take(*state, 5000);
        for (uint32_t member = 0; member < 2000; member += 97) {
            mark_codeword(small, member, a);
            mark_codeword(large, member, b);
            assert_memory_equal(a, b, 300);
        }
        for (uint32_t site = 0; site < 300; site++)
            assert_true(mark_code_bias(small, site) == mark_code_bias(large, site));
    }
}

static void bits_have_the_frequency_of_their_bias(void **state)
{
    const struct digest key = leak_key(2);
    for (unsigned c = 2; c <= 8; c += 2) {
        struct mark_code *code = mark_code_make(*state, &key, c, 1024);
        uint8_t *bits = arena_take(*state, 1024);
        double ones[MARK_BIAS_UNIT] = {0};
        double all[MARK_BIAS_UNIT] = {0};
        for (uint32_t member = 0; member < 1000; member++) {
            mark_codeword(code, member, bits);
            for (uint32_t site = 0; site < 1024; site++) {
                const unsigned n = (unsigned)(mark_code_bias(code, site) * MARK_BIAS_UNIT);
                ones[n] += bits[site];
                all[n] += 1;
            }
        }
        for (unsigned n = 0; n < MARK_BIAS_UNIT; n++) {
            const double p = (double)n / MARK_BIAS_UNIT;
            if (all[n] > 0)
                assert_true(fabs(ones[n] - all[n] * p) < 5 * sqrt(all[n] * p * (1 - p)));
        }
    }
}

/* Sites of two codewords that differ, of `nsites` with bias 1/2. */
static uint32_t differing(const uint8_t *a, const uint8_t *b, uint32_t nsites)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < nsites; i++)
        count += a[i] != b[i];
    return count;
}

static void other_keys_members_and_plans_give_unrelated_bits(void **state)
{
    enum { SITES = 10000 };
    const struct digest keys[] = {leak_key(3), leak_key(4)};
    uint8_t *bits[3];
    for (int i = 0; i < 3; i++) {
        bits[i] = arena_take(*state, SITES);
        mark_codeword(mark_code_make(*state, &keys[i == 1], 2, SITES), i == 2 ? 8 : 7, bits[i]);
    }
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < i; j++)
            assert_true(fabs(differing(bits[i], bits[j], SITES) - SITES / 2.0) < 5 * 50);
    /* The same key with another plan is another code, also where biases agree (here 1/2). */
    struct mark_code *six = mark_code_make(*state, &keys[0], 6, SITES);
    mark_codeword(six, 7, bits[1]);
    double differ = 0, half = 0;
    for (uint32_t i = 0; i < SITES; i++) {
        if (mark_code_bias(six, i) != 0.5)
            continue;
        half += 1;
        differ += bits[0][i] != bits[1][i];
    }
    assert_true(fabs(differ - half / 2) < 5 * sqrt(half) / 2);
}

/* A segment of the class's slots below 128, all read as in `read`, in one probe a bit. */
static struct mark_segment segment_of(struct arena *arena, const struct mark_code *code,
                                      unsigned class, const int8_t *read)
{
    struct mark_segment segment = {.cipher = mark_stream_open(code, class, 0),
                                   .numerator = code->distribution->numerator[class],
                                   .probes = arena_array(arena, 2, struct mark_probe),
                                   .nprobes = 2};
    for (uint32_t site = 0; site < code->nsites; site++) {
        const uint32_t slot = code->slot[site];
        if (code->class[site] != class || slot >= MARK_SEGMENT_SLOTS || read[site] < 0)
            continue;
        segment.probes[read[site]].mask[slot / 64] |= 1ULL << slot % 64;
        segment.read[slot / 64] |= (uint64_t)(read[site] == 1) << slot % 64;
    }
    segment.probes[1].group = 1;
    return segment;
}

static void bulk_counts_agree_with_codewords_and_rough_ones_are_never_less(void **state)
{
    const struct digest key = leak_key(5);
    uint64_t seed = 5;
    for (unsigned c = 2; c <= 8; c += 2) {
        struct mark_code *code = mark_code_make(*state, &key, c, 400);
        uint32_t members[MARK_CHUNK];
        int8_t read[400];
        uint8_t bits[400];
        for (uint32_t i = 0; i < MARK_CHUNK; i++)
            members[i] = (uint32_t)leak_random(&seed);
        for (uint32_t i = 0; i < 400; i++)
            read[i] = (int8_t)((int)(leak_random(&seed) % 3) - 1);
        for (unsigned class = 0; class < code->distribution->nclasses; class ++) {
            struct mark_segment segment = segment_of(*state, code, class, read);
            struct mark_counter exact = mark_counter_make(*state, &segment, 1, 2);
            struct mark_counter rough = mark_counter_make(*state, &segment, 1, 2);
            mark_count_exact(&exact, members, MARK_CHUNK - 3);
            mark_count_rough(&rough, members, MARK_CHUNK - 3);
            for (uint32_t i = 0; i < MARK_CHUNK - 3; i++) {
                uint32_t agree[2] = {0, 0};
                mark_codeword(code, members[i], bits);
                for (uint32_t site = 0; site < 400; site++)
                    if (code->class[site] == class && code->slot[site] < MARK_SEGMENT_SLOTS &&
                        read[site] == bits[site])
                        agree[bits[site]]++;
                for (uint32_t g = 0; g < 2; g++) {
                    assert_int_equal(exact.totals[g * MARK_CHUNK + i], agree[g]);
                    assert_true(rough.totals[g * MARK_CHUNK + i] >= agree[g]);
                }
            }
            EVP_CIPHER_CTX_free(segment.cipher);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_paper_may_gain_sites_and_keeps_its_bits, start, end),
        cmocka_unit_test_setup_teardown(bits_have_the_frequency_of_their_bias, start, end),
        cmocka_unit_test_setup_teardown(other_keys_members_and_plans_give_unrelated_bits, start,
                                        end),
        cmocka_unit_test_setup_teardown(
            bulk_counts_agree_with_codewords_and_rough_ones_are_never_less, start, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
