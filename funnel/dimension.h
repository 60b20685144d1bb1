/*
 * dimension: what visits are told apart by.
 *
 * A dimension gives every visit a number: of its place, its landing page, its source ... Numbers
 * with the same text are one value of the report, and small values fold into "(other)":
 *
 *     visit --number()--> number --text()--> value --folding--> row of the report
 *
 * Visits add up to all. Whoever comes back can have several values and is a visitor of each, so
 * visitors can add up to more; what counts once per visitor (funnels) has the value of the first
 * visit.
 *
 * Folding: values with fewer visitors than the smallest cell are not shown. What is folded has at
 * least that many visitors itself, for which the next smallest values are folded as well, so that
 * nobody can be found by subtraction; only of a report with fewer visitors all are folded. That
 * holds within every value of the dimension above, too:
 *
 *     region        DE 20                           FR 3, US 2 -> folded
 *     subdivision   DE-BE 13                        FR-IDF 3, US-CA 2 -> folded with their regions
 *                   DE-HH 1 -> folded, and
 *                   DE-BB 6 with it, for 20 - 13 - 6 would give DE-HH away
 *
 * The dimension above folds the same way whether or not the report shows it. Values that say that
 * nothing is known (ZZ, "(none)") lead to nobody: small ones are shown, as one row within however
 * many values of the dimension above, and they fold only where nothing else is left to fold with.
 * Of texts that a log can make up as it likes, the DIMENSION_MAX_VALUES with the most visits are
 * enough.
 */
#ifndef FUNNEL_DIMENSION_H
#define FUNNEL_DIMENSION_H

#include "base/memory.h"
#include "funnel/event_table.h"
#include "funnel/report.h"
#include "geo/geo.h"

/* What there is to know of the visits of a table. Both are borrowed. */
struct visit_facts {
    const struct event_table *table;
    const struct geo *geo;
    uint32_t *place_of; /* by client; GEO_UNKNOWN of those that no person's visit came from */
};

/*
 * Looks every client of people's visits up, once. Before that, addresses lose their last bytes:
 * 1 keeps /24 of an IPv4 and /48 of an IPv6 address, 2 /16 and /32, 3 /8 and /16; 0 all.
 */
struct visit_facts visit_facts_new(const struct event_table *table, struct geo *geo,
                                   unsigned anonymized_bytes);
void visit_facts_clear(struct visit_facts *facts);

enum { DIMENSION_MAX_VALUES = 1000 }; /* with "(other)", where texts come from the log */
#define DIMENSION_NOTHING UINT32_MAX  /* number of a visit of which nothing is known */
#define DIMENSION_FOLDED  "(other)"

struct dimension {
    const char *name;  /* as in --by and in file names */
    const char *title; /* for people */
    const char *unknown, *unknown_label;
    const struct dimension *parent; /* each value lies within one of its values, the unknown within
                                       any, within the unknown nothing else; NULL: none */
    bool of_everybody;              /* of machines as well, not only of people */
    bool keeps_small;               /* nothing is folded: the values lead to nobody */
    bool is_from_log;               /* the values' number is limited */

    /* Numbers are below it. */
    size_t (*number_count)(const struct visit_facts *facts);
    /* Of a visit, or DIMENSION_NOTHING. */
    uint32_t (*number)(const struct visit_facts *facts, const struct visit *visit);
    /* Empty when nothing is known; DIMENSION_FOLDED for what has no text of its own. */
    struct slice (*text)(const struct visit_facts *facts, uint32_t number);
    /* NULL: the text is good enough. What it returns is static or in the arena. */
    const char *(*label)(struct arena *arena, struct slice text, uint32_t number);
    /* Page views that are in no visit of the table; NULL: none. */
    uint64_t (*more_page_views)(const struct visit_facts *facts, uint32_t number);
};

/*
 * The built-in dimensions, in order:
 *
 *     region subdivision city    of the address of the visit's first hit
 *     source referrer campaign   where it came from: class, name, campaign (sources.h); the last
 *                                two lie within the first
 *     landing exit               paths of its first and last page view
 *     device browser             of its first hit
 *     agent                      class of everybody (parser/agent.h), never folded
 *     host                       the own host of its first page view
 */
const struct dimension *dimension_list(size_t *count);
const struct dimension *dimension_find(const char *name); /* NULL when there is none */
const char *const *dimension_names(void);                 /* ends with NULL; for suggestions */

/* Visits sorted by a dimension. */
struct grouping {
    const struct dimension *dimension;
    struct report_value *values; /* in the arena, in the order of the report */
    size_t count;
    uint32_t *of_visit; /* index of its value; GROUPING_NONE of visits that do not count */
};
#define GROUPING_NONE UINT32_MAX

struct grouping grouping_new(const struct dimension *dimension, const struct visit_facts *facts,
                             uint64_t min_cell, struct arena *arena);
void grouping_clear(struct grouping *grouping); /* frees what is not in the arena */

#endif
