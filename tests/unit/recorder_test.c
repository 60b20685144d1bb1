/*
 * What a recorder copies of a hit, and what it only counts. Expected values follow by hand from
 * recorder.h and event_table.h; random hits are the matter of event_table_test.c.
 */
#include "funnel/recorder.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/civil.h"
#include "funnel/event_table.h"

enum { TIMEOUT_MS = 1800 * 1000 };

static const char journey_text[] = "journey: test\n"
                                   "touchpoints:\n"
                                   "  cart: {match: {path: /cart}}\n"
                                   "  stock: {match: {path: /api/stock/*}}\n"
                                   "  removed: {match: {path: /cart, method: DELETE}}\n"
                                   "funnels:\n"
                                   "  f: {steps: [cart, stock]}\n";

static struct journey *journey;
static struct rules *rules;
static struct agent_rules *agent_rules;
static struct trait_rules *trait_rules;

static void set_up(void)
{
    struct error error = {0};
    journey = journey_parse(slice_of(journey_text), "test", &error);
    ck_assert_msg(journey != NULL, "%s", error.sentence);
    rules = rules_new(journey);
    agent_rules = agent_rules_new(&error);
    ck_assert_msg(agent_rules != NULL, "%s", error.sentence);
    trait_rules = trait_rules_new();
}

static void tear_down(void)
{
    trait_rules_free(trait_rules);
    agent_rules_free(agent_rules);
    rules_free(rules);
    journey_free(journey);
}

static struct recorder_options options_of_test(void)
{
    return (struct recorder_options){
        .key = {1, 2},
        .rules = rules,
        .agent_rules = agent_rules,
        .trait_rules = trait_rules,
        .visitor_rules = visitor_rules_default(),
        .visit_timeout_ms = TIMEOUT_MS,
        .counted_classes = 1u << AGENT_PERSON,
        .kept_classes = 1u << AGENT_PERSON,
        .max_keys = 1000000,
        .worker_max_keys = 1000000,
        .since_ms = INT64_MIN,
        .until_ms = INT64_MAX,
        .input_count = 1,
    };
}

static const char browser[] =
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
static const char crawler[] =
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";

static struct hit make_hit(int64_t time_ms, const char *address, const char *agent,
                           enum request_method method, const char *url)
{
    struct hit hit = {.time_ms = time_ms,
                      .has_zone = true,
                      .address_text = slice_of(address),
                      .agent = slice_of(agent),
                      .request = request_of_url(method, slice_of(url)),
                      .status = 200,
                      .size_bytes = -1,
                      .duration_us = HIT_NO_DURATION};
    address_parse(hit.address_text, &hit.address);
    return hit;
}

static void get(struct recorder *recorder, int64_t time_ms, const char *address, const char *url)
{
    struct hit hit = make_hit(time_ms, address, browser, METHOD_GET, url);
    recorder_add_hit(recorder, &hit);
}

static struct recorder *begin(const struct recorder_options *options)
{
    struct recorder *recorder = recorder_new(options);
    recorder_begin_block(recorder, 0, 0);
    return recorder;
}

static struct event_table *finish(struct recorder *recorder)
{
    struct event_table *table = event_table_new(&recorder, 1);
    recorder_free(recorder);
    return table;
}

START_TEST(a_gap_of_exactly_the_timeout_stays_together)
{
    const int64_t gaps[] = {0, 1, TIMEOUT_MS - 1, TIMEOUT_MS, TIMEOUT_MS + 1};
    const size_t visits[] = {1, 1, 1, 1, 2};
    struct recorder_options options = options_of_test();
    for (int order = 0; order < 2; order++) { /* also when the later hit comes first */
        struct recorder *recorder = begin(&options);
        get(recorder, order ? gaps[_i] : 0, "192.0.2.1", "/");
        get(recorder, order ? 0 : gaps[_i], "192.0.2.1", "/");
        struct event_table *table = finish(recorder);
        ck_assert_uint_eq(table->visitor_count, 1);
        ck_assert_msg(table->visit_count == visits[_i], "gap %lld", (long long)gaps[_i]);
        event_table_free(table);
    }
}
END_TEST

START_TEST(an_asset_keeps_a_visit_alive)
{
    struct recorder_options options = options_of_test();
    struct recorder *recorder = begin(&options);
    get(recorder, 0, "192.0.2.1", "/");
    get(recorder, TIMEOUT_MS, "192.0.2.1", "/logo.png");
    get(recorder, 2 * TIMEOUT_MS, "192.0.2.1", "/about");
    struct event_table *table = finish(recorder);
    ck_assert_uint_eq(table->visit_count, 1);
    ck_assert_uint_eq(table->visits[0].hits, 3);
    ck_assert_uint_eq(table->visits[0].page_views, 2);
    ck_assert_uint_eq(table->event_count, 2);
    ck_assert_uint_eq(table->kinds.hits[KIND_ASSET], 1);
    event_table_free(table);
}
END_TEST

/* Two spans with a hole between them that one late hit fills. */
START_TEST(a_late_hit_joins_two_spans)
{
    struct recorder_options options = options_of_test();
    struct recorder *recorder = begin(&options);
    get(recorder, 0, "192.0.2.1", "/a");
    get(recorder, 2 * TIMEOUT_MS, "192.0.2.1", "/c");
    get(recorder, TIMEOUT_MS, "192.0.2.1", "/b");
    struct event_table *table = finish(recorder);
    ck_assert_uint_eq(table->visit_count, 1);
    ck_assert_int_eq(table->visits[0].first_ms, 0);
    ck_assert_int_eq(table->visits[0].last_ms, 2 * TIMEOUT_MS);
    for (size_t i = 0; i < 3; i++)
        ck_assert_int_eq(table->events[i].time_ms, (int64_t)i * TIMEOUT_MS);
    event_table_free(table);
}
END_TEST

static const struct pair_row {
    const char *first, *second;
    size_t visitors;
} pairs[] = {
    {"192.0.2.1", "192.0.2.1", 1},
    {"192.0.2.1", "192.0.2.2", 2},
    {"192.0.2.1", "::ffff:192.0.2.1", 1},
    {"::ffff:c000:201", "192.0.2.1", 1},
    {"2001:db8::1", "2001:DB8:0::1", 1},
    {"2001:db8::1", "2001:db8::2", 1}, /* one network */
    {"2001:db8::1", "2001:db8:0:1::1", 2},
    {"host-a.example", "host-a.example", 1},
    {"host-a.example", "host-b.example", 2},
    {"-", "host-a.example", 2},
    {"0.0.0.0", "-", 2},
    {"::", "-", 2},
};

START_TEST(one_address_is_one_visitor)
{
    struct recorder_options options = options_of_test();
    struct recorder *recorder = begin(&options);
    get(recorder, 0, pairs[_i].first, "/");
    get(recorder, 1, pairs[_i].second, "/");
    struct event_table *table = finish(recorder);
    ck_assert_msg(table->visitor_count == pairs[_i].visitors, "%s and %s", pairs[_i].first,
                  pairs[_i].second);
    event_table_free(table);
}
END_TEST

START_TEST(another_agent_is_another_visitor)
{
    struct recorder_options options = options_of_test();
    struct recorder *recorder = begin(&options);
    const char *agents[] = {browser, "-", "", "x", browser};
    for (size_t i = 0; i < 5; i++) {
        struct hit hit = make_hit((int64_t)i, "192.0.2.1", agents[i], METHOD_GET, "/");
        recorder_add_hit(recorder, &hit);
    }
    struct event_table *table = finish(recorder);
    ck_assert_uint_eq(table->visitor_count, 4);
    event_table_free(table);
}
END_TEST

/* Of requests of every kind: which become events, with which mark. */
static const struct kind_row {
    enum request_method method;
    const char *url;
    bool is_event, is_page_view, is_marked;
} kinds[] = {
    {METHOD_GET, "/", true, true, false},
    {METHOD_GET, "/cart", true, true, true},
    {METHOD_POST, "/about", true, true, false},
    {METHOD_GET, "/a.css", false, false, false},
    {METHOD_GET, "/api/stock/7", true, false, true},
    {METHOD_GET, "/api/other", false, false, false},
    {METHOD_DELETE, "/cart", true, false, true},
    {METHOD_DELETE, "/about", false, false, false},
    {METHOD_HEAD, "/", false, false, false},
};

START_TEST(what_becomes_an_event)
{
    const struct kind_row *row = &kinds[_i];
    struct recorder_options options = options_of_test();
    struct recorder *recorder = begin(&options);
    struct hit hit = make_hit(5, "192.0.2.1", browser, row->method, row->url);
    recorder_add_hit(recorder, &hit);
    struct event_table *table = finish(recorder);
    ck_assert_msg(table->event_count == row->is_event, "%s", row->url);
    ck_assert_msg(table->visits[0].page_views == row->is_page_view, "%s", row->url);
    ck_assert_uint_eq(table->visits[0].hits, 1);
    ck_assert_uint_eq(table->inputs[0].counted_by[ODD_NONE], 1);
    if (row->is_event) {
        const struct touch_marks *marks = &table->marks[table->events[0].mark];
        ck_assert_msg((table->events[0].mark != 0) == row->is_marked, "%s", row->url);
        ck_assert_msg(!touch_set_is_empty(&marks->reached) == row->is_marked, "%s", row->url);
        ck_assert_uint_eq(table->events[0].status, 200);
    }
    event_table_free(table);
}
END_TEST

START_TEST(a_line_without_a_request_is_a_hit)
{
    struct recorder_options options = options_of_test();
    struct recorder *recorder = begin(&options);
    struct hit hit = make_hit(5, "192.0.2.1", browser, METHOD_GET, "/");
    hit.request = request_parse(SLICE_LITERAL("-"));
    hit.status = 408;
    recorder_add_hit(recorder, &hit);
    struct event_table *table = finish(recorder);
    ck_assert_uint_eq(table->visits[0].hits, 1);
    ck_assert_uint_eq(table->event_count, 0);
    event_table_free(table);
}
END_TEST

/* Whose page views are kept, and who are people, are two things. */
static const struct class_row {
    uint32_t counted_classes, kept_classes;
    bool is_person, is_kept;
} classes[] = {
    {1u << AGENT_PERSON, 1u << AGENT_PERSON, false, false},
    {1u << AGENT_PERSON, 1u << AGENT_PERSON | 1u << AGENT_SEO, false, false},
    {1u << AGENT_PERSON, 1u << AGENT_PERSON | 1u << AGENT_SEARCH, false, true},
    {1u << AGENT_PERSON | 1u << AGENT_SEARCH, 1u << AGENT_PERSON | 1u << AGENT_SEARCH, true, true},
};

START_TEST(bots_are_counted_and_not_kept)
{
    const struct class_row *row = &classes[_i];
    struct recorder_options options = options_of_test();
    options.counted_classes = row->counted_classes;
    options.kept_classes = row->kept_classes;
    struct recorder *recorder = begin(&options);
    const char *urls[] = {"/", "/cart", "/a.css", "/api/stock/7"};
    for (size_t i = 0; i < 4; i++) {
        struct hit hit = make_hit((int64_t)i, "192.0.2.1", crawler, METHOD_GET, urls[i]);
        recorder_add_hit(recorder, &hit);
    }
    struct event_table *table = finish(recorder);
    ck_assert_uint_eq(table->visitor_count, 1);
    ck_assert_uint_eq(table->visit_count, 1);
    ck_assert_uint_eq(table->visitors[0].class, AGENT_SEARCH);
    ck_assert(event_table_is_person(table, &table->visitors[0]) == row->is_person);
    for (int i = 0; i < AGENT_CLASS_COUNT; i++)
        ck_assert_uint_eq(table->kinds.unkept_page_views[i],
                          i == AGENT_SEARCH && !row->is_kept ? 2 : 0);
    ck_assert_uint_eq(table->kinds.hits[KIND_PAGE], 2);
    ck_assert_uint_eq(table->event_count, row->is_kept ? 3 : 0);
    ck_assert_uint_eq(table->visits[0].page_views, row->is_kept ? 2 : 0);
    ck_assert_uint_eq(table->visits[0].hits, 4);
    event_table_free(table);
}
END_TEST

/* What one hit shows of its visitor. */
static const struct trait_row {
    enum request_method method;
    const char *url;
    unsigned status, traits;
} traits[] = {
    {METHOD_GET, "/", 200, VISITOR_NOT_ONLY_HEAD},
    {METHOD_HEAD, "/", 200, 0},
    {METHOD_POST, "/", 200, VISITOR_NOT_ONLY_HEAD},
    {METHOD_OPTIONS, "/", 200, VISITOR_NOT_ONLY_HEAD},
    {METHOD_GET, "/a.css", 200, VISITOR_NOT_ONLY_HEAD | VISITOR_LOADED_ASSET},
    {METHOD_GET, "/a.css", 404, VISITOR_NOT_ONLY_HEAD | VISITOR_LOADED_ASSET},
    {METHOD_HEAD, "/a.css", 200, VISITOR_LOADED_ASSET},
    {METHOD_GET, "/robots.txt", 200, VISITOR_NOT_ONLY_HEAD | VISITOR_READ_ROBOTS},
    {METHOD_GET, "/robots.txt", 404, VISITOR_NOT_ONLY_HEAD | VISITOR_READ_ROBOTS},
    {METHOD_GET, "/robots.txt?x", 200, VISITOR_NOT_ONLY_HEAD | VISITOR_READ_ROBOTS},
    {METHOD_HEAD, "/robots.txt", 200, VISITOR_READ_ROBOTS},
    {METHOD_GET, "/sub/robots.txt", 200, VISITOR_NOT_ONLY_HEAD | VISITOR_LOADED_ASSET},
    /* an attack whatever the answer, by path or query; a probe where it is not there */
    {METHOD_GET, "/.env", 200, VISITOR_NOT_ONLY_HEAD | VISITOR_ATTACKED},
    {METHOD_GET, "/.env", 404, VISITOR_NOT_ONLY_HEAD | VISITOR_ATTACKED},
    {METHOD_HEAD, "/.env", 200, VISITOR_ATTACKED},
    {METHOD_GET, "/a?id=1'+UNION+SELECT+1,2--", 200, VISITOR_NOT_ONLY_HEAD | VISITOR_ATTACKED},
    {METHOD_GET, "/wp-login.php", 200, VISITOR_NOT_ONLY_HEAD},
    {METHOD_GET, "/wp-login.php", 404, VISITOR_NOT_ONLY_HEAD | VISITOR_ATTACKED},
    {METHOD_GET, "/wp-login.php", 403, VISITOR_NOT_ONLY_HEAD | VISITOR_ATTACKED},
    {METHOD_GET, "/wp-login.php", 401, VISITOR_NOT_ONLY_HEAD},
    {METHOD_GET, "/wp-login.php", 429, VISITOR_NOT_ONLY_HEAD},
    {METHOD_GET, "/wp-login.php", 500, VISITOR_NOT_ONLY_HEAD},
    {METHOD_GET, "/wp-login.php", 302, VISITOR_NOT_ONLY_HEAD},
};

START_TEST(what_a_hit_shows)
{
    const struct trait_row *row = &traits[_i];
    struct recorder_options options = options_of_test();
    struct recorder *recorder = begin(&options);
    struct hit hit = make_hit(5, "192.0.2.1", browser, row->method, row->url);
    hit.status = (uint16_t)row->status;
    recorder_add_hit(recorder, &hit);
    recorder_add_hit(recorder, &hit); /* a page that is known by now is the same */
    struct event_table *table = finish(recorder);
    ck_assert_msg(table->visitors[0].traits == row->traits, "%s %u: %u", row->url, row->status,
                  table->visitors[0].traits);
    event_table_free(table);
}
END_TEST

START_TEST(what_hits_show_adds_up)
{
    struct recorder_options options = options_of_test();
    struct recorder *recorder = begin(&options);
    static const char *const urls[] = {"/", "/a.css", "/robots.txt", "/.env"};
    for (size_t i = 0; i < 4; i++) {
        get(recorder, (int64_t)i, "192.0.2.1", urls[i]);
        get(recorder, (int64_t)i, i % 2 ? "192.0.2.2" : "192.0.2.3", urls[i]);
    }
    struct hit hit = make_hit(9, "192.0.2.4", browser, METHOD_NONE, "");
    hit.request = request_parse(SLICE_LITERAL("\\x16\\x03\\x01"));
    hit.oddity = ODD_BINARY_REQUEST;
    recorder_add_hit(recorder, &hit);
    struct event_table *table = finish(recorder);
    ck_assert_uint_eq(table->visitors[0].traits, VISITOR_NOT_ONLY_HEAD | VISITOR_LOADED_ASSET |
                                                     VISITOR_READ_ROBOTS | VISITOR_ATTACKED);
    ck_assert_uint_eq(table->visitors[1].traits, VISITOR_NOT_ONLY_HEAD | VISITOR_READ_ROBOTS);
    ck_assert_uint_eq(table->visitors[2].traits,
                      VISITOR_NOT_ONLY_HEAD | VISITOR_LOADED_ASSET | VISITOR_ATTACKED);
    ck_assert(table->visitors[3].traits & VISITOR_ATTACKED);
    event_table_free(table);
}
END_TEST

static const struct flag_row {
    enum request_method method;
    const char *url, *referrer;
    unsigned flags;
} flags[] = {
    {METHOD_GET, "/cart", "https://shop.example/cart", 0},
    {METHOD_POST, "/cart", "https://shop.example/cart", EVENT_IS_POST | EVENT_FROM_ITSELF},
    {METHOD_POST, "/cart?a=b", "https://shop.example/cart?c#d", EVENT_IS_POST | EVENT_FROM_ITSELF},
    /* as conditions see paths */
    {METHOD_POST, "/cart", "https://shop.example/cart/", EVENT_IS_POST | EVENT_FROM_ITSELF},
    {METHOD_POST, "//C%61rt/", "https://shop.example/cart", EVENT_IS_POST | EVENT_FROM_ITSELF},
    {METHOD_POST, "/cart", "https://shop.example/CART", EVENT_IS_POST | EVENT_FROM_ITSELF},
    {METHOD_POST, "/cart;sid=1", "https://shop.example/cart;sid=2",
     EVENT_IS_POST | EVENT_FROM_ITSELF},
    {METHOD_POST, "/cart;1", "https://shop.example/cart;2", EVENT_IS_POST},
    {METHOD_POST, "/cart", "https://shop.example/cart%2Fx", EVENT_IS_POST},
    {METHOD_POST, "/cart", "https://shop.example/", EVENT_IS_POST},
    {METHOD_POST, "/", "https://shop.example", EVENT_IS_POST | EVENT_FROM_ITSELF},
    {METHOD_POST, "/cart", "-", EVENT_IS_POST},
    {METHOD_POST, "/cart", "", EVENT_IS_POST},
    {METHOD_POST, "/cart", NULL, EVENT_IS_POST},
    {METHOD_POST, "/cart", "/cart", EVENT_IS_POST},
    {METHOD_DELETE, "/cart", "https://shop.example/cart", 0},
};

START_TEST(what_is_posted_and_from_where)
{
    const struct flag_row *row = &flags[_i];
    struct recorder_options options = options_of_test();
    struct recorder *recorder = begin(&options);
    struct hit hit = make_hit(5, "192.0.2.1", browser, row->method, row->url);
    hit.referrer = slice_of(row->referrer);
    recorder_add_hit(recorder, &hit);
    struct event_table *table = finish(recorder);
    ck_assert_uint_eq(table->event_count, 1);
    ck_assert_msg(table->events[0].flags == row->flags, "%s from %s", row->url, row->referrer);
    event_table_free(table);
}
END_TEST

/* Days of UTC, or of a place two hours east of it, where the day begins at 22:00 UTC. */
static const struct midnight_row {
    const char *zone; /* NULL: UTC */
    const char *first, *second;
    size_t visits, uncut_visits;
} midnights[] = {
    {NULL, "2026-11-21T23:59:59Z", "2026-11-22T00:00:00Z", 2, 1},
    {NULL, "2026-11-21T23:50:00Z", "2026-11-21T23:59:59Z", 1, 1},
    {NULL, "2026-11-22T00:00:00Z", "2026-11-22T00:30:00Z", 1, 1},
    {NULL, "2026-11-21T23:50:00Z", "2026-11-22T00:30:00Z", 2, 2},
    {NULL, "1969-12-31T23:59:59Z", "1970-01-01T00:00:00Z", 2, 1},
    {"+02:00", "2026-11-21T23:59:59Z", "2026-11-22T00:00:00Z", 1, 1},
    {"+02:00", "2026-11-21T21:59:59Z", "2026-11-21T22:00:00Z", 2, 1},
    {"+02:00", "2026-11-21T22:00:00Z", "2026-11-21T22:30:00Z", 1, 1},
};

START_TEST(midnight_cuts_where_it_is_asked_to)
{
    const struct midnight_row *row = &midnights[_i / 2];
    int64_t first_ms, second_ms;
    ck_assert(civil_parse(row->first, 0, &first_ms) && civil_parse(row->second, 0, &second_ms));
    struct time_zone *zone = row->zone ? time_zone_new(row->zone) : NULL;
    struct recorder_options options = options_of_test();
    options.zone = zone;
    for (int cuts = 0; cuts < 2; cuts++) {
        options.cuts_at_midnight = cuts;
        struct recorder *recorder = begin(&options);
        get(recorder, _i % 2 ? second_ms : first_ms, "192.0.2.1", "/");
        get(recorder, _i % 2 ? first_ms : second_ms, "192.0.2.1", "/");
        struct event_table *table = finish(recorder);
        ck_assert_uint_eq(table->visit_count, cuts ? row->visits : row->uncut_visits);
        ck_assert_int_eq(table->visits[0].first_ms, first_ms);
        ck_assert_uint_eq(table->visits[0].event_count, table->visit_count == 1 ? 2 : 1);
        event_table_free(table);
    }
    time_zone_free(zone);
}
END_TEST

/* Pages and origins, each by its own cap; hits of what is no event never are too many. */
START_TEST(too_many_texts_are_told)
{
    static const struct {
        const char *urls[4], *referrers[4];
        uint64_t page_views, origin_page_views; /* folded */
    } rows[] = {
        {{"/a", "/b", "/a", "/b"}, {"-", "-", "-", "-"}, 0, 0},
        {{"/a", "/b", "/c", "/c"}, {"-", "-", "-", "-"}, 2, 0},
        {{"/a", "/api/1", "/api/2", "/api/3"}, {"-", "-", "-", "-"}, 0, 0},
        {{"/a", "/a.css", "/b.css", "/c.css"}, {"-", "-", "-", "-"}, 0, 0},
        {{"/a", "/a", "/a", "/a"},
         {"-", "https://a.example/", "https://b.example/", "https://b.example/x"},
         0,
         0},
        {{"/a", "/b", "/a", "/c"},
         {"https://a.example/", "https://b.example/", "https://c.example/", "-"},
         1,
         1},
    };
    struct recorder_options options = options_of_test();
    options.max_keys = options.worker_max_keys = 2;
    struct recorder *recorder = begin(&options);
    for (size_t i = 0; i < 4; i++) {
        struct hit hit = make_hit((int64_t)i, "192.0.2.1", browser, METHOD_GET, rows[_i].urls[i]);
        hit.referrer = slice_of(rows[_i].referrers[i]);
        recorder_add_hit(recorder, &hit);
    }
    bool is_over = rows[_i].page_views || rows[_i].origin_page_views;
    ck_assert(recorder_is_over(recorder) == is_over);
    struct event_table *table = finish(recorder);
    ck_assert_uint_eq(table->folded.page_views, rows[_i].page_views);
    ck_assert_uint_eq(table->folded.origin_page_views, rows[_i].origin_page_views);
    ck_assert_uint_le(table->pages.count, 1 + 2);
    ck_assert_uint_le(table->origins.count, 2 + 2);
    for (size_t i = 0; i < table->event_count; i++) {
        bool is_other = table->events[i].page == PAGE_OTHER;
        struct slice page = names_text(&table->pages, table->events[i].page);
        ck_assert(slice_is(page, is_other ? "(other)" : rows[_i].urls[i]));
    }
    event_table_free(table);
}
END_TEST

/* since is inside, until is not. */
START_TEST(since_and_until)
{
    struct recorder_options options = options_of_test();
    options.since_ms = 100;
    options.until_ms = 200;
    struct recorder *recorder = begin(&options);
    const int64_t times_ms[] = {99, 100, 199, 200};
    for (size_t i = 0; i < 4; i++)
        get(recorder, times_ms[i], "192.0.2.1", "/");
    recorder_add_rejected(recorder, REJECT_FORMAT, 1);
    recorder_add_rejected(recorder, REJECT_OVERLONG, 3);
    struct event_table *table = finish(recorder);
    const struct input_counts *counts = &table->inputs[0];
    ck_assert_uint_eq(counts->lines, 8);
    ck_assert_uint_eq(counts->counted_by[ODD_NONE], 2);
    ck_assert_uint_eq(counts->filtered_by[FILTER_TIME], 2);
    ck_assert_uint_eq(counts->rejected_by[REJECT_FORMAT], 1);
    ck_assert_uint_eq(counts->rejected_by[REJECT_OVERLONG], 3);
    ck_assert_int_eq(counts->first_ms, 100);
    ck_assert_int_eq(counts->last_ms, 199);
    ck_assert_int_eq(table->first_ms, 100);
    ck_assert_int_eq(table->last_ms, 199);
    ck_assert_uint_eq(table->visits[0].hits, 2);
    event_table_free(table);
}
END_TEST

static void reject_line(struct recorder *recorder, enum reject_reason reason, struct slice line,
                        uint32_t number)
{
    recorder_add_rejected(recorder, reason, 1);
    if (recorder_wants_sample(recorder, reason, number))
        recorder_add_sample(recorder, reason, number, line, NULL);
}

/* Each line has one fate, and is counted under it alone. */
START_TEST(every_fate_is_counted)
{
    struct recorder_options options = options_of_test();
    struct recorder *recorder = begin(&options);
    struct input_counts want = {0};
    for (unsigned i = 0; i < ODD_COUNT; i++) {
        for (unsigned k = 0; k <= i; k++) {
            struct hit hit = make_hit(5, "192.0.2.1", browser, METHOD_GET, "/");
            hit.oddity = (uint8_t)i;
            ck_assert(recorder_add_hit(recorder, &hit));
        }
        want.lines += want.counted_by[i] = i + 1;
    }
    for (unsigned i = 0; i < FILTER_COUNT; i++) {
        recorder_add_filtered(recorder, (enum filter_reason)i, 10 + i);
        want.lines += want.filtered_by[i] = 10 + i;
    }
    for (unsigned i = 0; i < REJECT_COUNT; i++) {
        recorder_add_rejected(recorder, (enum reject_reason)i, 20 + i);
        reject_line(recorder, (enum reject_reason)i, SLICE_LITERAL("x"), i);
        want.lines += want.rejected_by[i] = 20 + i + 1;
    }
    struct event_table *table = finish(recorder);
    want.first_ms = want.last_ms = 5;
    ck_assert_mem_eq(&table->inputs[0], &want, sizeof want);
    event_table_free(table);
}
END_TEST

/* The window 150 to 250, both ends inside, against since 100 and until 200, and the other way. */
static const struct window_row {
    int64_t time_ms;
    char fate_inside, fate_wide; /* 'c'ounted, 'f'iltered, 'r'ejected */
} window_rows[] = {
    {INT64_MIN + 1, 'r', 'r'}, {99, 'r', 'f'},  {100, 'r', 'c'}, {149, 'r', 'c'},
    {150, 'c', 'c'},           {199, 'c', 'c'}, {200, 'f', 'f'}, {250, 'f', 'f'},
    {251, 'r', 'f'},           {300, 'r', 'f'}, {301, 'r', 'r'}, {INT64_MAX, 'r', 'r'},
};

START_TEST(far_times_are_rejected)
{
    const struct window_row *row = &window_rows[_i / 2];
    const struct time_window windows[] = {
        {0, 10}, _i % 2 ? (struct time_window){50, 300} : (struct time_window){150, 250}};
    struct recorder_options options = options_of_test();
    options.input_count = 2;
    options.since_ms = 100;
    options.until_ms = 200;
    options.windows = windows;
    struct recorder *recorder = recorder_new(&options);
    recorder_begin_block(recorder, 1, 0);
    struct hit hit = make_hit(row->time_ms, "192.0.2.1", browser, METHOD_GET, "/");
    char fate = _i % 2 ? row->fate_wide : row->fate_inside;
    ck_assert(recorder_add_hit(recorder, &hit) == (fate != 'r'));
    struct event_table *table = finish(recorder);
    const struct input_counts *counts = &table->inputs[1];
    ck_assert_uint_eq(counts->lines, 1);
    ck_assert_uint_eq(counts->counted_by[ODD_NONE], fate == 'c');
    ck_assert_uint_eq(counts->filtered_by[FILTER_TIME], fate == 'f');
    ck_assert_uint_eq(counts->rejected_by[REJECT_FAR_TIME], fate == 'r');
    ck_assert_uint_eq(table->visit_count, fate == 'c');
    event_table_free(table);
}
END_TEST

START_TEST(the_widest_window_takes_all)
{
    const struct time_window windows[] = {{INT64_MIN, INT64_MAX}};
    struct recorder_options options = options_of_test();
    options.windows = windows;
    struct recorder *recorder = begin(&options);
    get(recorder, INT64_MAX - 1, "192.0.2.1", "/");
    struct event_table *table = finish(recorder);
    ck_assert_uint_eq(table->inputs[0].counted_by[ODD_NONE], 1);
    event_table_free(table);
}
END_TEST

/* Microseconds are rounded to milliseconds; what is too long is the longest. */
static const struct duration_row {
    int64_t duration_us;
    uint32_t duration_ms;
    bool is_timed;
} durations[] = {
    {HIT_NO_DURATION, EVENT_NO_DURATION, false},
    {0, 0, true},
    {499, 0, true},
    {500, 1, true},
    {1499, 1, true},
    {1500, 2, true},
    {INT64_C(4294967293000), UINT32_MAX - 2, true},
    {INT64_C(4294967294000), UINT32_MAX - 1, true},
    {INT64_C(4294967295000), UINT32_MAX - 1, true},
    {INT64_MAX, UINT32_MAX - 1, true},
};

START_TEST(durations_are_kept)
{
    const struct duration_row *row = &durations[_i];
    struct recorder_options options = options_of_test();
    struct recorder *recorder = begin(&options);
    struct hit hit = make_hit(5, "192.0.2.1", browser, METHOD_GET, "/");
    hit.duration_us = row->duration_us;
    recorder_add_hit(recorder, &hit);
    hit.request = request_of_url(METHOD_GET, SLICE_LITERAL("/a.css")); /* timed, and no event */
    recorder_add_hit(recorder, &hit);
    struct event_table *table = finish(recorder);
    ck_assert_uint_eq(table->event_count, 1);
    ck_assert_uint_eq(table->events[0].duration_ms, row->duration_ms);
    ck_assert_uint_eq(table->kinds.timed_hits, row->is_timed ? 2 : 0);
    event_table_free(table);
}
END_TEST

/* Lines 9 to 0 of block 1, then 0 to 9 of block 0: the first three of block 0, in their order. */
START_TEST(samples_are_the_first_lines)
{
    static const char *const first[] = {"line 0 of [address]", "line 1 of [address]",
                                        "line 2 of [address]"};
    struct recorder_options options = options_of_test();
    options.input_count = 2;
    struct recorder *recorder = recorder_new(&options);
    for (uint32_t i = 0; i < 20; i++) {
        char text[32];
        uint32_t line = i < 10 ? 9 - i : i - 10;
        snprintf(text, sizeof text, "line %u of 192.0.2.%u", (unsigned)line, i / 10);
        if (i % 10 == 0)
            recorder_begin_block(recorder, 1, 1 - i / 10);
        reject_line(recorder, REJECT_STATUS, slice_of(text), line);
        reject_line(recorder, REJECT_BLANK, SLICE_LITERAL(" "), line);
    }
    reject_line(recorder, REJECT_NUL, SLICE_LITERAL("a\0b"), 99);
    recorder_add_rejected(recorder, REJECT_FAR_TIME, 1);
    recorder_add_sample(recorder, REJECT_FAR_TIME, 100, SLICE_LITERAL("far"), NULL);
    struct event_table *table = finish(recorder);
    ck_assert_ptr_null(table->samples[0]);
    const struct input_samples *samples = table->samples[1];
    ck_assert_ptr_nonnull(samples);
    ck_assert_uint_eq(samples->counts[REJECT_STATUS], 3);
    for (size_t i = 0; i < 3; i++) {
        ck_assert_str_eq(samples->lines[REJECT_STATUS][i].text, first[i]);
        ck_assert_uint_eq(samples->lines[REJECT_STATUS][i].block, 0);
        ck_assert_uint_eq(samples->lines[REJECT_STATUS][i].line, i);
    }
    ck_assert_uint_eq(samples->counts[REJECT_BLANK], 0);
    ck_assert_str_eq(samples->lines[REJECT_NUL][0].text, "a[nul]b");
    ck_assert_uint_eq(samples->counts[REJECT_NUL], 1);
    ck_assert_str_eq(samples->lines[REJECT_FAR_TIME][0].text, "far");
    ck_assert_uint_eq(table->inputs[1].rejected_by[REJECT_FAR_TIME], 1);
    ck_assert_uint_eq(table->inputs[1].lines, 42);
    event_table_free(table);
}
END_TEST

START_TEST(nothing_at_all)
{
    struct recorder_options options = options_of_test();
    struct event_table *table = finish(recorder_new(&options));
    ck_assert_uint_eq(table->visitor_count + table->visit_count + table->event_count, 0);
    ck_assert_int_eq(table->first_ms, CIVIL_NO_TIME);
    ck_assert_int_eq(table->last_ms, CIVIL_NO_TIME);
    ck_assert_int_eq(table->inputs[0].first_ms, CIVIL_NO_TIME);
    event_table_free(table);
}
END_TEST

START_TEST(a_stamp_without_a_zone_is_told)
{
    struct recorder_options options = options_of_test();
    struct recorder *recorder = begin(&options);
    get(recorder, 0, "192.0.2.1", "/");
    struct hit hit = make_hit(1, "192.0.2.1", browser, METHOD_GET, "/");
    hit.has_zone = _i == 0;
    recorder_add_hit(recorder, &hit);
    struct event_table *table = finish(recorder);
    ck_assert_uint_eq(table->kinds.zoneless_hits, _i);
    event_table_free(table);
}
END_TEST

/* More visitors, pages and events than any first size or cache has room for. */
START_TEST(grows)
{
    enum { VISITORS = 20000, HITS = 3 * EVENT_CHUNK };
    struct recorder_options options = options_of_test();
    struct recorder *recorder = begin(&options);
    char address[32], path[32];
    for (int i = 0; i < HITS; i++) {
        int visitor = i % VISITORS;
        snprintf(address, sizeof address, "10.%d.%d.%d", visitor >> 16, visitor >> 8 & 255,
                 visitor & 255);
        snprintf(path, sizeof path, "/page/%d", i % 9999);
        get(recorder, i, address, path);
    }
    struct event_table *table = finish(recorder);
    ck_assert_uint_eq(table->visitor_count, VISITORS);
    ck_assert_uint_eq(table->visit_count, VISITORS);
    ck_assert_uint_eq(table->event_count, HITS);
    ck_assert_uint_eq(table->inputs[0].lines, HITS);
    for (size_t i = 1; i < table->visitors[0].event_count; i++)
        ck_assert(table->events[i].time_ms == (int64_t)i * VISITORS);
    event_table_free(table);
}
END_TEST

#define LENGTH(array) (int)(sizeof(array) / sizeof(array)[0])

int main(void)
{
    Suite *suite = suite_create("recorder");
    TCase *tests = tcase_create("recorder");
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_loop_test(tests, a_gap_of_exactly_the_timeout_stays_together, 0, 5);
    tcase_add_test(tests, an_asset_keeps_a_visit_alive);
    tcase_add_test(tests, a_late_hit_joins_two_spans);
    tcase_add_loop_test(tests, one_address_is_one_visitor, 0, LENGTH(pairs));
    tcase_add_test(tests, another_agent_is_another_visitor);
    tcase_add_loop_test(tests, what_becomes_an_event, 0, LENGTH(kinds));
    tcase_add_test(tests, a_line_without_a_request_is_a_hit);
    tcase_add_loop_test(tests, bots_are_counted_and_not_kept, 0, LENGTH(classes));
    tcase_add_loop_test(tests, what_a_hit_shows, 0, LENGTH(traits));
    tcase_add_test(tests, what_hits_show_adds_up);
    tcase_add_loop_test(tests, what_is_posted_and_from_where, 0, LENGTH(flags));
    tcase_add_loop_test(tests, midnight_cuts_where_it_is_asked_to, 0, 2 * LENGTH(midnights));
    tcase_add_loop_test(tests, too_many_texts_are_told, 0, 6);
    tcase_add_test(tests, since_and_until);
    tcase_add_test(tests, every_fate_is_counted);
    tcase_add_loop_test(tests, far_times_are_rejected, 0, 2 * LENGTH(window_rows));
    tcase_add_test(tests, the_widest_window_takes_all);
    tcase_add_loop_test(tests, durations_are_kept, 0, LENGTH(durations));
    tcase_add_test(tests, samples_are_the_first_lines);
    tcase_add_test(tests, nothing_at_all);
    tcase_add_loop_test(tests, a_stamp_without_a_zone_is_told, 0, 2);
    tcase_add_test(tests, grows);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
