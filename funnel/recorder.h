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
 * Lines that are no hit are counted by reason, and the first of each input and reason are kept as
 * samples (parser/sample.h).
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
#include "parser/fields.h"
#include "parser/hit.h"
#include "parser/sample.h"

#define EVENT_NO_DURATION UINT32_MAX

struct event {
    int64_t time_ms;
    uint32_t visitor;
    uint32_t page;        /* number of its path */
    uint32_t mark;        /* number of its touch_marks; 0: none */
    uint32_t duration_ms; /* of the answer; EVENT_NO_DURATION unknown */
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

/* What became of the lines of one input: lines is the sum of all the others. */
struct input_counts {
    uint64_t lines;
    int64_t first_ms, last_ms; /* of counted lines; CIVIL_NO_TIME when there is none */
    uint64_t counted_by[ODD_COUNT];
    uint64_t filtered_by[FILTER_COUNT];
    uint64_t rejected_by[REJECT_COUNT];
};

/* The first rejected lines of one input by reason, as they may be shown. */
enum { SAMPLE_LINES = 3 };
struct line_sample {
    uint32_t block, line; /* where: line counts from 0 within the block */
    char text[SAMPLE_BYTES + 1];
};
struct input_samples {
    uint8_t counts[REJECT_COUNT];
    struct line_sample lines[REJECT_COUNT][SAMPLE_LINES]; /* by place in the log */
};

/*
 * Where the sample of that line is to be written, its block and line set; the last one makes room.
 * NULL when it is not among the first ones.
 */
struct line_sample *input_samples_place(struct input_samples *samples, enum reject_reason reason,
                                        uint32_t block, uint32_t line);

struct kind_counts {
    uint64_t hits[KIND_COUNT]; /* by enum request_kind */
    uint64_t bot_hits;         /* of all kinds */
    uint64_t timed_hits;       /* that tell how long they took */
    uint64_t zoneless_hits;    /* whose time does not name its zone */
};

/* The times that an input can have, both ends included; others come from a wrong clock. */
struct time_window {
    int64_t earliest_ms, latest_ms;
};

struct recorder_options {
    struct hash_key key; /* the same for all recorders of a run */
    const struct rules *rules;
    const struct agent_rules *agent_rules;
    int64_t visit_timeout_ms;
    int64_t since_ms, until_ms; /* [since, until); INT64_MIN, INT64_MAX: no limit */
    bool includes_bots;
    const struct time_window *windows; /* by input; borrowed; NULL: any time is possible */
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
    struct input_counts *inputs;    /* by input */
    struct input_samples **samples; /* by input; NULL: no line to show */
    struct input_counts *counts;    /* of the input whose block is being recorded */
    int64_t from_ms, to_ms;         /* its hits in [from, to) are counted */
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

/* Before the lines of a block. `block` is its number within the input. */
void recorder_begin_block(struct recorder *recorder, uint32_t input, uint32_t block);
/*
 * Counts the hit, or filters it by --since and --until. False when its time is outside the window
 * of its input: it is then rejected as REJECT_FAR_TIME, and its line can be shown
 * (recorder_wants_sample).
 */
bool recorder_add_hit(struct recorder *recorder, const struct hit *hit);
void recorder_add_filtered(struct recorder *recorder, enum filter_reason reason, uint64_t lines);
void recorder_add_rejected(struct recorder *recorder, enum reject_reason reason, uint64_t lines);

/*
 * Is a rejected line among the first of its input and reason, which are kept to be shown? `number`
 * counts lines from 0 within the block.
 */
bool recorder_wants_sample(const struct recorder *recorder, enum reject_reason reason,
                           uint32_t number);
/* A line that is wanted and counted already; `fields` as in sample_mask. */
void recorder_add_sample(struct recorder *recorder, enum reject_reason reason, uint32_t number,
                         struct slice line, const struct line_fields *fields);

static inline const struct event *recorder_event(const struct recorder *recorder, size_t position)
{
    return &recorder->chunks[position / EVENT_CHUNK][position % EVENT_CHUNK];
}

#endif
