#include "funnel/analysis.h"

#include <assert.h>

#include "base/civil.h"
#include "funnel/compare.h"
#include "funnel/funnel_engine.h"
#include "funnel/tally.h"

struct writing {
    const struct ingest_result *ingested;
    const struct event_table *table;
    const struct input_list *inputs;
    const struct tally *tally;
    const struct analysis_options *options;
    const struct geo *geo;
    struct report *report;
};

static const char *keep(struct report *report, const char *text)
{
    return arena_copy(&report->arena, slice_of(text)).at;
}

/* Inputs and the accounting */

static void write_counts(struct report_input *input, const struct input_counts *counts)
{
    input->lines = counts->lines;
    input->counted = counts->counted;
    input->filtered = counts->filtered;
    for (size_t i = 0; i < REJECT_COUNT; i++) {
        input->rejected_by[i] = counts->rejected_by[i];
        input->rejected += counts->rejected_by[i];
    }
    input->first_ms = counts->first_ms;
    input->last_ms = counts->last_ms;
    assert(input->lines == input->counted + input->filtered + input->rejected);
}

static void write_input(const struct writing *writing, size_t number, struct report_input *to)
{
    const struct input *input = &writing->inputs->items[number];
    const struct ingest_ending *ending = &writing->ingested->endings[number];
    *to = (struct report_input){
        .file = keep(writing->report, input->path),
        .format = input->detection.format ? input->detection.format->name : "",
        .compression = input->compression,
        .status = source_status_name(ending->status),
        .problem = keep(writing->report, ending->problem),
        .is_damaged = ending->status != SOURCE_COMPLETE && ending->status != SOURCE_EMPTY,
    };
    write_counts(to, &writing->table->inputs[number]);
}

static void add_input(struct report_totals *totals, const struct report_input *input)
{
    totals->lines += input->lines;
    totals->counted += input->counted;
    totals->filtered += input->filtered;
    totals->rejected += input->rejected;
    for (size_t i = 0; i < REJECT_COUNT; i++)
        totals->rejected_by[i] += input->rejected_by[i];
}

static void write_inputs(const struct writing *writing)
{
    struct report *report = writing->report;
    size_t count = writing->inputs->count;
    struct report_input *inputs = arena_alloc(&report->arena, (count + 1) * sizeof *inputs);
    for (size_t i = 0; i < count; i++) {
        write_input(writing, i, &inputs[i]);
        add_input(&report->totals, &inputs[i]);
    }
    report->inputs = inputs;
    report->input_count = count;
}

/* Totals */

static void count_visitors(const struct event_table *table, struct report_totals *totals)
{
    for (size_t i = 0; i < table->visitor_count; i++) {
        totals->bot_visitors += table->visitors[i].is_bot;
        totals->visitors += event_table_is_person(table, &table->visitors[i]);
    }
    for (size_t i = 0; i < table->visit_count; i++) {
        const struct visit *visit = &table->visits[i];
        const struct visitor *visitor = &table->visitors[visit->visitor];
        bool is_person = event_table_is_person(table, visitor);
        totals->bot_visits += visitor->is_bot;
        totals->visits += is_person;
        totals->visits_without_page_views += is_person && visit->page_views == 0;
        totals->page_views += visit->page_views;
    }
}

static void count_regions(const struct writing *writing, struct report_totals *totals)
{
    struct arena scratch;
    arena_init(&scratch);
    struct dimension_values values = dimension_values_new(dimension_find("region"), writing->geo,
                                                          writing->tally->people, 0, &scratch);
    for (size_t i = 0; i < values.count; i++) {
        bool is_unknown = slice_is(slice_of(values.values[i].value), "ZZ");
        totals->regions += !is_unknown;
        totals->unknown_region_visits += is_unknown ? values.values[i].visits : 0;
    }
    mem_free(values.of_place);
    arena_clear(&scratch);
}

static void write_totals(const struct writing *writing)
{
    const struct event_table *table = writing->table;
    struct report_totals *totals = &writing->report->totals;
    totals->hits = totals->counted;
    totals->bot_hits = table->kinds.bot_hits;
    totals->asset_hits = table->kinds.asset_hits;
    totals->call_hits = table->kinds.call_hits;
    totals->first_ms = table->first_ms;
    totals->last_ms = table->last_ms;
    totals->failed_geo_lookups = geo_failed_lookups(writing->geo);
    for (size_t i = 0; i < writing->tally->funnel_count; i++)
        totals->ties += writing->tally->funnels[i].ties;
    count_visitors(table, totals);
    count_regions(writing, totals);
    assert(totals->lines == totals->counted + totals->filtered + totals->rejected);
}

/* Funnels */

static double ratio(uint64_t part, uint64_t whole)
{
    return whole ? (double)part / (double)whole : NAN;
}

static void write_durations(const struct durations *durations, struct report_step *step)
{
    step->median_s = step->p90_s = NAN;
    if (durations->count == 0)
        return;
    step->median_s = stats_quantile(durations->items_ms, durations->count, 0.5) / 1000;
    step->p90_s = stats_quantile(durations->items_ms, durations->count, 0.9) / 1000;
}

static void write_rates(const struct funnel_tally *tally, size_t number, struct report_step *step)
{
    int previous = funnel_previous_step(tally->funnel, (int)number);
    step->rate_from_start = ratio(step->entered, tally->total[0].entered);
    step->rate_from_previous = NAN;
    step->ci = (struct interval){NAN, NAN};
    if (previous < 0 || tally->total[previous].entered == 0)
        return;
    uint64_t before = tally->total[previous].entered;
    step->rate_from_previous = ratio(step->entered, before);
    step->ci = stats_wilson(step->entered, before);
}

static void write_step(const struct writing *writing, const struct funnel_tally *tally,
                       size_t number, struct report_step *step)
{
    const struct step_counts *counts = &tally->total[number];
    bool is_last = number + 1 == tally->funnel->step_count;
    *step = (struct report_step){
        .touchpoint = keep(writing->report, tally->funnel->steps[number].label),
        .optional = tally->funnel->steps[number].optional,
        .is_last = is_last,
        .entered = counts->entered,
        .advanced = is_last ? REPORT_NO_COUNT : counts->advanced,
        .dropped = is_last ? REPORT_NO_COUNT : counts->dropped,
        .open = is_last ? REPORT_NO_COUNT : counts->open,
        .excluded = is_last ? REPORT_NO_COUNT : 0,
        .attempted_failed = counts->attempted_failed,
    };
    write_rates(tally, number, step);
    write_durations(&tally->from_previous[number], step);
}

static void write_funnel(const struct writing *writing, const struct funnel_tally *tally,
                         struct report_funnel *funnel)
{
    size_t count = tally->funnel->step_count;
    struct report_step *steps = arena_alloc(&writing->report->arena, count * sizeof *steps);
    for (size_t i = 0; i < count; i++)
        write_step(writing, tally, i, &steps[i]);
    *funnel = (struct report_funnel){.name = keep(writing->report, tally->funnel->name),
                                     .unit = tally->funnel->unit,
                                     .window_ms = tally->funnel->window_ms,
                                     .steps = steps,
                                     .step_count = count};
}

static void write_funnels(const struct writing *writing)
{
    size_t count = writing->tally->funnel_count;
    struct report_funnel *funnels =
        arena_alloc(&writing->report->arena, (count + 1) * sizeof *funnels);
    for (size_t i = 0; i < count; i++)
        write_funnel(writing, &writing->tally->funnels[i], &funnels[i]);
    writing->report->funnels = funnels;
    writing->report->funnel_count = count;
}

/* Touchpoints */

static void write_touchpoint(const struct writing *writing, size_t number,
                             struct report_touchpoint *to)
{
    const struct journey *journey = writing->options->journey;
    const struct touchpoint *touchpoint = &journey->touchpoints[number];
    const struct tally *tally = writing->tally;
    const char *stage =
        touchpoint->stage == JOURNEY_NO_STAGE ? "" : journey->stages[touchpoint->stage];
    *to = (struct report_touchpoint){.name = keep(writing->report, touchpoint->name),
                                     .stage = keep(writing->report, stage),
                                     .intent = keep(writing->report, touchpoint->intent),
                                     .hits = tally->touches.hits[number],
                                     .failed = tally->touches.failed[number],
                                     .median_duration_ms = NAN};
    for (size_t place = 0; place < tally->place_count; place++) {
        const struct touch_counts *counts =
            &tally->touches.counts[place * tally->touchpoint_count + number];
        to->visits += counts->visits;
        to->visitors += counts->visitors;
    }
}

static void write_touchpoints(const struct writing *writing)
{
    size_t count = writing->tally->touchpoint_count;
    struct report_touchpoint *touchpoints =
        arena_alloc(&writing->report->arena, (count + 1) * sizeof *touchpoints);
    for (size_t i = 0; i < count; i++)
        write_touchpoint(writing, i, &touchpoints[i]);
    writing->report->touchpoints = touchpoints;
    writing->report->touchpoint_count = count;
}

static void write_dimensions(const struct writing *writing)
{
    const struct analysis_options *options = writing->options;
    struct report *report = writing->report;
    struct report_dimension *dimensions =
        arena_alloc(&report->arena, (options->dimension_count + 1) * sizeof *dimensions);
    for (size_t i = 0; i < options->dimension_count; i++)
        compare_values(options->dimensions[i], writing->tally, writing->geo, options->min_cell,
                       &report->arena, &dimensions[i]);
    report->dimensions = dimensions;
    report->dimension_count = options->dimension_count;
}

/* How it was counted */

static void write_method(const struct writing *writing)
{
    const struct analysis_options *options = writing->options;
    struct report *report = writing->report;
    size_t geo_files = geo_file_count(writing->geo);
    const char **descriptions = arena_alloc(&report->arena, (geo_files + 1) * sizeof *descriptions);
    for (size_t i = 0; i < geo_files; i++)
        descriptions[i] = keep(report, geo_file_description(writing->geo, i));
    report->method = (struct report_method){
        .version = keep(report, options->version),
        .journey = keep(report, options->journey->name),
        .journey_source = keep(report, options->journey->source),
        .visit_timeout_s = options->journey->visit_timeout_s,
        .includes_bots = options->includes_bots,
        .min_cell = options->min_cell,
        .time_zone = keep(report, options->time_zone),
        .has_zoneless_times = writing->table->kinds.has_zoneless_times,
        .geo_files = descriptions,
        .geo_file_count = geo_files,
    };
}

struct report *analysis_report(const struct ingest_result *ingested,
                               const struct input_list *inputs, struct geo *geo,
                               const struct analysis_options *options)
{
    struct tally *tally = tally_new(ingested->table, options->journey, geo);
    struct report *report = mem_zeroed(1, sizeof *report);
    arena_init(&report->arena);
    struct writing writing = {.ingested = ingested,
                              .table = ingested->table,
                              .inputs = inputs,
                              .tally = tally,
                              .options = options,
                              .geo = geo,
                              .report = report};
    write_method(&writing);
    write_inputs(&writing);
    write_totals(&writing);
    write_funnels(&writing);
    write_touchpoints(&writing);
    write_dimensions(&writing);
    tally_free(tally);
    return report;
}
