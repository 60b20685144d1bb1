/*
 * word_search: some hundred words looked for in one short text, one after the other.
 *
 * A bit for each pair of neighbours in the text rules most words out before the text is looked at:
 *
 *     "Chrome/1"  ->  Ch hr ro om me e/ /1         "Edg/" is not there, for there is no "Ed"
 *
 * (automaton.h finds them all at once, but has to be built first.)
 */
#ifndef PARSER_WORD_SEARCH_H
#define PARSER_WORD_SEARCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

enum { WORD_SEARCH_BITS = 4096 };

struct word_search {
    struct slice text;
    uint64_t pairs[WORD_SEARCH_BITS / 64];
};

/* Two pairs may share a bit: then the text itself has to be asked. */
static inline unsigned word_search_pair(const char *at)
{
    return ((unsigned char)at[0] * 31U + (unsigned char)at[1]) % WORD_SEARCH_BITS;
}

/* `text` must outlive the search. */
static inline void word_search_init(struct word_search *search, struct slice text)
{
    memset(search, 0, sizeof *search);
    search->text = text;
    for (size_t i = 0; i + 1 < text.size; i++) {
        unsigned pair = word_search_pair(text.at + i);
        search->pairs[pair / 64] |= UINT64_C(1) << pair % 64;
    }
}

/* Where the first `word`, of two bytes or more, begins; NULL when it is not there. */
static inline const char *word_search_find(const struct word_search *search, const char *word)
{
    size_t size = 1;
    for (; word[size]; size++) {
        unsigned pair = word_search_pair(word + size - 1);
        if (!(search->pairs[pair / 64] >> pair % 64 & 1))
            return NULL;
    }
    return memmem(search->text.at, search->text.size, word, size);
}

static inline bool word_search_has(const struct word_search *search, const char *word)
{
    return word_search_find(search, word) != NULL;
}

#endif
