/*
 * hash: SipHash-1-3 with a random key.
 *
 * Keys of our tables are written by strangers: with a known hash function a visitor can make all
 * of them collide. SipHash (Aumasson & Bernstein 2012, https://www.aumasson.jp/siphash/) with a
 * key that nobody outside the process knows takes that away. Results never depend on the key:
 * everything is sorted before it is shown.
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

struct hash_key {
    uint64_t k0, k1;
};

/* A fresh key from the system's random source. Aborts if there is none: nothing is safe then. */
struct hash_key hash_key_random(void);

/* SipHash-1-3 of size bytes. NULL with size 0 is fine. */
uint64_t hash_bytes(struct hash_key key, const void *bytes, size_t size);

/*
 * SipHash-1-3 with 128 bits, in the order in which the authors write its bytes: low first. For what
 * is known by its hash alone, because two of them never meet by chance.
 */
struct hash128 {
    uint64_t low, high;
};
struct hash128 hash128_bytes(struct hash_key key, const void *bytes, size_t size);

#endif
