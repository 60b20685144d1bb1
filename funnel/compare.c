#include "funnel/compare.h"

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

static enum report_flag flag_of(uint64_t people, double own_rate, double rest, double q)
{
    if (people < REPORT_MIN_RANKED)
        return FLAG_SMALL;
    if (isnan(q) || q > max_q)
        return FLAG_NONE;
    return own_rate > rest ? FLAG_HIGH : FLAG_LOW;
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

/* The step of a funnel by value, and all values together. */
struct step_comparison {
    const struct step_counts *cells; /* [value * step_count], of the step */
    size_t step_count, value_count;
    struct step_counts all;
};

static const struct step_counts *step_of_value(const struct step_comparison *comparison,
                                               size_t value)
{
    return &comparison->cells[value * comparison->step_count];
}

static struct step_comparison compare_step(const struct tally *tally, size_t grouping,
                                           size_t funnel, size_t step)
{
    struct step_comparison comparison = {.cells = tally->funnels[funnel].steps[grouping] + step,
                                         .step_count = tally->funnels[funnel].funnel->step_count,
                                         .value_count = tally->groupings[grouping].count};
    for (size_t i = 0; i < comparison.value_count; i++)
        add_steps(&comparison.all, step_of_value(&comparison, i));
    return comparison;
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

static struct stats_prior fit_prior(const struct step_comparison *comparison)
{
    size_t count = comparison->value_count;
    uint64_t *dropped = mem_zeroed(count, sizeof *dropped);
    uint64_t *decided = mem_zeroed(count, sizeof *decided);
    for (size_t i = 0; i < count; i++) {
        const struct step_counts *counts = step_of_value(comparison, i);
        dropped[i] = counts->dropped;
        decided[i] = counts->entered - counts->open;
    }
    struct stats_prior prior = stats_fit_prior(dropped, decided, count);
    mem_free(dropped);
    mem_free(decided);
    return prior;
}

static void fill_step(const struct step_comparison *comparison, size_t funnel, size_t step,
                      struct report_funnel_cell *cells)
{
    struct stats_prior prior = fit_prior(comparison);
    for (size_t value = 0; value < comparison->value_count; value++) {
        const struct step_counts *counts = step_of_value(comparison, value);
        struct share share = share_of(counts, &comparison->all);
        cells[value] = (struct report_funnel_cell){.funnel = funnel,
                                                   .step = step,
                                                   .value = value,
                                                   .entered = counts->entered,
                                                   .advanced = counts->advanced,
                                                   .dropped = counts->dropped,
                                                   .open = counts->open};
        fill_rates(&cells[value], &share, &prior);
    }
}

/* q and flags, once all cells of the table have their p. */
static void judge_funnel_cells(struct report_funnel_cell *cells, size_t count)
{
    double *q = mem_alloc((count + 1) * sizeof *q);
    for (size_t i = 0; i < count; i++)
        q[i] = cells[i].p_value;
    adjust_tested(q, count);
    for (size_t i = 0; i < count; i++) {
        struct report_funnel_cell *cell = &cells[i];
        cell->q_value = q[i];
        cell->flag =
            flag_of(cell->entered - cell->open, cell->drop_rate, cell->rest_drop_rate, q[i]);
    }
    mem_free(q);
}

static void compare_funnels(const struct tally *tally, size_t grouping, struct arena *arena,
                            struct report_dimension *report)
{
    size_t steps = 0, filled = 0, values = tally->groupings[grouping].count;
    for (size_t i = 0; i < tally->funnel_count; i++)
        steps += tally->funnels[i].funnel->step_count - 1;
    struct report_funnel_cell *cells = arena_alloc(arena, (steps * values + 1) * sizeof *cells);
    for (size_t i = 0; i < tally->funnel_count; i++) {
        for (size_t step = 0; step + 1 < tally->funnels[i].funnel->step_count; step++) {
            struct step_comparison comparison = compare_step(tally, grouping, i, step);
            fill_step(&comparison, i, step, cells + filled);
            filled += values;
        }
    }
    judge_funnel_cells(cells, filled);
    report->funnel_cells = cells;
    report->funnel_cell_count = filled;
}

/* Touchpoints */

/* A touchpoint by value, and all values together. */
struct touch_comparison {
    const struct grouping *grouping;
    const struct touch_counts *cells; /* [value * touchpoint_count], of the touchpoint */
    size_t touchpoint_count;
    uint64_t all_reached, all_visits;
};

static struct touch_comparison compare_touchpoint(const struct tally *tally, size_t grouping,
                                                  size_t touchpoint)
{
    struct touch_comparison comparison = {.grouping = &tally->groupings[grouping],
                                          .cells = tally->touches.counts[grouping] + touchpoint,
                                          .touchpoint_count = tally->touchpoint_count};
    for (size_t i = 0; i < comparison.grouping->count; i++) {
        comparison.all_reached += comparison.cells[i * comparison.touchpoint_count].visits;
        comparison.all_visits += comparison.grouping->values[i].visits;
    }
    return comparison;
}

/* One touchpoint at each value; p gets what its tests say. */
static void fill_touches(const struct touch_comparison *comparison, size_t touchpoint,
                         struct report_touch_cell *cells, double *p)
{
    for (size_t value = 0; value < comparison->grouping->count; value++) {
        const struct touch_counts *own = &comparison->cells[value * comparison->touchpoint_count];
        struct share share = {.x = own->visits,
                              .n = comparison->grouping->values[value].visits,
                              .all_x = comparison->all_reached,
                              .all_n = comparison->all_visits};
        cells[value] = (struct report_touch_cell){.touchpoint = touchpoint,
                                                  .value = value,
                                                  .visits = own->visits,
                                                  .visitors = own->visitors,
                                                  .visit_rate = rate(share.x, share.n),
                                                  .rest_visit_rate = rest_rate(&share)};
        p[value] = test_share(&share);
    }
}

static void compare_touches(const struct tally *tally, size_t grouping, struct arena *arena,
                            struct report_dimension *report)
{
    const struct report_value *values = tally->groupings[grouping].values;
    size_t value_count = tally->groupings[grouping].count;
    size_t count = tally->touchpoint_count * value_count;
    struct report_touch_cell *cells = arena_alloc(arena, (count + 1) * sizeof *cells);
    double *q = mem_alloc((count + 1) * sizeof *q);
    for (size_t i = 0; i < tally->touchpoint_count; i++) {
        struct touch_comparison comparison = compare_touchpoint(tally, grouping, i);
        fill_touches(&comparison, i, cells + i * value_count, q + i * value_count);
    }
    adjust_tested(q, count);
    for (size_t i = 0; i < count; i++) {
        struct report_touch_cell *cell = &cells[i];
        cell->q_value = q[i];
        cell->flag =
            flag_of(values[cell->value].visits, cell->visit_rate, cell->rest_visit_rate, q[i]);
    }
    mem_free(q);
    report->touch_cells = cells;
    report->touch_cell_count = count;
}

void compare_values(const struct tally *tally, size_t grouping, struct arena *arena,
                    struct report_dimension *report)
{
    const struct grouping *from = &tally->groupings[grouping];
    *report = (struct report_dimension){.name = from->dimension->name,
                                        .title = from->dimension->title,
                                        .values = from->values,
                                        .value_count = from->count};
    compare_funnels(tally, grouping, arena, report);
    compare_touches(tally, grouping, arena, report);
}
