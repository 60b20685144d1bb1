#include "base/suggest.h"

#include <stdbool.h>
#include <stdio.h>

#include "base/ascii.h"

enum { LONGEST_WORD = 64 }; /* longer ones are never suggested, nor anything for them */

static bool same(char a, char b)
{
    return ascii_lower(a) == ascii_lower(b);
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/*
 * Optimal string alignment: insertions, deletions, replacements and swaps of neighbours cost one,
 * and nothing is edited twice. Three rows of the usual table are enough.
 */
static size_t distance(struct slice a, struct slice b)
{
    size_t rows[3][LONGEST_WORD + 1];
    size_t *before = rows[0], *above = rows[1], *row = rows[2];
    for (size_t j = 0; j <= b.size; j++)
        above[j] = j;
    for (size_t i = 1; i <= a.size; i++) {
        row[0] = i;
        for (size_t j = 1; j <= b.size; j++) {
            size_t replaced = above[j - 1] + !same(a.at[i - 1], b.at[j - 1]);
            row[j] = least(replaced, least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && same(a.at[i - 1], b.at[j - 2]) && same(a.at[i - 2], b.at[j - 1]))
                row[j] = least(row[j], before[j - 2] + 1);
        }
        size_t *oldest = before;
        before = above;
        above = row;
        row = oldest;
    }
    return above[b.size];
}

static size_t allowed_edits(struct slice a, struct slice b)
{
    size_t third = (a.size > b.size ? a.size : b.size) / 3;
    return third ? third : 1;
}

const char *suggest(struct slice wrong, const char *const *candidates)
{
    const char *nearest = NULL;
    size_t nearest_edits = LONGEST_WORD;
    if (wrong.size == 0 || wrong.size > LONGEST_WORD)
        return NULL;
    for (; *candidates; candidates++) {
        struct slice candidate = slice_of(*candidates);
        if (candidate.size > LONGEST_WORD)
            continue;
        size_t edits = distance(wrong, candidate);
        if (edits <= allowed_edits(wrong, candidate) && edits < nearest_edits) {
            nearest = *candidates;
            nearest_edits = edits;
        }
    }
    return nearest;
}

const char *suggest_phrase(char *text, size_t size, struct slice wrong,
                           const char *const *candidates)
{
    const char *nearest = suggest(wrong, candidates);
    if (nearest)
        snprintf(text, size, " (did you mean \"%s\"?)", nearest);
    else if (size)
        text[0] = '\0';
    return text;
}
