#include "tests/loggen/plan.h"

#include <stdarg.h>
#include <stdio.h>

void plan_init(struct plan *plan, uint64_t seed, int64_t start_s)
{
    *plan = (struct plan){.start_s = start_s};
    random_seed(&plan->random, seed);
    names_init(&plan->texts, (struct hash_key){1, 2});
}

void plan_clear(struct plan *plan)
{
    names_clear(&plan->texts);
    mem_free(plan->actors);
    mem_free(plan->hits);
}

uint32_t plan_text(struct plan *plan, const char *text)
{
    return names_add(&plan->texts, slice_of(text));
}

uint32_t plan_format(struct plan *plan, const char *format, ...)
{
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return plan_text(plan, text);
}

uint32_t plan_actor(struct plan *plan, uint32_t address, uint32_t agent)
{
    plan->actors =
        mem_grow(plan->actors, &plan->actor_capacity, plan->actor_count + 1, sizeof *plan->actors);
    plan->actors[plan->actor_count] =
        (struct plan_actor){.address = address, .agent = agent, .cookie = PLAN_NO_COOKIE};
    return (uint32_t)plan->actor_count++;
}

struct plan_hit *plan_hit(struct plan *plan, struct plan_hit hit)
{
    plan->hits = mem_grow(plan->hits, &plan->hit_capacity, plan->hit_count + 1, sizeof *plan->hits);
    plan->hits[plan->hit_count] = hit;
    return &plan->hits[plan->hit_count++];
}

void plan_raw(struct plan *plan, uint32_t at_s, uint32_t text)
{
    plan_hit(plan, (struct plan_hit){.at_s = at_s, .actor = PLAN_NOBODY, .request = text});
}

void plan_impossible(struct plan *plan, uint32_t at_s, enum plan_impossibility which)
{
    plan_hit(plan, (struct plan_hit){.at_s = at_s, .actor = PLAN_IMPOSSIBLE, .request = which});
}

/* One stable pass of a radix sort over 11 bits of the time. */
static void sort_pass(const struct plan *plan, unsigned shift, const uint32_t *from, uint32_t *to)
{
    enum { BUCKETS = 2048 };
    uint32_t ends[BUCKETS + 1] = {0};
    for (size_t i = 0; i < plan->hit_count; i++)
        ends[((plan->hits[i].at_s + plan->hits[i].delay_s) >> shift) % BUCKETS + 1]++;
    for (size_t i = 0; i < BUCKETS; i++)
        ends[i + 1] += ends[i];
    for (size_t i = 0; i < plan->hit_count; i++) {
        const struct plan_hit *hit = &plan->hits[from[i]];
        to[ends[((hit->at_s + hit->delay_s) >> shift) % BUCKETS]++] = from[i];
    }
}

uint32_t *plan_order(const struct plan *plan)
{
    uint32_t *order = mem_zeroed(plan->hit_count + 1, sizeof *order);
    uint32_t *other = mem_zeroed(plan->hit_count + 1, sizeof *other);
    for (size_t i = 0; i < plan->hit_count; i++)
        order[i] = (uint32_t)i;
    for (unsigned shift = 0; shift < 33; shift += 11) {
        sort_pass(plan, shift, order, other);
        uint32_t *const swap = order;
        order = other;
        other = swap;
    }
    mem_free(other);
    return order;
}
