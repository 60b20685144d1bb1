/*
 * catalog: everything that can be chosen by name, in one list.
 *
 * Formats, dimensions, outputs and journeys are tables of the floors below. The catalog lists
 * them side by side, with where they come from, for `sojourn plugins` and for suggestions after a
 * wrong name.
 */
#ifndef PLUGINS_CATALOG_H
#define PLUGINS_CATALOG_H

#include <stddef.h>

enum catalog_kind {
    CATALOG_FORMAT,
    CATALOG_DIMENSION,
    CATALOG_OUTPUT,
    CATALOG_JOURNEY,
    CATALOG_KINDS
};

struct catalog_entry {
    enum catalog_kind kind;
    const char *name;
    const char *about;
    const char *origin; /* "built in" */
};

/* "format", "dimension", ... */
const char *catalog_kind_name(enum catalog_kind kind);

/* Fills up to `max` entries of one kind; returns how many there are. */
size_t catalog_list(enum catalog_kind kind, struct catalog_entry *entries, size_t max);

/* The names of one kind into `names`, ended by NULL; `max` includes the NULL. Returns `names`. */
const char *const *catalog_names(enum catalog_kind kind, const char **names, size_t max);

#endif
