/*
 * report: everything that any output shows, computed and const.
 *
 * The analysis fills it, the outputs only read it; an output that computes something is in the
 * wrong room. Everything lives in the report's arena.
 *
 *     report -> inputs[]                                what was read, and what became of the lines
 *            -> totals
 *            -> classes[] behaviours[] visitor_keys[]   who made the hits, and how they were told
 *            -> breakdowns[] -> values[]                visits by source, landing page, device ...
 *            -> funnels[] -> steps[]                    people per step
 *            -> touchpoints[]
 *            -> dimensions[] -> values[]                e.g. region -> DE, FR, ...
 *                            -> funnel_cells[]          funnel x step x value
 *                            -> touch_cells[]           touchpoint x value
 *
 * Numbers that do not apply are NAN (rates, statistics) or REPORT_NO_COUNT; outputs leave them
 * empty. Text that came from a log or a database is raw bytes: escaping is each output's duty.
 */
#ifndef FUNNEL_REPORT_H
#define FUNNEL_REPORT_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/civil.h"
#include "base/memory.h"
#include "funnel/journey.h"
#include "funnel/stats.h"
#include "parser/hit.h"

#define REPORT_NO_COUNT UINT64_MAX

/* Where lines went, by reason; and a few of the rejected ones, masked (parser/sample.h). */
enum { REPORT_SAMPLES = 3 };
struct report_fates {
    uint64_t lines, counted, filtered, rejected; /* lines = counted + filtered + rejected */
    uint64_t counted_by[ODD_COUNT];              /* add up to counted; and so on */
    uint64_t filtered_by[FILTER_COUNT];
    uint64_t rejected_by[REJECT_COUNT];
    const char *samples[REJECT_COUNT][REPORT_SAMPLES]; /* in log order; NULL: no more */
};

/* One way that lines can go. */
struct report_fate {
    const char *outcome; /* "counted", "filtered", "rejected" */
    const char *reason;  /* "ordinary", ...; "time", ...; "format", ... */
    uint64_t lines;
    const char *const *samples; /* REPORT_SAMPLES of them; NULL unless rejected */
};

/* All of them, numbered from 0: counted, filtered, rejected, each by reason. */
enum { REPORT_FATES = ODD_COUNT + FILTER_COUNT + REJECT_COUNT };
struct report_fate report_fate(const struct report_fates *fates, size_t number);

struct report_input {
    const char *file;        /* as named or found, "-" for standard input */
    const char *format;      /* "combined", "combined behind syslog"; "" when it is not known */
    const char *compression; /* "gzip", "none" */
    /*
     * "complete", "truncated", ... (source.h); "unknown_format", ... of what is no log (inputs.h);
     * "already_counted": all of it stands in other inputs; "skipped": left out of a folder
     */
    const char *status;
    const char *problem; /* a sentence about the damage, "" when there is none */
    const char *note;    /* a sentence about something else ("the same content as ..."), or "" */
    bool is_damaged;
    bool has_many_rejected; /* more than a tenth of its lines */
    struct report_fates fates;
    int64_t first_ms, last_ms; /* CIVIL_NO_TIME when no line was counted */
};

/* Distinct texts beyond --max-keys, which are shown as "(other)". */
struct report_folded {
    uint64_t page_views; /* of pages beyond the cap */
    uint64_t origin_page_views;
};

struct report_totals {
    struct report_fates fates; /* samples: the first of the inputs, in their order */
    uint64_t hits;             /* = counted; people's and bots' */
    uint64_t page_views;       /* of people, unless bots are included; so are visits and visitors */
    uint64_t visits, visitors;
    uint64_t visits_without_page_views;          /* assets or calls only; part of visits */
    uint64_t bot_hits, bot_visits, bot_visitors; /* declared and suspected, counted or not */
    uint64_t suspected_hits, suspected_visits, suspected_visitors; /* part of bot_... */
    uint64_t internal_hits, internal_visits, internal_visitors;
    struct report_folded folded;
    uint64_t asset_hits, call_hits; /* people's and bots' */
    uint64_t timed_hits;            /* that tell how long they took */
    uint64_t zoneless_hits;         /* whose time does not name its zone */
    int64_t first_ms, last_ms;
    uint64_t regions; /* known countries seen, before small ones are folded */
    uint64_t unknown_region_visits;
    uint64_t ties; /* conversions in which two steps have the same time stamp */
    uint64_t failed_geo_lookups;
};

/* One class of agents (parser/agent.h). All of them add up to the hits. */
struct report_class {
    const char *name, *label; /* "ai-assistant", "AI assistants" */
    bool is_counted;          /* as people */
    uint64_t hits, page_views, visits, visitors;
};

/* A rule by which suspected bots are told (behaviour.h), in their order. */
struct report_behaviour {
    const char *name, *about;
    bool is_off;
    bool is_silent; /* on, but this log does not tell: no-assets, where too few load any */
    uint64_t hits, page_views, visits, visitors; /* that it decided on */
};

/* What visitors were told by (visitor_key.h); people only. They add up to the visitors. */
struct report_visitor_key {
    const char *label; /* "cookie:uid" */
    uint64_t visitors;
    double share; /* NAN when there is no visitor */
};

struct report_step {
    const char *touchpoint; /* alternatives joined by "|" */
    bool optional;
    bool is_last;
    uint64_t entered;
    uint64_t advanced, dropped, open, excluded; /* add up to entered; REPORT_NO_COUNT at the last */
    uint64_t attempted_failed; /* did not reach this step, but tried and got an error */
    double rate_from_start;    /* entered / entered of step 1 */
    double rate_from_previous; /* of those at the last step before it that is not optional; NAN at
                                  step 1 */
    struct interval ci;        /* Wilson, of rate_from_previous */
    double median_s, p90_s;    /* from that step to this one; NAN at step 1 */
};

struct report_funnel {
    const char *name;
    enum funnel_unit unit;
    int64_t window_ms; /* JOURNEY_NO_WINDOW */
    const struct report_step *steps;
    size_t step_count;
};

struct report_touchpoint {
    const char *name, *stage, *intent; /* "" when none */
    uint64_t hits, visits, visitors;   /* that reached it */
    uint64_t failed;                   /* hits that attempted it in vain */
    double median_duration_ms;         /* of the answers that reached it and have a duration; NAN
                                          when none has */
};

struct report_value {
    const char *value; /* "DE"; "ZZ", "(none)" unknown; "(other)" folded */
    const char *label; /* for people: "Germany"; equals value when there is nothing better */
    uint64_t visits, visitors, page_views;
};

enum report_flag {
    FLAG_NONE,
    FLAG_HIGH,  /* q <= 0.05 and above the rest */
    FLAG_LOW,   /* q <= 0.05 and below the rest */
    FLAG_SMALL, /* under REPORT_MIN_RANKED: shown, not tested */
};
enum { REPORT_MIN_RANKED = 30 };
const char *report_flag_name(enum report_flag flag); /* "", "high", "low", "small" */

/* One funnel step for one value of a dimension, against the rest. Only steps that are not the last.
 */
struct report_funnel_cell {
    size_t funnel, step, value; /* indexes */
    uint64_t entered, advanced, dropped, open;
    double drop_rate; /* dropped / (entered - open); NAN when that is 0, and so for the others */
    struct interval ci;
    double rest_drop_rate;
    double excess_drops; /* dropped - (entered - open) * rest_drop_rate */
    double shrunk_drop_rate;
    double p_value, q_value; /* NAN when not tested */
    enum report_flag flag;
};

struct report_touch_cell {
    size_t touchpoint, value; /* indexes */
    uint64_t visits, visitors;
    double visit_rate; /* visits with the touchpoint / visits of the value */
    double rest_visit_rate;
    double q_value;
    enum report_flag flag;
};

struct report_dimension {
    const char *name;                  /* "region": names the files */
    const char *title;                 /* "Region" */
    const struct report_value *values; /* most visits first, then by value; "(other)" last */
    size_t value_count;
    const struct report_funnel_cell *funnel_cells; /* by funnel, step, value */
    size_t funnel_cell_count;
    const struct report_touch_cell *touch_cells; /* by touchpoint, value */
    size_t touch_cell_count;
};

/*
 * Visits by one of their properties, whether or not funnels are broken down by it: source,
 * referrer, campaign, landing, exit, device, browser, agent (of everybody). Values are folded like
 * those of dimensions (dimension.h).
 */
struct report_breakdown {
    const char *name, *title;
    const struct report_value *values; /* most visits first, then by value; "(other)" last */
    size_t value_count;
};

struct report_method {
    const char *version; /* of sojourn */
    const char *journey, *journey_source;
    int64_t visit_timeout_s;
    int64_t visit_max_length_s; /* 0: none */
    bool cuts_at_midnight, cuts_on_new_source, cuts_on_new_campaign, splits_by_referrer;
    unsigned v4_prefix, v6_prefix;      /* of the addresses that tell visitors apart */
    unsigned anonymized_bytes;          /* cut off addresses before they are looked up; 0: none */
    const char *const *trusted_proxies; /* as given */
    size_t trusted_proxy_count;
    /*
     * All that were given; of those that were found in the log, the ones that the page views of at
     * least min_cell people name, as the host that was asked for or that they came from.
     */
    const char *const *own_hosts;
    size_t own_host_count, unnamed_own_hosts;
    bool own_hosts_given;
    bool assets_tell;   /* the rule no-assets was applied: enough visitors load assets */
    bool links_tell;    /* it was calibrated on those who follow links */
    double asset_share; /* of the visitors it was calibrated on, those that did; NAN when none */
    uint64_t max_keys;
    bool includes_bots;
    uint64_t min_cell;     /* values with fewer visitors are folded */
    const char *time_zone; /* for stamps without one, as given */
    bool has_zoneless_times;
    const char *const *geo_files; /* descriptions */
    size_t geo_file_count;
};

struct report {
    struct report_method method;
    struct report_totals totals;
    const struct report_input *inputs; /* by first time, then name; the skipped ones by name */
    size_t input_count, skipped_count; /* the last skipped_count were not read */
    const struct report_class *classes;
    size_t class_count;
    const struct report_behaviour *behaviours;
    size_t behaviour_count;
    const struct report_visitor_key *visitor_keys;
    size_t visitor_key_count;
    const struct report_breakdown *breakdowns;
    size_t breakdown_count;
    const struct report_funnel *funnels;
    size_t funnel_count;
    const struct report_touchpoint *touchpoints;
    size_t touchpoint_count;
    const struct report_dimension *dimensions;
    size_t dimension_count;
    struct arena arena;
};

/* NULL is fine. */
void report_free(struct report *report);

#endif
