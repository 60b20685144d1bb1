/*
 * glob: many path patterns matched at once.
 *
 * A pattern is matched against a whole normalised path:
 *
 *     *    any run of characters within a segment, also none
 *     **   any run of characters across segments, also none. Where it stands for whole segments
 *          the slash beside it may be absent with it, so that with blanks only for this comment
 *              /shop/ ** /cart   matches /shop/cart and /shop/a/b/cart
 *              / ** /cart        matches /cart and /de/cart, and so does ** /cart
 *              /shop/ **         matches /shop and /shop/a/b: a path never ends in a slash, so
 *                                /shop/ and /shop are the same page
 *     ?    one character of a segment
 *     %XX  that byte and nothing else: %2A is a star, %3F a question mark
 *     any other character stands for itself, ASCII letters in either case
 *
 * Normalised means: percent-decoded once, a trailing slash dropped (except the root's), doubled
 * slashes made one. The same goes for the slashes of a pattern.
 *
 * All patterns become one automaton whose states are built when they are first met: matching a
 * path costs one table look-up a byte, however many patterns there are. The set is read only and
 * shared; the matcher with its states belongs to one thread and is bounded (it starts afresh when
 * full).
 */
#ifndef FUNNEL_GLOB_H
#define FUNNEL_GLOB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

struct glob_set;
struct glob_matcher;

/* Patterns are copied. Pattern i is bit i of a match. count may be 0. */
struct glob_set *glob_set_new(const struct slice *patterns, size_t count);
void glob_set_free(struct glob_set *set);
size_t glob_set_size(const struct glob_set *set);

/* The set must outlive the matcher. */
struct glob_matcher *glob_matcher_new(const struct glob_set *set);
void glob_matcher_free(struct glob_matcher *matcher);

/*
 * Which patterns match a normalised path: a bit set of glob_set_size bits in 64-bit words,
 * valid until the next call.
 */
const uint64_t *glob_match(struct glob_matcher *matcher, struct slice path);

/*
 * One pattern against one text, for values: '*' is any run of characters, also with slashes, '?' is
 * one character, ASCII letters match in either case. At most pattern size * text size steps.
 */
bool glob_matches_text(struct slice pattern, struct slice text);

/*
 * Normalises into `out` (at least path.size + 1 bytes; may be the same memory as path.at). Returns
 * the slice in `out`.
 */
struct slice glob_normalise(struct slice path, char *out);

#endif
