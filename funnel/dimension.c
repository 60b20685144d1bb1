#include "funnel/dimension.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/names.h"
#include "parser/networks.h"

/* Facts */

/* The network that is looked up. */
static struct address anonymized(const struct address *address, unsigned bytes)
{
    static const struct {
        unsigned v4_prefix, v6_prefix;
    } cuts[] = {{32, 128}, {24, 48}, {16, 32}, {8, 16}};
    assert(bytes < sizeof cuts / sizeof cuts[0]);
    return bytes ? address_cut(address, cuts[bytes].v4_prefix, cuts[bytes].v6_prefix) : *address;
}

struct visit_facts visit_facts_new(const struct event_table *table, struct geo *geo,
                                   unsigned anonymized_bytes)
{
    struct visit_facts facts = {.table = table, .geo = geo};
    bool *is_known = mem_zeroed(table->client_count, sizeof *is_known);
    facts.place_of = mem_zeroed(table->client_count, sizeof *facts.place_of);
    for (size_t i = 0; i < table->visit_count; i++) {
        const struct visit *visit = &table->visits[i];
        if (is_known[visit->client] ||
            !event_table_is_person(table, &table->visitors[visit->visitor]))
            continue;
        struct address address =
            anonymized(&table->clients[visit->client].address, anonymized_bytes);
        facts.place_of[visit->client] = geo_lookup(geo, &address);
        is_known[visit->client] = true;
    }
    mem_free(is_known);
    return facts;
}

void visit_facts_clear(struct visit_facts *facts)
{
    mem_free(facts->place_of);
    *facts = (struct visit_facts){0};
}

/* Places */

static size_t place_count(const struct visit_facts *facts)
{
    return geo_place_count(facts->geo);
}

static uint32_t place_number(const struct visit_facts *facts, const struct visit *visit)
{
    return facts->place_of[visit->client];
}

static struct slice region_of(const struct geo_place *place)
{
    return place->country;
}

/* A level that is not known falls back to the one above it, and an unknown country has none. */
static struct slice subdivision_of(const struct geo_place *place)
{
    bool is_known = place->subdivision.size && !slice_is(place->country, "ZZ");
    return is_known ? place->subdivision : region_of(place);
}

static struct slice city_of(const struct geo_place *place)
{
    bool is_known = place->city.size && !slice_is(place->country, "ZZ");
    return is_known ? place->city : subdivision_of(place);
}

static struct slice region_text(const struct visit_facts *facts, uint32_t number)
{
    return region_of(geo_place(facts->geo, number));
}

static struct slice subdivision_text(const struct visit_facts *facts, uint32_t number)
{
    return subdivision_of(geo_place(facts->geo, number));
}

static struct slice city_text(const struct visit_facts *facts, uint32_t number)
{
    return city_of(geo_place(facts->geo, number));
}

static const char *region_label(struct arena *arena, struct slice text, uint32_t number)
{
    const char *name = country_name(text);
    (void)number;
    return name ? name : arena_copy(arena, text).at;
}

static const char *plain_label(struct arena *arena, struct slice text, uint32_t number)
{
    const char *country = country_name(text);
    (void)number;
    return country ? arena_format(arena, "%s, place unknown", country) : arena_copy(arena, text).at;
}

/* Sources */

static size_t source_count(const struct visit_facts *facts)
{
    return facts->table->source_count;
}

static uint32_t source_number(const struct visit_facts *facts, const struct visit *visit)
{
    (void)facts;
    return visit->source == SOURCE_NUMBER_NONE ? DIMENSION_NOTHING : visit->source;
}

static struct slice source_text(const struct visit_facts *facts, uint32_t number)
{
    enum source_class class = facts->table->sources[number].class;
    return class == SOURCE_NONE ? (struct slice){0} : slice_of(source_class_name(class));
}

static const char *source_label(struct arena *arena, struct slice text, uint32_t number)
{
    enum source_class class = SOURCE_DIRECT;
    (void)arena;
    (void)number;
    while (class < SOURCE_NONE && !slice_is(text, source_class_name(class)))
        class ++;
    return source_class_label(class);
}

static struct slice referrer_text(const struct visit_facts *facts, uint32_t number)
{
    return facts->table->sources[number].name;
}

static struct slice campaign_text(const struct visit_facts *facts, uint32_t number)
{
    return facts->table->sources[number].campaign;
}

/* Page views */

static const struct event *first_page_view(const struct visit_facts *facts,
                                           const struct visit *visit)
{
    const struct event *event = facts->table->events + visit->first_event;
    const struct event *end = event + visit->event_count;
    while (visit->page_views && event < end && event->kind != KIND_PAGE)
        event++;
    return visit->page_views && event < end ? event : NULL;
}

static const struct event *last_page_view(const struct visit_facts *facts,
                                          const struct visit *visit)
{
    const struct event *begin = facts->table->events + visit->first_event;
    const struct event *event = begin + visit->event_count;
    while (visit->page_views && event > begin) {
        if ((--event)->kind == KIND_PAGE)
            return event;
    }
    return NULL;
}

static size_t page_count(const struct visit_facts *facts)
{
    return facts->table->pages.count;
}

static uint32_t landing_number(const struct visit_facts *facts, const struct visit *visit)
{
    const struct event *event = first_page_view(facts, visit);
    return event ? event->page : DIMENSION_NOTHING;
}

static uint32_t exit_number(const struct visit_facts *facts, const struct visit *visit)
{
    const struct event *event = last_page_view(facts, visit);
    return event ? event->page : DIMENSION_NOTHING;
}

static struct slice page_text(const struct visit_facts *facts, uint32_t number)
{
    return number == PAGE_OTHER ? SLICE_LITERAL(DIMENSION_FOLDED)
                                : names_text(&facts->table->pages, number);
}

static size_t origin_count(const struct visit_facts *facts)
{
    return facts->table->origins.count;
}

static uint32_t origin_number(const struct visit_facts *facts, const struct visit *visit)
{
    const struct event *event = first_page_view(facts, visit);
    return event && event->origin != ORIGIN_NONE ? event->origin : DIMENSION_NOTHING;
}

static struct slice host_text(const struct visit_facts *facts, uint32_t number)
{
    if (number == ORIGIN_OTHER)
        return SLICE_LITERAL(DIMENSION_FOLDED);
    return origin_unpack(names_text(&facts->table->origins, number)).own_host;
}

/* Agents */

static const struct browser *browser_of_visit(const struct visit_facts *facts,
                                              const struct visit *visit)
{
    return &facts->table->agents[facts->table->clients[visit->client].agent].browser;
}

static size_t device_count(const struct visit_facts *facts)
{
    (void)facts;
    return DEVICE_COUNT;
}

static uint32_t device_number(const struct visit_facts *facts, const struct visit *visit)
{
    return browser_of_visit(facts, visit)->device;
}

static struct slice device_text(const struct visit_facts *facts, uint32_t number)
{
    (void)facts;
    return slice_of(device_name((enum device)number));
}

static const char *device_label(struct arena *arena, struct slice text, uint32_t number)
{
    static const char *const labels[DEVICE_COUNT] = {[DEVICE_UNKNOWN] = "Unknown",
                                                     [DEVICE_DESKTOP] = "Desktop",
                                                     [DEVICE_PHONE] = "Phone",
                                                     [DEVICE_TABLET] = "Tablet",
                                                     [DEVICE_TV] = "TV"};
    (void)arena;
    (void)text;
    return labels[number];
}

static size_t browser_count(const struct visit_facts *facts)
{
    (void)facts;
    return BROWSER_COUNT;
}

static uint32_t browser_number(const struct visit_facts *facts, const struct visit *visit)
{
    return browser_of_visit(facts, visit)->family;
}

static struct slice browser_text(const struct visit_facts *facts, uint32_t number)
{
    (void)facts;
    return slice_of(browser_family_name((enum browser_family)number));
}

static size_t agent_count(const struct visit_facts *facts)
{
    (void)facts;
    return AGENT_CLASS_COUNT;
}

static uint32_t agent_number(const struct visit_facts *facts, const struct visit *visit)
{
    return facts->table->visitors[visit->visitor].class;
}

static struct slice agent_text(const struct visit_facts *facts, uint32_t number)
{
    (void)facts;
    return slice_of(agent_class_name((enum agent_class)number));
}

static const char *agent_label(struct arena *arena, struct slice text, uint32_t number)
{
    (void)arena;
    (void)text;
    return agent_class_label((enum agent_class)number);
}

static uint64_t agent_more_page_views(const struct visit_facts *facts, uint32_t number)
{
    return facts->table->kinds.unkept_page_views[number];
}

/* The list */

static const struct dimension dimensions[] = {
    {.name = "region",
     .title = "Region",
     .unknown = "ZZ",
     .unknown_label = "Unknown",
     .number_count = place_count,
     .number = place_number,
     .text = region_text,
     .label = region_label},
    {.name = "subdivision",
     .title = "Subdivision",
     .unknown = "ZZ",
     .unknown_label = "Unknown",
     .parent = &dimensions[0],
     .number_count = place_count,
     .number = place_number,
     .text = subdivision_text,
     .label = plain_label},
    {.name = "city",
     .title = "City",
     .unknown = "ZZ",
     .unknown_label = "Unknown",
     .parent = &dimensions[1],
     .number_count = place_count,
     .number = place_number,
     .text = city_text,
     .label = plain_label},
    {.name = "source",
     .title = "Source",
     .unknown = "(none)",
     .unknown_label = "No page view",
     .number_count = source_count,
     .number = source_number,
     .text = source_text,
     .label = source_label},
    {.name = "referrer",
     .title = "Referrer",
     .unknown = "(none)",
     .unknown_label = "No referrer",
     .parent = &dimensions[3],
     .is_from_log = true,
     .number_count = source_count,
     .number = source_number,
     .text = referrer_text},
    {.name = "campaign",
     .title = "Campaign",
     .unknown = "(none)",
     .unknown_label = "No campaign",
     .parent = &dimensions[3],
     .is_from_log = true,
     .number_count = source_count,
     .number = source_number,
     .text = campaign_text},
    {.name = "landing",
     .title = "Landing page",
     .unknown = "(none)",
     .unknown_label = "No page view",
     .is_from_log = true,
     .number_count = page_count,
     .number = landing_number,
     .text = page_text},
    {.name = "exit",
     .title = "Exit page",
     .unknown = "(none)",
     .unknown_label = "No page view",
     .is_from_log = true,
     .number_count = page_count,
     .number = exit_number,
     .text = page_text},
    {.name = "device",
     .title = "Device",
     .unknown = "unknown",
     .unknown_label = "Unknown",
     .number_count = device_count,
     .number = device_number,
     .text = device_text,
     .label = device_label},
    {.name = "browser",
     .title = "Browser",
     .unknown = "Unknown",
     .unknown_label = "Unknown",
     .number_count = browser_count,
     .number = browser_number,
     .text = browser_text},
    {.name = "agent",
     .title = "Agent",
     .unknown = "(none)",
     .unknown_label = "Unknown",
     .of_everybody = true,
     .keeps_small = true,
     .number_count = agent_count,
     .number = agent_number,
     .text = agent_text,
     .label = agent_label,
     .more_page_views = agent_more_page_views},
    {.name = "host",
     .title = "Host",
     .unknown = "(none)",
     .unknown_label = "Unknown",
     .is_from_log = true,
     .number_count = origin_count,
     .number = origin_number,
     .text = host_text},
};

const struct dimension *dimension_list(size_t *count)
{
    *count = sizeof dimensions / sizeof dimensions[0];
    return dimensions;
}

const struct dimension *dimension_find(const char *name)
{
    for (size_t i = 0; i < sizeof dimensions / sizeof dimensions[0]; i++) {
        if (strcmp(dimensions[i].name, name) == 0)
            return &dimensions[i];
    }
    return NULL;
}

const char *const *dimension_names(void)
{
    static const char *const names[] = {"region",   "subdivision", "city", "source", "referrer",
                                        "campaign", "landing",     "exit", "device", "browser",
                                        "agent",    "host",        NULL};
    return names;
}

/* A value while values are being made. */
struct draft {
    struct slice text;
    uint32_t number; /* the first that has this text, for its label */
    uint32_t parent; /* draft of the dimension above; 0 when there is none */
    struct slice parent_text;
    uint32_t same_text; /* the next draft with its text, within another parent; NO_DRAFT */
    uint64_t visits, visitors, page_views;
    uint32_t last_visitor; /* + 1: who was counted last */
    bool is_unknown, is_folded;
    bool is_joined; /* unknown, in the row of what is unknown within another parent */
    bool has_namesake;
};
#define NO_DRAFT UINT32_MAX

struct drafts {
    const struct dimension *dimension;
    const struct visit_facts *facts;
    struct drafts *parents; /* NULL: none */
    struct draft *items;
    size_t count, capacity;
    struct names texts;
    uint32_t *first_of_text; /* by number of the text */
    size_t text_capacity;
    uint32_t *of_number; /* [number + 1]; 0: DIMENSION_NOTHING */
};

static uint32_t add_draft(struct drafts *drafts, const struct draft *draft)
{
    drafts->items =
        mem_grow(drafts->items, &drafts->capacity, drafts->count + 1, sizeof *drafts->items);
    drafts->items[drafts->count] = *draft;
    return (uint32_t)drafts->count++;
}

static bool has_number(uint32_t number)
{
    return number != DIMENSION_NOTHING;
}

static struct slice text_of_number(const struct drafts *drafts, uint32_t number)
{
    struct slice text = {0};
    if (has_number(number))
        text = drafts->dimension->text(drafts->facts, number);
    return text.size ? text : slice_of(drafts->dimension->unknown);
}

/* The draft of that text within that parent, made when it is new. */
static uint32_t draft_of_text(struct drafts *drafts, struct slice text, uint32_t parent,
                              uint32_t number)
{
    uint32_t known = drafts->texts.count, name = names_add(&drafts->texts, text);
    drafts->first_of_text = mem_grow(drafts->first_of_text, &drafts->text_capacity, name + 1,
                                     sizeof *drafts->first_of_text);
    if (name == known)
        drafts->first_of_text[name] = NO_DRAFT;
    uint32_t first = drafts->first_of_text[name];
    for (uint32_t i = first; i != NO_DRAFT; i = drafts->items[i].same_text) {
        if (drafts->items[i].parent == parent)
            return i;
    }
    struct draft draft = {.text = names_text(&drafts->texts, name),
                          .number = number,
                          .parent = parent,
                          .parent_text = drafts->parents ? drafts->parents->items[parent].text
                                                         : (struct slice){0},
                          .same_text = first,
                          .is_unknown = slice_is(text, drafts->dimension->unknown),
                          .is_folded = slice_is(text, DIMENSION_FOLDED),
                          .has_namesake = first != NO_DRAFT};
    if (first != NO_DRAFT)
        drafts->items[first].has_namesake = true;
    return drafts->first_of_text[name] = add_draft(drafts, &draft);
}

static uint32_t draft_of_number(struct drafts *drafts, uint32_t number)
{
    uint32_t *known = &drafts->of_number[has_number(number) ? number + 1 : 0];
    if (*known != NO_DRAFT)
        return *known;
    const uint32_t *above = drafts->parents ? drafts->parents->of_number : NULL;
    uint32_t parent = above ? above[has_number(number) ? number + 1 : 0] : 0;
    uint32_t draft = draft_of_text(drafts, text_of_number(drafts, number), parent, number);
    if (drafts->dimension->more_page_views && has_number(number))
        drafts->items[draft].page_views +=
            drafts->dimension->more_page_views(drafts->facts, number);
    return *known = draft;
}

/* NO_DRAFT of visits that the dimension is not about. */
static uint32_t draft_of_visit(struct drafts *drafts, const struct visit *visit)
{
    const struct event_table *table = drafts->facts->table;
    if (!drafts->dimension->of_everybody &&
        !event_table_is_person(table, &table->visitors[visit->visitor]))
        return NO_DRAFT;
    return draft_of_number(drafts, drafts->dimension->number(drafts->facts, visit));
}

/* Counts a visitor whose visits come one after the other, once. */
static void add_visitor(uint64_t *visitors, uint32_t *last_visitor, const struct visit *visit)
{
    *visitors += *last_visitor != visit->visitor + 1;
    *last_visitor = visit->visitor + 1;
}

/* Counts the visits that the dimension is about; of_visit (NULL: not needed) gets their drafts. */
static void count_visits(struct drafts *drafts, uint32_t *of_visit)
{
    const struct event_table *table = drafts->facts->table;
    for (size_t i = 0; i < table->visit_count; i++) {
        const struct visit *visit = &table->visits[i];
        uint32_t number = draft_of_visit(drafts, visit);
        if (of_visit)
            of_visit[i] = number == NO_DRAFT ? GROUPING_NONE : number;
        if (number == NO_DRAFT)
            continue;
        struct draft *draft = &drafts->items[number];
        draft->visits++;
        draft->page_views += visit->page_views;
        add_visitor(&draft->visitors, &draft->last_visitor, visit);
    }
}

/* Folding */

static int compare_texts(const struct draft *a, const struct draft *b)
{
    int order = slice_compare(a->text, b->text);
    return order ? order : slice_compare(a->parent_text, b->parent_text);
}

/* Fewest visitors first, then by text, and what is unknown last: the order in which drafts fold. */
static int compare_sizes(const void *left, const void *right)
{
    const struct draft *a = *(struct draft *const *)left, *b = *(struct draft *const *)right;
    if (a->is_unknown != b->is_unknown)
        return a->is_unknown ? 1 : -1;
    if (a->visitors != b->visitors)
        return a->visitors < b->visitors ? -1 : 1;
    return compare_texts(a, b);
}

/* Most visits first, then by text. */
static int compare_drafts(const void *left, const void *right)
{
    const struct draft *a = *(struct draft *const *)left, *b = *(struct draft *const *)right;
    if (a->visits != b->visits)
        return a->visits > b->visits ? -1 : 1;
    return compare_texts(a, b);
}

/* Those that have a row of their own, in that order; the caller frees the list. */
static struct draft **kept_drafts(const struct drafts *drafts, size_t *count,
                                  int (*compare)(const void *, const void *))
{
    struct draft **kept = mem_alloc((drafts->count + 1) * sizeof(struct draft *));
    *count = 0;
    for (size_t i = 0; i < drafts->count; i++) {
        if (!drafts->items[i].is_folded && !drafts->items[i].is_joined)
            kept[(*count)++] = &drafts->items[i];
    }
    if (*count)
        qsort(kept, *count, sizeof(struct draft *), compare);
    return kept;
}

/* The small ones, and all within a parent that is folded. */
static void fold_small(struct drafts *drafts, uint64_t min_cell)
{
    for (size_t i = 0; i < drafts->count; i++) {
        struct draft *draft = &drafts->items[i];
        bool is_small = draft->visitors < min_cell;
        bool is_hidden = drafts->parents && drafts->parents->items[draft->parent].is_folded;
        draft->is_folded |= is_hidden || (is_small && !draft->is_unknown);
    }
}

/* Those with the fewest visits, when there are too many to show. */
static void fold_excess(struct drafts *drafts)
{
    size_t count, unknown = 0;
    struct draft **kept = kept_drafts(drafts, &count, compare_drafts);
    for (size_t i = 0; i < count; i++)
        unknown += kept[i]->is_unknown;
    size_t texts = count - unknown, rows = unknown > 0;
    bool is_too_much = texts + rows + (count < drafts->count) > DIMENSION_MAX_VALUES;
    rows++; /* "(other)" */
    for (size_t i = 0; is_too_much && i < count; i++)
        kept[i]->is_folded = !kept[i]->is_unknown && rows++ >= DIMENSION_MAX_VALUES;
    mem_free(kept);
}

/* Whoever has a visit that is folded, within one parent. */
struct pool {
    uint64_t visitors;
    uint32_t last_visitor; /* + 1: who was counted last */
};

/* Somebody with several of the folded values is counted once. */
static void count_pools(struct drafts *drafts, struct pool *pools)
{
    const struct event_table *table = drafts->facts->table;
    for (size_t i = 0; i < table->visit_count; i++) {
        const struct visit *visit = &table->visits[i];
        uint32_t number = draft_of_visit(drafts, visit);
        if (number == NO_DRAFT || !drafts->items[number].is_folded)
            continue;
        struct pool *pool = &pools[drafts->items[number].parent];
        add_visitor(&pool->visitors, &pool->last_visitor, visit);
    }
}

/*
 * The next smallest, where what is folded within a parent has fewer than min_cell visitors. One is
 * enough: whatever is not folded by now has so many itself, but for the unknown, after which
 * nothing is left.
 */
static void fold_needed(struct drafts *drafts, uint64_t min_cell)
{
    size_t pool_count = drafts->parents ? drafts->parents->count : 1, count;
    struct pool *pools = mem_zeroed(pool_count, sizeof *pools);
    struct draft **kept = kept_drafts(drafts, &count, compare_sizes);
    if (count < drafts->count)
        count_pools(drafts, pools);
    for (size_t i = 0; i < count; i++) {
        struct pool *pool = &pools[kept[i]->parent];
        if (pool->visitors == 0 || pool->visitors >= min_cell)
            continue;
        kept[i]->is_folded = true;
        pool->visitors = kept[i]->visitors;
    }
    mem_free(kept);
    mem_free(pools);
}

static void fold(struct drafts *drafts, uint64_t min_cell)
{
    if (drafts->dimension->keeps_small)
        return;
    fold_small(drafts, min_cell);
    if (drafts->dimension->is_from_log)
        fold_excess(drafts);
    if (min_cell > 1)
        fold_needed(drafts, min_cell);
}

/* Drafts of a dimension, folded, and under them those of the one above it. */
static struct drafts *drafts_new(const struct dimension *dimension, const struct visit_facts *facts,
                                 uint64_t min_cell, uint32_t *of_visit)
{
    struct drafts *drafts = mem_zeroed(1, sizeof *drafts);
    size_t numbers = dimension->number_count(facts) + 1;
    drafts->dimension = dimension;
    drafts->facts = facts;
    if (dimension->parent)
        drafts->parents = drafts_new(dimension->parent, facts, min_cell, NULL);
    drafts->of_number = mem_alloc(numbers * sizeof *drafts->of_number);
    memset(drafts->of_number, 0xff, numbers * sizeof *drafts->of_number); /* NO_DRAFT */
    names_init(&drafts->texts, hash_key_random());
    count_visits(drafts, of_visit);
    fold(drafts, min_cell);
    return drafts;
}

static void drafts_free(struct drafts *drafts)
{
    if (!drafts)
        return;
    drafts_free(drafts->parents);
    names_clear(&drafts->texts);
    mem_free(drafts->first_of_text);
    mem_free(drafts->of_number);
    mem_free(drafts->items);
    mem_free(drafts);
}

/* Rows of the report */

/* What is unknown is one row, within however many parents it is. */
static void join_unknown(struct drafts *drafts)
{
    struct draft *first = NULL;
    for (size_t i = 0; i < drafts->count; i++) {
        struct draft *draft = &drafts->items[i];
        if (!draft->is_unknown || draft->is_folded)
            continue;
        if (first) {
            first->visits += draft->visits;
            first->page_views += draft->page_views;
            draft->is_joined = true;
        } else {
            first = draft;
        }
    }
}

/* Two towns of one name, each in its own subdivision, are told apart by that. */
static const char *row_text(const struct draft *draft, struct arena *arena)
{
    if (!draft->has_namesake || draft->is_unknown)
        return arena_copy(arena, draft->text).at;
    return arena_format(arena, "%.*s (%.*s)", SLICE_ARG(draft->text),
                        SLICE_ARG(draft->parent_text));
}

static const char *row_label(const struct drafts *drafts, const struct draft *draft,
                             const char *value, struct arena *arena)
{
    const struct dimension *dimension = drafts->dimension;
    if (draft->is_unknown)
        return dimension->unknown_label;
    if (!dimension->label || draft->has_namesake)
        return value;
    return dimension->label(arena, draft->text, draft->number);
}

static struct report_value row_of(const struct drafts *drafts, const struct draft *draft,
                                  struct arena *arena)
{
    struct report_value row = {
        .value = row_text(draft, arena), .visits = draft->visits, .page_views = draft->page_views};
    row.label = row_label(drafts, draft, row.value, arena);
    return row;
}

/* One row for all that are folded; false when none is. */
static bool sum_folded(const struct drafts *drafts, uint32_t index, uint32_t *index_of,
                       struct report_value *row)
{
    bool is_any = false;
    *row =
        (struct report_value){.value = DIMENSION_FOLDED, .label = "Other, each too small to show"};
    for (size_t i = 0; i < drafts->count; i++) {
        const struct draft *draft = &drafts->items[i];
        if (!draft->is_folded)
            continue;
        is_any = true;
        index_of[i] = index;
        row->visits += draft->visits;
        row->page_views += draft->page_views;
    }
    return is_any;
}

/* The kept ones in order, then the folded ones; index_of gets the rows of the drafts. */
static void write_rows(struct drafts *drafts, struct grouping *grouping, uint32_t *index_of,
                       struct arena *arena)
{
    size_t count;
    uint32_t unknown = 0;
    join_unknown(drafts);
    struct draft **kept = kept_drafts(drafts, &count, compare_drafts);
    grouping->values = arena_alloc(arena, (count + 1) * sizeof *grouping->values);
    for (size_t i = 0; i < count; i++) {
        grouping->values[i] = row_of(drafts, kept[i], arena);
        index_of[kept[i] - drafts->items] = (uint32_t)i;
        unknown = kept[i]->is_unknown ? (uint32_t)i : unknown;
    }
    for (size_t i = 0; i < drafts->count; i++) {
        if (drafts->items[i].is_joined)
            index_of[i] = unknown;
    }
    grouping->count = count;
    grouping->count += sum_folded(drafts, (uint32_t)count, index_of, &grouping->values[count]);
    mem_free(kept);
}

/* Once the rows are known, as somebody can have several of those that are folded into one. */
static void count_visitors(struct grouping *grouping, const struct event_table *table)
{
    uint32_t *last_visitors = mem_zeroed(grouping->count, sizeof *last_visitors);
    for (size_t i = 0; i < table->visit_count; i++) {
        uint32_t value = grouping->of_visit[i];
        if (value != GROUPING_NONE)
            add_visitor(&grouping->values[value].visitors, &last_visitors[value],
                        &table->visits[i]);
    }
    mem_free(last_visitors);
}

struct grouping grouping_new(const struct dimension *dimension, const struct visit_facts *facts,
                             uint64_t min_cell, struct arena *arena)
{
    size_t visits = facts->table->visit_count;
    struct grouping grouping = {.dimension = dimension,
                                .of_visit = mem_zeroed(visits, sizeof *grouping.of_visit)};
    struct drafts *drafts = drafts_new(dimension, facts, min_cell, grouping.of_visit);
    uint32_t *index_of = mem_zeroed(drafts->count, sizeof *index_of);
    write_rows(drafts, &grouping, index_of, arena);
    for (size_t i = 0; i < visits; i++) {
        if (grouping.of_visit[i] != GROUPING_NONE)
            grouping.of_visit[i] = index_of[grouping.of_visit[i]];
    }
    count_visitors(&grouping, facts->table);
    mem_free(index_of);
    drafts_free(drafts);
    return grouping;
}

void grouping_clear(struct grouping *grouping)
{
    mem_free(grouping->of_visit);
    *grouping = (struct grouping){0};
}
