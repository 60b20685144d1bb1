/*
 * names: text <-> number.
 *
 * Repeated text (user agents, pages, place names) is stored once and compared by its number from
 * then on. Numbers are dense and start at 0, in the order of first sight; a name is never removed.
 *
 *     slots[hash] -> number -> {text in the arena, its hash}
 *
 * One table belongs to one thread. Give all tables that will be merged the same key, so that a
 * stored hash serves in both.
 */
#ifndef BASE_NAMES_H
#define BASE_NAMES_H

#include <stdint.h>

#include "base/hash.h"
#include "base/memory.h"
#include "base/slice.h"

#define NAMES_NONE UINT32_MAX

struct name {
    const char *at; /* NUL-terminated, lives as long as the table */
    uint32_t size;
    uint32_t hash; /* upper half of the keyed hash */
};

struct names {
    struct hash_key key;
    struct name *list; /* list[number] */
    uint32_t count;
    size_t capacity;
    uint32_t *slots; /* number + 1, 0 free; open addressing, linear probing */
    size_t slot_count;
    struct arena texts;
};

void names_init(struct names *names, struct hash_key key);
void names_clear(struct names *names);

/* The number of `text`, added if it is new. Texts of 4 GiB and more are cut. */
uint32_t names_add(struct names *names, struct slice text);

/* The number of `text`, or NAMES_NONE. */
uint32_t names_find(const struct names *names, struct slice text);

static inline struct slice names_text(const struct names *names, uint32_t number)
{
    return (struct slice){names->list[number].at, names->list[number].size};
}

#endif
