/*
 * analysis: event table -> report.
 *
 * Counts (tally.h), compares (compare.h), and writes everything down in one const report. The
 * accounting holds before anything is shown: for every input and in total
 * lines = counted + filtered + rejected.
 */
#ifndef FUNNEL_ANALYSIS_H
#define FUNNEL_ANALYSIS_H

#include "funnel/dimension.h"
#include "funnel/ingest.h"
#include "funnel/report.h"

struct analysis_options {
    const struct journey *journey;
    const struct dimension *const *dimensions;
    size_t dimension_count;
    uint64_t min_cell;
    const char *version;   /* of the program, for the report */
    const char *time_zone; /* as given, for the report */
    bool includes_bots;
};

/* The report owns all it holds. Never fails. */
struct report *analysis_report(const struct ingest_result *ingested,
                               const struct input_list *inputs, struct geo *geo,
                               const struct analysis_options *options);

#endif
