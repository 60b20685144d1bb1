#include "output/pick.h"

#include <stdlib.h>
#include <string.h>

bool pick_is_entered(const struct report_funnel *funnel)
{
    return funnel->step_count && funnel->steps[0].entered;
}

const struct report_funnel *pick_funnel(const struct report *report)
{
    for (size_t i = 0; i < report->funnel_count; i++) {
        if (pick_is_entered(&report->funnels[i]))
            return &report->funnels[i];
    }
    return NULL;
}

const struct report_step *pick_worst_step(const struct report_funnel *funnel)
{
    const struct report_step *worst = NULL;
    for (size_t i = 0; i < funnel->step_count; i++) {
        const struct report_step *step = &funnel->steps[i];
        if (step->is_last || step->dropped == REPORT_NO_COUNT || step->dropped == 0)
            continue;
        if (!worst || step->dropped > worst->dropped)
            worst = step;
    }
    return worst;
}

static bool is_before(const struct report_funnel_cell *cell, size_t funnel, size_t step)
{
    return cell->funnel != funnel ? cell->funnel < funnel : cell->step < step;
}

/* The first cell that is not before the step: cells are sorted by funnel, step, value. */
static size_t first_cell(const struct report_dimension *dimension, size_t funnel, size_t step)
{
    size_t low = 0, high = dimension->funnel_cell_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (is_before(&dimension->funnel_cells[middle], funnel, step))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct funnel_cells pick_step_cells(const struct report_dimension *dimension, size_t funnel,
                                    size_t step)
{
    size_t first = first_cell(dimension, funnel, step);
    size_t end = first_cell(dimension, funnel, step + 1);
    if (first == end)
        return (struct funnel_cells){NULL, 0};
    return (struct funnel_cells){&dimension->funnel_cells[first], end - first};
}

const struct report_touch_cell *pick_touch_cell(const struct report_dimension *dimension,
                                                size_t touchpoint, size_t value)
{
    size_t low = 0, high = dimension->touch_cell_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct report_touch_cell *cell = &dimension->touch_cells[middle];
        if (cell->touchpoint == touchpoint && cell->value == value)
            return cell;
        if (cell->touchpoint != touchpoint ? cell->touchpoint < touchpoint : cell->value < value)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static int by_place(const struct report_funnel_cell *a, const struct report_funnel_cell *b)
{
    if (a->funnel != b->funnel)
        return a->funnel < b->funnel ? -1 : 1;
    if (a->step != b->step)
        return a->step < b->step ? -1 : 1;
    return (a->value > b->value) - (a->value < b->value);
}

/* Most excess first; what has none (nobody's outcome is known yet) last. */
static int by_excess(const struct report_funnel_cell *a, const struct report_funnel_cell *b)
{
    if (isnan(a->excess_drops) != isnan(b->excess_drops))
        return isnan(a->excess_drops) ? 1 : -1;
    if (a->excess_drops != b->excess_drops && !isnan(a->excess_drops))
        return a->excess_drops > b->excess_drops ? -1 : 1;
    return by_place(a, b);
}

size_t pick_losses(const struct report_dimension *dimension,
                   const struct report_funnel_cell **losses, size_t max)
{
    size_t count = 0;
    for (size_t i = 0; i < dimension->funnel_cell_count; i++) {
        const struct report_funnel_cell *cell = &dimension->funnel_cells[i];
        if (cell->flag != FLAG_HIGH)
            continue;
        size_t place = count < max ? count : max;
        while (place > 0 && by_excess(cell, losses[place - 1]) < 0) {
            if (place < max)
                losses[place] = losses[place - 1];
            place--;
        }
        if (place < max)
            losses[place] = cell;
        count++;
    }
    return count;
}

static int for_a_table(const void *left, const void *right)
{
    const struct report_funnel_cell *a = *(const struct report_funnel_cell *const *)left;
    const struct report_funnel_cell *b = *(const struct report_funnel_cell *const *)right;
    bool a_is_small = a->flag == FLAG_SMALL, b_is_small = b->flag == FLAG_SMALL;
    if (a_is_small != b_is_small)
        return a_is_small ? 1 : -1;
    if (!a_is_small)
        return by_excess(a, b);
    if (a->entered != b->entered)
        return a->entered > b->entered ? -1 : 1;
    return by_place(a, b);
}

const struct report_funnel_cell **pick_ranked(struct funnel_cells cells, size_t *count)
{
    const struct report_funnel_cell **ranked = mem_zeroed(cells.count, sizeof *ranked);
    *count = 0;
    for (size_t i = 0; i < cells.count; i++) {
        if (cells.at[i].entered)
            ranked[(*count)++] = &cells.at[i];
    }
    qsort(ranked, *count, sizeof *ranked, for_a_table);
    return ranked;
}

/* Both stand in one array, in the order of the report. */
static int by_hits(const void *left, const void *right)
{
    const struct report_class *a = *(const struct report_class *const *)left;
    const struct report_class *b = *(const struct report_class *const *)right;
    if (a->hits != b->hits)
        return a->hits > b->hits ? -1 : 1;
    return a < b ? -1 : a > b;
}

const struct report_class **pick_classes(const struct report *report, size_t *count)
{
    const struct report_class **picked = mem_zeroed(report->class_count, sizeof *picked);
    *count = 0;
    for (size_t i = 0; i < report->class_count; i++) {
        if (report->classes[i].hits)
            picked[(*count)++] = &report->classes[i];
    }
    size_t people = *count && picked[0] == report->classes;
    qsort(picked + people, *count - people, sizeof *picked, by_hits);
    return picked;
}

const struct report_breakdown *pick_breakdown(const struct report *report, const char *name)
{
    for (size_t i = 0; i < report->breakdown_count; i++) {
        if (strcmp(report->breakdowns[i].name, name) == 0)
            return &report->breakdowns[i];
    }
    return NULL;
}
