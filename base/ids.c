#include "base/ids.h"

#include <assert.h>

#include "base/memory.h"

enum { FIRST_SLOTS = 1024 };

void ids_init(struct ids *ids)
{
    *ids = (struct ids){.slot_count = FIRST_SLOTS};
    ids->slots = mem_zeroed(FIRST_SLOTS, sizeof *ids->slots);
}

void ids_clear(struct ids *ids)
{
    mem_free(ids->list);
    mem_free(ids->slots);
    *ids = (struct ids){0};
}

static void put_number(struct ids *ids, uint32_t number)
{
    size_t mask = ids->slot_count - 1;
    size_t slot = ids->list[number].low & mask;
    while (ids->slots[slot])
        slot = (slot + 1) & mask;
    ids->slots[slot] = number + 1;
}

static void double_slots(struct ids *ids)
{
    mem_free(ids->slots);
    ids->slot_count *= 2;
    ids->slots = mem_zeroed(ids->slot_count, sizeof *ids->slots);
    for (uint32_t number = 0; number < ids->count; number++)
        put_number(ids, number);
}

static uint32_t append(struct ids *ids, struct hash128 id)
{
    assert(ids->count < UINT32_MAX - 1);
    uint32_t number = ids->count++;
    ids->list = mem_grow(ids->list, &ids->capacity, ids->count, sizeof *ids->list);
    ids->list[number] = id;
    if (ids->count > ids->slot_count / 2)
        double_slots(ids);
    else
        put_number(ids, number);
    return number;
}

uint32_t ids_add(struct ids *ids, struct hash128 id)
{
    size_t mask = ids->slot_count - 1;
    for (size_t slot = id.low & mask; ids->slots[slot]; slot = (slot + 1) & mask) {
        uint32_t number = ids->slots[slot] - 1;
        if (ids->list[number].low == id.low && ids->list[number].high == id.high)
            return number;
    }
    return append(ids, id);
}
