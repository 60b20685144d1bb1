/*
 * event_table: who did what, when; the ground that every report stands on.
 *
 * Built from the recorders of a run (and, in time, from anything else that has events). Visitors,
 * their visits and their events lie in one order each, so that everything about one visitor is
 * contiguous:
 *
 *     visitors   [ v0            | v1   | ... ]
 *     visits     [ v0.0 v0.1     | v1.0 | ... ]    by time
 *     events     [ .... ........ | ...  | ... ]    by (time, input order)
 *
 * A visit is a span without a gap over the timeout, merged from all recorders. Which thread saw
 * which block, and in which order, leaves no trace here.
 */
#ifndef FUNNEL_EVENT_TABLE_H
#define FUNNEL_EVENT_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "funnel/behaviour.h"
#include "funnel/recorder.h"
#include "funnel/sources.h"

enum { PAGE_OTHER = 0 };                    /* the number of pages beyond the cap */
enum { ORIGIN_NONE = 0, ORIGIN_OTHER = 1 }; /* nothing in the line; beyond the cap */

struct visit {
    int64_t first_ms, last_ms; /* of its hits, assets included */
    uint32_t visitor;
    uint32_t client; /* of its first hit */
    size_t first_event;
    uint32_t event_count;
    uint32_t page_views; /* 0 where page views are not kept */
    uint32_t source;     /* number of the source of its first page view; SOURCE_NUMBER_NONE */
    uint64_t hits;       /* of a visit that was cut, the assets are with its first part */
};

struct visitor {
    uint32_t client; /* of its first hit */
    uint8_t class;   /* enum agent_class */
    uint8_t rule;    /* enum behaviour_rule that decided, BEHAVIOUR_NONE when its class was declared
                        or it is a person */
    uint8_t key;     /* index of the visitor rule that told it */
    uint8_t traits;  /* bits of enum visitor_trait */
    size_t first_visit, first_event;
    uint32_t visit_count, event_count;
};

enum { SOURCE_NUMBER_NONE = 0 }; /* of visits without page views */

struct event_table {
    uint32_t counted_classes; /* bit per enum agent_class: who are the people of the report */
    uint32_t kept_classes;    /* whose page views are events; counted ones, and suspected, are */
    struct visitor_rules visitor_rules;
    struct client *clients;
    size_t client_count;
    struct visitor *visitors;
    size_t visitor_count;
    struct hash128 *visitor_ids; /* by visitor; NULL: not kept. People who are told apart by
                                    visit_cuts.h share theirs */
    struct visit *visits;
    size_t visit_count;
    struct event *events;
    uint32_t *referring_pages; /* by event: the page in its referrer, PAGE_NONE; NULL: not kept */
    size_t event_count;
    struct touch_marks *marks; /* by mark number */
    size_t mark_count, mark_capacity;
    struct agent_facts *agents; /* by number */
    size_t agent_count;
    struct names pages;   /* by number: paths; PAGE_OTHER those beyond the cap */
    struct names origins; /* by number: packed (parser/origin.h); ORIGIN_OTHER beyond the cap */
    struct origin_use *origin_uses; /* by number */
    struct source *sources;         /* by source number; made by people_settle */
    uint32_t *source_of;            /* by origin number */
    size_t source_count;
    struct own_hosts own_hosts;
    struct input_counts *inputs;    /* by input */
    struct input_samples **samples; /* by input; NULL: no line to show */
    size_t input_count;
    struct kind_counts kinds;
    struct folded_counts folded; /* of all that are kept; people_settle leaves those of people */
    struct behaviour_finding behaviour;
    int64_t first_ms, last_ms; /* of all counted hits; CIVIL_NO_TIME when there is none */
    struct arena texts;        /* of own_hosts and sources */
};

/* Does the visitor count among the people of the report? */
static inline bool event_table_is_person(const struct event_table *table,
                                         const struct visitor *visitor)
{
    return table->counted_classes >> visitor->class & 1;
}

/*
 * Takes the recorders apart (they can only be freed afterwards). All must have the same options.
 */
struct event_table *event_table_new(struct recorder *const *recorders, size_t count);
void event_table_free(struct event_table *table); /* NULL is fine */

#endif
