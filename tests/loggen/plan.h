/*
 * plan: everything that will stand in the logs, before it is written.
 *
 *     actors[]   who: an address, a user agent and perhaps a cookie
 *     texts      each distinct request, referrer, address, agent or raw line once
 *     hits[]     who asked for what, when, with which answer; in the order they were thought of
 *
 * The planners (bench, people, shop, sample) add hits in any order of time; the writer sorts them.
 * A hit is written when its answer was complete, so a slow one stands later in the log than its own
 * time says, as in a real server's.
 */
#ifndef LOGGEN_PLAN_H
#define LOGGEN_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/names.h"
#include "tests/loggen/random.h"

/* The actors of lines that are no hits: `request` is all of it, or an enum plan_impossibility. */
#define PLAN_NOBODY     UINT32_MAX
#define PLAN_IMPOSSIBLE (UINT32_MAX - 1)

/* What is impossible in a line that is otherwise like all others. */
enum plan_impossibility {
    IMPOSSIBLE_DAY,
    IMPOSSIBLE_MONTH,
    IMPOSSIBLE_HOUR,
    IMPOSSIBLE_STATUS_999,
    IMPOSSIBLE_STATUS_600,
    IMPOSSIBLE_STATUS_099
};

#define PLAN_NO_COOKIE UINT32_MAX

struct plan_actor {
    uint32_t address, agent; /* texts */
    uint32_t cookie;         /* text, sent with each hit but the first; PLAN_NO_COOKIE */
    bool has_cookie_before;  /* sends it with the first one, too */
};

struct plan_hit {
    uint32_t at_s;    /* since the start of the log */
    uint32_t delay_s; /* from at_s until it was written */
    uint32_t actor;
    uint32_t request, referrer; /* texts; the request with its method and protocol */
    uint32_t size_bytes;
    uint16_t status;
};

struct plan {
    struct random random;
    int64_t start_s; /* since 1970, UTC */
    struct names texts;
    struct plan_actor *actors;
    size_t actor_count, actor_capacity;
    struct plan_hit *hits;
    size_t hit_count, hit_capacity;
};

void plan_init(struct plan *plan, uint64_t seed, int64_t start_s);
void plan_clear(struct plan *plan);

uint32_t plan_text(struct plan *plan, const char *text);
uint32_t plan_format(struct plan *plan, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Without a cookie. */
uint32_t plan_actor(struct plan *plan, uint32_t address, uint32_t agent);
struct plan_hit *plan_hit(struct plan *plan, struct plan_hit hit);

/* A line that is no hit. */
void plan_raw(struct plan *plan, uint32_t at_s, uint32_t text);
void plan_impossible(struct plan *plan, uint32_t at_s, enum plan_impossibility which);

static inline bool plan_is_hit(const struct plan_hit *hit)
{
    return hit->actor < PLAN_IMPOSSIBLE;
}

/*
 * The indexes of all hits by the time they were written, those of the same second as they were
 * planned. The caller frees it (mem_free).
 */
uint32_t *plan_order(const struct plan *plan);

#endif
