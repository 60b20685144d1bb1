#include "funnel/tally.h"

#include <assert.h>
#include <stdlib.h>

#include "base/threads.h"
#include "funnel/funnel_engine.h"

struct counting {
    const struct event_table *table;
    const struct journey *journey;
    const struct time_zone *zone;
    struct tally *tally;
    bool of_everybody;        /* a grouping counts machines, too */
    uint32_t **last_visitors; /* [grouping][value * touchpoint_count + touchpoint]: who was counted
                                 there last, + 1 */
};

/* Somebody who is counted: a visit of it, or as a whole its first one. */
static bool is_counted(const struct counting *counting, const struct visitor *visitor)
{
    return visitor->event_count &&
           (counting->of_everybody || event_table_is_person(counting->table, visitor));
}

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

/* Touchpoints */

static void merge_touch_sets(struct touch_set *into, const struct touch_set *from)
{
    for (size_t i = 0; i < JOURNEY_MAX_TOUCHPOINTS / 64; i++)
        into->words[i] |= from->words[i];
}

/* Takes the first touchpoint out of a word of a set. */
static size_t take_touchpoint(uint64_t *left, size_t word)
{
    size_t number = 64 * word + (size_t)__builtin_ctzll(*left);
    *left &= *left - 1;
    return number;
}

/* hits, failed and answers of one event */
static void count_event(const struct counting *counting, const struct event *event)
{
    struct touch_tally *touches = &counting->tally->touches;
    const struct touch_marks *marks = &counting->table->marks[event->mark];
    bool is_timed = touches->answers && event->duration_ms != EVENT_NO_DURATION;
    for (size_t word = 0; word < JOURNEY_MAX_TOUCHPOINTS / 64; word++) {
        uint64_t reached = marks->reached.words[word], failed = marks->failed.words[word];
        while (failed)
            touches->failed[take_touchpoint(&failed, word)]++;
        while (reached) {
            size_t number = take_touchpoint(&reached, word);
            touches->hits[number]++;
            if (is_timed)
                add_duration(&touches->answers[number], event->duration_ms);
        }
    }
}

/* What a visit reached; a person's events are counted. */
static struct touch_set touch_visit(const struct counting *counting, const struct visit *visit,
                                    bool is_person)
{
    const struct event_table *table = counting->table;
    struct touch_set reached = {0};
    for (size_t i = 0; i < visit->event_count; i++) {
        const struct event *event = &table->events[visit->first_event + i];
        if (event->mark == 0)
            continue;
        if (is_person)
            count_event(counting, event);
        merge_touch_sets(&reached, &table->marks[event->mark].reached);
    }
    return reached;
}

static void add_touches(struct touch_counts *counts, const struct touch_set *reached,
                        const struct touch_counts *one)
{
    for (size_t word = 0; word < JOURNEY_MAX_TOUCHPOINTS / 64; word++) {
        uint64_t left = reached->words[word];
        while (left) {
            struct touch_counts *to = &counts[take_touchpoint(&left, word)];
            to->visits += one->visits;
            to->visitors += one->visitors;
        }
    }
}

/* A visitor's visits follow each other: who was the last in a cell tells whether this one is new.
 */
static void count_in_cells(struct touch_counts *counts, uint32_t *last_visitors,
                           const struct touch_set *reached, uint32_t visitor)
{
    for (size_t word = 0; word < JOURNEY_MAX_TOUCHPOINTS / 64; word++) {
        uint64_t left = reached->words[word];
        while (left) {
            size_t number = take_touchpoint(&left, word);
            counts[number].visits++;
            counts[number].visitors += last_visitors[number] != visitor + 1;
            last_visitors[number] = visitor + 1;
        }
    }
}

/* A visit in its cell of every grouping. */
static void count_reached(const struct counting *counting, size_t visit,
                          const struct touch_set *reached)
{
    const struct tally *tally = counting->tally;
    for (size_t i = 0; i < tally->grouping_count; i++) {
        uint32_t value = tally->groupings[i].of_visit[visit];
        if (value == GROUPING_NONE)
            continue;
        size_t first = value * tally->touchpoint_count;
        count_in_cells(tally->touches.counts[i] + first, counting->last_visitors[i] + first,
                       reached, counting->table->visits[visit].visitor);
    }
}

static void touch_visitor(const struct counting *counting, const struct visitor *visitor)
{
    bool is_person = event_table_is_person(counting->table, visitor);
    struct touch_counts *total = counting->tally->touches.total;
    struct touch_set ever = {0};
    for (size_t k = 0; k < visitor->visit_count; k++) {
        size_t visit = visitor->first_visit + k;
        struct touch_set reached =
            touch_visit(counting, &counting->table->visits[visit], is_person);
        if (touch_set_is_empty(&reached))
            continue;
        merge_touch_sets(&ever, &reached);
        if (is_person)
            add_touches(total, &reached, &(struct touch_counts){.visits = 1});
        count_reached(counting, visit, &reached);
    }
    if (is_person)
        add_touches(total, &ever, &(struct touch_counts){.visitors = 1});
}

/* The visits of each grouping add up to the total, and nobody is missing; a grouping of everybody
 * has more, and who comes back can be a visitor of several values. */
static void check_touches(const struct tally *tally)
{
    for (size_t i = 0; i < tally->grouping_count * tally->touchpoint_count; i++) {
        size_t grouping = i / tally->touchpoint_count, touchpoint = i % tally->touchpoint_count;
        struct touch_counts sum = {0}, total = tally->touches.total[touchpoint];
        for (size_t value = 0; value < tally->groupings[grouping].count; value++) {
            const struct touch_counts *counts =
                &tally->touches.counts[grouping][value * tally->touchpoint_count + touchpoint];
            sum.visits += counts->visits;
            sum.visitors += counts->visitors;
        }
        bool has_more = tally->groupings[grouping].dimension->of_everybody;
        assert(has_more ? sum.visits >= total.visits : sum.visits == total.visits);
        assert(sum.visitors >= total.visitors && sum.visitors <= sum.visits);
        (void)has_more;
        (void)total;
    }
}

static void count_touches(struct counting *counting)
{
    struct tally *tally = counting->tally;
    size_t touchpoints = tally->touchpoint_count;
    struct touch_tally *touches = &tally->touches;
    touches->counts = mem_zeroed(tally->grouping_count, sizeof *touches->counts);
    counting->last_visitors = mem_zeroed(tally->grouping_count, sizeof *counting->last_visitors);
    for (size_t i = 0; i < tally->grouping_count; i++) {
        size_t cells = tally->groupings[i].count * touchpoints;
        touches->counts[i] = mem_zeroed(cells, sizeof **touches->counts);
        counting->last_visitors[i] = mem_zeroed(cells, sizeof **counting->last_visitors);
    }
    touches->total = mem_zeroed(touchpoints, sizeof *touches->total);
    touches->hits = mem_zeroed(touchpoints, sizeof *touches->hits);
    touches->failed = mem_zeroed(touchpoints, sizeof *touches->failed);
    if (counting->table->kinds.timed_hits)
        touches->answers = mem_zeroed(touchpoints, sizeof *touches->answers);
    for (size_t i = 0; i < counting->table->visitor_count; i++) {
        if (is_counted(counting, &counting->table->visitors[i]))
            touch_visitor(counting, &counting->table->visitors[i]);
    }
    if (touches->answers)
        sort_each(touches->answers, touchpoints);
    for (size_t i = 0; i < tally->grouping_count; i++)
        mem_free(counting->last_visitors[i]);
    mem_free(counting->last_visitors);
    check_touches(tally);
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

/* The steps of the best chain, and those tried in vain behind it, into the cells of one value. */
static void count_steps(struct step_counts *cells, size_t step_count, const struct funnel_run *run,
                        enum funnel_ending ending)
{
    for (int step = 0; step <= run->best_level; step++) {
        if (run->best.steps >> step & 1)
            count_step(&cells[step], step == run->best_level, ending);
    }
    uint64_t tried = funnel_run_failed_attempts(run);
    for (size_t step = 0; tried && step < step_count; step++)
        cells[step].attempted_failed += tried >> step & 1;
}

/* What only the total has: durations, and steps at the same time. */
static void count_times(struct funnel_tally *tally, const struct funnel_run *run,
                        enum funnel_ending ending)
{
    for (int step = 0; step <= run->best_level; step++) {
        int previous = funnel_previous_step(tally->funnel, step);
        if (run->best.steps >> step & 1 && previous >= 0)
            add_duration(&tally->from_previous[step],
                         run->best.at_ms[step] - run->best.at_ms[previous]);
    }
    tally->ties += ending == FUNNEL_CONVERTED && funnel_run_has_tie(run);
}

/* One visit or visitor, by the visit that it belongs to. */
static void count_run(const struct funnel_counting *funnel, const struct funnel_run *run,
                      size_t visit, bool still_there)
{
    const struct counting *counting = funnel->counting;
    const struct tally *tally = counting->tally;
    const struct event_table *table = counting->table;
    const struct visitor *visitor = &table->visitors[table->visits[visit].visitor];
    size_t steps = funnel->tally->funnel->step_count;
    enum funnel_ending ending = funnel_run_end(run, table->last_ms, still_there);
    for (size_t i = 0; i < tally->grouping_count; i++) {
        uint32_t value = tally->groupings[i].of_visit[visit];
        if (value != GROUPING_NONE)
            count_steps(funnel->tally->steps[i] + value * steps, steps, run, ending);
    }
    if (!event_table_is_person(table, visitor))
        return;
    count_steps(funnel->tally->total, steps, run, ending);
    count_times(funnel->tally, run, ending);
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

static bool is_recent(const struct counting *counting, const struct visit *visit)
{
    return counting->table->last_ms - visit->last_ms <= counting->journey->visit.timeout_ms;
}

/* Whatever came after the end of the log would be another visit. */
static bool is_over(const struct counting *counting, const struct visit *visit)
{
    const struct visit_rules *rules = &counting->journey->visit;
    int64_t now_ms = counting->table->last_ms;
    if (rules->max_length_ms > 0 && now_ms - visit->first_ms > rules->max_length_ms)
        return true;
    return rules->cut_at_midnight && !time_zone_same_day(counting->zone, visit->last_ms, now_ms);
}

/* A visit that a rule cut is over, too: the visitor's next one has begun since. */
static bool may_go_on(const struct counting *counting, const struct visitor *visitor, size_t number)
{
    const struct visit *visit = &counting->table->visits[visitor->first_visit + number];
    bool has_next = number + 1 < visitor->visit_count;
    return is_recent(counting, visit) && !is_over(counting, visit) &&
           !(has_next && visit[1].first_ms >= visit->last_ms);
}

static void run_visits(const struct funnel_counting *funnel, const struct visitor *visitor)
{
    const struct event_table *table = funnel->counting->table;
    struct funnel_run run;
    for (size_t i = 0; i < visitor->visit_count; i++) {
        const struct visit *visit = &table->visits[visitor->first_visit + i];
        if (run_events(funnel, &run, visit->first_event, visit->event_count))
            count_run(funnel, &run, visitor->first_visit + i,
                      may_go_on(funnel->counting, visitor, i));
    }
}

static void run_visitor(const struct funnel_counting *funnel, const struct visitor *visitor)
{
    const struct visit *visits = funnel->counting->table->visits + visitor->first_visit;
    bool still_there = false;
    struct funnel_run run;
    if (!run_events(funnel, &run, visitor->first_event, visitor->event_count))
        return;
    for (size_t i = 0; i < visitor->visit_count; i++)
        still_there |= is_recent(funnel->counting, &visits[i]);
    count_run(funnel, &run, visitor->first_visit, still_there);
}

static struct step_counts sum_of_values(const struct funnel_tally *tally, size_t grouping,
                                        size_t value_count, size_t step)
{
    struct step_counts sum = {0};
    for (size_t value = 0; value < value_count; value++) {
        const struct step_counts *counts =
            &tally->steps[grouping][value * tally->funnel->step_count + step];
        sum.entered += counts->entered;
        sum.advanced += counts->advanced;
        sum.dropped += counts->dropped;
        sum.open += counts->open;
    }
    return sum;
}

/* A step's people add up, and the values of each grouping of people add up to the total. */
static void check_sums(const struct counting *counting, const struct funnel_tally *tally)
{
    size_t steps = tally->funnel->step_count, groupings = counting->tally->grouping_count;
    for (size_t i = 0; i + 1 < steps; i++)
        assert(tally->total[i].entered ==
               tally->total[i].advanced + tally->total[i].dropped + tally->total[i].open);
    for (size_t i = 0; i < groupings * steps; i++) {
        const struct grouping *grouping = &counting->tally->groupings[i / steps];
        const struct step_counts *total = &tally->total[i % steps];
        struct step_counts sum = sum_of_values(tally, i / steps, grouping->count, i % steps);
        bool is_last = i % steps + 1 == steps, has_more = grouping->dimension->of_everybody;
        assert(is_last || sum.entered == sum.advanced + sum.dropped + sum.open);
        assert(has_more ? sum.entered >= total->entered : sum.entered == total->entered);
        assert(has_more || (sum.advanced == total->advanced && sum.dropped == total->dropped &&
                            sum.open == total->open));
        (void)sum;
        (void)total;
        (void)is_last;
        (void)has_more;
    }
}

static void count_funnel(const struct counting *counting, const struct funnel *funnel,
                         struct funnel_tally *tally)
{
    const struct tally *all = counting->tally;
    size_t steps = funnel->step_count;
    tally->funnel = funnel;
    tally->steps = mem_zeroed(all->grouping_count, sizeof *tally->steps);
    for (size_t i = 0; i < all->grouping_count; i++)
        tally->steps[i] = mem_zeroed(all->groupings[i].count * steps, sizeof **tally->steps);
    tally->total = mem_zeroed(steps, sizeof *tally->total);
    tally->from_previous = mem_zeroed(steps, sizeof *tally->from_previous);
    struct funnel_counting one = {
        .counting = counting,
        .tally = tally,
        .masks = funnel_masks(funnel, counting->table->marks, counting->table->mark_count),
    };
    for (size_t i = 0; i < counting->table->visitor_count; i++) {
        const struct visitor *visitor = &counting->table->visitors[i];
        if (!is_counted(counting, visitor))
            continue;
        if (funnel->unit == FUNNEL_PER_VISIT)
            run_visits(&one, visitor);
        else
            run_visitor(&one, visitor);
    }
    mem_free(one.masks);
    sort_each(tally->from_previous, steps);
    check_sums(counting, tally);
}

/* Funnels only read the table, and each writes its own tally. */
static void count_one_funnel(void *context, size_t number)
{
    const struct counting *counting = context;
    count_funnel(counting, &counting->journey->funnels[number], &counting->tally->funnels[number]);
}

struct tally *tally_new(const struct event_table *table, const struct journey *journey,
                        const struct time_zone *zone, const struct grouping *groupings,
                        size_t grouping_count)
{
    struct tally *tally = mem_zeroed(1, sizeof *tally);
    struct counting counting = {.table = table, .journey = journey, .zone = zone, .tally = tally};
    tally->groupings = groupings;
    tally->grouping_count = grouping_count;
    tally->touchpoint_count = journey->touchpoint_count;
    for (size_t i = 0; i < grouping_count; i++)
        counting.of_everybody |= groupings[i].dimension->of_everybody;
    count_touches(&counting);
    tally->funnel_count = journey->funnel_count;
    tally->funnels = mem_zeroed(tally->funnel_count, sizeof *tally->funnels);
    thread_for_each(thread_processors(), tally->funnel_count, count_one_funnel, &counting);
    return tally;
}

static void free_funnel(const struct tally *tally, struct funnel_tally *funnel)
{
    for (size_t i = 0; i < tally->grouping_count; i++)
        mem_free(funnel->steps[i]);
    free_each(funnel->from_previous, funnel->funnel->step_count);
    mem_free(funnel->steps);
    mem_free(funnel->total);
}

void tally_free(struct tally *tally)
{
    if (!tally)
        return;
    for (size_t i = 0; i < tally->funnel_count; i++)
        free_funnel(tally, &tally->funnels[i]);
    for (size_t i = 0; i < tally->grouping_count; i++)
        mem_free(tally->touches.counts[i]);
    mem_free(tally->funnels);
    mem_free(tally->touches.counts);
    mem_free(tally->touches.total);
    mem_free(tally->touches.hits);
    mem_free(tally->touches.failed);
    free_each(tally->touches.answers, tally->touchpoint_count);
    mem_free(tally);
}
