/*
 * glob_reference: the meaning of a glob (funnel/glob.h) written down as directly as possible.
 *
 * A table of "does the rest of the pattern match the rest of the path", filled from the ends. It
 * shares nothing with the automaton: the unit test and the fuzz target compare the two.
 */
#ifndef TESTS_GLOB_REFERENCE_H
#define TESTS_GLOB_REFERENCE_H

#include <stdbool.h>
#include <stdlib.h>

#include "base/slice.h"

enum { REF_STAR = 256, REF_STARS, REF_CHARACTER, REF_MAX_PATTERN = 256, REF_MAX_PATH = 512 };

static inline int ref_lower(int byte)
{
    return byte >= 'A' && byte <= 'Z' ? byte + 32 : byte;
}

static inline bool ref_is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* The symbols of a pattern: bytes, and the REF_ ones. Slashes are normalised. */
static inline size_t ref_read(struct slice pattern, int *symbols)
{
    size_t count = 0;
    for (size_t i = 0; i < pattern.size; i++) {
        int symbol = ref_lower((unsigned char)pattern.at[i]);
        if (symbol == '*') {
            symbol = REF_STAR;
            for (; i + 1 < pattern.size && pattern.at[i + 1] == '*'; i++)
                symbol = REF_STARS;
        } else if (symbol == '?') {
            symbol = REF_CHARACTER;
        } else if (symbol == '%' && i + 2 < pattern.size && ref_is_hex(pattern.at[i + 1]) &&
                   ref_is_hex(pattern.at[i + 2])) {
            char digits[3] = {pattern.at[i + 1], pattern.at[i + 2], '\0'};
            symbol = ref_lower((int)strtol(digits, NULL, 16));
            i += 2;
        }
        if (symbol != '/' || count == 0 || symbols[count - 1] != '/')
            symbols[count++] = symbol;
    }
    return count > 1 && symbols[count - 1] == '/' ? count - 1 : count;
}

struct ref_table {
    const int *symbols;
    size_t symbol_count;
    struct slice path;
    bool cells[REF_MAX_PATTERN + 3][REF_MAX_PATH + 2]; /* false beyond the ends */
};

static inline bool ref_continues(const struct ref_table *table, size_t t)
{
    return t < table->path.size && ((unsigned char)table->path.at[t] & 0xc0) == 0x80;
}

/* A character and then as many of its further bytes as the rest leaves to it. */
static inline bool ref_character(const struct ref_table *table, size_t p, size_t t)
{
    if (t >= table->path.size || table->path.at[t] == '/' || ref_continues(table, t))
        return false;
    do {
        if (table->cells[p + 1][++t])
            return true;
    } while (ref_continues(table, t));
    return false;
}

/* A star: runs of every length, the rest behind each. */
static inline bool ref_run(const struct ref_table *table, size_t p, size_t t)
{
    for (;; t++) {
        if (table->cells[p + 1][t])
            return true;
        if (t == table->path.size || (table->symbols[p] == REF_STAR && table->path.at[t] == '/'))
            return false;
    }
}

static inline bool ref_cell(const struct ref_table *table, size_t p, size_t t)
{
    const int *symbols = table->symbols;
    bool is_end = t == table->path.size;
    if (p == table->symbol_count)
        return is_end;
    bool before_last_stars =
        symbols[p] == '/' && p + 2 == table->symbol_count && symbols[p + 1] == REF_STARS;
    bool whole_segments = symbols[p] == REF_STARS && (p == 0 || symbols[p - 1] == '/') &&
                          p + 1 < table->symbol_count && symbols[p + 1] == '/';
    if ((before_last_stars || whole_segments) && table->cells[p + 2][t])
        return true;
    if (symbols[p] == REF_CHARACTER)
        return ref_character(table, p, t);
    if (symbols[p] < 256)
        return !is_end && ref_lower((unsigned char)table->path.at[t]) == symbols[p] &&
               table->cells[p + 1][t + 1];
    return ref_run(table, p, t);
}

/* Does the pattern match the whole normalised path? Both within their limits. */
static inline bool ref_matches(struct slice pattern, struct slice path)
{
    int symbols[REF_MAX_PATTERN];
    struct ref_table *table = calloc(1, sizeof *table);
    if (!table)
        abort();
    table->symbols = symbols;
    table->symbol_count = ref_read(pattern, symbols);
    table->path = path;
    for (size_t p = table->symbol_count + 1; p-- > 0;) {
        for (size_t t = path.size + 1; t-- > 0;)
            table->cells[p][t] = ref_cell(table, p, t);
    }
    bool matches = table->cells[0][0];
    free(table);
    return matches;
}

#endif
