/*
 * journey: what the pages of a site mean, and which funnels to count.
 *
 * A journey file (YAML, docs/journey-file.md) becomes this plain value. It names
 *
 *     stages       the phases of the model, in order
 *     touchpoints  named moments; each has rules, any of which recognises it on a hit
 *     funnels      ordered steps over touchpoints
 *
 *     touchpoints[i] -> rules[first_rule .. first_rule + rule_count)
 *     rule           -> conditions, all of which must hold
 *     funnels[i]     -> steps[0 .. step_count), each a set of touchpoints
 *
 * Touchpoints are in the order of the file; with `extends` the base's come first and a touchpoint
 * or funnel of the same name replaces the base's at its place. Everything lives in the journey's
 * arena.
 */
#ifndef FUNNEL_JOURNEY_H
#define FUNNEL_JOURNEY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/slice.h"
#include "funnel/behaviour.h"
#include "funnel/log_section.h"
#include "funnel/sources.h"
#include "funnel/visit_cuts.h"
#include "funnel/visitor_key.h"

enum {
    JOURNEY_MAX_TOUCHPOINTS = 256,
    JOURNEY_MAX_STEPS = 64, /* of one funnel */
    JOURNEY_NO_STAGE = -1,
    JOURNEY_NO_WINDOW = -1,
    JOURNEY_DEFAULT_TIMEOUT_S = 1800,
};

/* A set of touchpoints. */
struct touch_set {
    uint64_t words[JOURNEY_MAX_TOUCHPOINTS / 64];
};

static inline void touch_set_add(struct touch_set *set, unsigned touchpoint)
{
    set->words[touchpoint / 64] |= UINT64_C(1) << touchpoint % 64;
}

static inline bool touch_set_has(const struct touch_set *set, unsigned touchpoint)
{
    return set->words[touchpoint / 64] >> touchpoint % 64 & 1;
}

static inline bool touch_sets_meet(const struct touch_set *a, const struct touch_set *b)
{
    uint64_t common = 0;
    for (unsigned i = 0; i < JOURNEY_MAX_TOUCHPOINTS / 64; i++)
        common |= a->words[i] & b->words[i];
    return common != 0;
}

static inline bool touch_set_is_empty(const struct touch_set *set)
{
    return !touch_sets_meet(set, set);
}

/* A query parameter: its name, and globs of which its decoded value must match one. */
struct query_condition {
    struct slice name;
    const struct slice *values; /* "*" for any */
    size_t value_count;
};

struct status_range {
    uint16_t first, last; /* inclusive */
};

/* What became of what was sent; see form_outcome.h. */
enum form_outcome { OUTCOME_SUBMITTED, OUTCOME_REFUSED, OUTCOME_FAILED, OUTCOME_COUNT };

/*
 * One way to recognise a touchpoint: all conditions that are present must hold.
 *
 * Reached and attempted (DESIGN of the words): without a status condition a hit that meets the
 * rule reaches the touchpoint when it was answered 2xx, 304 or, for a POST, 3xx, and attempts it
 * in vain when answered 4xx or 5xx; anything else is neither. With a status condition the
 * statuses named there reach it; of the others, 4xx and 5xx are vain attempts. With an outcome
 * condition it is reached when the form comes to that outcome (and a status condition, if there is
 * one, holds); one that waits for `submitted` alone is attempted in vain by the others.
 */
struct touch_rule {
    unsigned touchpoint;
    const struct slice *paths; /* globs, alternatives; see glob.h */
    size_t path_count;         /* 0: any path */
    uint32_t methods;          /* bit per enum request_method; 0: any */
    const struct status_range *statuses;
    size_t status_count;
    const struct query_condition *queries; /* all must hold */
    size_t query_count;
    const struct slice *searches; /* phrases, alternatives, normalised (words.h); "*" any search */
    size_t search_count;
    uint8_t outcomes;   /* bit per enum form_outcome; 0: any. Only rules for POST have some */
    bool names_calls;   /* a path glob or query condition that itself is that of a call */
    bool names_methods; /* a method other than GET and POST */
    size_t line;        /* of the journey file, for explanations */
};

struct touchpoint {
    const char *name;
    int stage;          /* index into stages, or JOURNEY_NO_STAGE */
    const char *intent; /* "" when none */
    size_t first_rule;
    size_t rule_count;
};

struct funnel_step {
    struct touch_set touchpoints;
    const char *label; /* the touchpoints' names joined by "|" */
    bool optional;
};

enum funnel_unit { FUNNEL_PER_VISIT, FUNNEL_PER_VISITOR };

struct funnel {
    const char *name;
    enum funnel_unit unit;
    int64_t window_ms; /* from the first step, inclusive; JOURNEY_NO_WINDOW */
    const struct funnel_step *steps;
    size_t step_count;
};

struct journey {
    const char *name;
    const char *source;            /* file name or "built-in" */
    struct visit_rules visit;      /* "visit:" */
    struct visitor_rules visitor;  /* "visitor:" */
    struct extra_fields extra;     /* of the log: cookies and headers that visitor: asks for */
    struct networks *internal;     /* "internal:"; NULL: none */
    struct behaviour_options bots; /* "bots:" */
    struct own_hosts own_hosts;    /* "own_hosts:"; count 0: to be found in the log */
    const struct slice *shown_parameters; /* "show_query:" query parameters whose values may be
                                             shown; they are part of a page's name then */
    size_t shown_parameter_count;
    struct log_section log; /* how the logs are written, as far as the file says */
    const char *const *stages;
    size_t stage_count;
    const struct touchpoint *touchpoints;
    size_t touchpoint_count;
    const struct touch_rule *rules;
    size_t rule_count;
    const struct funnel *funnels;
    size_t funnel_count;
    struct arena arena;
};

/*
 * Reads a journey file, or the built-in of that name when `file_or_name` is one (a name with a
 * slash or ending in .yaml/.yml is always a file). NULL and *error (ERROR_USAGE, with
 * file:line:column and a suggestion) when it is wrong. The caller frees it.
 */
struct journey *journey_load(const char *file_or_name, struct error *error);
/* The same from memory; `source` is the name in messages. */
struct journey *journey_parse(struct slice text, const char *source, struct error *error);
void journey_free(struct journey *journey);

/* The built-in journeys, in the order of the list. */
struct builtin_journey {
    const char *name;
    const char *about; /* one line */
    const char *text;  /* YAML, NUL-terminated */
};
const struct builtin_journey *builtin_journeys(size_t *count);

/* Keeps only the funnel of that name. False and *error with a suggestion when there is none. */
bool journey_keep_funnel(struct journey *journey, const char *name, struct error *error);

/* -1 when there is none of that name. */
int journey_find_touchpoint(const struct journey *journey, struct slice name);

#endif
