/*
 * tally: one pass over the event table, counted by place.
 *
 * Everything a report needs is counted once, per place of the finest level; dimensions then only
 * add places up. So any number of dimensions costs one pass, and all of them agree.
 */
#ifndef FUNNEL_TALLY_H
#define FUNNEL_TALLY_H

#include "funnel/dimension.h"
#include "funnel/event_table.h"
#include "funnel/journey.h"
#include "geo/geo.h"

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
    struct step_counts *steps;       /* [place * step_count + step] */
    struct step_counts *total;       /* [step], counted on its own */
    struct durations *from_previous; /* [step]; sorted */
    uint64_t ties;
};

/* Visits and visitors that reached a touchpoint. */
struct touch_counts {
    uint64_t visits, visitors;
};

struct touch_tally {
    struct touch_counts *counts; /* [place * touchpoint_count + touchpoint] */
    uint64_t *hits, *failed;     /* [touchpoint] */
    struct durations *answers;   /* [touchpoint], of hits that reached it; sorted; NULL when no hit
                                    of the table has a duration */
};

struct tally {
    size_t place_count, touchpoint_count;
    uint32_t *place_of; /* by visitor; GEO_UNKNOWN for bots set apart, who are not looked up */
    struct place_counts *people; /* by place */
    struct funnel_tally *funnels;
    size_t funnel_count;
    struct touch_tally touches;
};

struct tally *tally_new(const struct event_table *table, const struct journey *journey,
                        struct geo *geo);
void tally_free(struct tally *tally);

#endif
