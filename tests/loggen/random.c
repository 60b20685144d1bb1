#include "tests/loggen/random.h"

#include "base/memory.h"

static uint64_t splitmix_next(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

void random_seed(struct random *random, uint64_t seed)
{
    for (size_t i = 0; i < 4; i++)
        random->state[i] = splitmix_next(&seed);
}

static uint64_t rotate_left(uint64_t x, unsigned bits)
{
    return x << bits | x >> (64 - bits);
}

uint64_t random_next(struct random *random)
{
    uint64_t *s = random->state;
    const uint64_t result = rotate_left(s[1] * 5, 7) * 9;
    const uint64_t shifted = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = rotate_left(s[3], 45);
    return result;
}

size_t random_weighted(struct random *random, const uint16_t *weights, size_t count)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += weights[i];
    uint32_t at = random_below(random, sum);
    size_t i = 0;
    while (at >= weights[i])
        at -= weights[i++];
    return i;
}

void zipf_init(struct zipf *zipf, uint32_t count)
{
    zipf->count = count;
    zipf->ends = mem_zeroed(count, sizeof *zipf->ends);
    double sum = 0, running = 0;
    for (uint32_t i = 0; i < count; i++)
        sum += 1.0 / (i + 1);
    for (uint32_t i = 0; i < count; i++) {
        running += 1.0 / (i + 1);
        zipf->ends[i] = (uint32_t)(running / sum * UINT32_MAX);
    }
    zipf->ends[count - 1] = UINT32_MAX;
}

void zipf_clear(struct zipf *zipf)
{
    mem_free(zipf->ends);
}

uint32_t zipf_pick(const struct zipf *zipf, struct random *random)
{
    const uint32_t at = (uint32_t)(random_next(random) >> 32);
    uint32_t low = 0, high = zipf->count - 1;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (zipf->ends[middle] < at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}
