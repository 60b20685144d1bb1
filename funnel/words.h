/*
 * words: text for searching.
 *
 *     "Vertrag+k%C3%BCndigen?"  decoded: "Vertrag kündigen?"  ->  "vertrag kundigen"
 *
 * Words are lower case, without accents and punctuation, with one blank between them. Letters of
 * Latin-1 and Latin Extended-A become their base letters (é -> e, ß -> ss, ø -> o, ł -> l),
 * combining accents go; letters of other scripts stay as they are.
 */
#ifndef FUNNEL_WORDS_H
#define FUNNEL_WORDS_H

#include <stdbool.h>

#include "base/slice.h"

/*
 * Into `out` (at least text.size bytes; may be the same memory as text.at). Returns the slice in
 * `out`, empty when there is no word. With keep_stars a '*' stays, as phrases have them.
 */
struct slice words_normalise(struct slice text, bool keep_stars, char *out);

/* True when there are words, and each '*' of the normalised phrase ends one. */
bool words_is_phrase(struct slice phrase);

#endif
