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
    const struct visit_facts *facts;
    const struct tally *tally;
    const struct analysis_options *options;
    const struct geo *geo;
    struct report *report;
};

static const char *keep(struct report *report, const char *text)
{
    return arena_copy(&report->arena, slice_of(text)).at;
}

static const char *const *keep_all(struct report *report, const char *const *texts, size_t count)
{
    const char **kept = arena_alloc(&report->arena, (count + 1) * sizeof *kept);
    for (size_t i = 0; i < count; i++)
        kept[i] = keep(report, texts[i]);
    return kept;
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

/* Who made the hits */

/* Of a class or a rule. */
struct crowd {
    uint64_t hits, page_views, visits, visitors;
};

static void add_crowd(struct crowd *to, const struct crowd *from)
{
    to->hits += from->hits;
    to->page_views += from->page_views;
    to->visits += from->visits;
    to->visitors += from->visitors;
}

struct crowds {
    struct crowd by_class[AGENT_CLASS_COUNT];
    struct crowd by_rule[BEHAVIOUR_COUNT];
    uint64_t by_key[VISITOR_RULES]; /* people */
    uint64_t idle_visits;           /* of people, without a page view */
};

static struct crowd crowd_of_visitor(const struct event_table *table, const struct visitor *visitor)
{
    struct crowd crowd = {.visits = visitor->visit_count, .visitors = 1};
    for (size_t i = 0; i < visitor->visit_count; i++) {
        const struct visit *visit = &table->visits[visitor->first_visit + i];
        crowd.hits += visit->hits;
        crowd.page_views += visit->page_views;
    }
    return crowd;
}

static uint64_t idle_visits(const struct event_table *table, const struct visitor *visitor)
{
    uint64_t count = 0;
    for (size_t i = 0; i < visitor->visit_count; i++)
        count += table->visits[visitor->first_visit + i].page_views == 0;
    return count;
}

static void count_crowds(const struct event_table *table, struct crowds *crowds)
{
    *crowds = (struct crowds){0};
    for (size_t i = 0; i < table->visitor_count; i++) {
        const struct visitor *visitor = &table->visitors[i];
        struct crowd crowd = crowd_of_visitor(table, visitor);
        bool is_person = event_table_is_person(table, visitor);
        add_crowd(&crowds->by_class[visitor->class], &crowd);
        add_crowd(&crowds->by_rule[visitor->rule], &crowd);
        crowds->by_key[visitor->key] += is_person;
        crowds->idle_visits += is_person ? idle_visits(table, visitor) : 0;
    }
    for (size_t i = 0; i < AGENT_CLASS_COUNT; i++)
        crowds->by_class[i].page_views += table->kinds.unkept_page_views[i];
}

static void write_classes(const struct writing *writing, const struct crowds *crowds)
{
    struct report *report = writing->report;
    struct report_class *classes = arena_alloc(&report->arena, AGENT_CLASS_COUNT * sizeof *classes);
    uint64_t hits = 0;
    for (size_t i = 0; i < AGENT_CLASS_COUNT; i++) {
        const struct crowd *crowd = &crowds->by_class[i];
        classes[i] = (struct report_class){.name = agent_class_name((enum agent_class)i),
                                           .label = agent_class_label((enum agent_class)i),
                                           .is_counted = writing->table->counted_classes >> i & 1,
                                           .hits = crowd->hits,
                                           .page_views = crowd->page_views,
                                           .visits = crowd->visits,
                                           .visitors = crowd->visitors};
        hits += crowd->hits;
    }
    assert(hits == report->totals.hits);
    (void)hits;
    report->classes = classes;
    report->class_count = AGENT_CLASS_COUNT;
}

static struct report_behaviour behaviour_of(const struct writing *writing, enum behaviour_rule rule,
                                            const struct crowd *crowd)
{
    bool is_off = writing->options->rules_off >> rule & 1;
    bool is_told = rule != BEHAVIOUR_NO_ASSETS || writing->table->behaviour.assets_tell;
    return (struct report_behaviour){.name = behaviour_name(rule),
                                     .about = behaviour_about(rule),
                                     .is_off = is_off,
                                     .is_silent = !is_off && !is_told,
                                     .hits = crowd->hits,
                                     .page_views = crowd->page_views,
                                     .visits = crowd->visits,
                                     .visitors = crowd->visitors};
}

static void write_behaviours(const struct writing *writing, const struct crowds *crowds)
{
    struct report *report = writing->report;
    struct report_behaviour *rules = arena_alloc(&report->arena, BEHAVIOUR_COUNT * sizeof *rules);
    for (size_t i = BEHAVIOUR_NONE + 1; i < BEHAVIOUR_COUNT; i++)
        rules[report->behaviour_count++] =
            behaviour_of(writing, (enum behaviour_rule)i, &crowds->by_rule[i]);
    report->behaviours = rules;
}

static double ratio(uint64_t part, uint64_t whole)
{
    return whole ? (double)part / (double)whole : NAN;
}

static void write_visitor_keys(const struct writing *writing, const struct crowds *crowds)
{
    const struct visitor_rules *rules = &writing->table->visitor_rules;
    struct report *report = writing->report;
    struct report_visitor_key *keys =
        arena_alloc(&report->arena, (rules->count + 1) * sizeof *keys);
    uint64_t visitors = 0;
    for (size_t i = 0; i < rules->count; i++) {
        keys[i] =
            (struct report_visitor_key){.label = keep(report, rules->items[i].label),
                                        .visitors = crowds->by_key[i],
                                        .share = ratio(crowds->by_key[i], report->totals.visitors)};
        visitors += crowds->by_key[i];
    }
    assert(visitors == report->totals.visitors);
    (void)visitors;
    report->visitor_keys = keys;
    report->visitor_key_count = rules->count;
}

/* Totals */

static bool is_machine(size_t class)
{
    return class != AGENT_PERSON && class != AGENT_INTERNAL;
}

static void write_people(const struct writing *writing, const struct crowds *crowds)
{
    struct report_totals *totals = &writing->report->totals;
    struct crowd people = {0}, bots = {0};
    for (size_t i = 0; i < AGENT_CLASS_COUNT; i++) {
        if (writing->table->counted_classes >> i & 1)
            add_crowd(&people, &crowds->by_class[i]);
        if (is_machine(i))
            add_crowd(&bots, &crowds->by_class[i]);
    }
    totals->page_views = people.page_views;
    totals->visits = people.visits;
    totals->visitors = people.visitors;
    totals->visits_without_page_views = crowds->idle_visits;
    totals->bot_hits = bots.hits;
    totals->bot_visits = bots.visits;
    totals->bot_visitors = bots.visitors;
    totals->suspected_hits = crowds->by_class[AGENT_SUSPECTED].hits;
    totals->suspected_visits = crowds->by_class[AGENT_SUSPECTED].visits;
    totals->suspected_visitors = crowds->by_class[AGENT_SUSPECTED].visitors;
    totals->internal_hits = crowds->by_class[AGENT_INTERNAL].hits;
    totals->internal_visits = crowds->by_class[AGENT_INTERNAL].visits;
    totals->internal_visitors = crowds->by_class[AGENT_INTERNAL].visitors;
}

/* Before small ones are folded. */
static void count_regions(const struct writing *writing, struct report_totals *totals)
{
    const struct dimension *region = dimension_find("region");
    struct arena scratch;
    arena_init(&scratch);
    struct grouping regions = grouping_new(region, writing->facts, 0, &scratch);
    for (size_t i = 0; i < regions.count; i++) {
        bool is_unknown = strcmp(regions.values[i].value, region->unknown) == 0;
        totals->regions += !is_unknown;
        totals->unknown_region_visits += is_unknown ? regions.values[i].visits : 0;
    }
    grouping_clear(&regions);
    arena_clear(&scratch);
}

static void write_totals(const struct writing *writing)
{
    const struct event_table *table = writing->table;
    struct report_totals *totals = &writing->report->totals;
    totals->hits = totals->fates.counted;
    totals->folded = (struct report_folded){.page_views = table->folded.page_views,
                                            .origin_page_views = table->folded.origin_page_views};
    totals->asset_hits = table->kinds.hits[KIND_ASSET];
    totals->call_hits = table->kinds.hits[KIND_CALL];
    totals->timed_hits = table->kinds.timed_hits;
    totals->zoneless_hits = table->kinds.zoneless_hits;
    totals->first_ms = table->first_ms;
    totals->last_ms = table->last_ms;
    totals->failed_geo_lookups = geo_failed_lookups(writing->geo);
    for (size_t i = 0; i < writing->tally->funnel_count; i++)
        totals->ties += writing->tally->funnels[i].ties;
    count_regions(writing, totals);
}

static void write_crowds(const struct writing *writing)
{
    struct crowds crowds;
    count_crowds(writing->table, &crowds);
    write_people(writing, &crowds);
    write_classes(writing, &crowds);
    write_behaviours(writing, &crowds);
    write_visitor_keys(writing, &crowds);
}

/* Visits by their properties */

/*
 * The values of people add up to the totals; those of everybody to all classes. Who comes back can
 * be a visitor of several values.
 */
static void check_values(const struct report *report, const struct grouping *grouping)
{
    struct crowd sum = {0}, whole = {.page_views = report->totals.page_views,
                                     .visits = report->totals.visits,
                                     .visitors = report->totals.visitors};
    for (size_t i = 0; i < grouping->count; i++) {
        sum.visits += grouping->values[i].visits;
        sum.visitors += grouping->values[i].visitors;
        sum.page_views += grouping->values[i].page_views;
    }
    if (grouping->dimension->of_everybody) {
        whole = (struct crowd){0};
        for (size_t i = 0; i < report->class_count; i++) {
            whole.visits += report->classes[i].visits;
            whole.visitors += report->classes[i].visitors;
        }
        whole.page_views = sum.page_views;
    }
    assert(sum.visits == whole.visits && sum.visitors >= whole.visitors);
    assert(sum.page_views == whole.page_views);
    (void)sum;
    (void)whole;
}

static struct report_breakdown breakdown_of(const struct grouping *grouping)
{
    return (struct report_breakdown){.name = grouping->dimension->name,
                                     .title = grouping->dimension->title,
                                     .values = grouping->values,
                                     .value_count = grouping->count};
}

static void write_breakdown(const struct writing *writing, const struct dimension *dimension,
                            struct report_breakdown *breakdown)
{
    struct report *report = writing->report;
    struct grouping grouping =
        grouping_new(dimension, writing->facts, writing->options->min_cell, &report->arena);
    check_values(report, &grouping);
    *breakdown = breakdown_of(&grouping);
    grouping_clear(&grouping);
}

static bool has_breakdown(const struct report *report, const char *name)
{
    for (size_t i = 0; i < report->breakdown_count; i++) {
        if (strcmp(report->breakdowns[i].name, name) == 0)
            return true;
    }
    return false;
}

/* What is always there, and what else funnels are broken down by. */
static void write_breakdowns(const struct writing *writing)
{
    static const char *const names[] = {"source", "referrer", "campaign", "landing",
                                        "exit",   "device",   "browser",  "agent"};
    enum { NAMES = sizeof names / sizeof names[0] };
    struct report *report = writing->report;
    const struct tally *tally = writing->tally;
    struct report_breakdown *breakdowns =
        arena_alloc(&report->arena, (NAMES + tally->grouping_count) * sizeof *breakdowns);
    for (size_t i = 0; i < NAMES; i++)
        write_breakdown(writing, dimension_find(names[i]), &breakdowns[i]);
    report->breakdowns = breakdowns;
    report->breakdown_count = NAMES;
    for (size_t i = 0; i < tally->grouping_count; i++) {
        if (!has_breakdown(report, tally->groupings[i].dimension->name))
            breakdowns[report->breakdown_count++] = breakdown_of(&tally->groupings[i]);
    }
}

/* Funnels */

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
                                   .visits = tally->touches.total[number].visits,
                                   .visitors = tally->touches.total[number].visitors,
                                   .failed = tally->touches.failed[number],
                                   .median_duration_ms = median_answer_ms(&tally->touches, number)};
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
    const struct tally *tally = writing->tally;
    struct report *report = writing->report;
    struct report_dimension *dimensions =
        arena_alloc(&report->arena, (tally->grouping_count + 1) * sizeof *dimensions);
    for (size_t i = 0; i < tally->grouping_count; i++) {
        check_values(report, &tally->groupings[i]);
        compare_values(tally, i, &report->arena, &dimensions[i]);
    }
    report->dimensions = dimensions;
    report->dimension_count = tally->grouping_count;
}

/* How it was counted */

static void write_geo_files(const struct writing *writing, struct report_method *method)
{
    struct report *report = writing->report;
    size_t count = geo_file_count(writing->geo);
    const char **descriptions = arena_alloc(&report->arena, (count + 1) * sizeof *descriptions);
    for (size_t i = 0; i < count; i++)
        descriptions[i] = keep(report, geo_file_description(writing->geo, i));
    method->geo_files = descriptions;
    method->geo_file_count = count;
}

/* The own hosts that an origin names: hosts[first[origin]] up to hosts[first[origin + 1]]. */
struct hosts_of_origins {
    size_t *first;
    uint32_t *hosts; /* indexes of own hosts */
    size_t count, capacity;
};

static bool names_own_host(const struct origin *origin, const struct slice *own_host)
{
    const struct own_hosts one = {own_host, 1};
    return own_hosts_hold(&one, origin->own_host) || own_hosts_hold(&one, origin->referrer);
}

static struct hosts_of_origins hosts_of_origins_new(const struct event_table *table)
{
    struct hosts_of_origins of = {0};
    of.first = mem_zeroed((size_t)table->origins.count + 1, sizeof *of.first);
    for (uint32_t i = 0; i < table->origins.count; i++) {
        struct origin origin = origin_unpack(names_text(&table->origins, i));
        for (uint32_t k = 0; k < table->own_hosts.count; k++) {
            if (i == ORIGIN_OTHER || !names_own_host(&origin, &table->own_hosts.items[k]))
                continue;
            of.hosts = mem_grow(of.hosts, &of.capacity, of.count + 1, sizeof *of.hosts);
            of.hosts[of.count++] = k;
        }
        of.first[i + 1] = of.count;
    }
    return of;
}

/* By own host: the people with a page view that names it. The caller frees the list. */
static uint64_t *count_host_visitors(const struct event_table *table)
{
    struct hosts_of_origins of = hosts_of_origins_new(table);
    uint64_t *visitors = mem_zeroed(table->own_hosts.count, sizeof *visitors);
    uint32_t *last_visitors = mem_zeroed(table->own_hosts.count, sizeof *last_visitors);
    for (size_t i = 0; i < table->event_count; i++) {
        const struct event *event = &table->events[i];
        if (event->kind != KIND_PAGE ||
            !event_table_is_person(table, &table->visitors[event->visitor]))
            continue;
        for (size_t k = of.first[event->origin]; k < of.first[event->origin + 1]; k++) {
            visitors[of.hosts[k]] += last_visitors[of.hosts[k]] != event->visitor + 1;
            last_visitors[of.hosts[k]] = event->visitor + 1;
        }
    }
    mem_free(last_visitors);
    mem_free(of.first);
    mem_free(of.hosts);
    return visitors;
}

/* One that was found is a text of the log, like any other: few people's is not shown. */
static void write_own_hosts(const struct writing *writing, struct report_method *method)
{
    const struct own_hosts *hosts = &writing->table->own_hosts;
    struct report *report = writing->report;
    const char **names = arena_alloc(&report->arena, (hosts->count + 1) * sizeof *names);
    bool are_given = writing->options->journey->own_hosts.count > 0;
    uint64_t *visitors = are_given ? NULL : count_host_visitors(writing->table);
    for (size_t i = 0; i < hosts->count; i++) {
        if (are_given || visitors[i] >= writing->options->min_cell)
            names[method->own_host_count++] = arena_copy(&report->arena, hosts->items[i]).at;
    }
    method->own_hosts = names;
    method->own_hosts_given = are_given;
    method->unnamed_own_hosts = hosts->count - method->own_host_count;
    mem_free(visitors);
}

static void write_visit_rules(const struct visit_rules *rules, struct report_method *method)
{
    method->visit_timeout_s = rules->timeout_ms / 1000;
    method->visit_max_length_s = rules->max_length_ms / 1000;
    method->cuts_at_midnight = rules->cut_at_midnight;
    method->cuts_on_new_source = rules->cut_on_new_source;
    method->cuts_on_new_campaign = rules->cut_on_new_campaign;
    method->splits_by_referrer = rules->split_by_referrer;
}

static void write_method(const struct writing *writing)
{
    const struct analysis_options *options = writing->options;
    const struct event_table *table = writing->table;
    struct report *report = writing->report;
    report->method = (struct report_method){
        .version = keep(report, options->version),
        .journey = keep(report, options->journey->name),
        .journey_source = keep(report, options->journey->source),
        .v4_prefix = table->visitor_rules.v4_prefix,
        .v6_prefix = table->visitor_rules.v6_prefix,
        .anonymized_bytes = options->anonymized_bytes,
        .trusted_proxies = keep_all(report, options->trusted_proxies, options->trusted_proxy_count),
        .trusted_proxy_count = options->trusted_proxy_count,
        .assets_tell = table->behaviour.assets_tell,
        .links_tell = table->behaviour.links_tell,
        .asset_share = ratio(table->behaviour.with_assets, table->behaviour.judged),
        .max_keys = options->max_keys,
        .includes_bots = options->includes_bots,
        .min_cell = options->min_cell,
        .time_zone = keep(report, options->time_zone),
        .has_zoneless_times = table->kinds.zoneless_hits > 0,
    };
    write_visit_rules(&options->journey->visit, &report->method);
    write_own_hosts(writing, &report->method);
    write_geo_files(writing, &report->method);
}

/* Visits sorted by each dimension that funnels are broken down by; the caller frees them. */
static struct grouping *new_groupings(const struct analysis_options *options,
                                      const struct visit_facts *facts, struct arena *arena)
{
    struct grouping *groupings = mem_zeroed(options->dimension_count, sizeof *groupings);
    for (size_t i = 0; i < options->dimension_count; i++)
        groupings[i] = grouping_new(options->dimensions[i], facts, options->min_cell, arena);
    return groupings;
}

static void free_groupings(struct grouping *groupings, size_t count)
{
    for (size_t i = 0; i < count; i++)
        grouping_clear(&groupings[i]);
    mem_free(groupings);
}

static void write_report(const struct writing *writing)
{
    write_method(writing);
    write_inputs(writing);
    write_totals(writing);
    write_crowds(writing);
    write_breakdowns(writing);
    write_funnels(writing);
    write_touchpoints(writing);
    write_dimensions(writing);
}

struct report *analysis_report(const struct ingest_result *ingested,
                               const struct input_list *inputs, struct geo *geo,
                               const struct analysis_options *options)
{
    const struct event_table *table = ingested->table;
    struct report *report = mem_zeroed(1, sizeof *report);
    arena_init(&report->arena);
    struct visit_facts facts = visit_facts_new(table, geo, options->anonymized_bytes);
    struct grouping *groupings = new_groupings(options, &facts, &report->arena);
    struct tally *tally =
        tally_new(table, options->journey, options->zone, groupings, options->dimension_count);
    write_report(&(struct writing){.ingested = ingested,
                                   .table = table,
                                   .inputs = inputs,
                                   .facts = &facts,
                                   .tally = tally,
                                   .options = options,
                                   .geo = geo,
                                   .report = report});
    tally_free(tally);
    free_groupings(groupings, options->dimension_count);
    visit_facts_clear(&facts);
    return report;
}
