/*
 * The event table against a slow reference: hits are made at random, cut into blocks, and the
 * blocks given to recorders at random, in any order. Who made a hit, visits, pages and origins must
 * be what the headers say, with the same events in the order of (time, input, line), however the
 * blocks were spread.
 *
 * Each hit has a status of its own, which tells the events apart in the table. Between the hits
 * stand rejected lines, whose text is their number: the first of each input and reason are samples.
 */
#include "funnel/event_table.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/civil.h"
#include "base/sink.h"

enum {
    MAX_HITS = 150,
    MAX_INPUTS = 3,
    MAX_RECORDERS = 4,
    TIMEOUT_MS = 100,
    DAY_MS = 86400000,
    CASES = 400,
    FIRST_STATUS = 200,
    MANY_KEYS = 1000,
    TEXT_MAX = 160,
};

static const char journey_text[] =
    "journey: test\n"
    "touchpoints:\n"
    "  marked: {match: {path: [/marked, /api/marked], status: 2xx|3xx}}\n"
    "  other: {match: {path: /a, status: 2xx|3xx}}\n"
    "funnels:\n"
    "  f: {steps: [marked, marked]}\n";

/* The first three are one address; of 2001:db8::/64 there are two. Some are internal at times. */
static const struct {
    const char *text, *network; /* of a name the name */
    bool is_name, may_be_internal;
} addresses[] = {
    {"10.0.0.1", "10.0.0.1", false, false},
    {"::ffff:10.0.0.1", "10.0.0.1", false, false},
    {"::ffff:a00:1", "10.0.0.1", false, false},
    {"10.0.0.2", "10.0.0.2", false, true},
    {"2001:db8::1", "2001:db8::", false, false},
    {"2001:db8::2", "2001:db8::", false, true},
    {"2001:db8:0:1::1", "2001:db8:0:1::", false, false},
    {"host-a.example", "host-a.example", true, false},
    {"host-b.example", "host-b.example", true, false},
    {"-", "-", true, false},
};

#define FIREFOX "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
static const char *const agents[] = {FIREFOX, FIREFOX " extra", "Safari/605", "-", "Googlebot/2.1"};

static const struct {
    enum request_method method;
    const char *url, *page; /* with the parameter that can be shown */
    char kind, mark;        /* 'p'age, 'c'all, 'a'sset; '*' and '+': the touchpoints */
    unsigned traits;
} urls[] = {
    {METHOD_GET, "/", "/", 'p', '.', 0},
    {METHOD_GET, "/a", "/a", 'p', '+', 0},
    {METHOD_POST, "/a", "/a", 'p', '+', 0},
    {METHOD_GET, "/a?x=1", "/a", 'p', '+', 0},
    {METHOD_GET, "/a?utm_source=News", "/a", 'p', '+', 0},
    {METHOD_GET, "/marked", "/marked", 'p', '*', 0},
    {METHOD_GET, "/b?id=1", "/b?id=1", 'p', '.', 0},
    {METHOD_GET, "/b?x=1&id=2", "/b?id=2", 'p', '.', 0},
    {METHOD_GET, "/.env", "/.env", 'p', '.', VISITOR_ATTACKED},
    {METHOD_GET, "/logo.png", "", 'a', 0, VISITOR_LOADED_ASSET},
    {METHOD_GET, "/style.css", "", 'a', 0, VISITOR_LOADED_ASSET},
    {METHOD_GET, "/robots.txt", "/robots.txt", 'a', '.', VISITOR_READ_ROBOTS}, /* a proof */
    {METHOD_GET, "/api/marked", "/api/marked", 'c', '*', 0},
    {METHOD_GET, "/api/other", "", 'c', 0, 0},
    {METHOD_GET, "/api/1", "", 'c', 0, 0},
    {METHOD_GET, "/api/2", "", 'c', 0, 0},
    {METHOD_GET, "/api/3", "", 'c', 0, 0},
};

static const struct {
    const char *text, *path;
} referrers[] = {
    {"-", ""},
    {"https://www.google.com/", "/"},
    {"https://shop.example/a", "/a"},
    {"https://shop.example/b?id=1", "/b"},
    {"https://other.example/x", "/x"},
    {"https://another.example", "/"},
};
static const char *const hosts[] = {"", "shop.example", "www.shop.example"};
static const char *const uids[] = {NULL, NULL, "7", "8", "ann"};
static const char *const users[] = {NULL, NULL, "ann", "bob"};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const struct visitor_rule uid_rule = {KEY_COOKIE, "uid", "cookie:uid", EXTRA_FIELDS};
static const struct visitor_rule user_rule = {KEY_USER, "", "user", EXTRA_FIELDS};
static const struct visitor_rule address_rules[] = {
    {KEY_ADDRESS_AGENT, "", "address+agent", 0},
    {KEY_ADDRESS, "", "address", 0},
    {KEY_ADDRESS_HOST, "", "address+host", 0},
    {KEY_ADDRESS_AGENT_HOST, "", "address+agent+host", 0},
};

struct made {
    struct hit hit;
    size_t address, agent, url, referrer, host, uid, user;
    char cookie[32];
    uint32_t input, block;
    bool is_filtered;
    bool is_rejected; /* a line that is no hit */
    bool is_internal;
    struct agent_facts facts;
    char client[TEXT_MAX]; /* who is the same client has the same text */
    char key[TEXT_MAX];    /* likewise by the first rule that has a value */
    char who[TEXT_MAX];    /* likewise after hits without an id were joined */
    unsigned rule, who_rule;
    char page[TEXT_MAX]; /* of an event, and its origin */
    char origin_text[ORIGIN_TEXT_MAX + ORIGIN_PAGE_MAX];
    struct slice origin;
};

struct scene {
    struct made made[MAX_HITS];
    size_t count;
    struct recorder_options options;
    int32_t zone_s; /* whose midnight cuts, east of UTC */
    uint64_t rejected[MAX_INPUTS];
};

/* What all scenes share. */
static struct journey *journey;
static struct rules *rules;
static struct agent_rules *agent_rules;
static struct trait_rules *trait_rules;
static struct networks *internal;
static struct time_zone *zone;
enum { ZONE_S = -(3 * 3600 + 1800) };
static const struct slice shown_parameters[] = {{"id", 2}};

static void set_up(void)
{
    struct error error = {0};
    journey = journey_parse(slice_of(journey_text), "test", &error);
    ck_assert_msg(journey != NULL, "%s", error.sentence);
    rules = rules_new(journey);
    agent_rules = agent_rules_new(&error);
    ck_assert_msg(agent_rules != NULL, "%s", error.sentence);
    trait_rules = trait_rules_new();
    internal = networks_new();
    ck_assert(networks_add(internal, "10.0.0.2", &error));
    ck_assert(networks_add(internal, "2001:db8::2", &error));
    zone = time_zone_new("-03:30");
    ck_assert_ptr_nonnull(zone);
}

static void tear_down(void)
{
    time_zone_free(zone);
    networks_free(internal);
    trait_rules_free(trait_rules);
    agent_rules_free(agent_rules);
    rules_free(rules);
    journey_free(journey);
}

static struct recorder_options plain_options(void)
{
    return (struct recorder_options){
        .key = hash_key_random(),
        .rules = rules,
        .agent_rules = agent_rules,
        .trait_rules = trait_rules,
        .visitor_rules = visitor_rules_default(),
        .visit_timeout_ms = TIMEOUT_MS,
        .counted_classes = 1u << AGENT_PERSON,
        .kept_classes = 1u << AGENT_PERSON,
        .keeps_visitor_ids = true,
        .max_keys = MANY_KEYS,
        .worker_max_keys = MANY_KEYS,
        .since_ms = INT64_MIN,
        .until_ms = INT64_MAX,
        .input_count = MAX_INPUTS,
    };
}

static uint64_t splitmix(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static unsigned below(uint64_t *state, unsigned limit)
{
    return (unsigned)(splitmix(state) % limit);
}

/* ---- making a scene ---- */

/* Some of the rules by value, and one by address. */
static void choose_rules(uint64_t *state, struct visitor_rules *rules_of_scene)
{
    unsigned which = below(state, 6);
    struct visitor_rules chosen = {.v4_prefix = 32, .v6_prefix = 64};
    if (which & 1)
        chosen.items[chosen.count++] = uid_rule;
    if (which & 2)
        chosen.items[chosen.count++] = user_rule;
    if (which > 3 || which == 1) {
        chosen.items[chosen.count++] = address_rules[below(state, COUNT(address_rules))];
    } else {
        chosen.items[chosen.count++] = address_rules[0];
    }
    *rules_of_scene = chosen;
}

static void choose_options(uint64_t *state, struct scene *scene)
{
    struct recorder_options *options = &scene->options;
    *options = plain_options();
    choose_rules(state, &options->visitor_rules);
    if (below(state, 2))
        options->internal = internal;
    options->cuts_at_midnight = below(state, 2);
    if (below(state, 2))
        options->zone = zone;
    scene->zone_s = options->zone ? ZONE_S : 0;
    options->kept_classes |= below(state, 2) << AGENT_SEARCH | below(state, 2) << AGENT_INTERNAL;
    options->keeps_referring_pages = below(state, 2);
    options->shown_parameters = shown_parameters;
    options->shown_parameter_count = below(state, 2);
    options->max_keys = below(state, 2) ? 1 + below(state, 5) : MANY_KEYS;
}

static void describe(const struct scene *scene, struct made *made);

static void make_one(uint64_t *state, struct scene *scene, size_t number, unsigned spread)
{
    struct made *made = &scene->made[number];
    *made = (struct made){
        .address = below(state, COUNT(addresses)),
        .agent = below(state, COUNT(agents)),
        .url = below(state, COUNT(urls)),
        .referrer = below(state, COUNT(referrers)),
        .host = below(state, COUNT(hosts)),
        .uid = below(state, COUNT(uids)),
        .user = below(state, COUNT(users)),
    };
    if (uids[made->uid])
        snprintf(made->cookie, sizeof made->cookie, "a=b; uid=%s", uids[made->uid]);
    /* Multiples of half the timeout meet its edge exactly; some are one off. The middle of the
     * times is midnight. */
    int64_t time_ms = DAY_MS - scene->zone_s * INT64_C(1000) - spread / 2 * (TIMEOUT_MS / 2) +
                      (int64_t)below(state, spread) * TIMEOUT_MS / 2 + below(state, 3) - 1;
    made->hit = (struct hit){
        .time_ms = time_ms,
        .has_zone = true,
        .address_text = slice_of(addresses[made->address].text),
        .agent = slice_of(agents[made->agent]),
        .referrer = slice_of(referrers[made->referrer].text),
        .host = slice_of(hosts[made->host]),
        .cookie = slice_of(made->cookie),
        .user = slice_of(users[made->user] ? users[made->user] : "-"),
        .request = request_of_url(urls[made->url].method, slice_of(urls[made->url].url)),
        .status = (uint16_t)(FIRST_STATUS + number),
    };
    address_parse(made->hit.address_text, &made->hit.address);
    made->is_filtered = time_ms < scene->options.since_ms || time_ms >= scene->options.until_ms;
    made->hit.oddity = (uint8_t)below(state, ODD_COUNT);
    made->hit.duration_us = below(state, 2) ? HIT_NO_DURATION : (int64_t)number * 1000;
    made->is_rejected = below(state, 8) == 0;
    describe(scene, made);
}

static void join_scene(struct scene *scene);

/* Lines in input order; their times are in any order. */
static void make_scene(uint64_t *state, struct scene *scene)
{
    choose_options(state, scene);
    scene->count = below(state, MAX_HITS + 1);
    int64_t midnight_ms = DAY_MS - scene->zone_s * INT64_C(1000);
    scene->options.since_ms = below(state, 3) ? INT64_MIN : midnight_ms - below(state, 1000);
    scene->options.until_ms = below(state, 3) ? INT64_MAX : midnight_ms + below(state, 1000);
    unsigned spread = 4 + below(state, 60);
    uint32_t input = 0, block = 0;
    for (size_t i = 0; i < scene->count; i++) {
        make_one(state, scene, i, spread);
        if (below(state, 60) == 0 && input + 1 < MAX_INPUTS) {
            input++;
            block = 0;
        }
        scene->made[i].input = input;
        scene->made[i].block = block;
        block += below(state, 6) == 0;
    }
    for (size_t i = 0; i < MAX_INPUTS; i++)
        scene->rejected[i] = below(state, 5);
    join_scene(scene);
}

/* ---- recording ---- */

static void reject_line(struct recorder *recorder, enum reject_reason reason, struct slice line,
                        uint32_t number)
{
    recorder_add_rejected(recorder, reason, 1);
    if (recorder_wants_sample(recorder, reason, number))
        recorder_add_sample(recorder, reason, number, line, NULL);
}

static void record_line(struct recorder *recorder, const struct made *made, size_t number)
{
    char text[32];
    snprintf(text, sizeof text, "%zu", number);
    if (made->is_rejected)
        reject_line(recorder, REJECT_FORMAT, slice_of(text), (uint32_t)number);
    else
        recorder_add_hit(recorder, &made->hit);
}

/* Records the block that begins with that line; how many lines it has. */
static size_t record_block(struct recorder *recorder, const struct scene *scene, size_t start)
{
    const struct made *first = &scene->made[start];
    size_t i = start;
    recorder_begin_block(recorder, first->input, first->block);
    for (; i < scene->count && scene->made[i].input == first->input &&
           scene->made[i].block == first->block;
         i++)
        record_line(recorder, &scene->made[i], i);
    return i - start;
}

static bool begins_block(const struct scene *scene, size_t line)
{
    const struct made *made = &scene->made[line];
    return line == 0 || made[-1].input != made->input || made[-1].block != made->block;
}

static void record_rest(struct recorder *recorder, const struct scene *scene, uint32_t input)
{
    recorder_begin_block(recorder, input, 1000);
    recorder_add_rejected(recorder, REJECT_TIME, scene->rejected[input]);
}

/* Blocks in a random order, each to a random recorder. */
static void record_anyhow(uint64_t *state, const struct scene *scene, struct recorder **list,
                          unsigned recorders)
{
    bool is_done[MAX_HITS] = {false};
    for (size_t left = scene->count; left > 0;) {
        size_t start = below(state, (unsigned)scene->count);
        if (is_done[start] || !begins_block(scene, start))
            continue;
        left -= record_block(list[below(state, recorders)], scene, start);
        is_done[start] = true;
    }
    for (uint32_t i = 0; i < MAX_INPUTS; i++)
        record_rest(list[below(state, recorders)], scene, i);
}

static void record_in_order(const struct scene *scene, struct recorder *recorder)
{
    for (size_t i = 0; i < scene->count;)
        i += record_block(recorder, scene, i);
    for (uint32_t i = 0; i < MAX_INPUTS; i++)
        record_rest(recorder, scene, i);
}

/* The table of the recorders, which are freed. */
static struct event_table *finish(struct recorder **list, size_t recorders)
{
    struct event_table *table = event_table_new(list, recorders);
    for (size_t i = 0; i < recorders; i++)
        recorder_free(list[i]);
    return table;
}

/*
 * As it is done with a log: several recorders, with a cap of their own or (for what can be read but
 * once) without; when one of them is over its cap, one recorder reads all in order.
 */
static struct event_table *record(uint64_t *state, const struct scene *scene)
{
    struct recorder_options options = scene->options;
    unsigned recorders = 1 + below(state, MAX_RECORDERS);
    struct recorder *list[MAX_RECORDERS];
    bool is_over = false;
    options.worker_max_keys = below(state, 2) ? UINT32_MAX : options.max_keys;
    for (size_t i = 0; i < recorders; i++)
        list[i] = recorder_new(&options);
    record_anyhow(state, scene, list, recorders);
    for (size_t i = 0; i < recorders; i++)
        is_over = is_over || recorder_is_over(list[i]);
    if (!is_over)
        return finish(list, recorders);
    for (size_t i = 0; i < recorders; i++)
        recorder_free(list[i]);
    list[0] = recorder_new(&options);
    record_in_order(scene, list[0]);
    return finish(list, 1);
}

/* ---- the reference: who, where, where from, by the words of the headers ---- */

static bool is_counted(const struct made *made)
{
    return !made->is_filtered && !made->is_rejected;
}

static bool is_kept(const struct scene *scene, const struct made *made)
{
    return scene->options.kept_classes >> made->facts.class & 1;
}

/* Of styles and scripts the referrer's host counts. */
static bool shows_own_host(const struct made *made)
{
    return strcmp(urls[made->url].url, "/style.css") == 0;
}

static bool is_event(const struct scene *scene, const struct made *made)
{
    return is_kept(scene, made) && (urls[made->url].kind == 'p' || urls[made->url].mark);
}

static const char *value_for(const struct made *made, enum visitor_key_kind kind)
{
    return kind == KEY_COOKIE ? uids[made->uid] : kind == KEY_USER ? users[made->user] : NULL;
}

/* The first rule that has a value; the last one always has. */
static void describe_key(const struct visitor_rules *of_scene, struct made *made)
{
    for (made->rule = 0; made->rule + 1 < of_scene->count; made->rule++) {
        const char *value = value_for(made, of_scene->items[made->rule].kind);
        if (!value)
            continue;
        snprintf(made->key, sizeof made->key, "value %u %s", made->rule, value);
        return;
    }
    const char *network = addresses[made->address].network, *host = hosts[made->host];
    switch (of_scene->items[made->rule].kind) {
    case KEY_ADDRESS:
        snprintf(made->key, sizeof made->key, "%s", network);
        break;
    case KEY_ADDRESS_HOST:
        snprintf(made->key, sizeof made->key, "%s %s", network, host);
        break;
    case KEY_ADDRESS_AGENT_HOST:
        snprintf(made->key, sizeof made->key, "%.100s %s", made->client, host);
        break;
    default:
        snprintf(made->key, sizeof made->key, "%s", made->client);
        break;
    }
}

static void describe(const struct scene *scene, struct made *made)
{
    const struct recorder_options *options = &scene->options;
    made->is_internal = options->internal && addresses[made->address].may_be_internal;
    made->facts = agent_facts_of(agent_rules, made->hit.agent);
    if (made->is_internal)
        made->facts.class = AGENT_INTERNAL;
    snprintf(made->client, sizeof made->client, "%s %zu %d", addresses[made->address].network,
             made->agent, made->is_internal);
    describe_key(&options->visitor_rules, made);
    snprintf(made->page, sizeof made->page, "%s", urls[made->url].page);
    if (!options->shown_parameter_count)
        made->page[strcspn(made->page, "?")] = '\0';
    bool is_asset = shows_own_host(made);
    struct slice none = {0}, referrer = made->hit.referrer;
    made->origin = origin_pack(is_asset ? none : made->hit.host, referrer,
                               is_asset ? none : made->hit.request.query, made->origin_text);
    if (options->keeps_referring_pages && !is_asset)
        made->origin = origin_pack_page(made->origin, referrer, made->origin_text);
}

/* The hit of another id on that client; NULL when there is none, or more than one id. */
static const struct made *sole_of(const struct scene *scene, const struct made *made)
{
    const struct made *sole = NULL;
    for (size_t i = 0; i < scene->count; i++) {
        const struct made *other = &scene->made[i];
        bool has_id = other->rule + 1 < scene->options.visitor_rules.count;
        if (!is_counted(other) || !has_id || strcmp(other->client, made->client) != 0)
            continue;
        if (sole && strcmp(sole->key, other->key) != 0)
            return NULL;
        sole = other;
    }
    return sole;
}

/* Hits without an id belong to the one id that was seen on the same client, if it was only one. */
static void join_scene(struct scene *scene)
{
    const struct visitor_rules *of_scene = &scene->options.visitor_rules;
    enum visitor_key_kind last = of_scene->items[of_scene->count - 1].kind;
    bool joins = last == KEY_ADDRESS_AGENT || last == KEY_ADDRESS_AGENT_HOST;
    for (size_t i = 0; i < scene->count; i++) {
        struct made *made = &scene->made[i];
        bool is_without = made->rule + 1 == of_scene->count && of_scene->count > 1;
        const struct made *sole = joins && is_without ? sole_of(scene, made) : NULL;
        memcpy(made->who, sole ? sole->key : made->key, sizeof made->who);
        made->who_rule = sole ? sole->rule : made->rule;
    }
}

/* ---- both sides tell each visitor in one line of text; the lines are sorted and compared ---- */

/* Names are told apart by no more than that they differ. */
static void tell_client(struct sink *sink, const struct address *address,
                        const struct agent_facts *facts)
{
    sink_format(sink, " [%d", (int)address->family);
    for (int i = 0; i < 16 && address->family != ADDRESS_NAME; i++)
        sink_format(sink, "%02x", address->bytes[i]);
    sink_format(sink, " %d %d %d %d %d]", facts->crawler, facts->class, facts->is_absent,
                facts->browser.family, facts->browser.version);
}

static void tell_visitor(struct sink *sink, unsigned key, unsigned class, const struct hash128 *id)
{
    sink_format(sink, "key %u class %u", key, class);
    if (id)
        sink_format(sink, " id %llx %llx", (unsigned long long)id->high,
                    (unsigned long long)id->low);
}

static void tell_visit(struct sink *sink, int64_t first_ms, int64_t last_ms, uint64_t hits,
                       uint64_t page_views)
{
    sink_format(sink, " | %lld-%lld hits %llu views %llu:", (long long)first_ms, (long long)last_ms,
                (unsigned long long)hits, (unsigned long long)page_views);
}

/* mark: '*' for the first touchpoint, '+' for the second, '.' for neither. */
static void tell_event(struct sink *sink, unsigned status, int64_t time_ms, char mark,
                       unsigned flags)
{
    sink_format(sink, " %u@%lld%c%u", status, (long long)time_ms, mark, flags);
}

struct tellings {
    struct sink *sinks[MAX_HITS];
    size_t count;
};

static int compare_sinks(const void *left, const void *right)
{
    struct sink *const *a = left, *const *b = right;
    return slice_compare(sink_contents(*a), sink_contents(*b));
}

static struct sink *next_telling(struct tellings *tellings)
{
    ck_assert_uint_lt(tellings->count, MAX_HITS);
    return tellings->sinks[tellings->count++] = sink_open_memory();
}

static void sort_tellings(struct tellings *tellings)
{
    if (tellings->count)
        qsort(tellings->sinks, tellings->count, sizeof(struct sink *), compare_sinks);
}

static void clear_tellings(struct tellings *tellings)
{
    for (size_t i = 0; i < tellings->count; i++)
        sink_abandon(tellings->sinks[i]);
}

static char mark_of(const struct event_table *table, const struct event *event)
{
    const struct touch_marks *marks = &table->marks[event->mark];
    return touch_set_has(&marks->reached, 0) ? '*' : touch_set_has(&marks->reached, 1) ? '+' : '.';
}

static void tell_visits(const struct event_table *table, size_t number, struct sink *sink)
{
    const struct visitor *visitor = &table->visitors[number];
    size_t next_event = visitor->first_event;
    for (size_t k = 0; k < visitor->visit_count; k++) {
        const struct visit *visit = &table->visits[visitor->first_visit + k];
        const struct client *client = &table->clients[visit->client];
        ck_assert_uint_eq(visit->visitor, number);
        ck_assert_uint_eq(visit->first_event, next_event);
        next_event += visit->event_count;
        tell_visit(sink, visit->first_ms, visit->last_ms, visit->hits, visit->page_views);
        tell_client(sink, &client->address, &table->agents[client->agent]);
        for (size_t e = visit->first_event; e < next_event; e++) {
            const struct event *event = &table->events[e];
            ck_assert_uint_eq(event->visitor, number);
            tell_event(sink, event->status, event->time_ms, mark_of(table, event), event->flags);
        }
    }
    ck_assert_uint_eq(next_event, visitor->first_event + visitor->event_count);
}

/* Of who is known by a value, the id follows from it. */
static void tell_table(const struct event_table *table, struct tellings *tellings)
{
    *tellings = (struct tellings){.count = 0};
    for (size_t i = 0; i < table->visitor_count; i++) {
        const struct visitor *visitor = &table->visitors[i];
        const struct client *client = &table->clients[visitor->client];
        struct sink *sink = next_telling(tellings);
        bool has_value = visitor->key + 1u < table->visitor_rules.count;
        tell_visitor(sink, visitor->key, visitor->class, has_value ? &table->visitor_ids[i] : NULL);
        tell_client(sink, &client->address, &table->agents[client->agent]);
        tell_visits(table, i, sink);
    }
    sort_tellings(tellings);
}

/* The lines of one visitor by (time, line), sorted by repeated search. */
static size_t lines_of(const struct scene *scene, const char *who, size_t *lines)
{
    size_t count = 0;
    for (size_t i = 0; i < scene->count; i++) {
        if (!is_counted(&scene->made[i]) || strcmp(scene->made[i].who, who) != 0)
            continue;
        size_t at = count++;
        for (; at && scene->made[lines[at - 1]].hit.time_ms > scene->made[i].hit.time_ms; at--)
            lines[at] = lines[at - 1];
        lines[at] = i;
    }
    return count;
}

static int64_t day_number(const struct scene *scene, int64_t time_ms)
{
    return (time_ms + scene->zone_s * INT64_C(1000)) / DAY_MS; /* never before 1970 */
}

static bool is_together(const struct scene *scene, const struct made *a, const struct made *b)
{
    bool is_same_day = day_number(scene, a->hit.time_ms) == day_number(scene, b->hit.time_ms);
    return b->hit.time_ms - a->hit.time_ms <= TIMEOUT_MS &&
           (is_same_day || !scene->options.cuts_at_midnight);
}

static size_t end_of_visit(const struct scene *scene, const size_t *lines, size_t begin,
                           size_t count)
{
    size_t end = begin + 1;
    while (end < count &&
           is_together(scene, &scene->made[lines[end - 1]], &scene->made[lines[end]]))
        end++;
    return end;
}

static struct address network_of(const struct made *made)
{
    struct address address;
    address_parse(slice_of(addresses[made->address].network), &address);
    return address;
}

/* By address, names before all, then by facts. */
static bool is_lower(const struct made *a, const struct made *b)
{
    struct address of_a = network_of(a), of_b = network_of(b);
    int order = (int)of_a.family - (int)of_b.family;
    if (order == 0)
        order = memcmp(of_a.bytes, of_b.bytes, sizeof of_a.bytes); /* of names all zero */
    if (order == 0)
        order = memcmp(&a->facts, &b->facts, sizeof a->facts);
    return order < 0;
}

/* Of the hits at the first moment that of the lowest client. */
static const struct made *first_of(const struct scene *scene, const size_t *lines, size_t begin,
                                   size_t end)
{
    const struct made *first = &scene->made[lines[begin]];
    for (size_t i = begin + 1; i < end; i++) {
        const struct made *made = &scene->made[lines[i]];
        if (made->hit.time_ms == first->hit.time_ms && is_lower(made, first))
            first = made;
    }
    return first;
}

static unsigned expected_flags(const struct made *made)
{
    if (urls[made->url].method != METHOD_POST)
        return 0;
    bool is_from_itself = strcmp(referrers[made->referrer].path, urls[made->url].url) == 0;
    return EVENT_IS_POST | (is_from_itself ? EVENT_FROM_ITSELF : 0u);
}

static void tell_expected_visit(const struct scene *scene, const size_t *lines, size_t begin,
                                size_t end, struct sink *sink)
{
    const struct made *first = first_of(scene, lines, begin, end);
    struct address network = network_of(first);
    uint64_t views = 0;
    for (size_t i = begin; i < end; i++) {
        const struct made *made = &scene->made[lines[i]];
        views += is_event(scene, made) && urls[made->url].kind == 'p';
    }
    tell_visit(sink, first->hit.time_ms, scene->made[lines[end - 1]].hit.time_ms, end - begin,
               views);
    tell_client(sink, &network, &first->facts);
    for (size_t i = begin; i < end; i++) {
        const struct made *made = &scene->made[lines[i]];
        if (is_event(scene, made))
            tell_event(sink, made->hit.status, made->hit.time_ms, urls[made->url].mark,
                       expected_flags(made));
    }
}

static void tell_expected_visitor(const struct scene *scene, const size_t *lines, size_t count,
                                  struct sink *sink)
{
    const struct visitor_rules *of_scene = &scene->options.visitor_rules;
    const struct made *any = &scene->made[lines[0]];
    size_t end = end_of_visit(scene, lines, 0, count);
    const struct made *first = first_of(scene, lines, 0, end);
    struct address network = network_of(first);
    struct hash128 id;
    bool has_value = any->who_rule + 1 < of_scene->count;
    if (has_value) /* "value 0 ..." */
        id = visitor_value_id(scene->options.key, any->who_rule, slice_of(any->who + 8));
    tell_visitor(sink, any->who_rule, first->facts.class, has_value ? &id : NULL);
    tell_client(sink, &network, &first->facts);
    for (size_t begin = 0; begin < count; begin = end) {
        end = end_of_visit(scene, lines, begin, count);
        tell_expected_visit(scene, lines, begin, end, sink);
    }
}

static void tell_expected(const struct scene *scene, struct tellings *tellings)
{
    *tellings = (struct tellings){.count = 0};
    for (size_t i = 0; i < scene->count; i++) {
        size_t lines[MAX_HITS], count = lines_of(scene, scene->made[i].who, lines);
        size_t first = i;
        for (size_t k = 0; k < count; k++)
            first = lines[k] < first ? lines[k] : first;
        if (is_counted(&scene->made[i]) && first == i) /* each visitor once */
            tell_expected_visitor(scene, lines, count, next_telling(tellings));
    }
    sort_tellings(tellings);
}

static void check_visits(const struct scene *scene, const struct event_table *table, int number)
{
    struct tellings got, expected;
    tell_table(table, &got);
    tell_expected(scene, &expected);
    ck_assert_msg(got.count == expected.count, "case %d: %zu visitors, expected %zu", number,
                  got.count, expected.count);
    for (size_t i = 0; i < got.count; i++) {
        struct slice one = sink_contents(got.sinks[i]), other = sink_contents(expected.sinks[i]);
        ck_assert_msg(slice_equal(one, other), "case %d:\n got %.*s\nwant %.*s", number,
                      SLICE_ARG(one), SLICE_ARG(other));
    }
    clear_tellings(&got);
    clear_tellings(&expected);
}

/* ---- traits ---- */

/* By any of its events, whose visitor that is; those without an event are left out. */
static void check_traits(const struct scene *scene, const struct event_table *table, int number)
{
    for (size_t e = 0; e < table->event_count; e++) {
        const char *who = scene->made[table->events[e].status - FIRST_STATUS].who;
        unsigned traits = VISITOR_NOT_ONLY_HEAD;
        bool is_whole = true; /* of classes that are not kept paths are not looked at */
        for (size_t i = 0; i < scene->count; i++) {
            const struct made *made = &scene->made[i];
            if (!is_counted(made) || strcmp(made->who, who) != 0)
                continue;
            traits |= urls[made->url].traits;
            is_whole = is_whole && is_kept(scene, made);
        }
        unsigned got = table->visitors[table->events[e].visitor].traits;
        if (is_whole ? got != traits : (got & ~traits) != 0)
            ck_abort_msg("case %d: traits %u, expected %u of %s", number, got, traits, who);
    }
}

/* ---- pages and origins: numbered as they first come, in the order of the log ---- */

struct text_list {
    struct slice items[2 * MAX_HITS + 2];
    uint64_t pages[2 * MAX_HITS + 2], assets[2 * MAX_HITS + 2];
    size_t count;
};

static size_t find_text(const struct text_list *list, struct slice text)
{
    size_t i = 0;
    while (i < list->count && !slice_equal(list->items[i], text))
        i++;
    return i;
}

/* Its number, new where the list has room (`most` texts); `other` where it has none. */
static size_t add_text(struct text_list *list, struct slice text, size_t most, size_t other)
{
    size_t number = find_text(list, text);
    if (number == list->count && list->count >= most)
        return other;
    if (number == list->count)
        list->items[list->count++] = text;
    return number;
}

static void check_texts(const struct names *names, const struct text_list *list, int number)
{
    ck_assert_msg(names->count == list->count, "case %d: %u texts, expected %zu", number,
                  names->count, list->count);
    for (uint32_t i = 0; i < names->count; i++) {
        struct slice text = names_text(names, i);
        ck_assert_msg(slice_equal(text, list->items[i]), "case %d: text %u is %.*s", number, i,
                      SLICE_ARG(text));
    }
}

static const struct event *event_of_line(const struct event_table *table, size_t line)
{
    for (size_t e = 0; e < table->event_count; e++) {
        if (table->events[e].status == FIRST_STATUS + line)
            return &table->events[e];
    }
    return NULL;
}

static void check_pages(const struct scene *scene, const struct event_table *table, int number)
{
    struct text_list list = {.items = {SLICE_LITERAL("(other)")}, .count = 1};
    uint64_t folded = 0;
    for (size_t i = 0; i < scene->count; i++) {
        const struct made *made = &scene->made[i];
        if (!is_counted(made) || !is_event(scene, made))
            continue;
        size_t page =
            add_text(&list, slice_of(made->page), scene->options.max_keys + 1, PAGE_OTHER);
        const struct event *event = event_of_line(table, i);
        ck_assert_msg(event && event->page == page, "case %d: page of line %zu", number, i);
        folded += page == PAGE_OTHER && urls[made->url].kind == 'p';
    }
    check_texts(&table->pages, &list, number);
    ck_assert_uint_eq(table->folded.page_views, folded);
}

/* A visitor is of the class of its first hit. */
static bool is_person(const struct scene *scene, const struct made *made)
{
    size_t lines[MAX_HITS], count = lines_of(scene, made->who, lines);
    const struct made *first = first_of(scene, lines, 0, count);
    return first->facts.class == AGENT_PERSON;
}

/* Assets add origins of their own behind those of events; each have their cap. */
static void count_expected_assets(const struct scene *scene, struct text_list *list)
{
    size_t kept = 0;
    for (size_t i = 0; i < scene->count; i++) {
        const struct made *made = &scene->made[i];
        if (!is_counted(made) || !shows_own_host(made) || made->origin.size == 0)
            continue;
        size_t number = find_text(list, made->origin);
        bool is_known = number < list->count && list->assets[number];
        if (is_known || kept < scene->options.max_keys) {
            number = add_text(list, made->origin, SIZE_MAX, ORIGIN_OTHER);
            kept += !is_known;
        } else {
            number = ORIGIN_OTHER;
        }
        list->assets[number]++;
    }
}

static void check_referring_page(const struct event_table *table, const struct event *event,
                                 const struct made *made, bool is_origin_other, int number)
{
    uint32_t expected = PAGE_NONE;
    const char *path = referrers[made->referrer].path;
    for (uint32_t i = 1; i < table->pages.count && *path && !is_origin_other; i++) {
        if (slice_is(names_text(&table->pages, i), path))
            expected = i;
    }
    ck_assert_msg(table->referring_pages[event - table->events] == expected,
                  "case %d: referring page of status %u", number, event->status);
}

static void check_origins(const struct scene *scene, const struct event_table *table, int number)
{
    struct text_list list = {.items = {SLICE_LITERAL(""), SLICE_LITERAL("(other)")}, .count = 2};
    uint64_t folded = 0;
    for (size_t i = 0; i < scene->count; i++) {
        const struct made *made = &scene->made[i];
        if (!is_counted(made) || !is_event(scene, made))
            continue;
        size_t origin = add_text(&list, made->origin, scene->options.max_keys + 2, ORIGIN_OTHER);
        const struct event *event = event_of_line(table, i);
        ck_assert_msg(event && event->origin == origin, "case %d: origin of line %zu", number, i);
        bool is_view = urls[made->url].kind == 'p';
        list.pages[origin] += is_view && is_person(scene, made);
        folded += origin == ORIGIN_OTHER && is_view;
        if (table->referring_pages)
            check_referring_page(table, event, made, origin == ORIGIN_OTHER, number);
    }
    count_expected_assets(scene, &list);
    check_texts(&table->origins, &list, number);
    for (size_t i = 0; i < list.count; i++) {
        ck_assert_uint_eq(table->origin_uses[i].pages, list.pages[i]);
        ck_assert_uint_eq(table->origin_uses[i].assets, list.assets[i]);
    }
    ck_assert_uint_eq(table->folded.origin_page_views, folded);
    ck_assert((table->referring_pages != NULL) == scene->options.keeps_referring_pages);
}

/* ---- what is only counted ---- */

static void check_input(const struct scene *scene, const struct event_table *table, uint32_t input,
                        int number)
{
    struct input_counts want = {.first_ms = CIVIL_NO_TIME, .last_ms = CIVIL_NO_TIME};
    for (size_t i = 0; i < scene->count; i++) {
        const struct made *made = &scene->made[i];
        if (made->input != input)
            continue;
        want.lines++;
        if (made->is_rejected)
            want.rejected_by[REJECT_FORMAT]++;
        else if (made->is_filtered)
            want.filtered_by[FILTER_TIME]++;
        else
            want.counted_by[made->hit.oddity]++;
        if (!is_counted(made))
            continue;
        if (want.first_ms == CIVIL_NO_TIME || made->hit.time_ms < want.first_ms)
            want.first_ms = made->hit.time_ms;
        if (want.last_ms == CIVIL_NO_TIME || made->hit.time_ms > want.last_ms)
            want.last_ms = made->hit.time_ms;
    }
    want.rejected_by[REJECT_TIME] = scene->rejected[input];
    want.lines += scene->rejected[input];
    if (memcmp(&table->inputs[input], &want, sizeof want) != 0)
        ck_abort_msg("case %d: accounting of input %u", number, input);
}

static void check_samples(const struct scene *scene, const struct event_table *table,
                          uint32_t input, int number)
{
    const struct input_samples *samples = table->samples[input];
    size_t count = 0;
    for (size_t i = 0; i < scene->count && count < SAMPLE_LINES; i++) {
        if (scene->made[i].input != input || !scene->made[i].is_rejected)
            continue;
        if (!samples || samples->counts[REJECT_FORMAT] <= count ||
            strtoul(samples->lines[REJECT_FORMAT][count].text, NULL, 10) != i)
            ck_abort_msg("case %d: sample %zu of input %u", number, count, input);
        count++;
    }
    ck_assert_uint_eq(samples ? samples->counts[REJECT_FORMAT] : 0, count);
}

static void check_kinds(const struct scene *scene, const struct event_table *table, int number)
{
    struct kind_counts want = {0};
    for (size_t i = 0; i < scene->count; i++) {
        const struct made *made = &scene->made[i];
        char kind = urls[made->url].kind;
        if (!is_counted(made))
            continue;
        want.timed_hits += made->hit.duration_us != HIT_NO_DURATION;
        want.hits[kind == 'a' ? KIND_ASSET : kind == 'c' ? KIND_CALL : KIND_PAGE]++;
        want.unkept_page_views[made->facts.class] += kind == 'p' && !is_kept(scene, made);
    }
    ck_assert_msg(memcmp(&want, &table->kinds, sizeof want) == 0, "case %d: kinds", number);
}

static void check_table(const struct scene *scene, const struct event_table *table, int number)
{
    check_visits(scene, table, number);
    check_traits(scene, table, number);
    check_pages(scene, table, number);
    check_origins(scene, table, number);
    check_kinds(scene, table, number);
    for (uint32_t input = 0; input < MAX_INPUTS; input++) {
        check_input(scene, table, input, number);
        check_samples(scene, table, input, number);
    }
}

START_TEST(any_distribution_gives_the_visits_of_the_definition)
{
    enum { PARTS = 4 }; /* by _i */
    static struct scene scene;
    uint64_t state = 20261121 + (uint64_t)_i;
    for (int number = 0; number < CASES / PARTS; number++) {
        scene = (struct scene){.count = 0};
        make_scene(&state, &scene);
        for (int spread = 0; spread < 3; spread++) {
            struct event_table *table = record(&state, &scene);
            check_table(&scene, table, number);
            event_table_free(table);
        }
    }
}
END_TEST

START_TEST(ids_are_kept_when_they_are_asked_for)
{
    struct recorder_options options = plain_options();
    options.keeps_visitor_ids = _i == 1;
    struct recorder *recorder = recorder_new(&options);
    recorder_begin_block(recorder, 0, 0);
    struct hit hit = {.address_text = SLICE_LITERAL("192.0.2.1"), .agent = SLICE_LITERAL("x")};
    address_parse(hit.address_text, &hit.address);
    hit.request = request_of_url(METHOD_GET, SLICE_LITERAL("/"));
    recorder_add_hit(recorder, &hit);
    struct hash128 id = recorder->book->client_ids.list[0];
    struct event_table *table = finish(&recorder, 1);
    ck_assert((table->visitor_ids != NULL) == (_i == 1));
    if (_i == 1)
        ck_assert_mem_eq(table->visitor_ids, &id, sizeof id);
    event_table_free(table);
}
END_TEST

/* Thousands of events of one visitor, backwards or shuffled: the merge sort, and it is stable. */
START_TEST(many_events_of_one_visitor)
{
    enum { EVENTS = 5000, DISTINCT_TIMES = 50 };
    struct recorder_options options = plain_options();
    struct recorder *recorder = recorder_new(&options);
    struct hit hit = {.address_text = SLICE_LITERAL("-"), .agent = SLICE_LITERAL("-")};
    hit.request = request_of_url(METHOD_GET, SLICE_LITERAL("/"));
    uint64_t state = 1;
    recorder_begin_block(recorder, 0, 0);
    for (int i = 0; i < EVENTS; i++) {
        hit.time_ms = _i ? (int64_t)below(&state, DISTINCT_TIMES) : (EVENTS - i) / DISTINCT_TIMES;
        hit.status = (uint16_t)i;
        recorder_add_hit(recorder, &hit);
    }
    struct event_table *table = finish(&recorder, 1);
    ck_assert_uint_eq(table->event_count, EVENTS);
    for (size_t i = 1; i < EVENTS; i++) {
        const struct event *a = &table->events[i - 1], *b = &table->events[i];
        ck_assert_msg(a->time_ms < b->time_ms ||
                          (a->time_ms == b->time_ms && a->status < b->status),
                      "event %zu", i);
    }
    event_table_free(table);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("event_table");
    TCase *tests = tcase_create("event_table");
    tcase_set_timeout(tests, 120);
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_loop_test(tests, any_distribution_gives_the_visits_of_the_definition, 0, 4);
    tcase_add_loop_test(tests, ids_are_kept_when_they_are_asked_for, 0, 2);
    tcase_add_loop_test(tests, many_events_of_one_visitor, 0, 2);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
