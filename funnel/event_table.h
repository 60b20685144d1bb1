/*
 * event_table: who did what, when; the ground that every report stands on.
 *
 * Built from the recorders of a run (and, in time, from anything else that has events). Visitors,
 * their visits and their events lie in one order each, so that everything about one visitor is
 * contiguous:
 *
 *     visitors   [ v0            | v1   | ... ]
 *     visits     [ v0.0 v0.1     | v1.0 | ... ]    by time
 *     events     [ .... ........ | ...  | ... ]    by (time, input order); of people only
 *
 * A visit is a span without a gap over the timeout, merged from all recorders. Which thread saw
 * which block, and in which order, leaves no trace here.
 */
#ifndef FUNNEL_EVENT_TABLE_H
#define FUNNEL_EVENT_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "funnel/recorder.h"

struct visit {
    int64_t first_ms, last_ms; /* of its hits, assets included */
    uint32_t visitor;
    uint32_t hits;
    size_t first_event;
    uint32_t event_count;
    uint32_t page_views; /* 0 for bots that are set apart: their page views are not kept */
};

struct visitor {
    struct address address; /* family ADDRESS_NAME: a host name */
    bool is_bot;            /* a declared crawler */
    size_t first_visit, first_event;
    uint32_t visit_count, event_count;
};

struct event_table {
    bool includes_bots; /* bots count as people */
    struct visitor *visitors;
    size_t visitor_count;
    struct visit *visits;
    size_t visit_count;
    struct event *events;
    size_t event_count;
    struct touch_marks *marks; /* by mark number */
    size_t mark_count;
    struct input_counts *inputs;    /* by input */
    struct input_samples **samples; /* by input; NULL: no line to show */
    size_t input_count;
    struct kind_counts kinds;
    int64_t first_ms, last_ms; /* of all counted hits; CIVIL_NO_TIME when there is none */
};

/* Does the visitor count among the people of the report? */
static inline bool event_table_is_person(const struct event_table *table,
                                         const struct visitor *visitor)
{
    return !visitor->is_bot || table->includes_bots;
}

/*
 * Takes the recorders apart (they can only be freed afterwards). All must have the same options.
 */
struct event_table *event_table_new(struct recorder *const *recorders, size_t count);
void event_table_free(struct event_table *table); /* NULL is fine */

#endif
