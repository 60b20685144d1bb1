#include "funnel/compare.h"

#include <assert.h>

static const double max_q = 0.05;

/* x of n, and of the whole that includes it. */
struct share {
    uint64_t x, n, all_x, all_n;
};

static double rate(uint64_t x, uint64_t n)
{
    return n ? (double)x / (double)n : NAN;
}

static double rest_rate(const struct share *share)
{
    return rate(share->all_x - share->x, share->all_n - share->n);
}

/* NAN when the cell is too small to rank or there is no rest to compare it with. */
static double test_share(const struct share *share)
{
    uint64_t rest_n = share->all_n - share->n;
    if (share->n < REPORT_MIN_RANKED || rest_n == 0)
        return NAN;
    return stats_two_proportions(share->x, share->n, share->all_x - share->x, rest_n);
}

static enum report_flag flag_of(const struct share *share, double q)
{
    if (share->n < REPORT_MIN_RANKED)
        return FLAG_SMALL;
    if (isnan(q) || q > max_q)
        return FLAG_NONE;
    return rate(share->x, share->n) > rest_rate(share) ? FLAG_HIGH : FLAG_LOW;
}

/* Adjusts those p that are not NAN, in place. */
static void adjust_tested(double *p, size_t count)
{
    double *tested = mem_alloc((count + 1) * sizeof *tested);
    size_t tested_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (!isnan(p[i]))
            tested[tested_count++] = p[i];
    }
    stats_benjamini_hochberg(tested, tested_count, tested);
    for (size_t i = 0, k = 0; i < count; i++) {
        if (!isnan(p[i]))
            p[i] = tested[k++];
    }
    mem_free(tested);
}

/* Funnels */

static void add_steps(struct step_counts *to, const struct step_counts *from)
{
    to->entered += from->entered;
    to->advanced += from->advanced;
    to->dropped += from->dropped;
    to->open += from->open;
}

/* The step's people by value: places added up. */
static struct step_counts *steps_by_value(const struct tally *tally,
                                          const struct dimension_values *values, size_t funnel,
                                          size_t step)
{
    struct step_counts *sums = mem_zeroed(values->count, sizeof *sums);
    const struct funnel_tally *from = &tally->funnels[funnel];
    for (size_t place = 0; place < tally->place_count; place++) {
        if (tally->people[place].visitors)
            add_steps(&sums[values->of_place[place]],
                      &from->steps[place * from->funnel->step_count + step]);
    }
    return sums;
}

static struct share share_of(const struct step_counts *counts, const struct step_counts *all)
{
    return (struct share){.x = counts->dropped,
                          .n = counts->entered - counts->open,
                          .all_x = all->dropped,
                          .all_n = all->entered - all->open};
}

static void fill_rates(struct report_funnel_cell *cell, const struct share *share,
                       const struct stats_prior *prior)
{
    cell->drop_rate = rate(share->x, share->n);
    cell->rest_drop_rate = share->n ? rest_rate(share) : NAN;
    cell->ci = share->n ? stats_wilson(share->x, share->n) : (struct interval){NAN, NAN};
    cell->excess_drops = (double)share->x - (double)share->n * cell->rest_drop_rate;
    cell->shrunk_drop_rate = share->n ? stats_shrink(prior, share->x, share->n) : NAN;
    cell->p_value = test_share(share);
}

static struct stats_prior fit_prior(const struct step_counts *sums, size_t count)
{
    uint64_t *dropped = mem_zeroed(count, sizeof *dropped);
    uint64_t *decided = mem_zeroed(count, sizeof *decided);
    for (size_t i = 0; i < count; i++) {
        dropped[i] = sums[i].dropped;
        decided[i] = sums[i].entered - sums[i].open;
    }
    struct stats_prior prior = stats_fit_prior(dropped, decided, count);
    mem_free(dropped);
    mem_free(decided);
    return prior;
}

static void fill_step(const struct tally *tally, const struct dimension_values *values,
                      size_t funnel, size_t step, struct report_funnel_cell *cells)
{
    struct step_counts *sums = steps_by_value(tally, values, funnel, step);
    const struct step_counts *all = &tally->funnels[funnel].total[step];
    struct stats_prior prior = fit_prior(sums, values->count);
    uint64_t entered = 0;
    for (size_t value = 0; value < values->count; value++) {
        struct share share = share_of(&sums[value], all);
        cells[value] = (struct report_funnel_cell){.funnel = funnel,
                                                   .step = step,
                                                   .value = value,
                                                   .entered = sums[value].entered,
                                                   .advanced = sums[value].advanced,
                                                   .dropped = sums[value].dropped,
                                                   .open = sums[value].open};
        fill_rates(&cells[value], &share, &prior);
        entered += sums[value].entered;
    }
    assert(entered == all->entered);
    mem_free(sums);
}

/* q and flags, once all cells of the table have their p. */
static void judge_funnel_cells(const struct tally *tally, struct report_funnel_cell *cells,
                               size_t count)
{
    double *q = mem_alloc((count + 1) * sizeof *q);
    for (size_t i = 0; i < count; i++)
        q[i] = cells[i].p_value;
    adjust_tested(q, count);
    for (size_t i = 0; i < count; i++) {
        const struct step_counts *all = &tally->funnels[cells[i].funnel].total[cells[i].step];
        struct step_counts own = {
            .entered = cells[i].entered, .dropped = cells[i].dropped, .open = cells[i].open};
        struct share share = share_of(&own, all);
        cells[i].q_value = q[i];
        cells[i].flag = flag_of(&share, q[i]);
    }
    mem_free(q);
}

static void compare_funnels(const struct tally *tally, const struct dimension_values *values,
                            struct arena *arena, struct report_dimension *report)
{
    size_t steps = 0, filled = 0;
    for (size_t i = 0; i < tally->funnel_count; i++)
        steps += tally->funnels[i].funnel->step_count - 1;
    size_t count = steps * values->count;
    struct report_funnel_cell *cells = arena_alloc(arena, (count + 1) * sizeof *cells);
    for (size_t i = 0; i < tally->funnel_count; i++) {
        for (size_t step = 0; step + 1 < tally->funnels[i].funnel->step_count; step++) {
            fill_step(tally, values, i, step, cells + filled);
            filled += values->count;
        }
    }
    judge_funnel_cells(tally, cells, count);
    report->funnel_cells = cells;
    report->funnel_cell_count = count;
}

/* Touchpoints */

static struct touch_counts *touches_by_value(const struct tally *tally,
                                             const struct dimension_values *values,
                                             size_t touchpoints)
{
    struct touch_counts *sums = mem_zeroed(values->count * touchpoints, sizeof *sums);
    for (size_t place = 0; place < tally->place_count; place++) {
        if (tally->people[place].visitors == 0)
            continue;
        struct touch_counts *to = sums + values->of_place[place] * touchpoints;
        const struct touch_counts *from = tally->touches.counts + place * touchpoints;
        for (size_t i = 0; i < touchpoints; i++) {
            to[i].visits += from[i].visits;
            to[i].visitors += from[i].visitors;
        }
    }
    return sums;
}

struct touch_comparison {
    const struct touch_counts *sums; /* [value * touchpoints + touchpoint] */
    const struct dimension_values *values;
    size_t touchpoints;
    uint64_t all_visits;
};

static struct share touch_share(const struct touch_comparison *comparison, size_t touchpoint,
                                size_t value)
{
    struct share share = {.n = comparison->values->values[value].visits,
                          .all_n = comparison->all_visits};
    share.x = comparison->sums[value * comparison->touchpoints + touchpoint].visits;
    for (size_t i = 0; i < comparison->values->count; i++)
        share.all_x += comparison->sums[i * comparison->touchpoints + touchpoint].visits;
    return share;
}

static void fill_touch_cells(const struct touch_comparison *comparison,
                             struct report_touch_cell *cells)
{
    size_t values = comparison->values->count, count = comparison->touchpoints * values;
    double *q = mem_alloc((count + 1) * sizeof *q);
    for (size_t i = 0; i < count; i++) {
        struct share share = touch_share(comparison, i / values, i % values);
        const struct touch_counts *own =
            &comparison->sums[i % values * comparison->touchpoints + i / values];
        cells[i] = (struct report_touch_cell){.touchpoint = i / values,
                                              .value = i % values,
                                              .visits = own->visits,
                                              .visitors = own->visitors,
                                              .visit_rate = rate(share.x, share.n),
                                              .rest_visit_rate = rest_rate(&share)};
        q[i] = test_share(&share);
    }
    adjust_tested(q, count);
    for (size_t i = 0; i < count; i++) {
        struct share share = touch_share(comparison, i / values, i % values);
        cells[i].q_value = q[i];
        cells[i].flag = flag_of(&share, q[i]);
    }
    mem_free(q);
}

static void compare_touches(const struct tally *tally, const struct dimension_values *values,
                            size_t touchpoints, struct arena *arena,
                            struct report_dimension *report)
{
    struct touch_counts *sums = touches_by_value(tally, values, touchpoints);
    struct touch_comparison comparison = {
        .sums = sums, .values = values, .touchpoints = touchpoints};
    for (size_t i = 0; i < values->count; i++)
        comparison.all_visits += values->values[i].visits;
    size_t count = touchpoints * values->count;
    struct report_touch_cell *cells = arena_alloc(arena, (count + 1) * sizeof *cells);
    fill_touch_cells(&comparison, cells);
    mem_free(sums);
    report->touch_cells = cells;
    report->touch_cell_count = count;
}

void compare_values(const struct dimension *dimension, const struct tally *tally,
                    const struct geo *geo, uint64_t min_cell, struct arena *arena,
                    struct report_dimension *report)
{
    struct dimension_values values =
        dimension_values_new(dimension, geo, tally->people, min_cell, arena);
    report->name = dimension->name;
    report->title = dimension->title;
    report->values = values.values;
    report->value_count = values.count;
    compare_funnels(tally, &values, arena, report);
    compare_touches(tally, &values, tally->touchpoint_count, arena, report);
    mem_free(values.of_place);
}
