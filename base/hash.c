#include "base/hash.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

struct hash_key hash_key_random(void)
{
    struct hash_key key;
    char *at = (char *)&key;
    size_t left = sizeof key;
    while (left) {
        ssize_t got = getrandom(at, left, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            abort();
        at += got;
        left -= (size_t)got;
    }
    return key;
}

static inline uint64_t rotate(uint64_t value, int by)
{
    return value << by | value >> (64 - by);
}

struct sip {
    uint64_t v0, v1, v2, v3;
};

static inline void sip_round(struct sip *s)
{
    s->v0 += s->v1;
    s->v1 = rotate(s->v1, 13) ^ s->v0;
    s->v0 = rotate(s->v0, 32);
    s->v2 += s->v3;
    s->v3 = rotate(s->v3, 16) ^ s->v2;
    s->v0 += s->v3;
    s->v3 = rotate(s->v3, 21) ^ s->v0;
    s->v2 += s->v1;
    s->v1 = rotate(s->v1, 17) ^ s->v2;
    s->v2 = rotate(s->v2, 32);
}

/* Little-endian, as the reference vectors are; on a big-endian machine the hash only differs. */
static inline uint64_t load(const unsigned char *at, size_t size)
{
    uint64_t word = 0;
    memcpy(&word, at, size);
    return word;
}

static inline struct sip sip_start(struct hash_key key)
{
    return (struct sip){key.k0 ^ 0x736f6d6570736575u, key.k1 ^ 0x646f72616e646f6du,
                        key.k0 ^ 0x6c7967656e657261u, key.k1 ^ 0x7465646279746573u};
}

static inline void sip_take(struct sip *s, uint64_t word)
{
    s->v3 ^= word;
    sip_round(s);
    s->v0 ^= word;
}

static inline void sip_take_bytes(struct sip *s, const void *bytes, size_t size)
{
    const unsigned char *at = bytes;
    size_t left = size;
    for (; left >= 8; at += 8, left -= 8)
        sip_take(s, load(at, 8));
    sip_take(s, (uint64_t)size << 56 | (left ? load(at, left) : 0));
}

static inline uint64_t sip_finish(struct sip *s)
{
    sip_round(s);
    sip_round(s);
    sip_round(s);
    return s->v0 ^ s->v1 ^ s->v2 ^ s->v3;
}

uint64_t hash_bytes(struct hash_key key, const void *bytes, size_t size)
{
    struct sip s = sip_start(key);
    sip_take_bytes(&s, bytes, size);
    s.v2 ^= 0xff;
    return sip_finish(&s);
}

/* The paper does not have this form; 0xee and 0xdd are the constants of the authors' siphash.c. */
struct hash128 hash128_bytes(struct hash_key key, const void *bytes, size_t size)
{
    struct sip s = sip_start(key);
    struct hash128 hash;
    s.v1 ^= 0xee;
    sip_take_bytes(&s, bytes, size);
    s.v2 ^= 0xee;
    hash.low = sip_finish(&s);
    s.v1 ^= 0xdd;
    hash.high = sip_finish(&s);
    return hash;
}
