/*
 * recorder: hits -> events and presence. The one place where anything of a hit is copied.
 *
 * Each parse worker has its own recorder, so nothing is locked; event_table.h merges them.
 *
 *     hit -> client, visitor  (visitor_book.h)
 *         -> presence         the visitor's open span grows, or a new one begins
 *         -> traits           what machines do and people do not
 *         -> event            page views of the classes that are kept; of their other hits those
 *                             that a rule of the journey marks, or by which one of behaviour.h
 *                             can decide (/robots.txt, attacks, calls that log in)
 *
 * A span is a time in which the visitor was never away longer than the visit timeout, and, where
 * visits are cut at midnight, of one day. All hits count for it, assets too. Spans of the same
 * visitor that touch (by the timeout) are one, whichever worker saw which hit and in whatever
 * order: so visits come out exactly, and assets cost no memory.
 *
 * Lines that are no hit are counted by reason, and the first of each input and reason are kept as
 * samples (parser/sample.h).
 */
#ifndef FUNNEL_RECORDER_H
#define FUNNEL_RECORDER_H

#include <stdbool.h>
#include <stdint.h>

#include "funnel/origin_book.h"
#include "funnel/page_book.h"
#include "funnel/rules.h"
#include "funnel/visitor_book.h"
#include "parser/fields.h"
#include "parser/hit.h"
#include "parser/sample.h"
#include "parser/time_zone.h"

#define EVENT_NO_DURATION UINT32_MAX

#define PAGE_NONE UINT32_MAX

enum event_flag {
    EVENT_IS_POST = 1,
    EVENT_FROM_ITSELF = 2, /* of a POST: its referrer's path is the same page, on whatever host */
    EVENT_ON_LOGIN = 4,    /* its page is one to log in (parser/traits.h) */
};

struct event {
    int64_t time_ms;
    uint32_t visitor;
    uint32_t page;        /* number of its page */
    uint32_t mark;        /* number of its touch_marks; 0: none */
    uint32_t duration_ms; /* of the answer; EVENT_NO_DURATION unknown */
    uint16_t status;
    uint8_t kind;    /* enum request_kind */
    uint8_t flags;   /* bits of enum event_flag */
    uint32_t origin; /* number of its origin */
};

/* What a visitor was seen doing, in whatever order. */
enum visitor_trait {
    VISITOR_LOADED_ASSET = 1,
    VISITOR_NOT_ONLY_HEAD = 2, /* made a request with another method */
    VISITOR_READ_ROBOTS = 4,
    VISITOR_ATTACKED = 8, /* a path or query of an attack, or one that is probed for, in vain */
};

struct span {
    int64_t first_ms, last_ms;
    uint32_t visitor;
    uint32_t client; /* of its first hit */
    uint64_t hits;
};

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
    uint64_t hits[KIND_COUNT];                     /* by enum request_kind */
    uint64_t unkept_page_views[AGENT_CLASS_COUNT]; /* of classes whose page views are no events */
    uint64_t timed_hits;                           /* that tell how long they took */
    uint64_t zoneless_hits;                        /* whose time does not name its zone */
};

/* Page views of texts beyond the cap on distinct ones. */
struct folded_counts {
    uint64_t page_views, origin_page_views;
};

/* How often an origin's referrer was that of an asset, and of a person's page view. */
struct origin_use {
    uint64_t assets, pages;
};

/* The times that an input can have, both ends included; others come from a wrong clock. */
struct time_window {
    int64_t earliest_ms, latest_ms;
};

struct recorder_options {
    struct hash_key key; /* of visitors' ids and all tables; the same for all recorders */
    const struct rules *rules;
    const struct agent_rules *agent_rules;
    const struct trait_rules *trait_rules;
    struct visitor_rules visitor_rules;
    const struct networks *internal; /* NULL: none */
    int64_t visit_timeout_ms;
    bool cuts_at_midnight;
    const struct time_zone *zone; /* whose midnight; NULL: UTC */
    uint32_t counted_classes;     /* bit per enum agent_class: people */
    uint32_t kept_classes;        /* whose page views become events; AGENT_PERSON is among them */
    bool keeps_visitor_ids;
    bool keeps_referring_pages; /* the path of an event's referrer is part of its origin */
    const struct slice *shown_parameters; /* of queries, see page_book.h */
    size_t shown_parameter_count;
    uint32_t max_keys;          /* distinct pages and origins that are told apart in the table */
    uint32_t worker_max_keys;   /* and in a recorder; at least max_keys */
    int64_t since_ms, until_ms; /* [since, until); INT64_MIN, INT64_MAX: no limit */
    const struct time_window *windows; /* by input; borrowed; NULL: any time is possible */
    size_t input_count;
};

/* Events in the order of the lines of one block. */
struct event_run {
    uint32_t input, block;
    size_t first, count; /* positions in the recorder's events */
};

enum { EVENT_CHUNK = 1 << 15 };

/* What is known of a visitor. */
struct known_visitor {
    struct span open; /* .hits 0: none yet */
    uint8_t traits;   /* bits of enum visitor_trait */
};

/* Open, so that event_table.c can take it apart; nobody else looks inside. */
struct recorder {
    struct recorder_options options;
    struct rule_matcher *matcher;
    struct visitor_book *book;
    struct page_book pages;
    struct origin_book origins;
    struct names marks;
    struct known_visitor *visitors; /* by visitor number */
    size_t visitor_count, visitor_capacity;
    struct day day;        /* of the last hit that was asked for it */
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

/* More distinct texts came than are told apart: which ones, hangs on who recorded what. */
static inline bool recorder_is_over(const struct recorder *recorder)
{
    return recorder->pages.is_over || recorder->origins.is_over;
}

static inline const struct event *recorder_event(const struct recorder *recorder, size_t position)
{
    return &recorder->chunks[position / EVENT_CHUNK][position % EVENT_CHUNK];
}

#endif
