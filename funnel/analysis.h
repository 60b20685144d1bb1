/*
 * analysis: event table -> report.
 *
 * Sorts visits (dimension.h), counts (tally.h), compares (compare.h), and writes everything down in
 * one const report. The accounting holds before anything is shown: for every input and in total
 * lines = counted + filtered + rejected, and the classes of agents add up to the counted hits.
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
    const char *version;          /* of the program, for the report */
    const char *time_zone;        /* as given, for the report */
    const struct time_zone *zone; /* the same; NULL: UTC */
    bool includes_bots;
    unsigned anonymized_bytes; /* 0 to 3: cut off addresses before they are looked up */

    /* How the table was made, for the report; visits and own hosts as the journey says. */
    uint32_t rules_off;                 /* bit per enum behaviour_rule */
    const char *const *trusted_proxies; /* as given */
    size_t trusted_proxy_count;
    uint64_t max_keys;
};

/* The report owns all it holds. Never fails. */
struct report *analysis_report(const struct ingest_result *ingested,
                               const struct input_list *inputs, struct geo *geo,
                               const struct analysis_options *options);

#endif
