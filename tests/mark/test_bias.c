/* The bias distributions against the polynomials they come from. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "mark/mark.h"

/* Legendre polynomial by its recurrence, and its derivative. */
static double legendre(unsigned n, double x, double *derivative)
{
    double before = 1;
    double at = x;
    for (unsigned k = 2; k <= n; k++) {
        const double next = ((2 * k - 1) * x * at - (k - 1) * before) / k;
        before = at;
        at = next;
    }
    *derivative = n * (x * at - before) / (x * x - 1);
    return at;
}

/* The k-th zero from below, by Newton's method from the usual cosine guess. */
static double zero_of(unsigned n, unsigned k, double *derivative)
{
    double x = -cos(3.14159265358979324 * (k + 0.75) / (n + 0.5));
    for (int i = 0; i < 100; i++)
        x -= legendre(n, x, derivative) / *derivative;
    (void)legendre(n, x, derivative);
    return x;
}

static void biases_are_the_rounded_zeros_and_weights(void **state)
{
    (void)state;
    for (unsigned c = MARK_COLLUDERS_MIN; c <= MARK_COLLUDERS_MAX; c++) {
        const struct mark_distribution *d = mark_distribution_for(c);
        const unsigned degree = (c + 1) / 2;
        double weight[MARK_CLASSES_MAX];
        double sum = 0;
        assert_int_equal(d->nclasses, degree);
        for (unsigned k = 0; k < degree; k++) {
            double slope;
            const double x = zero_of(degree, k, &slope);
            assert_int_equal(d->numerator[k], lround((1 + x) / 2 * MARK_BIAS_UNIT));
            weight[k] = 2 / ((1 - x * x) * slope * slope) / sqrt(1 - x * x);
            sum += weight[k];
        }
        for (unsigned k = 0; k < degree; k++)
            assert_int_equal(d->weight[k], lround(weight[k] / sum * 65536));
    }
}

static void biases_are_symmetric_and_weights_sum_to_one(void **state)
{
    (void)state;
    for (unsigned c = 0; c <= 12; c++) {
        const struct mark_distribution *d = mark_distribution_for(c);
        unsigned sum = 0;
        for (unsigned k = 0; k < d->nclasses; k++) {
            assert_int_equal(d->numerator[k] + d->numerator[d->nclasses - 1 - k], MARK_BIAS_UNIT);
            assert_int_equal(d->weight[k], d->weight[d->nclasses - 1 - k]);
            sum += d->weight[k];
        }
        assert_int_equal(sum, 65536);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(biases_are_the_rounded_zeros_and_weights),
        cmocka_unit_test(biases_are_symmetric_and_weights_sum_to_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
