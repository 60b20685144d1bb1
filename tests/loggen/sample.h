/*
 * sample: two weeks of a small shop that also sells a subscription; the example of the manual.
 *
 * There is something to find in it: on two days the checkout fails (5xx), and visitors from one
 * country leave the cart more often than others do. Addresses are drawn from ranges that are
 * assigned in those countries, so that a country database knows them. No truth is planned.
 */
#ifndef LOGGEN_SAMPLE_H
#define LOGGEN_SAMPLE_H

#include "tests/loggen/plan.h"

/* Fills the plan with about `lines` lines over `days`. */
void sample_plan(struct plan *plan, size_t lines, unsigned days);

#endif
