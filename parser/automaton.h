/*
 * automaton: which of many words stand in a text, in one pass over it.
 *
 * The automaton of Aho & Corasick (1975), with its failure links worked into a table:
 *
 *     state = next[state][class of the byte]
 *
 * Bytes that no word contains share one class, so a row is as wide as the words' alphabet. 1,500
 * words of 18 kB make a table of 2 MB in about 5 ms. A text costs a few nanoseconds a byte,
 * whatever it holds.
 */
#ifndef PARSER_AUTOMATON_H
#define PARSER_AUTOMATON_H

#include <stdint.h>

#include "base/slice.h"

enum { AUTOMATON_TEXT_LIMIT = UINT16_MAX }; /* bytes of all words together */

/* What is known when the word is found. */
struct automaton_word {
    struct slice text; /* not empty */
    uint32_t number;   /* UINT32_MAX: none */
    uint64_t flags;
};

struct automaton_found {
    uint32_t lowest; /* of the words' numbers, UINT32_MAX when there is none */
    uint64_t flags;  /* of all of them */
};

struct automaton;

/* The words' texts together are at most AUTOMATON_TEXT_LIMIT. They are not needed afterwards. */
struct automaton *automaton_new(const struct automaton_word *words, size_t count);
void automaton_free(struct automaton *automaton);

/* Looks for all words at once. Thread-safe. */
struct automaton_found automaton_find(const struct automaton *automaton, struct slice text);

#endif
