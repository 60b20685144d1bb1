#include "funnel/visit_cuts.h"

#include <assert.h>

#include "funnel/event_table.h"

/* A table's visits while they are made anew. */
struct visit_list {
    struct visit *items;
    size_t count, capacity;
};

static void push_visit(struct visit_list *list, const struct visit *visit)
{
    list->items = mem_grow(list->items, &list->capacity, list->count + 1, sizeof *list->items);
    list->items[list->count++] = *visit;
}

static uint32_t source_number(const struct event_table *table, const struct event *event)
{
    return table->source_of[event->origin];
}

uint32_t visit_source(const struct event_table *table, const struct visit *visit)
{
    const struct event *events = table->events + visit->first_event;
    for (uint32_t i = 0; i < visit->event_count; i++) {
        if (events[i].kind == KIND_PAGE)
            return source_number(table, &events[i]);
    }
    return SOURCE_NUMBER_NONE;
}

/* ---- parts of visits ---- */

/* A part of `whole` without events yet, which begins at that time and with that event. */
static struct visit part_of(const struct visit *whole, int64_t first_ms, size_t first_event)
{
    struct visit part = *whole;
    part.first_ms = part.last_ms = first_ms;
    part.first_event = first_event;
    part.event_count = part.page_views = 0;
    part.source = SOURCE_NUMBER_NONE;
    part.hits = 0;
    return part;
}

static void part_add(struct visit *part, const struct event_table *table, const struct event *event)
{
    part->event_count++;
    part->last_ms = event->time_ms;
    if (event->kind == KIND_PAGE && part->page_views++ == 0)
        part->source = source_number(table, event);
}

/* Hits that are events go with their part; of the others nobody knows, and the first has them. */
static void share_hits(struct visit_list *visits, size_t first)
{
    for (size_t i = first + 1; i < visits->count; i++) {
        visits->items[i].hits = visits->items[i].event_count;
        visits->items[first].hits -= visits->items[i].event_count;
    }
}

/* ---- cutting ---- */

struct cutter {
    const struct event_table *table;
    const struct visit_rules *rules;
    bool *is_inner; /* by origin: the referrer leads back to the site */
    struct visit_list visits;
};

static bool is_other_source(const struct source *a, const struct source *b)
{
    return a->class != b->class || !slice_equal(a->name, b->name);
}

static bool is_other_campaign(const struct source *source, const struct source *visits)
{
    if (source->campaign.size == 0 && source->class != SOURCE_CAMPAIGN)
        return false;
    return is_other_source(source, visits) || !slice_equal(source->campaign, visits->campaign);
}

static bool comes_anew(const struct cutter *cutter, const struct visit *part,
                       const struct event *event)
{
    uint32_t number = source_number(cutter->table, event);
    const struct source *source = &cutter->table->sources[number];
    const struct source *visits = &cutter->table->sources[part->source];
    if (number == part->source || source->class == SOURCE_DIRECT || source->class == SOURCE_NONE ||
        cutter->is_inner[event->origin])
        return false;
    return (cutter->rules->cut_on_new_source && is_other_source(source, visits)) ||
           (cutter->rules->cut_on_new_campaign && is_other_campaign(source, visits));
}

static bool begins_visit(const struct cutter *cutter, const struct visit *part,
                         const struct event *event)
{
    int64_t max_ms = cutter->rules->max_length_ms;
    if (event->kind != KIND_PAGE)
        return false;
    if (max_ms > 0 && event->time_ms - part->first_ms > max_ms)
        return true;
    return part->page_views > 0 && comes_anew(cutter, part, event);
}

static void cut_visit(struct cutter *cutter, const struct visit *whole)
{
    size_t first = cutter->visits.count;
    struct visit part = part_of(whole, whole->first_ms, whole->first_event);
    part.hits = whole->hits;
    for (uint32_t i = 0; i < whole->event_count; i++) {
        const struct event *event = &cutter->table->events[whole->first_event + i];
        if (begins_visit(cutter, &part, event)) {
            push_visit(&cutter->visits, &part);
            part = part_of(whole, event->time_ms, whole->first_event + i);
        }
        part_add(&part, cutter->table, event);
    }
    part.last_ms = whole->last_ms;
    push_visit(&cutter->visits, &part);
    share_hits(&cutter->visits, first);
}

static void cut_visits(struct event_table *table, const struct visit_rules *rules)
{
    struct cutter cutter = {.table = table,
                            .rules = rules,
                            .is_inner = origins_find_inner(&table->origins, &table->own_hosts)};
    for (size_t i = 0; i < table->visitor_count; i++) {
        struct visitor *visitor = &table->visitors[i];
        size_t first_visit = cutter.visits.count;
        for (uint32_t k = 0; k < visitor->visit_count; k++)
            cut_visit(&cutter, &table->visits[visitor->first_visit + k]);
        visitor->first_visit = first_visit;
        visitor->visit_count = (uint32_t)(cutter.visits.count - first_visit);
    }
    mem_free(cutter.is_inner);
    mem_free(table->visits);
    table->visits = cutter.visits.items;
    table->visit_count = cutter.visits.count;
}

/* ---- telling people apart ---- */

/* So many people have so many page views, or nobody is split. */
enum { SPLIT_PEOPLE = 2, SPLIT_PAGE_VIEWS = 2 };

#define NOBODY  UINT32_MAX
#define SEVERAL (UINT32_MAX - 1)

/* An entry and what follows from it by referrers. Events are counted from the visit's first. */
struct trail {
    uint32_t first, last; /* page views */
    uint32_t person;
};

struct splitter {
    struct event_table *table;
    int64_t timeout_ms;
    uint32_t *seen_by;   /* by page: who has seen it in this visit; NOBODY between visits */
    uint32_t *person_of; /* by event: 0 for the one who came first */

    /* Room for one visit: its chains, and by event the chain; people whose chains are over, and
       the page views of each. */
    struct trail *chains;
    uint32_t *chain_of, *idle, *page_views;
    size_t chain_capacity, chain_of_capacity, idle_capacity, page_view_capacity;
    uint32_t chain_count, people;

    /* The table anew. */
    struct visitor *visitors;
    size_t visitor_count, visitor_capacity;
    struct hash128 *ids;
    size_t id_capacity;
    struct visit_list visits;
    struct event *events; /* room for one visitor's */
    uint32_t *pages, *starts;
    size_t event_capacity, page_capacity, start_capacity;
};

static void make_room(struct splitter *splitter, size_t events)
{
    splitter->chains =
        mem_grow(splitter->chains, &splitter->chain_capacity, events, sizeof *splitter->chains);
    splitter->chain_of = mem_grow(splitter->chain_of, &splitter->chain_of_capacity, events,
                                  sizeof *splitter->chain_of);
    splitter->idle =
        mem_grow(splitter->idle, &splitter->idle_capacity, events, sizeof *splitter->idle);
    splitter->page_views = mem_grow(splitter->page_views, &splitter->page_view_capacity, events,
                                    sizeof *splitter->page_views);
}

static void forget_pages(struct splitter *splitter, const struct visit *visit)
{
    for (uint32_t i = 0; i < visit->event_count; i++)
        splitter->seen_by[splitter->table->events[visit->first_event + i].page] = NOBODY;
}

static bool has_referrer(const struct event_table *table, const struct event *event)
{
    return origin_unpack(names_text(&table->origins, event->origin)).referrer.size > 0;
}

/* By no referrer, or by one from elsewhere. */
static bool is_entry(const struct event_table *table, const struct event *event)
{
    return !has_referrer(table, event) ||
           table->sources[source_number(table, event)].class != SOURCE_DIRECT;
}

/* Who has seen the page in the event's referrer; NOBODY when it is none that could be told. */
static uint32_t referrer_seen_by(const struct splitter *splitter, size_t event)
{
    uint32_t page = splitter->table->referring_pages[event];
    bool is_page = page != PAGE_NONE && page != PAGE_OTHER;
    return is_page ? splitter->seen_by[page] : NOBODY;
}

/* The chain of a page view; NOBODY when it is not clear. */
static uint32_t chain_of_event(struct splitter *splitter, size_t event, uint32_t place)
{
    const struct event *view = &splitter->table->events[event];
    if (view->origin == ORIGIN_OTHER)
        return NOBODY;
    if (splitter->chain_count > 0 && !is_entry(splitter->table, view))
        return referrer_seen_by(splitter, event);
    splitter->chains[splitter->chain_count] = (struct trail){.first = place};
    return splitter->chain_count++;
}

/* False when a page view names a page that nobody has seen. */
static bool trace_chains(struct splitter *splitter, const struct visit *visit)
{
    splitter->chain_count = 0;
    for (uint32_t i = 0; i < visit->event_count; i++) {
        const struct event *event = &splitter->table->events[visit->first_event + i];
        if (event->kind != KIND_PAGE)
            continue;
        uint32_t chain = chain_of_event(splitter, visit->first_event + i, i);
        if (chain == NOBODY)
            return false;
        splitter->chain_of[i] = chain;
        splitter->chains[chain].last = i;
        splitter->seen_by[event->page] = chain;
    }
    return true;
}

/* No more people than have chains at once. False when a chain could be either of two. */
static bool name_people(struct splitter *splitter, const struct visit *visit)
{
    uint32_t idle_count = 0;
    splitter->people = 0;
    for (uint32_t i = 0; i < visit->event_count; i++) {
        if (splitter->table->events[visit->first_event + i].kind != KIND_PAGE)
            continue;
        struct trail *chain = &splitter->chains[splitter->chain_of[i]];
        if (chain->first == i && idle_count > 1)
            return false;
        if (chain->first == i)
            chain->person = idle_count ? splitter->idle[--idle_count] : splitter->people++;
        if (chain->last == i)
            splitter->idle[idle_count++] = chain->person;
    }
    return splitter->people >= SPLIT_PEOPLE;
}

/* False when the page in the referrer was seen by another one of the people, too. */
static bool place_page_view(struct splitter *splitter, size_t event, uint32_t place)
{
    const struct trail *chain = &splitter->chains[splitter->chain_of[place]];
    if (chain->first != place && referrer_seen_by(splitter, event) == SEVERAL)
        return false;
    uint32_t *seen_by = &splitter->seen_by[splitter->table->events[event].page];
    *seen_by = *seen_by == NOBODY || *seen_by == chain->person ? chain->person : SEVERAL;
    splitter->page_views[chain->person]++;
    splitter->person_of[event] = chain->person;
    return true;
}

static bool place_events(struct splitter *splitter, const struct visit *visit)
{
    uint32_t last = 0; /* the person of the last page view */
    memset(splitter->page_views, 0, splitter->people * sizeof *splitter->page_views);
    for (uint32_t i = 0; i < visit->event_count; i++) {
        size_t event = visit->first_event + i;
        if (splitter->table->events[event].kind == KIND_PAGE) {
            if (!place_page_view(splitter, event, i))
                return false;
            last = splitter->person_of[event];
        } else {
            uint32_t person = referrer_seen_by(splitter, event);
            splitter->person_of[event] = person < SEVERAL ? person : last;
        }
    }
    return true;
}

static bool are_people(const struct splitter *splitter)
{
    uint32_t sure = 0;
    for (uint32_t i = 0; i < splitter->people; i++)
        sure += splitter->page_views[i] >= SPLIT_PAGE_VIEWS;
    return sure >= SPLIT_PEOPLE;
}

/* Sets person_of the visit's events; they stay with one person when it is not clear. */
static uint32_t tell_apart(struct splitter *splitter, const struct visit *visit)
{
    if (visit->page_views < SPLIT_PEOPLE * SPLIT_PAGE_VIEWS)
        return 1;
    make_room(splitter, visit->event_count);
    bool is_clear = trace_chains(splitter, visit) && name_people(splitter, visit);
    forget_pages(splitter, visit);
    if (!is_clear)
        return 1;
    is_clear = place_events(splitter, visit) && are_people(splitter);
    forget_pages(splitter, visit);
    if (is_clear)
        return splitter->people;
    memset(splitter->person_of + visit->first_event, 0,
           visit->event_count * sizeof *splitter->person_of);
    return 1;
}

static bool is_told_by_address(const struct event_table *table, const struct visitor *visitor)
{
    switch (table->visitor_rules.items[visitor->key].kind) {
    case KEY_ADDRESS_AGENT:
    case KEY_ADDRESS:
    case KEY_ADDRESS_HOST:
    case KEY_ADDRESS_AGENT_HOST:
        return true;
    default:
        return false;
    }
}

static bool tell_all_apart(struct splitter *splitter)
{
    const struct event_table *table = splitter->table;
    bool any = false;
    for (size_t i = 0; i < table->visit_count; i++) {
        const struct visitor *visitor = &table->visitors[table->visits[i].visitor];
        if (visitor->class == AGENT_PERSON && is_told_by_address(table, visitor))
            any |= tell_apart(splitter, &table->visits[i]) > 1;
    }
    return any;
}

/* ---- making them visitors ---- */

static uint32_t people_of(const struct splitter *splitter, const struct visitor *visitor)
{
    uint32_t people = 1;
    for (uint32_t i = 0; i < visitor->event_count; i++) {
        uint32_t person = splitter->person_of[visitor->first_event + i];
        people = person < people ? people : person + 1;
    }
    return people;
}

/* Person by person, in each in the order they had. After it `starts` holds where each ends. */
static void group_events(struct splitter *splitter, const struct visitor *visitor, uint32_t people)
{
    struct event *events = splitter->table->events + visitor->first_event;
    uint32_t *pages = splitter->table->referring_pages + visitor->first_event;
    const uint32_t *person_of = splitter->person_of + visitor->first_event;
    size_t count = visitor->event_count;
    splitter->events =
        mem_grow(splitter->events, &splitter->event_capacity, count, sizeof *splitter->events);
    splitter->pages =
        mem_grow(splitter->pages, &splitter->page_capacity, count, sizeof *splitter->pages);
    splitter->starts = mem_grow(splitter->starts, &splitter->start_capacity, (size_t)people + 1,
                                sizeof *splitter->starts);
    memcpy(splitter->events, events, count * sizeof *events);
    memcpy(splitter->pages, pages, count * sizeof *pages);
    memset(splitter->starts, 0, ((size_t)people + 1) * sizeof *splitter->starts);
    for (size_t i = 0; i < count; i++)
        splitter->starts[person_of[i] + 1]++;
    for (uint32_t p = 1; p < people; p++)
        splitter->starts[p] += splitter->starts[p - 1];
    for (size_t i = 0; i < count; i++) {
        uint32_t place = splitter->starts[person_of[i]]++;
        events[place] = splitter->events[i];
        pages[place] = splitter->pages[i];
    }
}

/* The events of one person in one visit, where they are now. */
struct share {
    const struct visit *whole; /* as it was */
    uint32_t person;
    size_t begin, end;
};

static void push_shared_parts(struct splitter *splitter, const struct share *share,
                              const struct visit *whole)
{
    const struct event_table *table = splitter->table;
    size_t last_event = share->whole->first_event + share->whole->event_count - 1;
    int64_t first_ms = share->person ? table->events[share->begin].time_ms : whole->first_ms;
    struct visit part = part_of(whole, first_ms, share->begin);
    size_t own_events = share->end - share->begin, first = splitter->visits.count;
    size_t others = share->whole->event_count - own_events;
    part.hits = share->person ? own_events : share->whole->hits - others;
    for (size_t i = share->begin; i < share->end; i++) {
        const struct event *event = &table->events[i];
        if (i > share->begin && event->time_ms - part.last_ms > splitter->timeout_ms) {
            push_visit(&splitter->visits, &part);
            part = part_of(whole, event->time_ms, i);
        }
        part_add(&part, table, event);
    }
    if (splitter->person_of[last_event] == share->person)
        part.last_ms = whole->last_ms;
    push_visit(&splitter->visits, &part);
    share_hits(&splitter->visits, first);
}

static void push_share(struct splitter *splitter, const struct share *share)
{
    struct visit whole = *share->whole;
    whole.visitor = (uint32_t)(splitter->visitor_count - 1);
    if (share->end - share->begin < whole.event_count) {
        push_shared_parts(splitter, share, &whole);
        return;
    }
    whole.first_event = share->begin;
    push_visit(&splitter->visits, &whole);
}

/* The place among the visitor's visits of the one that holds the time. */
static uint32_t visit_at(const struct event_table *table, const struct visitor *visitor,
                         int64_t time_ms)
{
    uint32_t low = 0, high = visitor->visit_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (table->visits[visitor->first_visit + middle].last_ms < time_ms)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The visits of a person who has the events [begin, end); the first one's are those without
 * events, too. */
static void push_visits(struct splitter *splitter, const struct visitor *visitor, uint32_t person,
                        size_t begin, size_t end)
{
    const struct event_table *table = splitter->table;
    for (uint32_t k = 0; k < visitor->visit_count; k++) {
        if (person > 0 && begin == end)
            return;
        if (person > 0)
            k = visit_at(table, visitor, table->events[begin].time_ms);
        const struct visit *whole = &table->visits[visitor->first_visit + k];
        struct share share = {.whole = whole, .person = person, .begin = begin};
        while (begin < end && table->events[begin].time_ms <= whole->last_ms)
            begin++;
        share.end = begin;
        push_share(splitter, &share);
    }
    assert(begin == end);
}

static void push_person(struct splitter *splitter, const struct visitor *visitor, uint32_t person,
                        size_t begin, size_t end)
{
    splitter->visitors = mem_grow(splitter->visitors, &splitter->visitor_capacity,
                                  splitter->visitor_count + 1, sizeof *splitter->visitors);
    size_t number = splitter->visitor_count++, first_visit = splitter->visits.count;
    for (size_t i = begin; i < end; i++)
        splitter->table->events[i].visitor = (uint32_t)number;
    push_visits(splitter, visitor, person, begin, end);
    struct visitor one = *visitor;
    one.first_event = begin;
    one.event_count = (uint32_t)(end - begin);
    one.first_visit = first_visit;
    one.visit_count = (uint32_t)(splitter->visits.count - first_visit);
    splitter->visitors[number] = one;
    if (!splitter->table->visitor_ids)
        return;
    splitter->ids =
        mem_grow(splitter->ids, &splitter->id_capacity, number + 1, sizeof *splitter->ids);
    splitter->ids[number] = splitter->table->visitor_ids[visitor - splitter->table->visitors];
}

static void push_people(struct splitter *splitter, const struct visitor *visitor)
{
    uint32_t people = people_of(splitter, visitor);
    size_t begin = visitor->first_event;
    if (people == 1) {
        push_person(splitter, visitor, 0, begin, begin + visitor->event_count);
        return;
    }
    group_events(splitter, visitor, people);
    for (uint32_t p = 0; p < people; p++) {
        size_t end = visitor->first_event + splitter->starts[p];
        push_person(splitter, visitor, p, begin, end);
        begin = end;
    }
}

static void make_visitors(struct splitter *splitter)
{
    struct event_table *table = splitter->table;
    for (size_t i = 0; i < table->visitor_count; i++)
        push_people(splitter, &table->visitors[i]);
    mem_free(table->visitors);
    mem_free(table->visits);
    mem_free(table->visitor_ids);
    table->visitor_ids = splitter->ids;
    table->visitors = splitter->visitors;
    table->visitor_count = splitter->visitor_count;
    table->visits = splitter->visits.items;
    table->visit_count = splitter->visits.count;
}

static void split_visitors(struct event_table *table, int64_t timeout_ms)
{
    struct splitter splitter = {.table = table, .timeout_ms = timeout_ms};
    splitter.seen_by = mem_alloc((table->pages.count + 1) * sizeof *splitter.seen_by);
    for (uint32_t i = 0; i < table->pages.count; i++)
        splitter.seen_by[i] = NOBODY;
    splitter.person_of = mem_zeroed(table->event_count + 1, sizeof *splitter.person_of);
    if (tell_all_apart(&splitter))
        make_visitors(&splitter);
    mem_free(splitter.seen_by);
    mem_free(splitter.person_of);
    mem_free(splitter.chains);
    mem_free(splitter.chain_of);
    mem_free(splitter.idle);
    mem_free(splitter.page_views);
    mem_free(splitter.events);
    mem_free(splitter.pages);
    mem_free(splitter.starts);
}

/* ---- both ---- */

struct sums {
    uint64_t hits, events, page_views;
};

static struct sums sums_of(const struct event_table *table)
{
    struct sums sums = {0};
    for (size_t i = 0; i < table->visit_count; i++) {
        sums.hits += table->visits[i].hits;
        sums.events += table->visits[i].event_count;
        sums.page_views += table->visits[i].page_views;
    }
    return sums;
}

void visit_cuts_apply(struct event_table *table, const struct visit_rules *rules)
{
    struct sums before = sums_of(table);
    if (rules->split_by_referrer && table->referring_pages)
        split_visitors(table, rules->timeout_ms);
    if (rules->max_length_ms > 0 || rules->cut_on_new_source || rules->cut_on_new_campaign)
        cut_visits(table, rules);
    struct sums after = sums_of(table);
    assert(before.hits == after.hits && before.events == after.events &&
           before.page_views == after.page_views);
    (void)before, (void)after;
}
