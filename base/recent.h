/*
 * recent: small direct-mapped caches in front of keyed tables.
 *
 * What came lately often comes again; a cheap index of a text or number finds it without a keyed
 * hash. The index can be guessed, so a hostile log can make it miss, and then costs what the keyed
 * table costs, no more.
 */
#ifndef BASE_RECENT_H
#define BASE_RECENT_H

#include <stdint.h>

#include "base/slice.h"

enum { RECENT = 4096 };

static inline uint64_t recent_word(const char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

static inline size_t recent_index(uint64_t word)
{
    return (size_t)(word * 0x9e3779b97f4a7c15u >> 52) % RECENT;
}

/* A cheap sample of a text: its size and four words of it tell most texts apart. */
static inline size_t recent_index_of(struct slice text)
{
    if (text.size < 8)
        return recent_index(text.size ? (uint64_t)text.at[0] << 8 | (uint64_t)text.at[text.size - 1]
                                      : 0);
    size_t last = text.size - 8;
    uint64_t sample = text.size;
    for (size_t quarter = 1; quarter <= 4; quarter++)
        sample = sample * 5 + recent_word(text.at + last * quarter / 4);
    return recent_index(sample);
}

#endif
