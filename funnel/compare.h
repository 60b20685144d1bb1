/*
 * compare: the values of a dimension against each other, with honest statistics.
 *
 * Each value is compared with the rest, never with a total that holds it. All cells that are
 * tested in one table share one Benjamini-Hochberg adjustment; cells of fewer than
 * REPORT_MIN_RANKED people are shown and not tested. On drop-off, "people" are those whose outcome
 * is known: entered - open.
 */
#ifndef FUNNEL_COMPARE_H
#define FUNNEL_COMPARE_H

#include "funnel/report.h"
#include "funnel/tally.h"

/*
 * Fills dimension->values, funnel_cells and touch_cells from the tally. Everything goes into the
 * arena. name and title are set too.
 */
void compare_values(const struct dimension *dimension, const struct tally *tally,
                    const struct geo *geo, uint64_t min_cell, struct arena *arena,
                    struct report_dimension *report);

#endif
