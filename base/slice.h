/*
 * slice: a piece of somebody else's bytes.
 *
 * A slice never owns what it points at and is never NUL-terminated. Text from a log travels
 * as slices of the block it was read into; whoever wants to keep it copies it (arena_copy,
 * names_add). An absent field is {NULL, 0}; an empty one has a non-NULL `at`.
 */
#ifndef BASE_SLICE_H
#define BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct slice {
    const char *at;
    size_t size;
};

/* For printf("%.*s"). Only for text that is known to be harmless; see printable.h. */
#define SLICE_ARG(s) (int)(s).size, (s).at

/* A slice of a string literal or other constant string. */
#define SLICE_LITERAL(text) ((struct slice){(text), sizeof(text) - 1})

static inline struct slice slice_of(const char *text)
{
    return (struct slice){text, text ? strlen(text) : 0};
}

static inline bool slice_equal(struct slice a, struct slice b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.at, b.at, a.size) == 0);
}

static inline bool slice_is(struct slice a, const char *text)
{
    return slice_equal(a, slice_of(text));
}

static inline bool slice_starts_with(struct slice a, struct slice prefix)
{
    return a.size >= prefix.size && (prefix.size == 0 || memcmp(a.at, prefix.at, prefix.size) == 0);
}

/* Byte order, shorter first among equals: <0, 0, >0. The order of every sorted table of text. */
static inline int slice_compare(struct slice a, struct slice b)
{
    size_t common = a.size < b.size ? a.size : b.size;
    int order = common ? memcmp(a.at, b.at, common) : 0;
    return order ? order : (a.size > b.size) - (a.size < b.size);
}

/* From `begin` to the end; empty when `begin` is past it. */
static inline struct slice slice_from(struct slice a, size_t begin)
{
    if (begin > a.size)
        begin = a.size;
    return (struct slice){a.at ? a.at + begin : NULL, a.size - begin};
}

/* The first `size` bytes, or all if there are fewer. */
static inline struct slice slice_head(struct slice a, size_t size)
{
    return (struct slice){a.at, a.size < size ? a.size : size};
}

#endif
