#include "funnel/tally.h"

#include <assert.h>
#include <stdlib.h>

#include "base/threads.h"
#include "funnel/funnel_engine.h"

struct counting {
    const struct event_table *table;
    const struct journey *journey;
    struct tally *tally;
    int64_t timeout_ms;
};

/* Durations */

static void add_duration(struct durations *durations, int64_t duration_ms)
{
    durations->items_ms = mem_grow(durations->items_ms, &durations->capacity, durations->count + 1,
                                   sizeof *durations->items_ms);
    durations->items_ms[durations->count++] = duration_ms;
}

static int compare_times(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

static void sort_each(struct durations *durations, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (durations[i].count)
            qsort(durations[i].items_ms, durations[i].count, sizeof *durations[i].items_ms,
                  compare_times);
    }
}

static void free_each(struct durations *durations, size_t count)
{
    for (size_t i = 0; durations && i < count; i++)
        mem_free(durations[i].items_ms);
    mem_free(durations);
}

/* Places and people */

static void locate_visitors(const struct counting *counting, struct geo *geo)
{
    const struct event_table *table = counting->table;
    struct tally *tally = counting->tally;
    tally->place_of = mem_zeroed(table->visitor_count, sizeof *tally->place_of);
    for (size_t i = 0; i < table->visitor_count; i++) {
        if (event_table_is_person(table, &table->visitors[i]))
            tally->place_of[i] = geo_lookup(geo, &table->visitors[i].address);
    }
    tally->place_count = geo_place_count(geo);
}

static void count_people(const struct counting *counting)
{
    const struct event_table *table = counting->table;
    struct place_counts *people = mem_zeroed(counting->tally->place_count, sizeof *people);
    for (size_t i = 0; i < table->visitor_count; i++) {
        const struct visitor *visitor = &table->visitors[i];
        if (!event_table_is_person(table, visitor))
            continue;
        struct place_counts *counts = &people[counting->tally->place_of[i]];
        counts->visitors++;
        counts->visits += visitor->visit_count;
        for (size_t k = 0; k < visitor->visit_count; k++)
            counts->page_views += table->visits[visitor->first_visit + k].page_views;
    }
    counting->tally->people = people;
}

/* Touchpoints */

static void merge_touch_sets(struct touch_set *into, const struct touch_set *from)
{
    for (size_t i = 0; i < JOURNEY_MAX_TOUCHPOINTS / 64; i++)
        into->words[i] |= from->words[i];
}

/* hits, failed and answers of one event */
static void count_event(const struct counting *counting, const struct event *event)
{
    struct touch_tally *touches = &counting->tally->touches;
    const struct touch_marks *marks = &counting->table->marks[event->mark];
    bool is_timed = touches->answers && event->duration_ms != EVENT_NO_DURATION;
    for (unsigned i = 0; i < counting->journey->touchpoint_count; i++) {
        bool is_reached = touch_set_has(&marks->reached, i);
        touches->hits[i] += is_reached;
        touches->failed[i] += touch_set_has(&marks->failed, i);
        if (is_reached && is_timed)
            add_duration(&touches->answers[i], event->duration_ms);
    }
}

/* Counts the events of a visit and returns what it reached. */
static struct touch_set touch_visit(const struct counting *counting, const struct visit *visit)
{
    const struct event_table *table = counting->table;
    struct touch_set reached = {0};
    for (size_t i = 0; i < visit->event_count; i++) {
        const struct event *event = &table->events[visit->first_event + i];
        if (event->mark == 0)
            continue;
        count_event(counting, event);
        merge_touch_sets(&reached, &table->marks[event->mark].reached);
    }
    return reached;
}

static void touch_visitor(const struct counting *counting, size_t number)
{
    const struct visitor *visitor = &counting->table->visitors[number];
    size_t touchpoints = counting->journey->touchpoint_count;
    struct touch_counts *counts =
        counting->tally->touches.counts + counting->tally->place_of[number] * touchpoints;
    struct touch_set ever = {0};
    for (size_t k = 0; k < visitor->visit_count; k++) {
        struct touch_set reached =
            touch_visit(counting, &counting->table->visits[visitor->first_visit + k]);
        if (touch_set_is_empty(&reached))
            continue;
        merge_touch_sets(&ever, &reached);
        for (unsigned i = 0; i < touchpoints; i++)
            counts[i].visits += touch_set_has(&reached, i);
    }
    if (touch_set_is_empty(&ever))
        return;
    for (unsigned i = 0; i < touchpoints; i++)
        counts[i].visitors += touch_set_has(&ever, i);
}

static void count_touches(const struct counting *counting)
{
    size_t touchpoints = counting->tally->touchpoint_count;
    struct touch_tally *touches = &counting->tally->touches;
    touches->counts =
        mem_zeroed(counting->tally->place_count * touchpoints, sizeof *touches->counts);
    touches->hits = mem_zeroed(touchpoints, sizeof *touches->hits);
    touches->failed = mem_zeroed(touchpoints, sizeof *touches->failed);
    if (counting->table->kinds.timed_hits)
        touches->answers = mem_zeroed(touchpoints, sizeof *touches->answers);
    for (size_t i = 0; i < counting->table->visitor_count; i++) {
        if (counting->table->visitors[i].event_count)
            touch_visitor(counting, i);
    }
    if (touches->answers)
        sort_each(touches->answers, touchpoints);
}

/* Funnels */

struct funnel_counting {
    const struct counting *counting;
    struct funnel_tally *tally;
    struct step_mask *masks; /* by mark */
};

/* What happened to one person (visit or visitor) at one step of the best chain. */
static void count_step(struct step_counts *counts, bool is_end, enum funnel_ending ending)
{
    counts->entered++;
    counts->advanced += !is_end;
    counts->dropped += is_end && ending == FUNNEL_DROPPED;
    counts->open += is_end && ending == FUNNEL_OPEN;
}

static void count_chain(struct funnel_tally *tally, const struct funnel_run *run,
                        struct step_counts *of_place, enum funnel_ending ending)
{
    for (int step = 0; step <= run->best_level; step++) {
        if (!(run->best.steps >> step & 1))
            continue;
        count_step(&of_place[step], step == run->best_level, ending);
        count_step(&tally->total[step], step == run->best_level, ending);
        int previous = funnel_previous_step(tally->funnel, step);
        if (previous >= 0)
            add_duration(&tally->from_previous[step],
                         run->best.at_ms[step] - run->best.at_ms[previous]);
    }
    tally->ties += ending == FUNNEL_CONVERTED && funnel_run_has_tie(run);
}

static void count_run(const struct funnel_counting *funnel, const struct funnel_run *run,
                      size_t visitor, int64_t last_ms)
{
    struct funnel_tally *tally = funnel->tally;
    size_t steps = tally->funnel->step_count;
    struct step_counts *of_place =
        tally->steps + funnel->counting->tally->place_of[visitor] * steps;
    int64_t end_ms = funnel->counting->table->last_ms;
    bool still_there = end_ms - last_ms <= funnel->counting->timeout_ms;
    enum funnel_ending ending = funnel_run_end(run, end_ms, still_there);
    if (ending != FUNNEL_NEVER_ENTERED)
        count_chain(tally, run, of_place, ending);
    uint64_t tried = funnel_run_failed_attempts(run);
    for (size_t step = 0; tried && step < steps; step++) {
        of_place[step].attempted_failed += tried >> step & 1;
        tally->total[step].attempted_failed += tried >> step & 1;
    }
}

/* True when one of the events concerns the funnel. */
static bool run_events(const struct funnel_counting *funnel, struct funnel_run *run, size_t first,
                       size_t count)
{
    const struct event *events = funnel->counting->table->events + first;
    bool is_concerned = false;
    for (size_t i = 0; i < count; i++) {
        struct step_mask mask = funnel->masks[events[i].mark];
        if ((mask.reached | mask.failed) == 0)
            continue;
        if (!is_concerned)
            funnel_run_begin(run, funnel->tally->funnel);
        is_concerned = true;
        funnel_run_add(run, events[i].time_ms, mask);
    }
    return is_concerned;
}

static void run_visits(const struct funnel_counting *funnel, size_t number)
{
    const struct event_table *table = funnel->counting->table;
    const struct visitor *visitor = &table->visitors[number];
    struct funnel_run run;
    for (size_t i = 0; i < visitor->visit_count; i++) {
        const struct visit *visit = &table->visits[visitor->first_visit + i];
        if (run_events(funnel, &run, visit->first_event, visit->event_count))
            count_run(funnel, &run, number, visit->last_ms);
    }
}

static void run_visitor(const struct funnel_counting *funnel, size_t number)
{
    const struct event_table *table = funnel->counting->table;
    const struct visitor *visitor = &table->visitors[number];
    struct funnel_run run;
    if (run_events(funnel, &run, visitor->first_event, visitor->event_count))
        count_run(funnel, &run, number,
                  table->visits[visitor->first_visit + visitor->visit_count - 1].last_ms);
}

/* A step's people add up, at every place and in total, and the places add up to the total. */
static void check_sums(const struct funnel_tally *tally, size_t place_count)
{
    size_t steps = tally->funnel->step_count;
    for (size_t step = 0; step < steps; step++) {
        struct step_counts sum = {0};
        for (size_t place = 0; place < place_count; place++) {
            const struct step_counts *counts = &tally->steps[place * steps + step];
            sum.entered += counts->entered;
            sum.advanced += counts->advanced;
            sum.dropped += counts->dropped;
            sum.open += counts->open;
        }
        const struct step_counts *total = &tally->total[step];
        assert(sum.entered == total->entered && sum.advanced == total->advanced);
        assert(sum.dropped == total->dropped && sum.open == total->open);
        bool is_last = step + 1 == steps;
        assert(is_last || total->entered == total->advanced + total->dropped + total->open);
        (void)is_last;
        (void)total;
    }
}

static void count_funnel(const struct counting *counting, const struct funnel *funnel,
                         struct funnel_tally *tally)
{
    size_t places = counting->tally->place_count;
    tally->funnel = funnel;
    tally->steps = mem_zeroed(places * funnel->step_count, sizeof *tally->steps);
    tally->total = mem_zeroed(funnel->step_count, sizeof *tally->total);
    tally->from_previous = mem_zeroed(funnel->step_count, sizeof *tally->from_previous);
    struct funnel_counting one = {
        .counting = counting,
        .tally = tally,
        .masks = funnel_masks(funnel, counting->table->marks, counting->table->mark_count),
    };
    for (size_t i = 0; i < counting->table->visitor_count; i++) {
        if (counting->table->visitors[i].event_count == 0)
            continue;
        if (funnel->unit == FUNNEL_PER_VISIT)
            run_visits(&one, i);
        else
            run_visitor(&one, i);
    }
    mem_free(one.masks);
    sort_each(tally->from_previous, funnel->step_count);
    check_sums(tally, places);
}

/* Funnels only read the table, and each writes its own tally. */
static void count_one_funnel(void *context, size_t number)
{
    const struct counting *counting = context;
    count_funnel(counting, &counting->journey->funnels[number], &counting->tally->funnels[number]);
}

struct tally *tally_new(const struct event_table *table, const struct journey *journey,
                        struct geo *geo)
{
    struct tally *tally = mem_zeroed(1, sizeof *tally);
    tally->touchpoint_count = journey->touchpoint_count;
    struct counting counting = {.table = table,
                                .journey = journey,
                                .tally = tally,
                                .timeout_ms = journey->visit_timeout_s * 1000};
    locate_visitors(&counting, geo);
    count_people(&counting);
    count_touches(&counting);
    tally->funnel_count = journey->funnel_count;
    tally->funnels = mem_zeroed(tally->funnel_count, sizeof *tally->funnels);
    thread_for_each(thread_processors(), tally->funnel_count, count_one_funnel, &counting);
    return tally;
}

static void free_funnel(struct funnel_tally *tally)
{
    free_each(tally->from_previous, tally->funnel->step_count);
    mem_free(tally->steps);
    mem_free(tally->total);
}

void tally_free(struct tally *tally)
{
    if (!tally)
        return;
    for (size_t i = 0; i < tally->funnel_count; i++)
        free_funnel(&tally->funnels[i]);
    mem_free(tally->funnels);
    mem_free(tally->touches.counts);
    mem_free(tally->touches.hits);
    mem_free(tally->touches.failed);
    free_each(tally->touches.answers, tally->touchpoint_count);
    mem_free(tally->people);
    mem_free(tally->place_of);
    mem_free(tally);
}
