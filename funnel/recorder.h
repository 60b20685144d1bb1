/*
 * recorder: hits -> events and presence. The one place where anything of a hit is copied.
 *
 * Each parse worker has its own recorder, so nothing is locked; event_table.h merges them.
 *
 *     hit -> agent number  (user agents are settled once per distinct text: crawler or not)
 *         -> visitor       (address, agent number)
 *         -> presence      the visitor's open span grows, or a new one begins
 *         -> event         only for people's page views, and for calls and other methods that
 *                          a rule of the journey marks
 *
 * A span is a time in which the visitor was never away longer than the visit timeout. All
 * hits count for it, assets too. Spans of the same visitor that touch (by the timeout) are one,
 * whichever worker saw which hit and in whatever order: so visits come out exactly, and assets
 * cost no memory.
 *
 * Small direct-mapped caches stand before the keyed tables. Their index is cheap and can be
 * guessed, so a hostile log can make them miss, and then costs what the keyed table costs, no more.
 */
#ifndef FUNNEL_RECORDER_H
#define FUNNEL_RECORDER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/hash.h"
#include "base/names.h"
#include "funnel/rules.h"
#include "parser/agent.h"
#include "parser/hit.h"

struct event {
    int64_t time_ms;
    uint32_t visitor;
    uint32_t page; /* number of its path */
    uint32_t mark; /* number of its touch_marks; 0: none */
    uint16_t status;
    uint8_t kind; /* enum request_kind */
};

struct span {
    int64_t first_ms, last_ms;
    uint32_t visitor;
    uint32_t hits;
};

struct visitor_key {
    struct address address; /* for a name: its number in the first four bytes */
    uint32_t agent;
};

static inline bool visitor_key_equal(const struct visitor_key *a, const struct visitor_key *b)
{
    return a->agent == b->agent && a->address.family == b->address.family &&
           memcmp(a->address.bytes, b->address.bytes, sizeof a->address.bytes) == 0;
}

static inline uint64_t visitor_key_hash(struct hash_key hash_key, const struct visitor_key *key)
{
    struct {
        uint8_t address[16];
        uint32_t agent, family;
    } packed = {.agent = key->agent, .family = (uint32_t)key->address.family};
    memcpy(packed.address, key->address.bytes, sizeof packed.address);
    return hash_bytes(hash_key, &packed, sizeof packed);
}

/* What became of the lines of one input. */
struct input_counts {
    uint64_t lines, counted, filtered;
    uint64_t rejected_by[REJECT_COUNT];
    int64_t first_ms, last_ms; /* of counted lines; CIVIL_NO_TIME when there is none */
};

struct kind_counts {
    uint64_t bot_hits; /* of all kinds */
    uint64_t asset_hits, call_hits;
    bool has_zoneless_times;
};

struct recorder_options {
    struct hash_key key; /* the same for all recorders of a run */
    const struct rules *rules;
    const struct agent_rules *agent_rules;
    int64_t visit_timeout_ms;
    int64_t since_ms, until_ms; /* [since, until); INT64_MIN, INT64_MAX: no limit */
    bool includes_bots;
    size_t input_count;
};

/* Events in the order of the lines of one block. */
struct event_run {
    uint32_t input, block;
    size_t first, count; /* positions in the recorder's events */
};

enum { EVENT_CHUNK = 1 << 15 };

/* Open, so that event_table.c can take it apart; nobody else looks inside. */
struct recorder {
    struct recorder_options options;
    struct rule_matcher *matcher;
    struct names agents, hosts, pages, marks;
    bool *agent_is_bot; /* by agent number */
    size_t agent_capacity;
    struct known_page *page_facts; /* by page number */
    size_t page_capacity;
    struct known_visitor *visitors;
    size_t visitor_count, visitor_capacity;
    uint32_t *visitor_slots; /* number + 1; open addressing */
    size_t visitor_slot_count;
    struct event **chunks; /* EVENT_CHUNK events each */
    size_t chunk_count, chunk_capacity, event_count;
    struct event_run *runs;
    size_t run_count, run_capacity;
    struct span *spans; /* closed ones; the open ones are in the visitors */
    size_t span_count, span_capacity;
    struct input_counts *inputs; /* by input */
    struct input_counts *counts; /* of the input whose block is being recorded */
    struct kind_counts kinds;
    struct recent_numbers *recent;
};

/* What the rules say of a page: its class, and the mark of its last request without a query. */
struct known_page {
    uint32_t class_number;
    uint32_t last_mark;
    uint16_t last_status; /* 0: none yet */
    uint8_t last_method;
};

struct known_visitor {
    struct visitor_key key;
    bool is_bot;
    struct span open; /* .hits 0: none yet */
};

struct recorder *recorder_new(const struct recorder_options *options);
void recorder_free(struct recorder *recorder); /* NULL is fine */

/* Before the lines of a block. */
void recorder_begin_block(struct recorder *recorder, uint32_t input, uint32_t block);
void recorder_add_hit(struct recorder *recorder, const struct hit *hit);
void recorder_add_rejected(struct recorder *recorder, enum reject_reason reason, uint64_t lines);

static inline const struct event *recorder_event(const struct recorder *recorder, size_t position)
{
    return &recorder->chunks[position / EVENT_CHUNK][position % EVENT_CHUNK];
}

#endif
