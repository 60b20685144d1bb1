#include "funnel/stats.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

static double at_most_1(double value)
{
    return value > 1 ? 1 : value;
}

struct interval stats_wilson(uint64_t successes, uint64_t n)
{
    if (n == 0)
        return (struct interval){0, 1};
    const double z2 = STATS_Z95 * STATS_Z95;
    double count = (double)n;
    double rate = (double)successes / count;
    double scale = 1 + z2 / count;
    double centre = (rate + z2 / (2 * count)) / scale;
    double half = STATS_Z95 * sqrt(rate * (1 - rate) / count + z2 / (4 * count * count)) / scale;
    /* In exact arithmetic the bounds hold the rate and end at 0 and 1; rounding must not undo it.
     */
    return (struct interval){successes == 0 ? 0 : fmin(fmax(centre - half, 0), rate),
                             successes == n ? 1 : fmax(fmin(centre + half, 1), rate)};
}

static bool nothing_to_compare(uint64_t x1, uint64_t n1, uint64_t x2, uint64_t n2)
{
    return n1 == 0 || n2 == 0 || (x1 == 0 && x2 == 0) || (x1 == n1 && x2 == n2);
}

double stats_two_proportions_z(uint64_t x1, uint64_t n1, uint64_t x2, uint64_t n2)
{
    if (nothing_to_compare(x1, n1, x2, n2))
        return 1;
    double size1 = (double)n1, size2 = (double)n2;
    double pooled = ((double)x1 + (double)x2) / (size1 + size2);
    double difference = (double)x1 / size1 - (double)x2 / size2;
    double z = difference / sqrt(pooled * (1 - pooled) * (1 / size1 + 1 / size2));
    return erfc(fabs(z) / sqrt(2));
}

/*
 * All 2x2 tables with the margins of the observed one. A table is named by its successes in the
 * first group, `at`; its hypergeometric probability is known up to a common factor:
 *
 *     weight(at + 1) / weight(at) = (n1 - at) (k - at) / ((at + 1) (n2 - k + at + 1))
 *
 * Ratios are exact to the last bits where differences of log-factorials of 10^7 are not.
 */
struct tables {
    double n1, n2, k; /* k: successes in both groups */
    double lowest, highest;
};

static double ratio_up(const struct tables *t, double at)
{
    return (t->n1 - at) * (t->k - at) / ((at + 1) * (t->n2 - t->k + at + 1));
}

static double mode_of(const struct tables *t)
{
    double mode = floor((t->n1 + 1) * (t->k + 1) / (t->n1 + t->n2 + 2));
    return fmin(fmax(mode, t->lowest), t->highest);
}

/* The weight of the table next to `at` (step +1 or -1), given the weight of `at`. */
static double neighbour(const struct tables *t, double at, double step, double weight)
{
    return step > 0 ? weight * ratio_up(t, at) : weight / ratio_up(t, at - 1);
}

/* The weight of `at` where that of the mode is 1; 0 when it is too small for a double. */
static double weight_of(const struct tables *t, double mode, double at)
{
    double step = at > mode ? 1 : -1;
    double weight = 1;
    for (double here = mode; here != at && weight > 0; here += step)
        weight = neighbour(t, here, step, weight);
    return weight;
}

struct mass {
    double all, extreme;
};

/*
 * Adds the tables from `at` (inclusive) to one end of the support. The weights fall faster and
 * faster away from the mode, so the walk ends soon after they no longer matter to either sum: after
 * a few dozen standard deviations, which are at most sqrt(n)/2 tables each.
 */
static void add_side(const struct tables *t, double at, double step, double weight, double limit,
                     struct mass *mass)
{
    double end = step > 0 ? t->highest : t->lowest;
    while (weight > limit * 1e-20) {
        mass->all += weight;
        if (weight <= limit)
            mass->extreme += weight;
        if (at == end)
            break;
        weight = neighbour(t, at, step, weight);
        at += step;
    }
}

double stats_fisher_exact(uint64_t x1, uint64_t n1, uint64_t x2, uint64_t n2)
{
    if (nothing_to_compare(x1, n1, x2, n2))
        return 1;
    struct tables t = {.n1 = (double)n1, .n2 = (double)n2, .k = (double)x1 + (double)x2};
    t.lowest = fmax(0, t.k - t.n2);
    t.highest = fmin(t.k, t.n1);
    double mode = mode_of(&t);
    double observed = weight_of(&t, mode, (double)x1);
    if (observed <= 0)
        return 0;
    /* Tables that are as likely as the observed one but for rounding count: R's relErr. */
    double limit = observed * (1 + 1e-7);
    struct mass mass = {0, 0};
    add_side(&t, mode, 1, 1, limit, &mass);
    if (mode > t.lowest)
        add_side(&t, mode - 1, -1, neighbour(&t, mode, -1, 1), limit, &mass);
    return at_most_1(mass.extreme / mass.all);
}

static double smallest_expected_count(uint64_t x1, uint64_t n1, uint64_t x2, uint64_t n2)
{
    double size1 = (double)n1, size2 = (double)n2;
    double successes = (double)x1 + (double)x2;
    double failures = size1 + size2 - successes;
    return fmin(size1, size2) * fmin(successes, failures) / (size1 + size2);
}

double stats_two_proportions(uint64_t x1, uint64_t n1, uint64_t x2, uint64_t n2)
{
    if (nothing_to_compare(x1, n1, x2, n2))
        return 1;
    if (smallest_expected_count(x1, n1, x2, n2) < 5)
        return stats_fisher_exact(x1, n1, x2, n2);
    return stats_two_proportions_z(x1, n1, x2, n2);
}

struct ranked {
    double p;
    size_t index;
};

static int by_p(const void *left, const void *right)
{
    const struct ranked *a = left, *b = right;
    if (a->p != b->p)
        return a->p < b->p ? -1 : 1;
    return (a->index > b->index) - (a->index < b->index);
}

void stats_benjamini_hochberg(const double *p, size_t count, double *q)
{
    struct ranked *ranks = mem_zeroed(count, sizeof *ranks);
    for (size_t i = 0; i < count; i++) {
        assert(p[i] >= 0 && p[i] <= 1);
        ranks[i] = (struct ranked){p[i], i};
    }
    qsort(ranks, count, sizeof *ranks, by_p);
    double least = 1;
    for (size_t rank = count; rank > 0; rank--) {
        const struct ranked *r = &ranks[rank - 1];
        least = fmin(least, r->p * (double)count / (double)rank);
        q[r->index] = least;
    }
    mem_free(ranks);
}

/* Sum of n (rate - mean)^2 over the groups that have anybody. */
static double weighted_squares(const uint64_t *successes, const uint64_t *n, size_t count,
                               double mean)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        if (n[i] == 0)
            continue;
        double away = (double)successes[i] / (double)n[i] - mean;
        sum += (double)n[i] * away * away;
    }
    return sum;
}

/*
 * The correlation within groups, by moments: 0 when rates vary as chance makes them, 1 when every
 * group is all or nothing.
 */
struct stats_prior stats_fit_prior(const uint64_t *successes, const uint64_t *n, size_t count)
{
    double all = 0, hits = 0, groups = 0;
    for (size_t i = 0; i < count; i++) {
        all += (double)n[i];
        hits += (double)successes[i];
        groups += n[i] > 0;
    }
    struct stats_prior prior = {.mean = all > 0 ? hits / all : 0, .full_pooling = true};
    double chance = prior.mean * (1 - prior.mean);
    if (groups < 2 || groups >= all || chance <= 0)
        return prior;
    double spread = weighted_squares(successes, n, count, prior.mean) / all;
    double rho = (spread - chance * groups / all) / (chance * (1 - groups / all));
    if (!(rho > 0))
        return prior;
    double weight = fmax(1 / rho - 1, 0);
    prior.full_pooling = false;
    prior.alpha = prior.mean * weight;
    prior.beta = (1 - prior.mean) * weight;
    return prior;
}

double stats_shrink(const struct stats_prior *prior, uint64_t successes, uint64_t n)
{
    double weight = prior->alpha + prior->beta;
    if (prior->full_pooling || (n == 0 && weight <= 0))
        return prior->mean;
    return ((double)successes + prior->alpha) / ((double)n + weight);
}

double stats_quantile(const int64_t *sorted, size_t count, double at)
{
    assert(count > 0 && at >= 0 && at <= 1);
    double place = (double)(count - 1) * at;
    size_t below = (size_t)place;
    if (below + 1 >= count)
        return (double)sorted[count - 1];
    double low = (double)sorted[below], high = (double)sorted[below + 1];
    return low + (high - low) * (place - (double)below);
}
