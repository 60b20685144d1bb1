#include "base/names.h"

#include <assert.h>

enum { FIRST_SLOTS = 64 };

void names_init(struct names *names, struct hash_key key)
{
    *names = (struct names){.key = key};
    names->slot_count = FIRST_SLOTS;
    names->slots = mem_zeroed(FIRST_SLOTS, sizeof *names->slots);
    arena_init(&names->texts);
}

void names_clear(struct names *names)
{
    mem_free(names->list);
    mem_free(names->slots);
    arena_clear(&names->texts);
    *names = (struct names){.key = names->key};
}

/* The slot that holds the text, or the free one where it belongs. */
static size_t find_slot(const struct names *names, struct slice text, uint32_t hash)
{
    size_t mask = names->slot_count - 1;
    size_t slot = hash & mask;
    while (names->slots[slot]) {
        const struct name *name = &names->list[names->slots[slot] - 1];
        if (name->hash == hash && name->size == text.size &&
            memcmp(name->at, text.at, text.size) == 0)
            break;
        slot = (slot + 1) & mask;
    }
    return slot;
}

static void double_slots(struct names *names)
{
    mem_free(names->slots);
    names->slot_count *= 2;
    names->slots = mem_zeroed(names->slot_count, sizeof *names->slots);
    size_t mask = names->slot_count - 1;
    for (uint32_t number = 0; number < names->count; number++) {
        size_t slot = names->list[number].hash & mask;
        while (names->slots[slot])
            slot = (slot + 1) & mask;
        names->slots[slot] = number + 1;
    }
}

static struct slice bounded(struct slice text)
{
    return slice_head(text.at ? text : SLICE_LITERAL(""), UINT32_MAX - 1);
}

uint32_t names_add(struct names *names, struct slice text)
{
    text = bounded(text);
    uint32_t hash = (uint32_t)(hash_bytes(names->key, text.at, text.size) >> 32);
    size_t slot = find_slot(names, text, hash);
    if (names->slots[slot])
        return names->slots[slot] - 1;
    assert(names->count < NAMES_NONE - 1);
    uint32_t number = names->count++;
    names->list = mem_grow(names->list, &names->capacity, names->count, sizeof *names->list);
    names->list[number] = (struct name){
        .at = arena_copy(&names->texts, text).at, .size = (uint32_t)text.size, .hash = hash};
    names->slots[slot] = number + 1;
    if (names->count > names->slot_count / 2)
        double_slots(names);
    return number;
}

uint32_t names_find(const struct names *names, struct slice text)
{
    text = bounded(text);
    uint32_t hash = (uint32_t)(hash_bytes(names->key, text.at, text.size) >> 32);
    size_t slot = find_slot(names, text, hash);
    return names->slots[slot] ? names->slots[slot] - 1 : NAMES_NONE;
}
