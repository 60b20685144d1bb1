/*
 * random: the generator's own stream of numbers.
 *
 * xoshiro256** seeded by splitmix64 (Blackman & Vigna, https://prng.di.unimi.it/): the same seed
 * gives the same log on every machine, with every compiler and C library. For that, no expression
 * may draw twice: C leaves open which argument comes first.
 */
#ifndef LOGGEN_RANDOM_H
#define LOGGEN_RANDOM_H

#include <stddef.h>
#include <stdint.h>

struct random {
    uint64_t state[4];
};

void random_seed(struct random *random, uint64_t seed);
uint64_t random_next(struct random *random);

/* 0 .. limit-1; limit must not be 0. */
static inline uint32_t random_below(struct random *random, uint32_t limit)
{
    return (uint32_t)((random_next(random) >> 32) * limit >> 32);
}

/* first .. last, both included. */
static inline uint32_t random_between(struct random *random, uint32_t first, uint32_t last)
{
    return first + random_below(random, last - first + 1);
}

/* Happens in `permille` of 1000 cases. */
static inline int random_chance(struct random *random, uint32_t permille)
{
    return random_below(random, 1000) < permille;
}

/* An index, drawn in proportion to weights[0 .. count). Their sum must be over 0. */
size_t random_weighted(struct random *random, const uint16_t *weights, size_t count);

/* Zipf's law: item i is drawn with a share in proportion to 1 / (i + 1). */
struct zipf {
    uint32_t *ends; /* cumulative shares of 2^32 */
    uint32_t count;
};
void zipf_init(struct zipf *zipf, uint32_t count);
void zipf_clear(struct zipf *zipf);
uint32_t zipf_pick(const struct zipf *zipf, struct random *random);

#endif
