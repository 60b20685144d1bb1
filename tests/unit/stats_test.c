/* Expected values: R 4.2, checked with scipy 1.10 (tests/oracle/). */
#include "funnel/stats.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>

#define TOLERANCE     1e-9
#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

struct wilson_row {
    uint64_t successes, n;
    double low, high;
};

struct two_row {
    uint64_t x1, n1, x2, n2;
    double z, fisher;
    bool is_exact; /* an expected count is under 5 */
};

struct quantile_row {
    size_t count;
    double at, value;
};

struct prior_row {
    size_t count;
    uint64_t successes[8], n[8];
    double mean, alpha, beta;
};

#include "tests/oracle/stats_expected.inc"

/* Absolute below 1, relative above: what is expected may be a p-value or a count of seconds. */
static bool near(double got, double expected)
{
    return fabs(got - expected) <= TOLERANCE * fmax(1, fabs(expected));
}

START_TEST(wilson_agrees_with_r)
{
    const struct wilson_row *row = &wilson_rows[_i];
    struct interval ci = stats_wilson(row->successes, row->n);
    ck_assert_msg(near(ci.low, row->low) && near(ci.high, row->high), "%lu of %lu: %.12f %.12f",
                  (unsigned long)row->successes, (unsigned long)row->n, ci.low, ci.high);
}
END_TEST

START_TEST(wilson_of_nobody_is_everything)
{
    struct interval ci = stats_wilson(0, 0);
    ck_assert(ci.low == 0 && ci.high == 1);
}
END_TEST

START_TEST(wilson_holds_the_rate)
{
    static const uint64_t sizes[] = {1, 2, 3, 7, 30, 1000, 10000000, UINT64_C(1) << 53};
    for (size_t i = 0; i < LENGTH(sizes); i++) {
        uint64_t n = sizes[i], step = n / 50 + 1;
        for (uint64_t x = 0; x <= n; x += step) {
            struct interval ci = stats_wilson(x, n);
            double rate = (double)x / (double)n;
            ck_assert_msg(0 <= ci.low && ci.low <= rate && rate <= ci.high && ci.high <= 1,
                          "%lu of %lu", (unsigned long)x, (unsigned long)n);
            ck_assert_msg(ci.low < ci.high, "%lu of %lu: no width", (unsigned long)x,
                          (unsigned long)n);
            struct interval mirror = stats_wilson(n - x, n);
            ck_assert_double_eq_tol(ci.low, 1 - mirror.high, 1e-12);
        }
    }
}
END_TEST

START_TEST(two_proportions_agree_with_r)
{
    const struct two_row *row = &two_rows[_i];
    double z = stats_two_proportions_z(row->x1, row->n1, row->x2, row->n2);
    double fisher = stats_fisher_exact(row->x1, row->n1, row->x2, row->n2);
    ck_assert_msg(near(z, row->z), "row %d: z %.15g, expected %.15g", _i, z, row->z);
    ck_assert_msg(near(fisher, row->fisher), "row %d: Fisher %.15g, expected %.15g", _i, fisher,
                  row->fisher);
    double chosen = stats_two_proportions(row->x1, row->n1, row->x2, row->n2);
    ck_assert_msg(chosen == (row->is_exact ? fisher : z), "row %d: chose %.15g", _i, chosen);
}
END_TEST

/* Small p-values must be right in their digits too: they are what is ranked. Relative to R's. */
START_TEST(small_p_values_keep_their_digits)
{
    const struct two_row *row = &two_rows[_i];
    double fisher = stats_fisher_exact(row->x1, row->n1, row->x2, row->n2);
    double z = stats_two_proportions_z(row->x1, row->n1, row->x2, row->n2);
    ck_assert_msg(fabs(fisher / row->fisher - 1) < 1e-8, "row %d: Fisher %.15g", _i, fisher);
    ck_assert_msg(fabs(z / row->z - 1) < 1e-8, "row %d: z %.15g", _i, z);
}
END_TEST

START_TEST(nothing_to_compare_is_1)
{
    static const uint64_t rows[][4] = {
        {0, 0, 3, 9}, {3, 9, 0, 0}, {0, 0, 0, 0}, {0, 5, 0, 9}, {5, 5, 9, 9},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        const uint64_t *r = rows[i];
        ck_assert_msg(stats_two_proportions(r[0], r[1], r[2], r[3]) == 1, "row %zu", i);
        ck_assert_msg(stats_two_proportions_z(r[0], r[1], r[2], r[3]) == 1, "row %zu, z", i);
        ck_assert_msg(stats_fisher_exact(r[0], r[1], r[2], r[3]) == 1, "row %zu, Fisher", i);
    }
}
END_TEST

typedef double two_sided_test(uint64_t x1, uint64_t n1, uint64_t x2, uint64_t n2);

static void check_symmetry(two_sided_test *test, const uint64_t r[4])
{
    double p = test(r[0], r[1], r[2], r[3]);
    ck_assert_msg(p >= 0 && p <= 1, "%lu/%lu %lu/%lu: p %g", (unsigned long)r[0],
                  (unsigned long)r[1], (unsigned long)r[2], (unsigned long)r[3], p);
    ck_assert_double_eq_tol(p, test(r[2], r[3], r[0], r[1]), 1e-11);
    ck_assert_double_eq_tol(p, test(r[1] - r[0], r[1], r[3] - r[2], r[3]), 1e-11);
}

START_TEST(tests_are_symmetric)
{
    srand(1);
    for (int round = 0; round < 3000; round++) {
        int size = round % 3 == 0 ? 10 : round % 3 == 1 ? 300 : 100000;
        uint64_t n1 = 1 + (uint64_t)(rand() % size), n2 = 1 + (uint64_t)(rand() % size);
        uint64_t row[4] = {(uint64_t)rand() % (n1 + 1), n1, (uint64_t)rand() % (n2 + 1), n2};
        check_symmetry(stats_two_proportions, row);
        check_symmetry(stats_two_proportions_z, row);
        check_symmetry(stats_fisher_exact, row);
    }
}
END_TEST

/* All tables of one margin, summed one by one from their definition. */
static double fisher_by_enumeration(unsigned x1, unsigned n1, unsigned x2, unsigned n2)
{
    unsigned k = x1 + x2;
    double all = 0, extreme = 0, observed = 0;
    for (int pass = 0; pass < 2; pass++) {
        for (unsigned at = k > n2 ? k - n2 : 0; at <= k && at <= n1; at++) {
            double weight = 1; /* C(n1, at) C(n2, k - at) */
            for (unsigned i = 0; i < at; i++)
                weight *= (double)(n1 - i) / (i + 1);
            for (unsigned i = 0; i < k - at; i++)
                weight *= (double)(n2 - i) / (i + 1);
            if (pass == 0 && at == x1)
                observed = weight;
            all += pass == 1 ? weight : 0;
            extreme += pass == 1 && weight <= observed * (1 + 1e-7) ? weight : 0;
        }
    }
    return extreme / all;
}

START_TEST(fisher_agrees_with_enumeration)
{
    for (unsigned n1 = 1; n1 <= 9; n1++)
        for (unsigned n2 = 1; n2 <= 12; n2 += 3)
            for (unsigned x1 = 0; x1 <= n1; x1++)
                for (unsigned x2 = 0; x2 <= n2; x2++)
                    ck_assert_double_eq_tol(stats_fisher_exact(x1, n1, x2, n2),
                                            fisher_by_enumeration(x1, n1, x2, n2), 1e-12);
}
END_TEST

/* An impossible table is as good as 0, however large the groups; no overflow, no endless walk. */
START_TEST(fisher_of_large_groups)
{
    ck_assert(stats_fisher_exact(5000000, 5000000, 0, 5000000) < 1e-300);
    ck_assert(stats_fisher_exact(2500000, 5000000, 2500000, 5000000) > 0.9999);
    ck_assert(stats_fisher_exact(0, 10000000, 1, 1) < 1e-6);
}
END_TEST

START_TEST(benjamini_hochberg_agrees_with_r)
{
    double q[LENGTH(bh_p)];
    stats_benjamini_hochberg(bh_p, LENGTH(bh_p), q);
    for (size_t i = 0; i < LENGTH(bh_p); i++)
        ck_assert_msg(near(q[i], bh_q[i]), "p %g: q %.12g", bh_p[i], q[i]);
}
END_TEST

START_TEST(benjamini_hochberg_in_place_and_empty)
{
    double values[] = {0.04, 0.01};
    stats_benjamini_hochberg(values, 2, values);
    ck_assert_double_eq_tol(values[0], 0.04, TOLERANCE); /* by hand: 2 * 0.04 / 2 */
    ck_assert_double_eq_tol(values[1], 0.02, TOLERANCE); /* 2 * 0.01 / 1 */
    stats_benjamini_hochberg(NULL, 0, NULL);
}
END_TEST

START_TEST(benjamini_hochberg_is_monotone)
{
    enum { COUNT = 200 };
    double p[COUNT], q[COUNT];
    srand(2);
    for (size_t i = 0; i < COUNT; i++)
        p[i] = rand() % 1000 / 999.0;
    stats_benjamini_hochberg(p, COUNT, q);
    for (size_t i = 0; i < COUNT; i++) {
        ck_assert(q[i] >= p[i] && q[i] <= 1);
        for (size_t j = 0; j < COUNT; j++)
            ck_assert(p[i] > p[j] ? q[i] >= q[j] : p[i] < p[j] || q[i] == q[j]);
    }
}
END_TEST

START_TEST(prior_agrees_with_r)
{
    const struct prior_row *row = &prior_rows[_i];
    struct stats_prior prior = stats_fit_prior(row->successes, row->n, row->count);
    ck_assert(!prior.full_pooling);
    ck_assert_msg(near(prior.mean, row->mean), "row %d: mean %.12g", _i, prior.mean);
    ck_assert_msg(near(prior.alpha, row->alpha), "row %d: alpha %.12g", _i, prior.alpha);
    ck_assert_msg(near(prior.beta, row->beta), "row %d: beta %.12g", _i, prior.beta);
    for (size_t i = 0; i < row->count; i++) {
        double expected =
            ((double)row->successes[i] + row->alpha) / ((double)row->n[i] + row->alpha + row->beta);
        ck_assert(near(stats_shrink(&prior, row->successes[i], row->n[i]), expected));
    }
}
END_TEST

/* Each case by hand: rates that do not vary, nothing to vary, nobody, one group, one visit each. */
START_TEST(prior_pools_fully)
{
    static const struct {
        size_t count;
        uint64_t successes[4], n[4];
        double mean;
    } rows[] = {
        {3, {10, 20, 5}, {20, 40, 10}, 0.5},
        {2, {51, 49}, {100, 100}, 0.5},
        {2, {0, 0}, {10, 20}, 0},
        {2, {10, 20}, {10, 20}, 1},
        {1, {3}, {4}, 0.75},
        {3, {3, 0, 0}, {4, 0, 0}, 0.75},
        {0, {0}, {0}, 0},
        {2, {0, 0}, {0, 0}, 0},
        {4, {1, 0, 1, 0}, {1, 1, 1, 1}, 0.5},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct stats_prior prior = stats_fit_prior(rows[i].successes, rows[i].n, rows[i].count);
        ck_assert_msg(prior.full_pooling, "row %zu", i);
        ck_assert_msg(near(prior.mean, rows[i].mean), "row %zu: %g", i, prior.mean);
        ck_assert_msg(stats_shrink(&prior, 1, 1) == prior.mean, "row %zu", i);
    }
}
END_TEST

START_TEST(prior_of_all_or_nothing_leaves_rates)
{
    static const uint64_t successes[] = {0, 50}, n[] = {60, 50};
    struct stats_prior prior = stats_fit_prior(successes, n, 2);
    ck_assert(!prior.full_pooling);
    ck_assert_double_eq_tol(stats_shrink(&prior, 0, 60), 0, TOLERANCE);
    ck_assert_double_eq_tol(stats_shrink(&prior, 50, 50), 1, TOLERANCE);
    double of_nobody = stats_shrink(&prior, 0, 0);
    ck_assert_double_eq_tol(of_nobody, 50.0 / 110, TOLERANCE);
}
END_TEST

/* A shrunken rate lies between the raw rate and the mean, and small groups move farther. */
START_TEST(shrinking_goes_towards_the_mean)
{
    static const uint64_t successes[] = {30, 300, 40, 10}, n[] = {100, 500, 200, 90};
    struct stats_prior prior = stats_fit_prior(successes, n, LENGTH(n));
    ck_assert(!prior.full_pooling);
    for (size_t i = 0; i < LENGTH(n); i++) {
        double raw = (double)successes[i] / (double)n[i];
        double shrunk = stats_shrink(&prior, successes[i], n[i]);
        ck_assert(fmin(raw, prior.mean) < shrunk && shrunk < fmax(raw, prior.mean));
        double tenth = stats_shrink(&prior, successes[i] / 10, n[i] / 10);
        ck_assert(fabs(tenth - prior.mean) < fabs(shrunk - prior.mean));
    }
}
END_TEST

START_TEST(quantile_agrees_with_r)
{
    const struct quantile_row *row = &quantile_rows[_i];
    double value = stats_quantile(quantile_values, row->count, row->at);
    ck_assert_msg(near(value, row->value), "%zu values at %g: %.12g", row->count, row->at, value);
}
END_TEST

/* The distance of the extremes does not fit an int64_t. */
START_TEST(quantile_of_extremes)
{
    static const int64_t values[] = {INT64_MIN + 1, INT64_MAX};
    ck_assert_double_eq_tol(stats_quantile(values, 2, 0.5), 0, 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("stats");
    TCase *tests = tcase_create("stats");
    tcase_add_loop_test(tests, wilson_agrees_with_r, 0, LENGTH(wilson_rows));
    tcase_add_test(tests, wilson_of_nobody_is_everything);
    tcase_add_test(tests, wilson_holds_the_rate);
    tcase_add_loop_test(tests, two_proportions_agree_with_r, 0, LENGTH(two_rows));
    tcase_add_loop_test(tests, small_p_values_keep_their_digits, 0, LENGTH(two_rows));
    tcase_add_test(tests, nothing_to_compare_is_1);
    tcase_add_test(tests, tests_are_symmetric);
    tcase_add_test(tests, fisher_agrees_with_enumeration);
    tcase_add_test(tests, fisher_of_large_groups);
    tcase_add_test(tests, benjamini_hochberg_agrees_with_r);
    tcase_add_test(tests, benjamini_hochberg_in_place_and_empty);
    tcase_add_test(tests, benjamini_hochberg_is_monotone);
    tcase_add_loop_test(tests, prior_agrees_with_r, 0, LENGTH(prior_rows));
    tcase_add_test(tests, prior_pools_fully);
    tcase_add_test(tests, prior_of_all_or_nothing_leaves_rates);
    tcase_add_test(tests, shrinking_goes_towards_the_mean);
    tcase_add_loop_test(tests, quantile_agrees_with_r, 0, LENGTH(quantile_rows));
    tcase_add_test(tests, quantile_of_extremes);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
