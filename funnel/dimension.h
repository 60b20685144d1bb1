/*
 * dimension: what people are told apart by.
 *
 * A dimension gives every place a value, e.g. the country, as text. Places with the same text are
 * one value of the report; values with fewer visitors than the smallest cell fold into "(other)",
 * which is made large enough itself by folding the next smallest too, so that nobody can be
 * found by subtraction.
 *
 *     place number --value()--> text --> index into the report's values
 */
#ifndef FUNNEL_DIMENSION_H
#define FUNNEL_DIMENSION_H

#include "base/memory.h"
#include "funnel/report.h"
#include "geo/geo.h"

struct dimension {
    const char *name;  /* as in --by and in file names */
    const char *title; /* for people */
    struct slice (*value)(const struct geo_place *place);
    const char *(*label)(struct arena *arena, struct slice value);
};

/* The built-in dimensions: region, subdivision, city. */
const struct dimension *dimension_list(size_t *count);
const struct dimension *dimension_find(const char *name); /* NULL when there is none */
const char *const *dimension_names(void);                 /* ends with NULL; for suggestions */

/* People of one place. */
struct place_counts {
    uint64_t visits, visitors, page_views;
};

/* The values of a dimension, and which of them each place has. */
struct dimension_values {
    struct report_value *values; /* in the arena, in the order of the report */
    size_t count;
    size_t *of_place; /* by place number; the caller frees it with mem_free */
};

/* Places without visitors get no value of their own (their index is of no meaning). */
struct dimension_values dimension_values_new(const struct dimension *dimension,
                                             const struct geo *geo,
                                             const struct place_counts *counts, uint64_t min_cell,
                                             struct arena *arena);

#endif
