/*
 * ids: 128-bit keyed hash <-> number.
 *
 * For what only has to be told apart: of a text or a bundle of values, its keyed hash (hash.h)
 * stands for it, and nothing else is kept. Numbers are dense and start at 0, in the order of first
 * sight. With 10^9 ids, the chance that any two of them are the same by accident is under 10^-20;
 * without the key nobody can make it happen.
 */
#ifndef BASE_IDS_H
#define BASE_IDS_H

#include <stdint.h>

#include "base/hash.h"

struct ids {
    struct hash128 *list; /* list[number] */
    uint32_t count;
    size_t capacity;
    uint32_t *slots; /* number + 1, 0 free; open addressing, linear probing */
    size_t slot_count;
};

void ids_init(struct ids *ids);
void ids_clear(struct ids *ids);

/* The number of the id; equal to the count before when it is new. */
uint32_t ids_add(struct ids *ids, struct hash128 id);

#endif
