/* Which biases: the discrete distributions of Nuida et al.
 *
 * Tardos draws a site's bias from a continuous arcsine law. Nuida, Fujitsu, Hagiwara, Kitagawa,
 * Watanabe, Ogawa and Imai ("An improvement of discrete Tardos fingerprinting codes", Designs,
 * Codes and Cryptography 52, 2009) show that against at most c colluders a few values do better:
 * with L the Legendre polynomial of degree ⌈c/2⌉, the biases are p = (1 + x) / 2 at the zeros x of
 * L, each drawn with probability proportional to its Gauss-Legendre weight 2 / ((1-x²) L'(x)²)
 * divided by √(1-x²).
 *
 * Differences here: biases are rounded to 64ths, so that a bit costs six key-stream bits at most,
 * and probabilities to 65536ths. The rounding moves a bias
 * by less than 1/128; the false-alarm bound uses the rounded values, so it does not suffer. The
 * table is recomputed from the polynomial in tests/mark/test_bias.c. */
#include "internal.h"

static const struct mark_distribution distributions[] = {
    {2, 1, {32}, {65536}},
    {4, 2, {14, 50}, {32768, 32768}},
    {6, 3, {7, 32, 57}, {21759, 22018, 21759}},
    {8, 4, {4, 21, 43, 60}, {16275, 16493, 16493, 16275}},
};

const struct mark_distribution *mark_distribution_for(unsigned colluders)
{
    if (colluders > MARK_COLLUDERS_MAX)
        colluders = MARK_COLLUDERS_MAX;
    if (colluders < MARK_COLLUDERS_MIN)
        colluders = MARK_COLLUDERS_MIN;
    return &distributions[(colluders - 1) / 2];
}
