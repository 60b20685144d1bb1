/*
 * suggest: "did you mean".
 */
#ifndef BASE_SUGGEST_H
#define BASE_SUGGEST_H

#include "base/slice.h"

/*
 * The candidate that is closest to `wrong` (Damerau-Levenshtein, optimal string alignment,
 * case ignored), or NULL when none is near: at most a third of the longer word's length, and
 * at least one edit is always allowed. The first of equally close candidates wins. `candidates`
 * ends with NULL.
 */
const char *suggest(struct slice wrong, const char *const *candidates);

/* " (did you mean "X"?)" into `text`, or "" when nothing is near. Returns `text`. */
const char *suggest_phrase(char *text, size_t size, struct slice wrong,
                           const char *const *candidates);

#endif
