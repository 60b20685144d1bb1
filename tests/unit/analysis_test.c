/*
 * Two small logs from their bytes to the report. All answers were counted by hand:
 *
 *     10.0.0.1, DE    one visit: product, cart, thanks
 *     10.1.0.1, FR    one visit over both logs: product, cart in vain (500), front page
 *     192.0.2.1, ZZ   one visit: a call and nothing else
 *     10.0.0.2, DE    two visits, for 38 minutes lie between: product; cart
 *     10.0.0.3, DE    one visit: product, on the last line of the logs
 *     10.2.0.1        a declared crawler
 */
#include "funnel/analysis.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "parser/agent.h"
#include "tests/unit/input_fixture.h"
#include "tests/unit/table_fixture.h"

#define LINE(address, time, request, status, agent)                                                \
    address " - - [21/Nov/2026:" time " +0000] \"" request " HTTP/1.1\" " status                   \
            " 5 \"-\" \"" agent "\"\n"
#define BROWSER "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
#define CRAWLER "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"

static const char first_log[] = LINE("10.0.0.1", "10:00:00", "GET /product/1", "200", BROWSER)
    LINE("10.0.0.1", "10:00:10", "GET /cart", "200", BROWSER) LINE("10.0.0.1", "10:00:20",
                                                                   "GET /style.css", "200", BROWSER)
        LINE("10.0.0.1", "10:01:10", "GET /thanks", "200", BROWSER)
            LINE("10.1.0.1", "10:05:00", "GET /product/2", "200", BROWSER)
                LINE("10.1.0.1", "10:05:30", "GET /cart", "500",
                     BROWSER) "rubbish\n"
                              "\n" LINE("10.2.0.1", "10:06:00", "GET /product/1", "200", CRAWLER)
                                  LINE("192.0.2.1", "10:20:00", "GET /api/x", "200", BROWSER);
static const char second_log[] = LINE("10.0.0.2", "10:02:00", "GET /product/1", "200", BROWSER)
    LINE("10.0.0.2", "10:40:00", "GET /cart", "200", BROWSER)
        LINE("10.1.0.1", "10:06:00", "GET /", "200", BROWSER)
            LINE("10.0.0.3", "11:30:00", "GET /product/9", "200", BROWSER);

static const char journey_text[] = "journey: shop\n"
                                   "visit: {max_length: 2h, cut_on_new_source: true}\n"
                                   "stages: [look, buy]\n"
                                   "touchpoints:\n"
                                   "  product: {stage: look, match: {path: /product/*}}\n"
                                   "  cart: {stage: buy, match: {path: /cart}}\n"
                                   "  thanks: {stage: buy, intent: order, match: {path: /thanks}}\n"
                                   "funnels:\n"
                                   "  buy: {per: visit, steps: [product, cart, thanks]}\n";

/* What a run needs, and what came of it. */
struct run {
    struct folder folder;
    struct journey *journey;
    struct rules *rules;
    struct agent_rules *agent_rules;
    struct trait_rules *trait_rules;
    struct geo *geo;
    struct input_list inputs;
    struct ingest_result ingested;
    struct report *report;
};

struct settings {
    unsigned threads;
    bool is_second_first, includes_bots;
    uint64_t min_cell;
    const char *since, *until; /* NULL: no limit */
};

static int64_t time_of(const char *text, int64_t none_ms)
{
    int64_t at_ms = none_ms;
    ck_assert(!text || civil_parse(text, 0, &at_ms));
    return at_ms;
}

static void open_run(struct run *run, const struct settings *settings)
{
    char geo_path[4096];
    struct error error = {0};
    const char *root = getenv("srcdir"), *geo_paths[] = {geo_path};
    snprintf(geo_path, sizeof geo_path, "%s/tests/data/geo/country-test.mmdb", root ? root : ".");
    folder_make(&run->folder);
    const char *first = folder_write(&run->folder, "first.log", slice_of(first_log));
    const char *second = folder_write(&run->folder, "second.log", slice_of(second_log));
    const char *paths[] = {settings->is_second_first ? second : first,
                           settings->is_second_first ? first : second};
    run->journey = journey_parse(slice_of(journey_text), "shop.yaml", &error);
    ck_assert_msg(run->journey != NULL, "%s", error.sentence);
    run->rules = rules_new(run->journey);
    run->agent_rules = agent_rules_new(&error);
    run->trait_rules = trait_rules_new();
    run->geo = geo_open(geo_paths, 1, &error);
    ck_assert_msg(run->geo && run->agent_rules, "%s", error.sentence);
    ck_assert_msg(inputs_open(&run->inputs, paths, 2, &(struct detect_options){0}, &error), "%s",
                  error.sentence);
}

static struct recorder_options how_to_record(const struct run *run)
{
    return (struct recorder_options){.rules = run->rules,
                                     .agent_rules = run->agent_rules,
                                     .trait_rules = run->trait_rules,
                                     .visitor_rules = run->journey->visitor,
                                     .visit_timeout_ms = run->journey->visit.timeout_ms,
                                     .counted_classes = 1u << AGENT_PERSON,
                                     .kept_classes = 1u << AGENT_PERSON,
                                     .max_keys = 1000,
                                     .since_ms = INT64_MIN,
                                     .until_ms = INT64_MAX};
}

static void start_run(struct run *run, const struct settings *settings)
{
    static const uint32_t everybody = (1u << AGENT_CLASS_COUNT) - 1 - (1u << AGENT_INTERNAL);
    static const char *const proxies[] = {"10.9.0.0/16", "private"};
    struct error error = {0};
    *run = (struct run){0};
    open_run(run, settings);
    struct ingest_options options = {.threads = settings->threads,
                                     .recorder = how_to_record(run),
                                     .people = {.visits = run->journey->visit}};
    options.recorder.since_ms = time_of(settings->since, INT64_MIN);
    options.recorder.until_ms = time_of(settings->until, INT64_MAX);
    if (settings->includes_bots)
        options.recorder.counted_classes = options.recorder.kept_classes = everybody;
    ck_assert_msg(ingest_run(&run->inputs, &options, &run->ingested, &error), "%s", error.sentence);
    const struct dimension *dimensions[] = {dimension_find("region")};
    struct analysis_options analysis = {.journey = run->journey,
                                        .dimensions = dimensions,
                                        .dimension_count = 1,
                                        .min_cell = settings->min_cell,
                                        .version = "9.9",
                                        .time_zone = "+01:00",
                                        .includes_bots = settings->includes_bots,
                                        .anonymized_bytes = 1,
                                        .rules_off = 1u << BEHAVIOUR_RATE,
                                        .trusted_proxies = proxies,
                                        .trusted_proxy_count = 2,
                                        .max_keys = 1000};
    run->report = analysis_report(&run->ingested, &run->inputs, run->geo, &analysis);
}

static void end_run(struct run *run)
{
    report_free(run->report);
    ingest_free(&run->ingested);
    inputs_free(&run->inputs);
    geo_close(run->geo);
    agent_rules_free(run->agent_rules);
    trait_rules_free(run->trait_rules);
    rules_free(run->rules);
    journey_free(run->journey);
    folder_remove(&run->folder);
}

static bool near(double got, double expected)
{
    return isnan(expected) ? isnan(got) : fabs(got - expected) < 1e-6;
}

static const struct report_value *find_value(const struct report_dimension *dimension,
                                             const char *name)
{
    for (size_t i = 0; i < dimension->value_count; i++) {
        if (strcmp(dimension->values[i].value, name) == 0)
            return &dimension->values[i];
    }
    ck_abort_msg("%s is missing", name);
    return NULL;
}

static void check_totals(const struct report_totals *totals)
{
    ck_assert_uint_eq(totals->fates.lines, 14);
    ck_assert_uint_eq(totals->fates.counted, 12);
    ck_assert_uint_eq(totals->fates.filtered, 0);
    ck_assert_uint_eq(totals->fates.rejected, 2);
    ck_assert_uint_eq(totals->fates.rejected_by[REJECT_BLANK], 1);
    ck_assert_uint_eq(totals->fates.rejected_by[REJECT_FORMAT], 1);
    ck_assert_uint_eq(totals->fates.counted_by[ODD_NONE], 12);
    ck_assert_str_eq(totals->fates.samples[REJECT_FORMAT][0], "rubbish");
    ck_assert_ptr_null(totals->fates.samples[REJECT_FORMAT][1]);
    ck_assert_uint_eq(totals->timed_hits, 0);
    ck_assert_uint_eq(totals->hits, 12);
    ck_assert_uint_eq(totals->page_views, 9);
    ck_assert_uint_eq(totals->visits, 6);
    ck_assert_uint_eq(totals->visitors, 5);
    ck_assert_uint_eq(totals->visits_without_page_views, 1);
    ck_assert_uint_eq(totals->bot_hits, 1);
    ck_assert_uint_eq(totals->bot_visits, 1);
    ck_assert_uint_eq(totals->bot_visitors, 1);
    ck_assert_uint_eq(totals->asset_hits, 1);
    ck_assert_uint_eq(totals->call_hits, 1);
    ck_assert_int_eq(totals->first_ms, time_of("2026-11-21T10:00:00", 0));
    ck_assert_int_eq(totals->last_ms, time_of("2026-11-21T11:30:00", 0));
    ck_assert_uint_eq(totals->regions, 2);
    ck_assert_uint_eq(totals->unknown_region_visits, 1);
    ck_assert_uint_eq(totals->ties, 0);
    ck_assert_uint_eq(totals->failed_geo_lookups, 0);
}

/* The intervals are scipy's: binomtest(k, n).proportion_ci(method="wilson"). */
static void check_funnel(const struct report_funnel *funnel)
{
    static const struct {
        const char *touchpoint;
        uint64_t entered, advanced, dropped, open, failed;
        double from_start, from_previous, low, high, median_s;
    } expected[] = {
        {"product", 4, 1, 2, 1, 0, 1, NAN, NAN, NAN, NAN},
        {"cart", 1, 1, 0, 0, 1, 0.25, 0.25, 0.0455872608, 0.6993581574, 10},
        {"thanks", 1, REPORT_NO_COUNT, REPORT_NO_COUNT, REPORT_NO_COUNT, 0, 0.25, 1, 0.2065493144,
         1, 60},
    };
    ck_assert_str_eq(funnel->name, "buy");
    ck_assert_uint_eq(funnel->step_count, 3);
    for (size_t i = 0; i < 3; i++) {
        const struct report_step *step = &funnel->steps[i];
        ck_assert_str_eq(step->touchpoint, expected[i].touchpoint);
        ck_assert(step->is_last == (i == 2));
        ck_assert_uint_eq(step->entered, expected[i].entered);
        ck_assert_uint_eq(step->advanced, expected[i].advanced);
        ck_assert_uint_eq(step->dropped, expected[i].dropped);
        ck_assert_uint_eq(step->open, expected[i].open);
        ck_assert_uint_eq(step->excluded, i == 2 ? REPORT_NO_COUNT : 0);
        ck_assert_uint_eq(step->attempted_failed, expected[i].failed);
        ck_assert(near(step->rate_from_start, expected[i].from_start));
        ck_assert(near(step->rate_from_previous, expected[i].from_previous));
        ck_assert(near(step->ci.low, expected[i].low) && near(step->ci.high, expected[i].high));
        ck_assert(near(step->median_s, expected[i].median_s));
        ck_assert(near(step->p90_s, expected[i].median_s));
    }
}

static void check_touchpoints(const struct report *report)
{
    static const struct {
        const char *name, *stage, *intent;
        uint64_t hits, visits, visitors, failed;
    } expected[] = {
        {"product", "look", "", 4, 4, 4, 0},
        {"cart", "buy", "", 2, 2, 2, 1},
        {"thanks", "buy", "order", 1, 1, 1, 0},
    };
    ck_assert_uint_eq(report->touchpoint_count, 3);
    for (size_t i = 0; i < 3; i++) {
        const struct report_touchpoint *touchpoint = &report->touchpoints[i];
        ck_assert_str_eq(touchpoint->name, expected[i].name);
        ck_assert_str_eq(touchpoint->stage, expected[i].stage);
        ck_assert_str_eq(touchpoint->intent, expected[i].intent);
        ck_assert_uint_eq(touchpoint->hits, expected[i].hits);
        ck_assert_uint_eq(touchpoint->visits, expected[i].visits);
        ck_assert_uint_eq(touchpoint->visitors, expected[i].visitors);
        ck_assert_uint_eq(touchpoint->failed, expected[i].failed);
        ck_assert(isnan(touchpoint->median_duration_ms));
    }
}

static void check_regions(const struct report_dimension *dimension)
{
    static const struct {
        const char *value, *label;
        uint64_t visits, visitors, page_views, entered, dropped, open;
    } expected[] = {
        {"DE", "Germany", 4, 3, 6, 3, 1, 1},
        {"FR", "France", 1, 1, 3, 1, 1, 0},
        {"ZZ", "Unknown", 1, 1, 0, 0, 0, 0},
    };
    ck_assert_str_eq(dimension->name, "region");
    ck_assert_uint_eq(dimension->value_count, 3);
    ck_assert_uint_eq(dimension->funnel_cell_count, 2 * 3);
    for (size_t i = 0; i < 3; i++) {
        const struct report_value *value = &dimension->values[i];
        const struct report_funnel_cell *cell = &dimension->funnel_cells[i];
        ck_assert_str_eq(value->value, expected[i].value);
        ck_assert_str_eq(value->label, expected[i].label);
        ck_assert_uint_eq(value->visits, expected[i].visits);
        ck_assert_uint_eq(value->visitors, expected[i].visitors);
        ck_assert_uint_eq(value->page_views, expected[i].page_views);
        ck_assert_uint_eq(cell->value, i);
        ck_assert_uint_eq(cell->entered, expected[i].entered);
        ck_assert_uint_eq(cell->dropped, expected[i].dropped);
        ck_assert_uint_eq(cell->open, expected[i].open);
    }
    /* DE: 1 of the 2 whose outcome is known; the rest: 1 of 1; 1 - 2 * 1 = -1. */
    ck_assert(near(dimension->funnel_cells[0].drop_rate, 0.5));
    ck_assert(near(dimension->funnel_cells[0].rest_drop_rate, 1));
    ck_assert(near(dimension->funnel_cells[0].excess_drops, -1));
}

static void check_classes(const struct report *report)
{
    ck_assert_uint_eq(report->class_count, AGENT_CLASS_COUNT);
    for (size_t i = 0; i < AGENT_CLASS_COUNT; i++) {
        const struct report_class *class = &report->classes[i];
        bool is_person = i == AGENT_PERSON, is_search = i == AGENT_SEARCH;
        ck_assert_str_eq(class->name, agent_class_name((enum agent_class)i));
        ck_assert_str_eq(class->label, agent_class_label((enum agent_class)i));
        ck_assert(class->is_counted == is_person);
        ck_assert_uint_eq(class->hits, is_person ? 11 : is_search);
        ck_assert_uint_eq(class->page_views, is_person ? 9 : is_search);
        ck_assert_uint_eq(class->visits, is_person ? 6 : is_search);
        ck_assert_uint_eq(class->visitors, is_person ? 5 : is_search);
    }
}

/* Nobody is suspected here; and all are told by the same key. */
static void check_behaviours_and_keys(const struct report *report)
{
    ck_assert_uint_eq(report->behaviour_count, BEHAVIOUR_COUNT - 1);
    for (size_t i = 0; i < report->behaviour_count; i++) {
        const struct report_behaviour *behaviour = &report->behaviours[i];
        enum behaviour_rule rule = (enum behaviour_rule)(i + 1);
        ck_assert_str_eq(behaviour->name, behaviour_name(rule));
        ck_assert_str_eq(behaviour->about, behaviour_about(rule));
        ck_assert(behaviour->is_off == (rule == BEHAVIOUR_RATE));
        ck_assert(behaviour->is_silent == (rule == BEHAVIOUR_NO_ASSETS));
        ck_assert_uint_eq(behaviour->hits + behaviour->visitors, 0);
    }
    ck_assert_uint_eq(report->visitor_key_count, 1);
    ck_assert_str_eq(report->visitor_keys[0].label, "address+agent");
    ck_assert_uint_eq(report->visitor_keys[0].visitors, 5);
    ck_assert(near(report->visitor_keys[0].share, 1));
}

/* Visits by their properties; all browsers are Firefox, on Linux. */
static void check_breakdowns(const struct report *report)
{
    static const char *const expected[][2] = {
        {"source", "direct 5/4/9, (none) 1/1/0, "},
        {"referrer", "(none) 6/5/9, "},
        {"campaign", "(none) 6/5/9, "},
        {"landing", "/product/1 2/2/4, (none) 1/1/0, /cart 1/1/1, /product/2 1/1/3, "
                    "/product/9 1/1/1, "},
        {"exit", "(none) 1/1/0, / 1/1/3, /cart 1/1/1, /product/1 1/1/1, /product/9 1/1/1, "
                 "/thanks 1/1/3, "},
        {"device", "desktop 6/5/9, "},
        {"browser", "Firefox 6/5/9, "},
        {"agent", "person 6/5/9, search 1/1/1, "},
        {"region", "DE 4/3/6, FR 1/1/3, ZZ 1/1/0, "}, /* what funnels are broken down by */
    };
    ck_assert_uint_eq(report->breakdown_count, sizeof expected / sizeof expected[0]);
    for (size_t i = 0; i < report->breakdown_count; i++) {
        const struct report_breakdown *breakdown = &report->breakdowns[i];
        char text[256] = "";
        for (size_t k = 0; k < breakdown->value_count; k++) {
            const struct report_value *row = &breakdown->values[k];
            size_t used = strlen(text);
            snprintf(text + used, sizeof text - used, "%s %d/%d/%d, ", row->value, (int)row->visits,
                     (int)row->visitors, (int)row->page_views);
        }
        ck_assert_str_eq(breakdown->name, expected[i][0]);
        ck_assert_str_eq(breakdown->title, dimension_find(breakdown->name)->title);
        ck_assert_str_eq(text, expected[i][1]);
    }
}

static void check_inputs(const struct report *report)
{
    ck_assert_uint_eq(report->input_count, 2);
    const struct report_input *first = &report->inputs[0], *second = &report->inputs[1];
    ck_assert_ptr_nonnull(strstr(first->file, "first.log"));
    ck_assert_ptr_nonnull(strstr(second->file, "second.log"));
    ck_assert_str_eq(first->format, "combined");
    ck_assert_str_eq(first->compression, "none");
    ck_assert_str_eq(first->status, "complete");
    ck_assert_str_eq(first->problem, "");
    ck_assert_str_eq(first->note, "");
    ck_assert(first->has_many_rejected && !second->has_many_rejected);
    ck_assert(!first->is_damaged);
    ck_assert_uint_eq(first->fates.lines, 10);
    ck_assert_uint_eq(first->fates.counted, 8);
    ck_assert_uint_eq(first->fates.rejected, 2);
    ck_assert_int_eq(first->last_ms, time_of("2026-11-21T10:20:00", 0));
    ck_assert_uint_eq(second->fates.lines, 4);
    ck_assert_uint_eq(second->fates.counted, 4);
    ck_assert_int_eq(second->first_ms, time_of("2026-11-21T10:02:00", 0));
}

/* For any number of threads and either order of the arguments. */
START_TEST(two_logs)
{
    struct run run;
    start_run(&run, &(struct settings){
                        .threads = 1 + (unsigned)_i / 2, .is_second_first = _i % 2, .min_cell = 1});
    check_totals(&run.report->totals);
    ck_assert_uint_eq(run.report->funnel_count, 1);
    check_funnel(&run.report->funnels[0]);
    check_touchpoints(run.report);
    ck_assert_uint_eq(run.report->dimension_count, 1);
    check_regions(&run.report->dimensions[0]);
    check_classes(run.report);
    check_behaviours_and_keys(run.report);
    check_breakdowns(run.report);
    check_inputs(run.report);
    end_run(&run);
}
END_TEST

START_TEST(how_it_was_counted)
{
    struct run run;
    start_run(&run, &(struct settings){.threads = 1, .min_cell = 3});
    const struct report_method *method = &run.report->method;
    ck_assert_str_eq(method->version, "9.9");
    ck_assert_str_eq(method->journey, "shop");
    ck_assert_str_eq(method->journey_source, "shop.yaml");
    ck_assert_int_eq(method->visit_timeout_s, 1800);
    ck_assert(!method->includes_bots && !method->has_zoneless_times);
    ck_assert_uint_eq(method->min_cell, 3);
    ck_assert_str_eq(method->time_zone, "+01:00");
    ck_assert_uint_eq(method->geo_file_count, 1);
    ck_assert_ptr_nonnull(strstr(method->geo_files[0], "country-test.mmdb"));
    ck_assert_int_eq(method->visit_max_length_s, 7200);
    ck_assert(method->cuts_on_new_source && !method->cuts_on_new_campaign);
    ck_assert(!method->cuts_at_midnight && !method->splits_by_referrer);
    ck_assert_uint_eq(method->v4_prefix, 32);
    ck_assert_uint_eq(method->v6_prefix, 64);
    ck_assert_uint_eq(method->anonymized_bytes, 1);
    ck_assert_uint_eq(method->trusted_proxy_count, 2);
    ck_assert_str_eq(method->trusted_proxies[1], "private");
    ck_assert_uint_eq(method->own_host_count, 0);
    ck_assert(!method->own_hosts_given && !method->assets_tell);
    ck_assert_uint_eq(method->max_keys, 1000);
    end_run(&run);
}
END_TEST

/* DE has three visitors, FR one: FR alone would be too small, so DE goes with it. */
START_TEST(small_regions_fold_and_the_sums_stay)
{
    struct run run;
    start_run(&run, &(struct settings){.threads = 2, .min_cell = 3});
    const struct report_dimension *dimension = &run.report->dimensions[0];
    ck_assert_uint_eq(dimension->value_count, 2);
    ck_assert_uint_eq(find_value(dimension, "(other)")->visits, 5);
    ck_assert_uint_eq(find_value(dimension, "ZZ")->visits, 1);
    ck_assert_uint_eq(run.report->totals.regions, 2);
    end_run(&run);
}
END_TEST

/* The crawler has one page view, of a product, and comes from US; its visit is over. */
START_TEST(crawlers_as_people)
{
    struct run run;
    start_run(&run, &(struct settings){.threads = 2, .min_cell = 1, .includes_bots = true});
    const struct report_totals *totals = &run.report->totals;
    ck_assert_uint_eq(totals->bot_hits, 1);
    ck_assert_uint_eq(totals->bot_visits, 1);
    ck_assert_uint_eq(totals->bot_visitors, 1);
    ck_assert_uint_eq(totals->page_views, 10);
    ck_assert_uint_eq(totals->visits, 7);
    ck_assert_uint_eq(totals->regions, 3);
    ck_assert_uint_eq(run.report->funnels[0].steps[0].entered, 5);
    ck_assert_uint_eq(run.report->funnels[0].steps[0].dropped, 3);
    ck_assert(run.report->method.includes_bots);
    end_run(&run);
}
END_TEST

/* From 10:02:00 to before 10:40:00: six hits. The log ends at 10:20 then, so all are open. */
START_TEST(a_part_of_the_time)
{
    struct run run;
    start_run(&run, &(struct settings){.threads = 2,
                                       .min_cell = 1,
                                       .since = "2026-11-21T10:02:00",
                                       .until = "2026-11-21T10:40:00"});
    const struct report_totals *totals = &run.report->totals;
    ck_assert_uint_eq(totals->fates.lines, 14);
    ck_assert_uint_eq(totals->fates.counted, 6);
    ck_assert_uint_eq(totals->fates.filtered, 6);
    ck_assert_uint_eq(totals->fates.rejected, 2);
    ck_assert_uint_eq(run.report->inputs[0].fates.filtered, 4);
    ck_assert_uint_eq(run.report->inputs[1].fates.filtered, 2);
    ck_assert_int_eq(totals->last_ms, time_of("2026-11-21T10:20:00", 0));
    ck_assert_uint_eq(run.report->funnels[0].steps[0].entered, 2);
    ck_assert_uint_eq(run.report->funnels[0].steps[0].open, 2);
    end_run(&run);
}
END_TEST

START_TEST(nothing_left)
{
    struct run run;
    start_run(&run, &(struct settings){.threads = 2, .min_cell = 1, .since = "2027-01-01"});
    const struct report_totals *totals = &run.report->totals;
    ck_assert_uint_eq(totals->fates.filtered, 12);
    ck_assert_uint_eq(totals->visits, 0);
    ck_assert_int_eq(totals->first_ms, CIVIL_NO_TIME);
    ck_assert_uint_eq(run.report->funnels[0].steps[0].entered, 0);
    ck_assert(isnan(run.report->funnels[0].steps[0].rate_from_start));
    ck_assert(isnan(run.report->funnels[0].steps[1].rate_from_previous));
    ck_assert_uint_eq(run.report->dimensions[0].value_count, 0);
    end_run(&run);
}
END_TEST

/* Inputs as they can end, made by hand: how the report names them. */

static const struct log_format format_of_test = {.name = "combined"};

static const struct ending_row {
    enum input_content content;
    enum source_status ending;
    bool is_known, has_syslog_prefix;
    uint64_t skip_lines;
    enum filter_reason skip_reason;
    uint64_t rejected; /* besides one line that is counted, or filtered when skip_lines is set */
    const char *status, *format, *problem;
    bool is_damaged, has_many_rejected;
} ending_rows[] = {
    {.content = CONTENT_LOG,
     .is_known = true,
     .rejected = 3,
     .status = "complete",
     .format = "combined",
     .problem = "",
     .has_many_rejected = true},
    {.content = CONTENT_LOG,
     .ending = SOURCE_GREW,
     .is_known = true,
     .has_syslog_prefix = true,
     .status = "grew",
     .format = "combined behind syslog",
     .problem = ""},
    {.content = CONTENT_LOG,
     .ending = SOURCE_TRUNCATED,
     .is_known = true,
     .status = "truncated",
     .format = "combined",
     .problem = "it is damaged",
     .is_damaged = true},
    {.content = CONTENT_LOG,
     .is_known = true,
     .skip_lines = SKIP_ALL_LINES,
     .skip_reason = FILTER_ALREADY_COUNTED,
     .status = "already_counted",
     .format = "combined",
     .problem = ""},
    {.content = CONTENT_LOG,
     .is_known = true,
     .skip_lines = 7,
     .skip_reason = FILTER_ALREADY_COUNTED,
     .status = "complete",
     .format = "combined",
     .problem = ""},
    {.content = CONTENT_LOG, /* a damaged copy: what is lost of it may stand nowhere else */
     .ending = SOURCE_CRC_ERROR,
     .is_known = true,
     .skip_lines = SKIP_ALL_LINES,
     .skip_reason = FILTER_ALREADY_COUNTED,
     .status = "crc_error",
     .format = "combined",
     .problem = "it is damaged",
     .is_damaged = true},
    {.content = CONTENT_LOG, /* --strict */
     .ending = SOURCE_CORRUPT,
     .is_known = true,
     .skip_lines = SKIP_ALL_LINES,
     .skip_reason = FILTER_DAMAGED_FILE,
     .status = "corrupt",
     .format = "combined",
     .problem = "it is damaged; with --strict nothing of it is counted",
     .is_damaged = true},
    {.content = CONTENT_EMPTY,
     .ending = SOURCE_EMPTY,
     .status = "empty",
     .format = "",
     .problem = ""},
    {.content = CONTENT_UNKNOWN,
     .rejected = 9,
     .status = "unknown_format",
     .format = "",
     .problem = "no line of its start fits a known format",
     .is_damaged = true,
     .has_many_rejected = true},
    {.content = CONTENT_BINARY,
     .ending = SOURCE_TRUNCATED,
     .rejected = 1,
     .status = "binary",
     .format = "",
     .problem = "it is binary, not a log; all of it is rejected",
     .is_damaged = true,
     .has_many_rejected = true},
    {.content = CONTENT_UTF16,
     .status = "utf16",
     .format = "",
     .problem = "it is UTF-16 text; convert it with iconv -f UTF-16 -t UTF-8",
     .is_damaged = true},
};
enum { ENDINGS = sizeof ending_rows / sizeof ending_rows[0] };

static struct input input_of_row(const struct ending_row *row)
{
    return (struct input){
        .path = "a.log",
        .compression = "none",
        .content = row->content,
        .detection.line_format = {.format = row->is_known ? &format_of_test : NULL,
                                  .has_syslog_prefix = row->has_syslog_prefix},
        .skip_lines = row->skip_lines,
        .skip_reason = row->skip_reason,
        .note = "a note",
    };
}

static void reject_line(struct recorder *recorder, enum reject_reason reason, struct slice line,
                        uint32_t number)
{
    recorder_add_rejected(recorder, reason, 1);
    if (recorder_wants_sample(recorder, reason, number))
        recorder_add_sample(recorder, reason, number, line, NULL);
}

/* One line that counts, or does not, and the rejected ones. */
static void record_row(struct recorder *recorder, uint32_t number)
{
    const struct ending_row *row = &ending_rows[number];
    struct hit hit = {.time_ms = number, .duration_us = HIT_NO_DURATION};
    recorder_begin_block(recorder, number, 0);
    if (row->skip_lines)
        recorder_add_filtered(recorder, row->skip_reason, 1);
    else if (row->is_known)
        recorder_add_hit(recorder, &hit);
    for (uint32_t i = 0; i < row->rejected; i++) {
        char text[32];
        snprintf(text, sizeof text, "line %u of input %u", (unsigned)i, (unsigned)number);
        reject_line(recorder, REJECT_FORMAT, slice_of(text), i);
    }
}

/* Journey, rules and places, with no inputs. */
static void open_nothing(struct run *run)
{
    char geo_path[4096];
    struct error error = {0};
    const char *root = getenv("srcdir"), *geo_paths[] = {geo_path};
    snprintf(geo_path, sizeof geo_path, "%s/tests/data/geo/country-test.mmdb", root ? root : ".");
    *run = (struct run){0};
    run->journey = journey_parse(slice_of(journey_text), "shop.yaml", &error);
    ck_assert_msg(run->journey != NULL, "%s", error.sentence);
    run->rules = rules_new(run->journey);
    run->agent_rules = agent_rules_new(&error);
    run->trait_rules = trait_rules_new();
    run->geo = geo_open(geo_paths, 1, &error);
    ck_assert_msg(run->geo && run->agent_rules, "%s", error.sentence);
}

static struct recorder *open_recorder(const struct run *run, size_t inputs)
{
    struct recorder_options options = how_to_record(run);
    options.input_count = inputs;
    options.worker_max_keys = options.max_keys;
    return recorder_new(&options);
}

/* The report of what was recorded; frees the recorder. */
static void report_recorded(struct run *run, struct recorder *recorder,
                            struct ingest_ending *endings, const struct input_list *list)
{
    run->ingested = (struct ingest_result){
        .table = event_table_new(&recorder, 1), .endings = endings, .input_count = list->count};
    recorder_free(recorder);
    people_settle(run->ingested.table, &(struct people_options){.visits = run->journey->visit});
    run->report = analysis_report(
        &run->ingested, list, run->geo,
        &(struct analysis_options){
            .journey = run->journey, .version = "9.9", .time_zone = "UTC", .min_cell = 1});
}

static void close_nothing(struct run *run)
{
    report_free(run->report);
    event_table_free(run->ingested.table);
    geo_close(run->geo);
    agent_rules_free(run->agent_rules);
    trait_rules_free(run->trait_rules);
    rules_free(run->rules);
    journey_free(run->journey);
}

static void check_ending(const struct report_input *input, const struct ending_row *row)
{
    ck_assert_str_eq(input->status, row->status);
    ck_assert_str_eq(input->format, row->format);
    ck_assert_str_eq(input->problem, row->problem);
    ck_assert_str_eq(input->note, "a note");
    ck_assert(input->is_damaged == row->is_damaged);
    ck_assert(input->has_many_rejected == row->has_many_rejected);
    ck_assert_uint_eq(input->fates.counted, row->is_known && !row->skip_lines);
    ck_assert_uint_eq(input->fates.filtered_by[row->skip_reason], row->skip_lines > 0);
    ck_assert_uint_eq(input->fates.rejected_by[REJECT_FORMAT], row->rejected);
    for (size_t i = 0; i < REPORT_SAMPLES; i++)
        ck_assert((input->fates.samples[REJECT_FORMAT][i] != NULL) == (i < row->rejected));
}

static void check_skipped(const struct report_input *input)
{
    static const struct report_fates none;
    ck_assert_str_eq(input->file, "error.log");
    ck_assert_str_eq(input->status, "skipped");
    ck_assert_str_eq(input->note, "its name says so");
    ck_assert_str_eq(input->format, "");
    ck_assert_str_eq(input->compression, "");
    ck_assert(!input->is_damaged && !input->has_many_rejected);
    ck_assert_mem_eq(&input->fates, &none, sizeof none);
    ck_assert_int_eq(input->first_ms, CIVIL_NO_TIME);
}

START_TEST(inputs_are_named_by_their_end)
{
    struct run run;
    struct input items[ENDINGS];
    struct ingest_ending endings[ENDINGS];
    struct skipped_file skipped[] = {{.path = "error.log", .reason = "its name says so"}};
    open_nothing(&run);
    struct recorder *recorder = open_recorder(&run, ENDINGS);
    for (uint32_t i = 0; i < ENDINGS; i++) {
        items[i] = input_of_row(&ending_rows[i]);
        bool is_damaged = source_status_is_damage(ending_rows[i].ending);
        endings[i] =
            (struct ingest_ending){ending_rows[i].ending, is_damaged ? "it is damaged" : ""};
        record_row(recorder, i);
    }
    report_recorded(&run, recorder, endings,
                    &(struct input_list){
                        .items = items, .count = ENDINGS, .skipped = skipped, .skipped_count = 1});
    ck_assert_uint_eq(run.report->input_count, ENDINGS + 1);
    ck_assert_uint_eq(run.report->skipped_count, 1);
    for (size_t i = 0; i < ENDINGS; i++)
        check_ending(&run.report->inputs[i], &ending_rows[i]);
    check_skipped(&run.report->inputs[ENDINGS]);
    const struct report_fates *fates = &run.report->totals.fates;
    ck_assert_uint_eq(fates->lines, 3 + 4 + 13); /* counted, filtered, rejected */
    ck_assert_uint_eq(fates->filtered_by[FILTER_ALREADY_COUNTED], 3);
    ck_assert_uint_eq(fates->filtered_by[FILTER_DAMAGED_FILE], 1);
    ck_assert_uint_eq(fates->rejected, 13);
    ck_assert_str_eq(fates->samples[REJECT_FORMAT][2], "line 2 of input 0");
    close_nothing(&run);
}
END_TEST

/* Two inputs with two rejected lines each: three are shown, in the order of the inputs. */
START_TEST(samples_of_all_inputs)
{
    struct run run;
    struct input items[2] = {input_of_row(&ending_rows[0]), input_of_row(&ending_rows[0])};
    struct ingest_ending endings[2] = {{SOURCE_COMPLETE, ""}, {SOURCE_COMPLETE, ""}};
    open_nothing(&run);
    struct recorder *recorder = open_recorder(&run, 2);
    for (uint32_t i = 0; i < 4; i++) {
        static const char *const lines[] = {"c", "d", "a", "b"};
        recorder_begin_block(recorder, 1 - i / 2, 0);
        reject_line(recorder, REJECT_TIME, slice_of(lines[i]), i % 2);
    }
    report_recorded(&run, recorder, endings, &(struct input_list){.items = items, .count = 2});
    const struct report_fates *fates = &run.report->totals.fates;
    ck_assert_str_eq(fates->samples[REJECT_TIME][0], "a");
    ck_assert_str_eq(fates->samples[REJECT_TIME][1], "b");
    ck_assert_str_eq(fates->samples[REJECT_TIME][2], "c");
    ck_assert_ptr_null(fates->samples[REJECT_FORMAT][0]);
    close_nothing(&run);
}
END_TEST

/*
 * Products after 10 and 30 ms, once of unknown time, and once a crawler's: the median of an even
 * number is in the middle. The cart in vain does not count.
 */
START_TEST(answers_of_touchpoints)
{
    static const struct {
        const char *url, *agent;
        uint16_t status;
        int64_t duration_us;
        bool has_zone;
    } hits[] = {
        {"/product/1", BROWSER, 200, 10000, true},
        {"/product/1", BROWSER, 200, 30000, false},
        {"/product/1", BROWSER, 200, HIT_NO_DURATION, true},
        {"/product/1", CRAWLER, 200, 900000, true},
        {"/cart", BROWSER, 500, 50000, true},
        {"/a.css", BROWSER, 200, 1, false},
    };
    struct run run;
    struct input items[1] = {input_of_row(&ending_rows[0])};
    struct ingest_ending endings[1] = {{SOURCE_COMPLETE, ""}};
    open_nothing(&run);
    struct recorder *recorder = open_recorder(&run, 1);
    recorder_begin_block(recorder, 0, 0);
    for (size_t i = 0; i < sizeof hits / sizeof hits[0]; i++) {
        struct hit hit = {.time_ms = time_of("2026-11-21T10:00:00", 0),
                          .agent = slice_of(hits[i].agent),
                          .has_zone = hits[i].has_zone,
                          .status = hits[i].status,
                          .duration_us = hits[i].duration_us,
                          .request = request_of_url(METHOD_GET, slice_of(hits[i].url))};
        recorder_add_hit(recorder, &hit);
    }
    report_recorded(&run, recorder, endings, &(struct input_list){.items = items, .count = 1});
    ck_assert_uint_eq(run.report->touchpoints[0].hits, 3);
    ck_assert(near(run.report->touchpoints[0].median_duration_ms, 20));
    ck_assert(isnan(run.report->touchpoints[1].median_duration_ms));
    ck_assert_uint_eq(run.report->totals.timed_hits, 5);
    ck_assert_uint_eq(run.report->totals.zoneless_hits, 2);
    ck_assert(run.report->method.has_zoneless_times);
    close_nothing(&run);
}
END_TEST

/*
 * Seven visitors, made by hand: two people told by a cookie, one by address; a suspected one by
 * each of two rules; a search engine, whose page views are no events; and one of our own.
 */
static const struct event_row crowd_rows[] = {
    {.visitor = 0, .at_s = 0, .page = "/a", .origin = "own.example>"},
    {.visitor = 0, .at_s = 1, .page = "/b"},
    {.visitor = 0, .at_s = 9000, .page = "/b"},
    {.visitor = 1, .at_s = 2, .page = "/a"},
    {.visitor = 2, .at_s = 3, .page = "/a.png"},
    {.visitor = 3, .at_s = 4, .page = "/a"},
    {.visitor = 3, .at_s = 5, .page = "/b"},
    {.visitor = 4, .at_s = 6, .page = "/a"},
    {.visitor = 5, .at_s = 7, .page = "/x.png"},
    {.visitor = 6, .at_s = 8, .page = "/x.png"},
    {.visitor = 6, .at_s = 9, .page = "/x.png"},
};

static void set_crowd(struct event_table *table)
{
    static const uint8_t classes[] = {AGENT_PERSON,    AGENT_PERSON, AGENT_PERSON,  AGENT_SUSPECTED,
                                      AGENT_SUSPECTED, AGENT_SEARCH, AGENT_INTERNAL};
    static const struct slice own[] = {{"own.example", 11}};
    ck_assert_uint_eq(table->visitor_count, 7);
    for (size_t i = 0; i < 7; i++) {
        table->visitors[i].class = classes[i];
        table->visitors[i].key = i > 1;
    }
    table->visitors[3].rule = BEHAVIOUR_RATE;
    table->visitors[4].rule = BEHAVIOUR_ATTACK;
    table->counted_classes = 1u << AGENT_PERSON;
    table->visitor_rules.items[1] = table->visitor_rules.items[0];
    table->visitor_rules.items[0] =
        (struct visitor_rule){.kind = KEY_COOKIE, .name = "uid", .label = "cookie:uid"};
    table->visitor_rules.count = 2;
    table->visitor_rules.v6_prefix = 56;
    table->kinds.unkept_page_views[AGENT_SEARCH] = 1;
    table->kinds.unkept_page_views[AGENT_INTERNAL] = 2;
    table->folded = (struct folded_counts){.page_views = 3, .origin_page_views = 4};
    table->behaviour =
        (struct behaviour_finding){.judged = 8, .with_assets = 6, .assets_tell = true};
    table->own_hosts = (struct own_hosts){own, 1};
}

/* The table's lines come from one input, and all are counted. */
static void set_input(struct event_table *table, uint64_t lines)
{
    table->input_count = 1;
    table->inputs = mem_zeroed(1, sizeof *table->inputs);
    table->samples = mem_zeroed(1, sizeof *table->samples);
    table->inputs[0].lines = table->inputs[0].counted_by[ODD_NONE] = lines;
}

static void check_crowd_totals(const struct report_totals *totals)
{
    ck_assert_uint_eq(totals->hits, 11);
    ck_assert_uint_eq(totals->page_views, 4);
    ck_assert_uint_eq(totals->visits, 4);
    ck_assert_uint_eq(totals->visitors, 3);
    ck_assert_uint_eq(totals->visits_without_page_views, 1);
    ck_assert_uint_eq(totals->bot_hits, 4);
    ck_assert_uint_eq(totals->bot_visits, 3);
    ck_assert_uint_eq(totals->bot_visitors, 3);
    ck_assert_uint_eq(totals->suspected_hits, 3);
    ck_assert_uint_eq(totals->suspected_visits, 2);
    ck_assert_uint_eq(totals->suspected_visitors, 2);
    ck_assert_uint_eq(totals->internal_hits, 2);
    ck_assert_uint_eq(totals->internal_visits, 1);
    ck_assert_uint_eq(totals->internal_visitors, 1);
    ck_assert_uint_eq(totals->folded.page_views, 3);
    ck_assert_uint_eq(totals->folded.origin_page_views, 4);
    ck_assert_uint_eq(totals->unknown_region_visits, 4);
}

static void check_crowd(const struct report *report)
{
    const struct report_behaviour *rate = &report->behaviours[BEHAVIOUR_RATE - 1];
    const struct report_behaviour *attack = &report->behaviours[BEHAVIOUR_ATTACK - 1];
    check_crowd_totals(&report->totals);
    ck_assert_uint_eq(report->classes[AGENT_SUSPECTED].page_views, 3);
    ck_assert_uint_eq(report->classes[AGENT_SEARCH].page_views, 1);
    ck_assert_uint_eq(report->classes[AGENT_INTERNAL].page_views, 2);
    ck_assert(rate->hits == 2 && rate->page_views == 2 && rate->visits == 1 && rate->visitors == 1);
    ck_assert(attack->hits == 1 && attack->visitors == 1);
    ck_assert(!report->behaviours[BEHAVIOUR_NO_ASSETS - 1].is_silent);
    ck_assert_uint_eq(report->visitor_key_count, 2);
    ck_assert_str_eq(report->visitor_keys[0].label, "cookie:uid");
    ck_assert_uint_eq(report->visitor_keys[0].visitors, 2);
    ck_assert_uint_eq(report->visitor_keys[1].visitors, 1);
    ck_assert(near(report->visitor_keys[0].share, 2.0 / 3));
    ck_assert_str_eq(report->method.own_hosts[0], "own.example");
    ck_assert_uint_eq(report->method.own_host_count, 1);
    ck_assert_uint_eq(report->method.unnamed_own_hosts, 0);
    ck_assert_uint_eq(report->method.v6_prefix, 56);
    ck_assert(report->method.assets_tell && near(report->method.asset_share, 0.75));
}

START_TEST(who_made_the_hits)
{
    struct run run;
    struct input items[1] = {input_of_row(&ending_rows[0])};
    struct ingest_ending endings[1] = {{SOURCE_COMPLETE, ""}};
    struct event_table *table =
        table_fixture_new(crowd_rows, sizeof crowd_rows / sizeof crowd_rows[0]);
    const struct dimension *dimensions[] = {dimension_find("agent"), dimension_find("landing")};
    open_nothing(&run);
    table_fixture_add_sources(table);
    set_crowd(table);
    set_input(table, sizeof crowd_rows / sizeof crowd_rows[0]);
    run.ingested = (struct ingest_result){.table = table, .endings = endings, .input_count = 1};
    run.report =
        analysis_report(&run.ingested, &(struct input_list){.items = items, .count = 1}, run.geo,
                        &(struct analysis_options){.journey = run.journey,
                                                   .dimensions = dimensions,
                                                   .dimension_count = 2,
                                                   .version = "9.9",
                                                   .time_zone = "UTC",
                                                   .min_cell = 1});
    check_crowd(run.report);
    ck_assert_uint_eq(run.report->breakdown_count, 8); /* none stands twice */
    ck_assert_uint_eq(run.report->dimensions[0].value_count, 4);
    ck_assert_str_eq(run.report->dimensions[0].values[1].value, "suspected");
    ck_assert_uint_eq(run.report->dimensions[1].value_count, 3); /* of people: /a /b (none) */
    close_nothing(&run);
}
END_TEST

/*
 * Own hosts, by hand. shop.example: visitor 0, who was asked for www, 1 who came from blog, and 2.
 * few.example: 0 and 3. Neither: a suspected one's, a call's, and names that only end alike.
 */
static const struct event_row host_rows[] = {
    {.visitor = 0, .at_s = 0, .page = "/a", .origin = "www.shop.example>"},
    {.visitor = 0, .at_s = 9000, .page = "/b", .origin = "few.example>shop.example"},
    {.visitor = 1, .at_s = 1, .page = "/a", .origin = "blog.shop.example"},
    {.visitor = 2, .at_s = 2, .page = "/a", .origin = "www.shop.example>google.com"},
    {.visitor = 3, .at_s = 3, .page = "/a", .origin = "few.example>"},
    {.visitor = 3, .at_s = 9000, .page = "/a", .origin = "few.example>"},
    {.visitor = 4, .at_s = 4, .page = "/a", .origin = "few.example>shop.example"},
    {.visitor = 5, .at_s = 5, .page = "/api/x", .origin = "few.example>shop.example"},
    {.visitor = 5, .at_s = 6, .page = "/a", .origin = "notshop.example>shop.example.net"},
    {.visitor = 5, .at_s = 7, .page = "/a", .origin = "(other)"},
};

static const struct host_case {
    uint64_t min_cell;
    bool are_given;
    const char *named;
    uint64_t unnamed;
} host_cases[] = {
    {1, false, "few.example shop.example ", 1},
    {2, false, "few.example shop.example ", 1},
    {3, false, "shop.example ", 2},
    {4, false, "", 3},
    {4, true, "few.example never.example shop.example ", 0},
};

START_TEST(own_hosts_of_few_are_not_named)
{
    static const struct slice own[] = {
        {"few.example", 11}, {"never.example", 13}, {"shop.example", 12}};
    const struct host_case *row = &host_cases[_i];
    struct run run;
    struct input items[1] = {input_of_row(&ending_rows[0])};
    struct ingest_ending endings[1] = {{SOURCE_COMPLETE, ""}};
    struct event_table *table =
        table_fixture_new(host_rows, sizeof host_rows / sizeof host_rows[0]);
    char named[128] = "";
    open_nothing(&run);
    table_fixture_add_sources(table);
    set_input(table, sizeof host_rows / sizeof host_rows[0]);
    table->counted_classes = 1u << AGENT_PERSON;
    table->visitors[4].class = AGENT_SUSPECTED;
    table->own_hosts = (struct own_hosts){own, 3};
    struct journey journey = *run.journey;
    journey.own_hosts = row->are_given ? table->own_hosts : (struct own_hosts){0};
    run.ingested = (struct ingest_result){.table = table, .endings = endings, .input_count = 1};
    run.report = analysis_report(
        &run.ingested, &(struct input_list){.items = items, .count = 1}, run.geo,
        &(struct analysis_options){
            .journey = &journey, .version = "9.9", .time_zone = "UTC", .min_cell = row->min_cell});
    const struct report_method *method = &run.report->method;
    for (size_t i = 0; i < method->own_host_count; i++) {
        size_t used = strlen(named);
        snprintf(named + used, sizeof named - used, "%s ", method->own_hosts[i]);
    }
    ck_assert_str_eq(named, row->named);
    ck_assert_uint_eq(method->unnamed_own_hosts, row->unnamed);
    ck_assert(method->own_hosts_given == row->are_given);
    close_nothing(&run);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("analysis");
    TCase *tests = tcase_create("analysis");
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, two_logs, 0, 8);
    tcase_add_test(tests, how_it_was_counted);
    tcase_add_test(tests, small_regions_fold_and_the_sums_stay);
    tcase_add_test(tests, crawlers_as_people);
    tcase_add_test(tests, a_part_of_the_time);
    tcase_add_test(tests, nothing_left);
    tcase_add_test(tests, inputs_are_named_by_their_end);
    tcase_add_test(tests, samples_of_all_inputs);
    tcase_add_test(tests, answers_of_touchpoints);
    tcase_add_test(tests, who_made_the_hits);
    tcase_add_loop_test(tests, own_hosts_of_few_are_not_named, 0,
                        sizeof host_cases / sizeof host_cases[0]);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
