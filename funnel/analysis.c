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

static uint64_t sum_of(const uint64_t *counts, size_t count)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += counts[i];
    return sum;
}

static void write_sums(struct report_fates *fates)
{
    fates->counted = sum_of(fates->counted_by, ODD_COUNT);
    fates->filtered = sum_of(fates->filtered_by, FILTER_COUNT);
    fates->rejected = sum_of(fates->rejected_by, REJECT_COUNT);
    assert(fates->lines == fates->counted + fates->filtered + fates->rejected);
}

static void write_fates(const struct writing *writing, size_t number, struct report_fates *fates)
{
    const struct input_counts *counts = &writing->table->inputs[number];
    const struct input_samples *samples = writing->table->samples[number];
    fates->lines = counts->lines;
    memcpy(fates->counted_by, counts->counted_by, sizeof fates->counted_by);
    memcpy(fates->filtered_by, counts->filtered_by, sizeof fates->filtered_by);
    memcpy(fates->rejected_by, counts->rejected_by, sizeof fates->rejected_by);
    write_sums(fates);
    for (size_t reason = 0; samples && reason < REJECT_COUNT; reason++) {
        for (size_t i = 0; i < samples->counts[reason]; i++)
            fates->samples[reason][i] = keep(writing->report, samples->lines[reason][i].text);
    }
}

static const char *write_format(const struct writing *writing, const struct line_format *format)
{
    if (!format->format)
        return "";
    return arena_format(&writing->report->arena, "%s%s", format->format->name,
                        format->has_syslog_prefix ? " behind syslog" : "");
}

/* What is wrong with an input that is no log; NULL when it is one. */
static const char *problem_of_content(enum input_content content)
{
    switch (content) {
    case CONTENT_UNKNOWN:
        return "no line of its start fits a known format";
    case CONTENT_BINARY:
        return "it is binary, not a log; all of it is rejected";
    case CONTENT_UTF16:
        return "it is UTF-16 text; convert it with iconv -f UTF-16 -t UTF-8";
    case CONTENT_ARCHIVE:
        return "it is a tar archive; unpack it, or pipe its members in: tar -xOf FILE | sojourn -";
    case CONTENT_LOG:
    case CONTENT_EMPTY:
        break;
    }
    return NULL;
}

/* What a damaged file would have kept is nothing to speak of when --strict leaves it out. */
static const char *describe_left_out(struct report *report, const struct ingest_ending *ending)
{
    size_t damage = strcspn(ending->problem, ";");
    return arena_format(&report->arena, "%.*s; with --strict nothing of it is counted", (int)damage,
                        ending->problem);
}

/* Damage comes before "already counted": what is lost of a copy may stand nowhere else. */
static void write_status(const struct writing *writing, size_t number, struct report_input *to)
{
    const struct input *input = &writing->inputs->items[number];
    const struct ingest_ending *ending = &writing->ingested->endings[number];
    const char *problem = problem_of_content(input->content);
    bool is_copy =
        input->skip_lines == SKIP_ALL_LINES && input->skip_reason == FILTER_ALREADY_COUNTED;
    bool is_left_out = input->skip_reason == FILTER_DAMAGED_FILE;
    to->problem = is_left_out ? describe_left_out(writing->report, ending)
                              : keep(writing->report, problem ? problem : ending->problem);
    to->is_damaged = problem || source_status_is_damage(ending->status);
    if (problem)
        to->status = input_content_name(input->content);
    else if (is_copy && !to->is_damaged)
        to->status = "already_counted";
    else
        to->status = source_status_name(ending->status);
}

static void write_input(const struct writing *writing, size_t number, struct report_input *to)
{
    const struct input *input = &writing->inputs->items[number];
    const struct input_counts *counts = &writing->table->inputs[number];
    *to = (struct report_input){
        .file = keep(writing->report, input->path),
        .format = write_format(writing, &input->detection.line_format),
        .compression = input->compression,
        .note = keep(writing->report, input->note),
        .first_ms = counts->first_ms,
        .last_ms = counts->last_ms,
    };
    write_status(writing, number, to);
    write_fates(writing, number, &to->fates);
    to->has_many_rejected = to->fates.rejected > to->fates.lines / 10;
}

static void write_skipped(const struct writing *writing, const struct skipped_file *file,
                          struct report_input *to)
{
    *to = (struct report_input){
        .file = keep(writing->report, file->path),
        .format = "",
        .compression = "",
        .status = "skipped",
        .problem = "",
        .note = keep(writing->report, file->reason),
        .first_ms = CIVIL_NO_TIME,
        .last_ms = CIVIL_NO_TIME,
    };
}

static void add_fates(struct report_fates *totals, const struct report_fates *fates)
{
    totals->lines += fates->lines;
    for (size_t i = 0; i < ODD_COUNT; i++)
        totals->counted_by[i] += fates->counted_by[i];
    for (size_t i = 0; i < FILTER_COUNT; i++)
        totals->filtered_by[i] += fates->filtered_by[i];
    for (size_t i = 0; i < REJECT_COUNT; i++) {
        totals->rejected_by[i] += fates->rejected_by[i];
        size_t have = 0;
        while (have < REPORT_SAMPLES && totals->samples[i][have])
            have++;
        for (size_t k = 0; k < REPORT_SAMPLES && have < REPORT_SAMPLES; k++)
            totals->samples[i][have++] = fates->samples[i][k];
    }
}

static void write_inputs(const struct writing *writing)
{
    struct report *report = writing->report;
    const struct input_list *list = writing->inputs;
    size_t count = list->count + list->skipped_count;
    struct report_input *inputs = arena_alloc(&report->arena, (count + 1) * sizeof *inputs);
    for (size_t i = 0; i < list->count; i++) {
        write_input(writing, i, &inputs[i]);
        add_fates(&report->totals.fates, &inputs[i].fates);
    }
    write_sums(&report->totals.fates);
    for (size_t i = 0; i < list->skipped_count; i++)
        write_skipped(writing, &list->skipped[i], &inputs[list->count + i]);
    report->inputs = inputs;
    report->input_count = count;
    report->skipped_count = list->skipped_count;
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
    totals->hits = totals->fates.counted;
    totals->bot_hits = table->kinds.bot_hits;
    totals->asset_hits = table->kinds.hits[KIND_ASSET];
    totals->call_hits = table->kinds.hits[KIND_CALL];
    totals->timed_hits = table->kinds.timed_hits;
    totals->zoneless_hits = table->kinds.zoneless_hits;
    totals->first_ms = table->first_ms;
    totals->last_ms = table->last_ms;
    totals->failed_geo_lookups = geo_failed_lookups(writing->geo);
    for (size_t i = 0; i < writing->tally->funnel_count; i++)
        totals->ties += writing->tally->funnels[i].ties;
    count_visitors(table, totals);
    count_regions(writing, totals);
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

static double median_answer_ms(const struct touch_tally *touches, size_t number)
{
    const struct durations *answers = touches->answers ? &touches->answers[number] : NULL;
    return answers && answers->count ? stats_quantile(answers->items_ms, answers->count, 0.5) : NAN;
}

static void write_touchpoint(const struct writing *writing, size_t number,
                             struct report_touchpoint *to)
{
    const struct journey *journey = writing->options->journey;
    const struct touchpoint *touchpoint = &journey->touchpoints[number];
    const struct tally *tally = writing->tally;
    const char *stage =
        touchpoint->stage == JOURNEY_NO_STAGE ? "" : journey->stages[touchpoint->stage];
    *to =
        (struct report_touchpoint){.name = keep(writing->report, touchpoint->name),
                                   .stage = keep(writing->report, stage),
                                   .intent = keep(writing->report, touchpoint->intent),
                                   .hits = tally->touches.hits[number],
                                   .failed = tally->touches.failed[number],
                                   .median_duration_ms = median_answer_ms(&tally->touches, number)};
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
        .has_zoneless_times = writing->table->kinds.zoneless_hits > 0,
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
