#include "funnel/event_table.h"

#include <assert.h>
#include <stdlib.h>

#include "base/civil.h"

/* From one recorder's numbers to those of the table. */
struct number_map {
    uint32_t *agents, *clients, *visitors, *marks;
    uint32_t *pages, *origins; /* NAMES_NONE until an event has one */
};

struct merge {
    struct event_table *table;
    struct recorder *const *recorders;
    struct number_map *maps; /* by recorder */
    size_t count;
    struct hash_key key;
    bool is_plain;
    struct names facts, marks;
    struct ids clients, visitors;
    size_t client_capacity, origin_capacity;
    uint32_t *sole_visitors; /* by client; not when plain */
    size_t sole_capacity;
    uint8_t *visitor_rules; /* by visitor; not when plain */
    size_t rule_capacity;
};

static uint32_t *map_names(struct names *into, const struct names *from)
{
    uint32_t *map = mem_alloc((from->count + 1) * sizeof *map);
    for (uint32_t i = 0; i < from->count; i++)
        map[i] = names_add(into, names_text(from, i));
    return map;
}

static uint32_t *unknown_numbers(size_t count)
{
    uint32_t *numbers = mem_alloc((count + 1) * sizeof *numbers);
    for (size_t i = 0; i < count; i++)
        numbers[i] = NAMES_NONE;
    return numbers;
}

/* ---- clients and visitors ---- */

static void map_clients(struct merge *merge, const struct visitor_book *book,
                        struct number_map *map)
{
    struct event_table *table = merge->table;
    map->clients = mem_alloc((book->client_ids.count + 1) * sizeof *map->clients);
    for (uint32_t i = 0; i < book->client_ids.count; i++) {
        uint32_t number = map->clients[i] = ids_add(&merge->clients, book->client_ids.list[i]);
        if (number < table->client_count)
            continue;
        table->clients = mem_grow(table->clients, &merge->client_capacity, ++table->client_count,
                                  sizeof *table->clients);
        table->clients[number] = (struct client){.address = book->clients[i].address,
                                                 .agent = map->agents[book->clients[i].agent]};
    }
}

static void map_visitors(struct merge *merge, const struct visitor_book *book,
                         struct number_map *map)
{
    map->visitors = mem_alloc((book->visitor_ids.count + 1) * sizeof *map->visitors);
    for (uint32_t i = 0; i < book->visitor_ids.count; i++) {
        uint32_t before = merge->visitors.count;
        uint32_t number = map->visitors[i] = ids_add(&merge->visitors, book->visitor_ids.list[i]);
        if (number < before)
            continue;
        merge->visitor_rules = mem_grow(merge->visitor_rules, &merge->rule_capacity,
                                        (size_t)number + 1, sizeof *merge->visitor_rules);
        merge->visitor_rules[number] = book->visitor_rules[i];
    }
}

/* What the books know of each client together. */
static void merge_soles(struct merge *merge, const struct visitor_book *book,
                        const struct number_map *map)
{
    for (uint32_t i = 0; i < book->client_ids.count; i++) {
        uint32_t client = map->clients[i], local = book->sole_visitors[i];
        while (merge->sole_capacity <= client || !merge->sole_visitors) {
            size_t before = merge->sole_capacity;
            merge->sole_visitors = mem_grow(merge->sole_visitors, &merge->sole_capacity,
                                            (size_t)client + 1, sizeof *merge->sole_visitors);
            for (size_t k = before; k < merge->sole_capacity; k++)
                merge->sole_visitors[k] = SOLE_NONE;
        }
        uint32_t sole = local < SOLE_SEVERAL ? map->visitors[local] : local;
        uint32_t *known = &merge->sole_visitors[client];
        if (*known == SOLE_NONE)
            *known = sole;
        else if (sole != SOLE_NONE && sole != *known)
            *known = SOLE_SEVERAL;
    }
}

static void map_recorder(struct merge *merge, const struct recorder *recorder,
                         struct number_map *map)
{
    map->agents = map_names(&merge->facts, &recorder->book->facts);
    map->marks = map_names(&merge->marks, &recorder->marks);
    map->pages = unknown_numbers(recorder->pages.texts.count);
    map->origins = unknown_numbers(recorder->origins.texts.count);
    map_clients(merge, recorder->book, map);
    if (merge->is_plain) {
        map->visitors = map->clients;
        return;
    }
    map_visitors(merge, recorder->book, map);
    merge_soles(merge, recorder->book, map);
}

/* Does the rule tell visitors of one client by that client alone? */
static bool is_of_client(const struct visitor_rule *rule)
{
    return rule->kind == KEY_ADDRESS_AGENT || rule->kind == KEY_ADDRESS_AGENT_HOST;
}

/*
 * Hits without an id belong to the one that the same client has; *joined of a visitor is whom it
 * belongs to, mostly itself.
 */
static void join_visitors(const struct merge *merge, uint32_t *joined)
{
    const struct visitor_rules *rules = &merge->table->visitor_rules;
    if (!is_of_client(&rules->items[rules->count - 1]))
        return;
    for (size_t k = 0; k < merge->count; k++) {
        const struct recorder *recorder = merge->recorders[k];
        for (uint32_t i = 0; i < recorder->visitor_count; i++) {
            uint32_t visitor = merge->maps[k].visitors[i];
            uint32_t client = merge->maps[k].clients[recorder->visitors[i].open.client];
            uint32_t sole = merge->sole_visitors[client];
            if (merge->visitor_rules[visitor] + 1u == rules->count && sole < SOLE_SEVERAL)
                joined[visitor] = sole;
        }
    }
}

/* Numbers without gaps for those that are left; the maps lead there. */
static void number_visitors(struct merge *merge)
{
    struct event_table *table = merge->table;
    size_t count = merge->visitors.count;
    uint32_t *joined = mem_alloc((count + 1) * sizeof *joined);
    for (uint32_t i = 0; i < count; i++)
        joined[i] = i;
    join_visitors(merge, joined);
    uint32_t *numbers = unknown_numbers(count);
    table->visitors = mem_zeroed(count, sizeof *table->visitors);
    for (uint32_t i = 0; i < count; i++) {
        if (joined[i] != i)
            continue;
        numbers[i] = (uint32_t)table->visitor_count++;
        if (table->visitor_ids)
            table->visitor_ids[numbers[i]] = merge->visitors.list[i];
        table->visitors[numbers[i]].key = merge->visitor_rules[i];
    }
    for (size_t k = 0; k < merge->count; k++) {
        for (uint32_t i = 0; i < merge->recorders[k]->visitor_count; i++)
            merge->maps[k].visitors[i] = numbers[joined[merge->maps[k].visitors[i]]];
    }
    mem_free(joined);
    mem_free(numbers);
}

static void merge_traits(const struct merge *merge)
{
    for (size_t k = 0; k < merge->count; k++) {
        const struct recorder *recorder = merge->recorders[k];
        for (uint32_t i = 0; i < recorder->visitor_count; i++)
            merge->table->visitors[merge->maps[k].visitors[i]].traits |=
                recorder->visitors[i].traits;
    }
}

static void make_visitors(struct merge *merge)
{
    struct event_table *table = merge->table;
    const struct ids *ids = merge->is_plain ? &merge->clients : &merge->visitors;
    if (merge->recorders[0]->options.keeps_visitor_ids)
        table->visitor_ids = mem_zeroed(ids->count, sizeof *table->visitor_ids);
    if (merge->is_plain) {
        table->visitor_count = table->client_count;
        table->visitors = mem_zeroed(table->visitor_count, sizeof *table->visitors);
        if (table->visitor_ids)
            memcpy(table->visitor_ids, ids->list, ids->count * sizeof *ids->list);
    } else {
        number_visitors(merge);
    }
    merge_traits(merge);
}

static void keep_agents(struct merge *merge)
{
    struct event_table *table = merge->table;
    table->agent_count = merge->facts.count;
    table->agents = mem_alloc((table->agent_count + 1) * sizeof *table->agents);
    for (uint32_t i = 0; i < merge->facts.count; i++)
        memcpy(&table->agents[i], names_text(&merge->facts, i).at, sizeof *table->agents);
}

/* ---- spans ---- */

struct span_list {
    struct span *items;
    size_t count;
};

static void add_span(struct span_list *list, const struct span *span, const struct number_map *map)
{
    struct span *added = &list->items[list->count++];
    *added = *span;
    added->visitor = map->visitors[span->visitor];
    added->client = map->clients[span->client];
}

static struct span_list gather_spans(const struct merge *merge)
{
    struct span_list list = {0};
    size_t capacity = 0;
    for (size_t i = 0; i < merge->count; i++)
        capacity += merge->recorders[i]->span_count + merge->recorders[i]->visitor_count;
    list.items = mem_alloc((capacity + 1) * sizeof *list.items);
    for (size_t i = 0; i < merge->count; i++) {
        const struct recorder *recorder = merge->recorders[i];
        for (size_t k = 0; k < recorder->span_count; k++)
            add_span(&list, &recorder->spans[k], &merge->maps[i]);
        for (size_t k = 0; k < recorder->visitor_count; k++)
            add_span(&list, &recorder->visitors[k].open, &merge->maps[i]);
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

/* A gap over the timeout begins a new visit, and so does midnight where it cuts. */
static bool goes_on(const struct visit *visit, const struct span *span,
                    const struct recorder_options *options)
{
    return visit->visitor == span->visitor &&
           span->first_ms <= visit->last_ms + options->visit_timeout_ms &&
           (!options->cuts_at_midnight ||
            time_zone_same_day(options->zone, visit->first_ms, span->first_ms));
}

/* Of two clients at the same moment the lower one is the first. */
static bool is_lower_client(const struct event_table *table, uint32_t client, uint32_t other)
{
    const struct client *a = &table->clients[client], *b = &table->clients[other];
    return client != other && client_compare(&a->address, &table->agents[a->agent], &b->address,
                                             &table->agents[b->agent]) < 0;
}

static void extend_visit(const struct event_table *table, struct visit *visit,
                         const struct span *span)
{
    visit->hits += span->hits;
    if (span->last_ms > visit->last_ms)
        visit->last_ms = span->last_ms;
    if (span->first_ms == visit->first_ms && is_lower_client(table, span->client, visit->client))
        visit->client = span->client;
}

static void merge_spans(struct event_table *table, const struct span_list *spans,
                        const struct recorder_options *options)
{
    table->visits = mem_alloc((spans->count + 1) * sizeof *table->visits);
    struct visit *last = NULL;
    for (size_t i = 0; i < spans->count; i++) {
        const struct span *span = &spans->items[i];
        if (last && goes_on(last, span, options)) {
            extend_visit(table, last, span);
            continue;
        }
        last = &table->visits[table->visit_count++];
        *last = (struct visit){.visitor = span->visitor,
                               .client = span->client,
                               .hits = span->hits,
                               .first_ms = span->first_ms,
                               .last_ms = span->last_ms};
        struct visitor *visitor = &table->visitors[span->visitor];
        if (visitor->visit_count++ == 0)
            visitor->first_visit = table->visit_count - 1;
    }
}

/* A visitor is of the class of its first hit. */
static void set_clients(struct event_table *table)
{
    for (size_t i = 0; i < table->visitor_count; i++) {
        struct visitor *visitor = &table->visitors[i];
        visitor->client = table->visits[visitor->first_visit].client;
        visitor->class = table->agents[table->clients[visitor->client].agent].class;
    }
}

static void make_visits(const struct merge *merge)
{
    struct span_list spans = gather_spans(merge);
    sort_spans(&spans, merge->table->visitor_count);
    merge_spans(merge->table, &spans, &merge->recorders[0]->options);
    set_clients(merge->table);
    mem_free(spans.items);
}

/* ---- events ---- */

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

/* Pages and origins are numbered as they first come in the logs, up to the cap. */

static uint32_t add_page(struct merge *merge, const struct recorder *recorder, uint32_t local)
{
    struct event_table *table = merge->table;
    struct slice text = names_text(&recorder->pages.texts, local);
    uint32_t number = names_find(&table->pages, text);
    bool is_full = table->pages.count > recorder->options.max_keys; /* one is "(other)" */
    if (number != NAMES_NONE || !is_full)
        return number != NAMES_NONE ? number : names_add(&table->pages, text);
    return PAGE_OTHER;
}

static uint32_t page_of(struct merge *merge, size_t recorder, uint32_t local)
{
    if (local == PAGE_BEYOND)
        return PAGE_OTHER;
    uint32_t *number = &merge->maps[recorder].pages[local];
    if (*number == NAMES_NONE)
        *number = add_page(merge, merge->recorders[recorder], local);
    return *number;
}

static uint32_t add_origin(struct merge *merge, struct slice packed)
{
    struct event_table *table = merge->table;
    uint32_t before = table->origins.count;
    uint32_t number = names_add(&table->origins, packed);
    if (number == before) {
        table->origin_uses = mem_grow(table->origin_uses, &merge->origin_capacity,
                                      (size_t)number + 1, sizeof *table->origin_uses);
        table->origin_uses[number] = (struct origin_use){0};
    }
    return number;
}

static uint32_t origin_of(struct merge *merge, size_t recorder, uint32_t local)
{
    if (local == ORIGIN_BEYOND)
        return ORIGIN_OTHER;
    uint32_t *number = &merge->maps[recorder].origins[local];
    if (*number != NAMES_NONE)
        return *number;
    struct slice packed = names_text(&merge->recorders[recorder]->origins.texts, local);
    bool is_full = merge->table->origins.count > merge->recorders[0]->options.max_keys + 1;
    bool is_new = names_find(&merge->table->origins, packed) == NAMES_NONE;
    *number = is_full && is_new ? (uint32_t)ORIGIN_OTHER : add_origin(merge, packed);
    return *number;
}

/* Machines send any referrer: theirs do not show the site's own hosts (sources.h). */
static void count_page_view(struct event_table *table, const struct event *event)
{
    if (event->kind != KIND_PAGE)
        return;
    if (table->visitors[event->visitor].class == AGENT_PERSON)
        table->origin_uses[event->origin].pages++;
    table->folded.page_views += event->page == PAGE_OTHER;
    table->folded.origin_page_views += event->origin == ORIGIN_OTHER;
}

static void place_run(struct merge *merge, const struct placed_run *placed)
{
    const struct recorder *recorder = merge->recorders[placed->recorder];
    const struct number_map *map = &merge->maps[placed->recorder];
    for (size_t i = 0; i < placed->run.count; i++) {
        struct event event = *recorder_event(recorder, placed->run.first + i);
        event.visitor = map->visitors[event.visitor];
        event.page = page_of(merge, placed->recorder, event.page);
        event.origin = origin_of(merge, placed->recorder, event.origin);
        event.mark = map->marks[event.mark];
        count_page_view(merge->table, &event);
        struct visitor *visitor = &merge->table->visitors[event.visitor];
        merge->table->events[visitor->first_event + visitor->event_count++] = event;
    }
}

/* ---- the origins of assets: whether or not an event has them, in the order of the log ---- */

struct placed_origin {
    struct asset_place place;
    size_t recorder;
    uint32_t local; /* its number there */
};

static int compare_places(const void *left, const void *right)
{
    const struct asset_place *a = &((const struct placed_origin *)left)->place;
    const struct asset_place *b = &((const struct placed_origin *)right)->place;
    if (a->block != b->block)
        return a->block < b->block ? -1 : 1;
    return (a->asset > b->asset) - (a->asset < b->asset);
}

static struct placed_origin *order_asset_origins(const struct merge *merge, size_t *count)
{
    struct placed_origin *placed = NULL;
    size_t capacity = 0;
    *count = 0;
    for (size_t k = 0; k < merge->count; k++) {
        const struct origin_book *book = &merge->recorders[k]->origins;
        for (uint32_t i = 0; i < book->texts.count; i++) {
            if (book->origins[i].assets == 0)
                continue;
            placed = mem_grow(placed, &capacity, *count + 1, sizeof *placed);
            placed[(*count)++] = (struct placed_origin){book->origins[i].first_asset, k, i};
        }
    }
    if (*count)
        qsort(placed, *count, sizeof *placed, compare_places);
    return placed;
}

/* The same rule as of one origin book for all. */
static void count_asset_origins(struct merge *merge)
{
    struct event_table *table = merge->table;
    size_t count, kept = 0, most = merge->recorders[0]->options.max_keys;
    struct placed_origin *placed = order_asset_origins(merge, &count);
    for (size_t i = 0; i < count; i++) {
        const struct origin_book *book = &merge->recorders[placed[i].recorder]->origins;
        struct slice packed = names_text(&book->texts, placed[i].local);
        uint32_t number = names_find(&table->origins, packed);
        bool is_known =
            number != NAMES_NONE && (number == ORIGIN_NONE || table->origin_uses[number].assets);
        bool has_room = kept < most;
        number = is_known || has_room ? add_origin(merge, packed) : (uint32_t)ORIGIN_OTHER;
        kept += !is_known && has_room;
        table->origin_uses[number].assets += book->origins[placed[i].local].assets;
    }
    mem_free(placed);
    for (size_t k = 0; k < merge->count; k++)
        table->origin_uses[ORIGIN_OTHER].assets += merge->recorders[k]->origins.assets_beyond;
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

/* "(other)" and no origin have their numbers before anything else does. */
static void begin_pages_and_origins(struct merge *merge)
{
    struct event_table *table = merge->table;
    names_init(&table->pages, merge->key);
    names_init(&table->origins, merge->key);
    names_add(&table->pages, SLICE_LITERAL("(other)"));
    add_origin(merge, SLICE_LITERAL(""));
    add_origin(merge, SLICE_LITERAL("(other)"));
}

/* The pages that referrers lead back to, where they are pages of this log. */
static void find_referring_pages(struct event_table *table)
{
    uint32_t *page_of_origin = mem_alloc((table->origins.count + 1) * sizeof *page_of_origin);
    for (uint32_t i = 0; i < table->origins.count; i++) {
        struct slice page = origin_unpack(names_text(&table->origins, i)).page;
        page_of_origin[i] = page.size ? names_find(&table->pages, page) : NAMES_NONE;
    }
    table->referring_pages = mem_alloc((table->event_count + 1) * sizeof *table->referring_pages);
    for (size_t i = 0; i < table->event_count; i++)
        table->referring_pages[i] = page_of_origin[table->events[i].origin];
    mem_free(page_of_origin);
}

static void make_events(struct merge *merge)
{
    count_events(merge);
    merge->table->events = mem_alloc((merge->table->event_count + 1) * sizeof(struct event));
    begin_pages_and_origins(merge);
    size_t run_count;
    struct placed_run *runs = order_runs(merge, &run_count);
    for (size_t i = 0; i < run_count; i++)
        place_run(merge, &runs[i]);
    mem_free(runs);
    count_asset_origins(merge);
    sort_visitors_events(merge->table);
    if (merge->recorders[0]->options.keeps_referring_pages)
        find_referring_pages(merge->table);
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
        for (size_t i = 0; i < AGENT_CLASS_COUNT; i++)
            table->kinds.unkept_page_views[i] += kinds->unkept_page_views[i];
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
    const struct recorder_options *options = &recorders[0]->options;
    *merge = (struct merge){.recorders = recorders,
                            .count = count,
                            .key = options->key,
                            .is_plain = recorders[0]->book->is_plain};
    merge->table = mem_zeroed(1, sizeof *merge->table);
    merge->table->counted_classes = options->counted_classes;
    merge->table->kept_classes = options->kept_classes;
    merge->table->visitor_rules = options->visitor_rules;
    arena_init(&merge->table->texts);
    merge->maps = mem_zeroed(count, sizeof *merge->maps);
    names_init(&merge->facts, merge->key);
    names_init(&merge->marks, merge->key);
    ids_init(&merge->clients);
    ids_init(&merge->visitors);
}

static void merge_clear(struct merge *merge)
{
    for (size_t i = 0; i < merge->count; i++) {
        mem_free(merge->maps[i].agents);
        if (!merge->is_plain)
            mem_free(merge->maps[i].visitors);
        mem_free(merge->maps[i].clients);
        mem_free(merge->maps[i].marks);
        mem_free(merge->maps[i].pages);
        mem_free(merge->maps[i].origins);
    }
    mem_free(merge->maps);
    names_clear(&merge->facts);
    names_clear(&merge->marks);
    ids_clear(&merge->clients);
    ids_clear(&merge->visitors);
    mem_free(merge->sole_visitors);
    mem_free(merge->visitor_rules);
}

struct event_table *event_table_new(struct recorder *const *recorders, size_t count)
{
    struct merge merge;
    merge_init(&merge, recorders, count);
    for (size_t i = 0; i < count; i++)
        map_recorder(&merge, recorders[i], &merge.maps[i]);
    keep_marks(&merge);
    keep_agents(&merge);
    make_visitors(&merge);
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
    mem_free(table->clients);
    mem_free(table->visitors);
    mem_free(table->visitor_ids);
    mem_free(table->visits);
    mem_free(table->events);
    mem_free(table->referring_pages);
    mem_free(table->marks);
    mem_free(table->agents);
    names_clear(&table->pages);
    names_clear(&table->origins);
    mem_free(table->origin_uses);
    mem_free(table->sources);
    mem_free(table->source_of);
    arena_clear(&table->texts);
    for (size_t i = 0; i < table->input_count; i++)
        mem_free(table->samples[i]);
    mem_free(table->samples);
    mem_free(table->inputs);
    mem_free(table);
}
