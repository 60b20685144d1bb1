/*
 * stats: the statistics of the reports.
 *
 * Pure functions over counts. "Rate" is a proportion in 0..1. Nothing here allocates except where
 * said.
 */
#ifndef FUNNEL_STATS_H
#define FUNNEL_STATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct interval {
    double low, high;
};

/* 0.975 quantile of the normal distribution. */
#define STATS_Z95 1.959963984540054

/* Wilson score interval, 95%, without continuity correction (Wilson 1927). n = 0 gives {0, 1}. */
struct interval stats_wilson(uint64_t successes, uint64_t n);

/*
 * Two-sided p-value of "both groups have the same rate": pooled two-proportion z-test without
 * continuity correction; Fisher's exact test (sum of all tables not more likely than the observed
 * one, as R's fisher.test) where an expected count of the 2x2 table is under 5.
 * 1 when a group is empty or all are successes or none is.
 */
double stats_two_proportions(uint64_t x1, uint64_t n1, uint64_t x2, uint64_t n2);
double stats_two_proportions_z(uint64_t x1, uint64_t n1, uint64_t x2, uint64_t n2);
double stats_fisher_exact(uint64_t x1, uint64_t n1, uint64_t x2, uint64_t n2);

/*
 * Benjamini-Hochberg adjusted p-values (1995): q[i] = min over j>=i of m p(j)/j, at most 1.
 * In place is fine (p == q). Every p must be a number in 0..1. Allocates while it works.
 */
void stats_benjamini_hochberg(const double *p, size_t count, double *q);

/*
 * Beta-binomial shrinkage of K raw rates (empirical Bayes by moments): the prior Beta(alpha, beta)
 * that fits successes[i] of n[i]; groups with n = 0 are left out. full_pooling is true when the
 * rates vary no more than chance does (then alpha and beta are meaningless and every group gets
 * `mean`). Where every group is all or nothing alpha and beta are 0: raw rates are left as they
 * are.
 */
struct stats_prior {
    double alpha, beta, mean;
    bool full_pooling;
};
struct stats_prior stats_fit_prior(const uint64_t *successes, const uint64_t *n, size_t count);
double stats_shrink(const struct stats_prior *prior, uint64_t successes, uint64_t n);

/*
 * Quantile of sorted values by linear interpolation between order statistics (R's type 7;
 * the median of an even number is the mean of the middle two). count must be over 0, 0 <= at <= 1.
 */
double stats_quantile(const int64_t *sorted, size_t count, double at);

#endif
