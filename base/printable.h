/*
 * printable: hostile bytes made safe to look at.
 *
 * Text from a log, a file name or a database can hold escape sequences, broken UTF-8, or marks
 * that turn the reading direction round. Whatever goes to a terminal or into a report passes here
 * first: valid UTF-8 stays; C0 and C1 controls, DEL, bidirectional and zero-width controls, line
 * and paragraph separators, and every byte that is not valid UTF-8 become \xHH per byte. A
 * backslash stays as it is, so ordinary text is never changed.
 */
#ifndef BASE_PRINTABLE_H
#define BASE_PRINTABLE_H

#include <stddef.h>

#include "base/slice.h"

/* Into `out` (always NUL-terminated, cut at a whole character when it is full). Returns `out`. */
const char *printable(char *out, size_t out_size, struct slice text);

/* Upper bound of what printable() needs for `size` bytes, with the NUL. */
static inline size_t printable_bound(size_t size)
{
    return size * 4 + 1;
}

/*
 * The length in bytes (1-4) of the harmless UTF-8 character at the start of `text`, or 0 when
 * its first byte has to be shown as \xHH.
 */
size_t printable_character(struct slice text);

/* Columns that harmless UTF-8 text takes on a terminal (wide East Asian characters take two). */
size_t printable_width(struct slice text);

#endif
