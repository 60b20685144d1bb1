/*
 * pick: which rows of a report are shown where there is no room for all.
 *
 * Outputs for people put first what matters and say how much they left out. Nothing is computed
 * here: rows are chosen and ordered, always with a full tie-break.
 */
#ifndef OUTPUT_PICK_H
#define OUTPUT_PICK_H

#include "funnel/report.h"

bool pick_is_entered(const struct report_funnel *funnel);

/* The first funnel that anybody entered, or NULL. */
const struct report_funnel *pick_funnel(const struct report *report);

/* The step after which most were lost, or NULL when nobody was. The first of equals. */
const struct report_step *pick_worst_step(const struct report_funnel *funnel);

/* The cells of one funnel step, in the order of the report. Empty when there are none. */
struct funnel_cells {
    const struct report_funnel_cell *at;
    size_t count;
};
struct funnel_cells pick_step_cells(const struct report_dimension *dimension, size_t funnel,
                                    size_t step);

/* NULL when the report has no cell for them. */
const struct report_touch_cell *pick_touch_cell(const struct report_dimension *dimension,
                                                size_t touchpoint, size_t value);

/*
 * The cells of a dimension that lose more than the rest beyond chance (FLAG_HIGH), most excess
 * drops first, into `losses`: at most max. Returns how many there are.
 */
size_t pick_losses(const struct report_dimension *dimension,
                   const struct report_funnel_cell **losses, size_t max);

/*
 * Cells ordered for a table: those that were tested by excess drops, most first, then the small
 * ones by those who entered; cells that nobody entered are left out. *count becomes their number.
 * The caller frees the result (mem_free).
 */
const struct report_funnel_cell **pick_ranked(struct funnel_cells cells, size_t *count);

/*
 * The classes that made hits, the report's first one (people) first, then by hits, most first.
 * *count becomes their number. The caller frees the result (mem_free).
 */
const struct report_class **pick_classes(const struct report *report, size_t *count);

/* By its name ("source"), or NULL. */
const struct report_breakdown *pick_breakdown(const struct report *report, const char *name);

#endif
