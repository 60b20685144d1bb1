/*
 * bench: the traffic of a busy shop, for measuring speed. No truth is planned.
 *
 * A month, 70 % assets, 14 % crawlers' hits, about 46 lines a visitor; networks, pages, browsers
 * and referrers are as unevenly spread as real ones, so that it compresses 13-14 : 1 by gzip -6.
 */
#ifndef LOGGEN_BENCH_H
#define LOGGEN_BENCH_H

#include "tests/loggen/plan.h"

/* Fills the plan with exactly `lines` hits over `days`. */
void bench_plan(struct plan *plan, size_t lines, unsigned days);

#endif
