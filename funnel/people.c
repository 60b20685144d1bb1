#include "funnel/people.h"

#include <stdlib.h>

#include "funnel/form_outcome.h"

static int compare_slices(const void *left, const void *right)
{
    const struct slice *a = left, *b = right;
    return slice_compare(*a, *b);
}

/* ---- own hosts ---- */

/* A host that at least one in so many hits asked for is the site's own. */
enum { OWN_ONE_IN = 100 };

/* Hosts with how often they were used. Their texts are those of the table's origins. */
struct host_uses {
    struct host_use *items;
    size_t count;
};

/* Of the hosts in referrers, or of those that were asked for. */
static struct host_uses host_uses_of(const struct event_table *table, bool asked)
{
    struct host_uses uses = {.items = mem_zeroed(table->origins.count, sizeof *uses.items)};
    struct names hosts;
    names_init(&hosts, table->origins.key);
    for (uint32_t i = 0; i < table->origins.count; i++) {
        struct origin origin = origin_unpack(names_text(&table->origins, i));
        struct slice host = asked ? origin.own_host : origin.referrer;
        if (host.size == 0 || i == ORIGIN_OTHER)
            continue;
        struct host_use *use = &uses.items[names_add(&hosts, host)];
        use->host = host;
        use->assets += table->origin_uses[i].assets;
        use->pages += table->origin_uses[i].pages;
    }
    uses.count = hosts.count;
    names_clear(&hosts);
    return uses;
}

static struct slice without_www(struct slice host)
{
    struct slice www = SLICE_LITERAL("www."), rest = slice_from(host, www.size);
    bool is_www = slice_starts_with(host, www) && rest.size && memchr(rest.at, '.', rest.size);
    return is_www ? rest : host;
}

/*
 * Who looks for open proxies asks for other people's hosts: a host that is asked for seldom, or is
 * known as a search engine and the like, is none of the site's.
 */
static bool is_asked_for(const struct host_use *use, uint64_t all)
{
    struct origin from_it = {.referrer = use->host};
    struct own_hosts none = {0};
    return use->assets + use->pages >= all / OWN_ONE_IN + (all % OWN_ONE_IN != 0) &&
           source_of(&from_it, &none).class == SOURCE_REFERRAL;
}

/* Sorts the hosts, and keeps each once. */
static void keep_own_hosts(struct event_table *table, struct slice *hosts, size_t count)
{
    struct slice *kept = arena_alloc(&table->texts, (count + 1) * sizeof *kept);
    size_t kept_count = 0;
    qsort(hosts, count, sizeof *hosts, compare_slices);
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || !slice_equal(hosts[i], hosts[i - 1]))
            kept[kept_count++] = arena_copy(&table->texts, hosts[i]);
    }
    table->own_hosts = (struct own_hosts){kept, kept_count};
}

static void find_own_hosts(struct event_table *table)
{
    struct arena texts;
    arena_init(&texts);
    struct host_uses referrers = host_uses_of(table, false), asked = host_uses_of(table, true);
    struct own_hosts found = own_hosts_find(referrers.items, referrers.count, &texts);
    struct slice *hosts = mem_alloc((found.count + asked.count + 1) * sizeof *hosts);
    size_t count = 0;
    uint64_t all = 0;
    for (size_t i = 0; i < found.count; i++)
        hosts[count++] = found.items[i];
    for (size_t i = 0; i < asked.count; i++)
        all += asked.items[i].assets + asked.items[i].pages;
    for (size_t i = 0; i < asked.count; i++) {
        if (is_asked_for(&asked.items[i], all))
            hosts[count++] = without_www(asked.items[i].host);
    }
    keep_own_hosts(table, hosts, count);
    mem_free(hosts);
    mem_free(referrers.items);
    mem_free(asked.items);
    arena_clear(&texts);
}

static void settle_own_hosts(struct event_table *table, const struct own_hosts *given)
{
    if (given->count == 0) {
        find_own_hosts(table);
        return;
    }
    struct slice *hosts = mem_alloc(given->count * sizeof *hosts);
    memcpy(hosts, given->items, given->count * sizeof *hosts);
    keep_own_hosts(table, hosts, given->count);
    mem_free(hosts);
}

/* ---- sources ---- */

struct numbered_source {
    struct source source;
    uint32_t origin;
};

/* By their texts: numbers of origins hang on who recorded what. */
static int compare_sources(const void *left, const void *right)
{
    const struct source *a = &((const struct numbered_source *)left)->source;
    const struct source *b = &((const struct numbered_source *)right)->source;
    if (a->class != b->class)
        return a->class < b->class ? -1 : 1;
    int order = slice_compare(a->name, b->name);
    return order ? order : slice_compare(a->campaign, b->campaign);
}

static struct source source_of_origin(const struct event_table *table, uint32_t number)
{
    if (number == ORIGIN_NONE)
        return (struct source){.class = SOURCE_DIRECT};
    if (number == ORIGIN_OTHER)
        return (struct source){.class = SOURCE_REFERRAL, .name = SLICE_LITERAL("(other)")};
    struct origin origin = origin_unpack(names_text(&table->origins, number));
    return source_of(&origin, &table->own_hosts);
}

static void add_source(struct event_table *table, const struct source *source)
{
    table->sources[table->source_count++] =
        (struct source){.class = source->class,
                        .name = arena_copy(&table->texts, source->name),
                        .campaign = arena_copy(&table->texts, source->campaign)};
}

/* Origins of the same source get its number. */
static void number_sources(struct event_table *table, const struct numbered_source *sorted,
                           size_t count)
{
    table->source_of = mem_alloc((count + 1) * sizeof *table->source_of);
    table->sources = mem_alloc((count + 1) * sizeof *table->sources);
    table->source_count = 0;
    add_source(table, &(struct source){.class = SOURCE_NONE});
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || compare_sources(&sorted[i], &sorted[i - 1]) != 0)
            add_source(table, &sorted[i].source);
        table->source_of[sorted[i].origin] = (uint32_t)(table->source_count - 1);
    }
}

static void settle_sources(struct event_table *table)
{
    size_t count = table->origins.count;
    struct numbered_source *sources = mem_alloc((count + 1) * sizeof *sources);
    for (uint32_t i = 0; i < count; i++)
        sources[i] = (struct numbered_source){source_of_origin(table, i), i};
    qsort(sources, count, sizeof *sources, compare_sources);
    number_sources(table, sources, count);
    mem_free(sources);
    for (size_t i = 0; i < table->visit_count; i++)
        table->visits[i].source = visit_source(table, &table->visits[i]);
}

/* ---- beyond the cap ---- */

static void add_folded(struct event_table *table, const struct visitor *visitor)
{
    const struct event *events = table->events + visitor->first_event;
    for (uint32_t i = 0; i < visitor->event_count; i++) {
        bool is_page_view = events[i].kind == KIND_PAGE;
        table->folded.page_views += is_page_view && events[i].page == PAGE_OTHER;
        table->folded.origin_page_views += is_page_view && events[i].origin == ORIGIN_OTHER;
    }
}

/* The page views of the report are those of people. */
static void settle_folded(struct event_table *table)
{
    if (table->folded.page_views + table->folded.origin_page_views == 0)
        return;
    table->folded = (struct folded_counts){0};
    for (size_t i = 0; i < table->visitor_count; i++) {
        if (event_table_is_person(table, &table->visitors[i]))
            add_folded(table, &table->visitors[i]);
    }
}

void people_settle(struct event_table *table, const struct people_options *options)
{
    settle_own_hosts(table, &options->own_hosts);
    settle_sources(table);
    visit_cuts_apply(table, &options->visits);
    form_outcomes_settle(table);
    table->behaviour = behaviour_classify(table, &options->behaviour);
    settle_folded(table);
}
