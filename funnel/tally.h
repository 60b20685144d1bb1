/*
 * tally: one pass over the event table, counted by every value of every dimension.
 *
 * Visits are sorted beforehand (dimension.h): a grouping tells the value of each visit. A funnel or
 * a touchpoint is worked out once per visit or visitor, and counted in one cell of each grouping
 * and in the total, so that all of them agree:
 *
 *     visit -> how far it came -> region      [ DE | FR | ... ]
 *                              -> device      [ desktop | phone | ... ]
 *                              -> total
 *
 * A funnel per visitor belongs to the value of the visitor's first visit; who reaches a touchpoint
 * in visits of several values is a visitor of each. Totals are those of people; a grouping of
 * everybody counts machines as well, which are in no total.
 */
#ifndef FUNNEL_TALLY_H
#define FUNNEL_TALLY_H

#include "funnel/dimension.h"
#include "funnel/event_table.h"
#include "funnel/journey.h"
#include "parser/time_zone.h"

/* People at one funnel step; entered = advanced + dropped + open. */
struct step_counts {
    uint64_t entered, advanced, dropped, open;
    uint64_t attempted_failed;
};

struct durations {
    int64_t *items_ms;
    size_t count, capacity;
};

struct funnel_tally {
    const struct funnel *funnel;
    struct step_counts **steps;      /* [grouping][value * step_count + step] */
    struct step_counts *total;       /* [step], counted on its own */
    struct durations *from_previous; /* [step]; sorted */
    uint64_t ties;
};

/* Visits and visitors that reached a touchpoint. */
struct touch_counts {
    uint64_t visits, visitors;
};

struct touch_tally {
    struct touch_counts **counts; /* [grouping][value * touchpoint_count + touchpoint] */
    struct touch_counts *total;   /* [touchpoint], counted on its own */
    uint64_t *hits, *failed;      /* [touchpoint] */
    struct durations *answers;    /* [touchpoint], of hits that reached it; sorted; NULL when no hit
                                     of the table has a duration */
};

struct tally {
    const struct grouping *groupings; /* borrowed */
    size_t grouping_count, touchpoint_count;
    struct funnel_tally *funnels;
    size_t funnel_count;
    struct touch_tally touches;
};

/*
 * A visit may still go on when it was active within the timeout before the end of the log, and no
 * other rule of the journey has ended it by then: its day is not over (in that zone, where midnight
 * cuts; NULL: UTC), nor its longest time, nor has the next one begun.
 */
struct tally *tally_new(const struct event_table *table, const struct journey *journey,
                        const struct time_zone *zone, const struct grouping *groupings,
                        size_t grouping_count);
void tally_free(struct tally *tally);

#endif
