/*
 * compare: the values of a dimension against each other, with honest statistics.
 *
 * Each value is compared with the rest, never with a total that holds it. All cells that are
 * tested in one table share one Benjamini-Hochberg adjustment; cells of fewer than
 * REPORT_MIN_RANKED people are shown and not tested. On drop-off, "people" are those whose outcome
 * is known: entered - open. The whole is that of the values, which for a grouping of everybody is
 * more than the people's total.
 */
#ifndef FUNNEL_COMPARE_H
#define FUNNEL_COMPARE_H

#include "funnel/report.h"
#include "funnel/tally.h"

/*
 * Fills name, title, values, funnel_cells and touch_cells from a grouping of the tally, by its
 * index. The cells go into the arena; the values are the grouping's.
 */
void compare_values(const struct tally *tally, size_t grouping, struct arena *arena,
                    struct report_dimension *report);

#endif
