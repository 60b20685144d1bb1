#include "funnel/event_table.h"

#include <assert.h>
#include <stdlib.h>

#include "base/civil.h"

/* From one recorder's numbers to those of the table. */
struct number_map {
    uint32_t *agents, *hosts, *pages, *marks, *visitors;
};

struct merge {
    struct event_table *table;
    struct recorder *const *recorders;
    struct number_map *maps; /* by recorder */
    size_t count;
    struct hash_key key;
    struct names agents, hosts, pages, marks;
    struct visitor_key *keys; /* by table visitor */
    size_t visitor_capacity, key_capacity;
    uint32_t *slots; /* visitor + 1 */
    size_t slot_count;
};

static uint32_t *map_names(struct names *into, const struct names *from)
{
    uint32_t *map = mem_alloc((from->count + 1) * sizeof *map);
    for (uint32_t i = 0; i < from->count; i++)
        map[i] = names_add(into, names_text(from, i));
    return map;
}

/* All slots that the merge can need, so that it never has to grow. */
static void make_slots(struct merge *merge)
{
    size_t visitors = 0;
    for (size_t i = 0; i < merge->count; i++)
        visitors += merge->recorders[i]->visitor_count;
    merge->slot_count = 16;
    while (merge->slot_count < visitors * 2)
        merge->slot_count *= 2;
    merge->slots = mem_zeroed(merge->slot_count, sizeof *merge->slots);
}

static uint32_t append_visitor(struct merge *merge, const struct visitor_key *key, bool is_bot)
{
    struct event_table *table = merge->table;
    size_t number = table->visitor_count++;
    table->visitors =
        mem_grow(table->visitors, &merge->visitor_capacity, number + 1, sizeof *table->visitors);
    merge->keys = mem_grow(merge->keys, &merge->key_capacity, number + 1, sizeof *merge->keys);
    table->visitors[number] = (struct visitor){.address = key->address, .is_bot = is_bot};
    merge->keys[number] = *key;
    return (uint32_t)number;
}

static uint32_t merge_visitor(struct merge *merge, const struct visitor_key *key, bool is_bot)
{
    size_t mask = merge->slot_count - 1;
    size_t slot = visitor_key_hash(merge->key, key) & mask;
    for (; merge->slots[slot]; slot = (slot + 1) & mask) {
        if (visitor_key_equal(&merge->keys[merge->slots[slot] - 1], key))
            return merge->slots[slot] - 1;
    }
    uint32_t number = append_visitor(merge, key, is_bot);
    merge->slots[slot] = number + 1;
    return number;
}

/* The key with the table's numbers in place of the recorder's. */
static struct visitor_key translate(const struct number_map *map, const struct visitor_key *key)
{
    struct visitor_key translated = *key;
    translated.agent = map->agents[key->agent];
    if (key->address.family == ADDRESS_NAME) {
        uint32_t name;
        memcpy(&name, key->address.bytes, sizeof name);
        memcpy(translated.address.bytes, &map->hosts[name], sizeof name);
    }
    return translated;
}

static void map_recorder(struct merge *merge, const struct recorder *recorder,
                         struct number_map *map)
{
    map->agents = map_names(&merge->agents, &recorder->agents);
    map->hosts = map_names(&merge->hosts, &recorder->hosts);
    map->pages = map_names(&merge->pages, &recorder->pages);
    map->marks = map_names(&merge->marks, &recorder->marks);
    map->visitors = mem_alloc((recorder->visitor_count + 1) * sizeof *map->visitors);
    for (size_t i = 0; i < recorder->visitor_count; i++) {
        struct visitor_key key = translate(map, &recorder->visitors[i].key);
        map->visitors[i] = merge_visitor(merge, &key, recorder->visitors[i].is_bot);
    }
}

/* Spans */

struct span_list {
    struct span *items;
    size_t count;
};

static struct span_list gather_spans(const struct merge *merge)
{
    struct span_list list = {0};
    size_t capacity = 0;
    for (size_t i = 0; i < merge->count; i++)
        capacity += merge->recorders[i]->span_count + merge->recorders[i]->visitor_count;
    list.items = mem_alloc((capacity + 1) * sizeof *list.items);
    for (size_t i = 0; i < merge->count; i++) {
        const struct recorder *recorder = merge->recorders[i];
        const uint32_t *map = merge->maps[i].visitors;
        for (size_t k = 0; k < recorder->span_count; k++) {
            list.items[list.count] = recorder->spans[k];
            list.items[list.count++].visitor = map[recorder->spans[k].visitor];
        }
        for (size_t k = 0; k < recorder->visitor_count; k++) {
            list.items[list.count] = recorder->visitors[k].open;
            list.items[list.count++].visitor = map[k];
        }
    }
    return list;
}

static int compare_spans(const void *left, const void *right)
{
    const struct span *a = left, *b = right;
    if (a->first_ms != b->first_ms)
        return a->first_ms < b->first_ms ? -1 : 1;
    return (a->last_ms > b->last_ms) - (a->last_ms < b->last_ms);
}

/* By visitor, then time: counted into place, then the few of each visitor sorted. */
static void sort_spans(struct span_list *list, size_t visitor_count)
{
    size_t *ends = mem_zeroed(visitor_count + 1, sizeof *ends);
    struct span *sorted = mem_alloc((list->count + 1) * sizeof *sorted);
    for (size_t i = 0; i < list->count; i++)
        ends[list->items[i].visitor + 1]++;
    for (size_t i = 1; i <= visitor_count; i++)
        ends[i] += ends[i - 1];
    for (size_t i = 0; i < list->count; i++)
        sorted[ends[list->items[i].visitor]++] = list->items[i];
    size_t begin = 0;
    for (size_t i = 0; i < visitor_count; begin = ends[i++]) {
        if (ends[i] - begin > 1)
            qsort(sorted + begin, ends[i] - begin, sizeof *sorted, compare_spans);
    }
    mem_free(ends);
    mem_free(list->items);
    list->items = sorted;
}

static void merge_spans(struct event_table *table, const struct span_list *spans,
                        int64_t timeout_ms)
{
    table->visits = mem_alloc((spans->count + 1) * sizeof *table->visits);
    struct visit *last = NULL;
    for (size_t i = 0; i < spans->count; i++) {
        const struct span *span = &spans->items[i];
        if (last && last->visitor == span->visitor &&
            span->first_ms <= last->last_ms + timeout_ms) {
            last->hits += span->hits;
            if (span->last_ms > last->last_ms)
                last->last_ms = span->last_ms;
            continue;
        }
        last = &table->visits[table->visit_count++];
        *last = (struct visit){.visitor = span->visitor,
                               .hits = span->hits,
                               .first_ms = span->first_ms,
                               .last_ms = span->last_ms};
        struct visitor *visitor = &table->visitors[span->visitor];
        if (visitor->visit_count++ == 0)
            visitor->first_visit = table->visit_count - 1;
    }
}

static void make_visits(const struct merge *merge)
{
    struct span_list spans = gather_spans(merge);
    sort_spans(&spans, merge->table->visitor_count);
    merge_spans(merge->table, &spans, merge->recorders[0]->options.visit_timeout_ms);
    mem_free(spans.items);
}

/* Events */

/* A run of events with the recorder it belongs to. */
struct placed_run {
    struct event_run run;
    size_t recorder;
};

static int compare_runs(const void *left, const void *right)
{
    const struct placed_run *a = left, *b = right;
    if (a->run.input != b->run.input)
        return a->run.input < b->run.input ? -1 : 1;
    return (a->run.block > b->run.block) - (a->run.block < b->run.block);
}

/* All runs in input order. */
static struct placed_run *order_runs(const struct merge *merge, size_t *run_count)
{
    size_t count = 0;
    for (size_t i = 0; i < merge->count; i++)
        count += merge->recorders[i]->run_count;
    struct placed_run *runs = mem_alloc((count + 1) * sizeof *runs);
    *run_count = 0;
    for (size_t i = 0; i < merge->count; i++) {
        for (size_t k = 0; k < merge->recorders[i]->run_count; k++)
            runs[(*run_count)++] = (struct placed_run){merge->recorders[i]->runs[k], i};
    }
    qsort(runs, count, sizeof *runs, compare_runs);
    return runs;
}

/* How many events each visitor has, and from that where they begin. */
static void count_events(const struct merge *merge)
{
    struct event_table *table = merge->table;
    for (size_t i = 0; i < merge->count; i++) {
        const struct recorder *recorder = merge->recorders[i];
        for (size_t k = 0; k < recorder->event_count; k++)
            table->visitors[merge->maps[i].visitors[recorder_event(recorder, k)->visitor]]
                .event_count++;
        table->event_count += recorder->event_count;
    }
    size_t next = 0;
    for (size_t i = 0; i < table->visitor_count; i++) {
        table->visitors[i].first_event = next;
        next += table->visitors[i].event_count;
        table->visitors[i].event_count = 0; /* counted again while they are placed */
    }
    assert(next == table->event_count);
}

static void place_run(const struct merge *merge, const struct placed_run *placed)
{
    const struct recorder *recorder = merge->recorders[placed->recorder];
    const struct number_map *map = &merge->maps[placed->recorder];
    for (size_t i = 0; i < placed->run.count; i++) {
        struct event event = *recorder_event(recorder, placed->run.first + i);
        event.visitor = map->visitors[event.visitor];
        event.page = map->pages[event.page];
        event.mark = map->marks[event.mark];
        struct visitor *visitor = &merge->table->visitors[event.visitor];
        merge->table->events[visitor->first_event + visitor->event_count++] = event;
    }
}

/* Stable: equal times keep their input order. Nearly always sorted already. */
static void insert_in_order(struct event *events, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        if (events[i].time_ms >= events[i - 1].time_ms)
            continue;
        struct event event = events[i];
        size_t low = 0, high = i; /* the place after the last one that is not later */
        while (low < high) {
            size_t middle = low + (high - low) / 2;
            if (events[middle].time_ms <= event.time_ms)
                low = middle + 1;
            else
                high = middle;
        }
        memmove(&events[low + 1], &events[low], (i - low) * sizeof *events);
        events[low] = event;
    }
}

/* Merges the sorted halves [0, middle) and [middle, count) through `room`. */
static void merge_halves(struct event *events, size_t middle, size_t count, struct event *room)
{
    memcpy(room, events, middle * sizeof *events);
    size_t left = 0, right = middle, out = 0;
    while (left < middle) {
        bool take_right = right < count && events[right].time_ms < room[left].time_ms;
        events[out++] = take_right ? events[right++] : room[left++];
    }
}

/* Stable merge sort; short pieces by insertion. `room` holds half of count. */
static void sort_events(struct event *events, size_t count, struct event *room)
{
    enum { SHORT = 32 };
    if (count <= SHORT) {
        insert_in_order(events, count);
        return;
    }
    size_t middle = count / 2;
    sort_events(events, middle, room);
    sort_events(events + middle, count - middle, room);
    if (events[middle].time_ms < events[middle - 1].time_ms)
        merge_halves(events, middle, count, room);
}

static bool is_sorted(const struct event *events, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        if (events[i].time_ms < events[i - 1].time_ms)
            return false;
    }
    return true;
}

static void sort_visitors_events(struct event_table *table)
{
    size_t room_size = 0;
    struct event *room = NULL;
    for (size_t i = 0; i < table->visitor_count; i++) {
        struct event *events = table->events + table->visitors[i].first_event;
        size_t count = table->visitors[i].event_count;
        if (is_sorted(events, count))
            continue;
        room = mem_grow(room, &room_size, count, sizeof *room);
        sort_events(events, count, room);
    }
    mem_free(room);
}

static void make_events(const struct merge *merge)
{
    count_events(merge);
    merge->table->events = mem_alloc((merge->table->event_count + 1) * sizeof(struct event));
    size_t run_count;
    struct placed_run *runs = order_runs(merge, &run_count);
    for (size_t i = 0; i < run_count; i++)
        place_run(merge, &runs[i]);
    mem_free(runs);
    sort_visitors_events(merge->table);
}

/* Every event lies inside one of its visitor's visits. */
static void assign_events(struct event_table *table)
{
    for (size_t i = 0; i < table->visitor_count; i++) {
        const struct visitor *visitor = &table->visitors[i];
        size_t next = visitor->first_event, end = next + visitor->event_count;
        for (size_t k = 0; k < visitor->visit_count; k++) {
            struct visit *visit = &table->visits[visitor->first_visit + k];
            visit->first_event = next;
            for (; next < end && table->events[next].time_ms <= visit->last_ms; next++) {
                visit->event_count++;
                visit->page_views += table->events[next].kind == KIND_PAGE;
            }
        }
        assert(next == end);
    }
}

static int64_t earlier(int64_t a, int64_t b)
{
    if (a == CIVIL_NO_TIME || b == CIVIL_NO_TIME)
        return a == CIVIL_NO_TIME ? b : a;
    return a < b ? a : b;
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b; /* CIVIL_NO_TIME is the smallest number */
}

static void add_counts(struct input_counts *into, const struct input_counts *from)
{
    into->lines += from->lines;
    for (size_t i = 0; i < ODD_COUNT; i++)
        into->counted_by[i] += from->counted_by[i];
    for (size_t i = 0; i < FILTER_COUNT; i++)
        into->filtered_by[i] += from->filtered_by[i];
    for (size_t i = 0; i < REJECT_COUNT; i++)
        into->rejected_by[i] += from->rejected_by[i];
    into->first_ms = earlier(into->first_ms, from->first_ms);
    into->last_ms = later(into->last_ms, from->last_ms);
}

static void merge_counts(const struct merge *merge)
{
    struct event_table *table = merge->table;
    table->input_count = merge->recorders[0]->options.input_count;
    table->inputs = mem_zeroed(table->input_count, sizeof *table->inputs);
    table->first_ms = table->last_ms = CIVIL_NO_TIME;
    for (size_t i = 0; i < table->input_count; i++) {
        struct input_counts *counts = &table->inputs[i];
        counts->first_ms = counts->last_ms = CIVIL_NO_TIME;
        for (size_t k = 0; k < merge->count; k++)
            add_counts(counts, &merge->recorders[k]->inputs[i]);
        table->first_ms = earlier(table->first_ms, counts->first_ms);
        table->last_ms = later(table->last_ms, counts->last_ms);
    }
    for (size_t k = 0; k < merge->count; k++) {
        const struct kind_counts *kinds = &merge->recorders[k]->kinds;
        for (size_t i = 0; i < KIND_COUNT; i++)
            table->kinds.hits[i] += kinds->hits[i];
        table->kinds.bot_hits += kinds->bot_hits;
        table->kinds.timed_hits += kinds->timed_hits;
        table->kinds.zoneless_hits += kinds->zoneless_hits;
    }
}

static void add_samples(struct input_samples *into, const struct input_samples *from)
{
    for (size_t reason = 0; reason < REJECT_COUNT; reason++) {
        for (size_t i = 0; i < from->counts[reason]; i++) {
            const struct line_sample *sample = &from->lines[reason][i];
            struct line_sample *place =
                input_samples_place(into, (enum reject_reason)reason, sample->block, sample->line);
            if (place)
                *place = *sample;
        }
    }
}

static void merge_samples(const struct merge *merge)
{
    struct event_table *table = merge->table;
    table->samples = mem_zeroed(table->input_count, sizeof *table->samples);
    for (size_t k = 0; k < merge->count; k++) {
        for (size_t i = 0; i < table->input_count; i++) {
            const struct input_samples *from = merge->recorders[k]->samples[i];
            if (!from)
                continue;
            if (!table->samples[i])
                table->samples[i] = mem_zeroed(1, sizeof *table->samples[i]);
            add_samples(table->samples[i], from);
        }
    }
}

static void keep_marks(struct merge *merge)
{
    struct event_table *table = merge->table;
    table->mark_count = merge->marks.count;
    table->marks = mem_alloc((table->mark_count + 1) * sizeof *table->marks);
    for (uint32_t i = 0; i < merge->marks.count; i++)
        memcpy(&table->marks[i], names_text(&merge->marks, i).at, sizeof table->marks[i]);
}

static void merge_init(struct merge *merge, struct recorder *const *recorders, size_t count)
{
    *merge = (struct merge){.recorders = recorders, .count = count};
    merge->key = recorders[0]->options.key;
    merge->table = mem_zeroed(1, sizeof *merge->table);
    merge->table->includes_bots = recorders[0]->options.includes_bots;
    merge->maps = mem_zeroed(count, sizeof *merge->maps);
    names_init(&merge->agents, merge->key);
    names_init(&merge->hosts, merge->key);
    names_init(&merge->pages, merge->key);
    names_init(&merge->marks, merge->key);
    make_slots(merge);
}

static void merge_clear(struct merge *merge)
{
    for (size_t i = 0; i < merge->count; i++) {
        mem_free(merge->maps[i].agents);
        mem_free(merge->maps[i].hosts);
        mem_free(merge->maps[i].pages);
        mem_free(merge->maps[i].marks);
        mem_free(merge->maps[i].visitors);
    }
    mem_free(merge->maps);
    names_clear(&merge->agents);
    names_clear(&merge->hosts);
    names_clear(&merge->pages);
    names_clear(&merge->marks);
    mem_free(merge->keys);
    mem_free(merge->slots);
}

struct event_table *event_table_new(struct recorder *const *recorders, size_t count)
{
    struct merge merge;
    merge_init(&merge, recorders, count);
    for (size_t i = 0; i < count; i++)
        map_recorder(&merge, recorders[i], &merge.maps[i]);
    keep_marks(&merge);
    make_visits(&merge);
    make_events(&merge);
    assign_events(merge.table);
    merge_counts(&merge);
    merge_samples(&merge);
    merge_clear(&merge);
    return merge.table;
}

void event_table_free(struct event_table *table)
{
    if (!table)
        return;
    mem_free(table->visitors);
    mem_free(table->visits);
    mem_free(table->events);
    mem_free(table->marks);
    for (size_t i = 0; i < table->input_count; i++)
        mem_free(table->samples[i]);
    mem_free(table->samples);
    mem_free(table->inputs);
    mem_free(table);
}
