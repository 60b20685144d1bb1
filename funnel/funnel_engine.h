/*
 * funnel_engine: how far one visit or visitor came in one funnel.
 *
 * Ordered steps, other events may come between, one hit advances the funnel by at most one step.
 * Among all chains of hits the best is kept: the farthest, then the one that got there first.
 * "First touch, then look" would be wrong: with a window of 10,
 *
 *     a@0  a@100  b@105      converts, from the second a
 *
 * so per level the chain with the latest entry is kept, for it is the one that can still win:
 *
 *     level 1   chain a@100
 *     level 2   chain a@100 b@105
 *
 * The window runs from the entry (the hit of step 1), inclusive. Optional steps may be left out;
 * they belong to the chain where they were done.
 */
#ifndef FUNNEL_FUNNEL_ENGINE_H
#define FUNNEL_FUNNEL_ENGINE_H

#include <stdbool.h>
#include <stdint.h>

#include "funnel/event_table.h"
#include "funnel/journey.h"

/* What the marks mean to one funnel: bit k is step k (from 0). By mark number. */
struct step_mask {
    uint64_t reached, failed;
};

struct chain {
    uint64_t steps;                   /* bit per step done */
    int64_t entry_ms;                 /* of step 0 */
    int64_t at_ms[JOURNEY_MAX_STEPS]; /* of the steps done */
};

struct funnel_run {
    const struct funnel *funnel;
    struct chain levels[JOURNEY_MAX_STEPS]; /* .steps 0: level not reached */
    struct chain best; /* the farthest, as it was when it got there; .steps 0: never entered */
    int best_level;    /* -1: never entered */
    uint64_t tried;    /* steps that failed while a chain stood before them */
};

/* Masks of all marks for a funnel; the caller frees them with mem_free. */
struct step_mask *funnel_masks(const struct funnel *funnel, const struct touch_marks *marks,
                               size_t mark_count);

void funnel_run_begin(struct funnel_run *run, const struct funnel *funnel);

/* The next event, in order. */
void funnel_run_add(struct funnel_run *run, int64_t time_ms, struct step_mask mask);

/* What became of somebody who stopped before the last step. */
enum funnel_ending { FUNNEL_NEVER_ENTERED, FUNNEL_CONVERTED, FUNNEL_DROPPED, FUNNEL_OPEN };

/*
 * log_end_ms: of the whole log. still_there: the visit (for per: visitor, the last visit) may
 * still go on, because it was active within the visit timeout before the end of the log.
 *
 * Per visit, a step is open while the visit may go on and the window has not run out. Per visitor,
 * it is open while the window has not run out; without a window, while the visitor may still be
 * there.
 */
enum funnel_ending funnel_run_end(const struct funnel_run *run, int64_t log_end_ms,
                                  bool still_there);

/*
 * The steps that come directly after the best chain and were attempted in vain: bit per step. For
 * somebody who never entered, bit 0 if step 0 was attempted.
 */
uint64_t funnel_run_failed_attempts(const struct funnel_run *run);

/* The step before `step` that is not optional; -1 for step 0. */
int funnel_previous_step(const struct funnel *funnel, int step);

/* True when two neighbouring steps of the best chain have the same time stamp. */
bool funnel_run_has_tie(const struct funnel_run *run);

#endif
