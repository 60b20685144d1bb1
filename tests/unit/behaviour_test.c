/*
 * Each rule on visitors made by hand, at its edges. What is expected was worked out by hand from
 * the rules in behaviour.h. Releases of browsers: Chrome 60 July 2017, Chrome 120 December 2023
 * (the calendar of chromiumdash.appspot.com); 66.249.64.0/19 is in Google's published ranges.
 */
#include "funnel/behaviour.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "table_fixture.h"

enum { MAX_ROWS = 400, JUNE_2024_S = 1717200000 };

struct made_rows {
    struct event_row items[MAX_ROWS];
    size_t count;
};

static void add_row(struct made_rows *rows, struct event_row row)
{
    ck_assert_uint_lt(rows->count, MAX_ROWS);
    rows->items[rows->count++] = row;
}

/* The rule that decides on the first visitor. */
static enum behaviour_rule rule_of(const struct made_rows *rows, uint32_t off)
{
    struct event_table *table = table_fixture_new(rows->items, rows->count);
    const struct behaviour_options options = {.off = off};
    behaviour_classify(table, &options);
    const struct visitor visitor = table->visitors[0];
    ck_assert_uint_eq(visitor.class, visitor.rule ? AGENT_SUSPECTED : AGENT_PERSON);
    event_table_free(table);
    return (enum behaviour_rule)visitor.rule;
}

#define ck_assert_rule(got, expected)                                                              \
    ck_assert_str_eq(behaviour_name(got), behaviour_name(expected))

/* ---- names ---- */

START_TEST(test_names)
{
    static const char *const expected[] = {
        "forged-crawler", "attack",    "login-flood",
        "robots-txt",     "no-agent",  "impossible-browser",
        "old-browser",    "head-only", "post-only",
        "rate",           "regular",   "no-assets",
    };
    const char *const *names = behaviour_names();
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        ck_assert_str_eq(names[i], expected[i]);
        ck_assert_int_eq(behaviour_find(expected[i]), (int)i + 1);
        ck_assert_str_eq(behaviour_name((enum behaviour_rule)(i + 1)), expected[i]);
        const char *about = behaviour_about((enum behaviour_rule)(i + 1));
        ck_assert(strlen(about) > 10 && about[strlen(about) - 1] == '.');
    }
    ck_assert_ptr_null(names[BEHAVIOUR_COUNT - 1]);
    ck_assert_str_eq(behaviour_name(BEHAVIOUR_NONE), "");
    ck_assert_str_eq(behaviour_about(BEHAVIOUR_NONE), "");
    ck_assert_str_eq(behaviour_name(BEHAVIOUR_COUNT), "");
    ck_assert_int_eq(behaviour_find(""), BEHAVIOUR_NONE);
    ck_assert_int_eq(behaviour_find("rates"), BEHAVIOUR_NONE);
}
END_TEST

static void check_about(enum behaviour_rule rule, const char *format, int first, int second)
{
    char expected[128];
    snprintf(expected, sizeof expected, format, first, second);
    ck_assert_msg(strstr(behaviour_about(rule), expected) != NULL, "\"%s\" has not \"%s\"",
                  behaviour_about(rule), expected);
}

START_TEST(test_figures_in_sentences)
{
    check_about(BEHAVIOUR_LOGIN_FLOOD, "%d times or more within %d seconds", LOGIN_POSTS,
                LOGIN_WINDOW_S);
    check_about(BEHAVIOUR_OLD_BROWSER, "more than %d years", BROWSER_OLD_YEARS, 0);
    check_about(BEHAVIOUR_RATE, "%d pages or more within %d seconds", RATE_PAGES, RATE_WINDOW_S);
    check_about(BEHAVIOUR_REGULAR, "%d pages or more, at least %d in 100", REGULAR_VIEWS,
                REGULAR_PERCENT);
    check_about(BEHAVIOUR_NO_ASSETS, "%d pages or more", ASSET_PAGES, 0);
}
END_TEST

/* ---- traits and agents ---- */

struct looks_case {
    uint8_t class, traits;
    bool is_absent;
    const char *agent; /* a browser's */
    enum behaviour_rule expected;
};

#define CHROME(version)                                                                            \
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "            \
    "Chrome/" version " Safari/537.36"

static const struct looks_case looks_cases[] = {
    {AGENT_PERSON, VISITOR_NOT_ONLY_HEAD, false, CHROME("120.0.0.0"), BEHAVIOUR_NONE},
    {AGENT_PERSON, VISITOR_NOT_ONLY_HEAD, false, "", BEHAVIOUR_NONE},
    {AGENT_PERSON, VISITOR_NOT_ONLY_HEAD | VISITOR_ATTACKED, false, "", BEHAVIOUR_ATTACK},
    {AGENT_PERSON, VISITOR_NOT_ONLY_HEAD | VISITOR_READ_ROBOTS, false, "", BEHAVIOUR_ROBOTS_TXT},
    {AGENT_PERSON, VISITOR_NOT_ONLY_HEAD, true, "", BEHAVIOUR_NO_AGENT},
    {AGENT_PERSON, VISITOR_NOT_ONLY_HEAD, false, CHROME("600.0.0.0"), BEHAVIOUR_IMPOSSIBLE_BROWSER},
    {AGENT_PERSON, VISITOR_NOT_ONLY_HEAD, false, CHROME("60.0.3112.113"), BEHAVIOUR_OLD_BROWSER},
    {AGENT_PERSON, 0, false, "", BEHAVIOUR_HEAD_ONLY},
    {AGENT_PERSON, VISITOR_LOADED_ASSET, false, "", BEHAVIOUR_HEAD_ONLY},
    {AGENT_PERSON, VISITOR_ATTACKED | VISITOR_READ_ROBOTS, true, "", BEHAVIOUR_ATTACK},
    {AGENT_PERSON, VISITOR_READ_ROBOTS, true, CHROME("600.0.0.0"), BEHAVIOUR_ROBOTS_TXT},
    {AGENT_PERSON, 0, true, CHROME("600.0.0.0"), BEHAVIOUR_NO_AGENT},
    {AGENT_PERSON, 0, false, CHROME("600.0.0.0"), BEHAVIOUR_IMPOSSIBLE_BROWSER},
    {AGENT_PERSON, 0, false, CHROME("60.0.3112.113"), BEHAVIOUR_OLD_BROWSER},
    {AGENT_INTERNAL, VISITOR_ATTACKED | VISITOR_READ_ROBOTS, true, "", BEHAVIOUR_NONE},
    {AGENT_SEO, VISITOR_ATTACKED | VISITOR_READ_ROBOTS, false, "", BEHAVIOUR_NONE},
};

START_TEST(test_looks)
{
    const struct looks_case *one = &looks_cases[_i];
    const struct event_row row = {0, JUNE_2024_S, .page = "/a"};
    struct event_table *table = table_fixture_new(&row, 1);
    const struct behaviour_options options = {0};
    table->visitors[0].class = one->class;
    table->visitors[0].traits = one->traits;
    table->agents[0].is_absent = one->is_absent;
    table->agents[0].browser = browser_of(slice_of(one->agent));
    behaviour_classify(table, &options);
    ck_assert_rule(table->visitors[0].rule, one->expected);
    ck_assert_uint_eq(table->visitors[0].class, one->expected ? AGENT_SUSPECTED : one->class);
    event_table_free(table);
}
END_TEST

/* Chrome 120 in June 2013, when there was Chrome 27. */
START_TEST(test_browser_at_its_time)
{
    const struct event_row rows[] = {{0, 1370044800, .page = "/a"}, {0, JUNE_2024_S, .page = "/a"}};
    struct event_table *table = table_fixture_new(rows, 2);
    const struct behaviour_options options = {0};
    table->agents[0].browser = browser_of(slice_of(CHROME("120.0.0.0")));
    behaviour_classify(table, &options);
    ck_assert_rule(table->visitors[0].rule, BEHAVIOUR_IMPOSSIBLE_BROWSER);
    event_table_free(table);
}
END_TEST

/* With all rules that apply before it switched off, the next one decides. */
START_TEST(test_switched_off)
{
    static const enum behaviour_rule order[] = {
        BEHAVIOUR_ATTACK,      BEHAVIOUR_ROBOTS_TXT, BEHAVIOUR_NO_AGENT,
        BEHAVIOUR_OLD_BROWSER, BEHAVIOUR_HEAD_ONLY,  BEHAVIOUR_NONE,
    };
    struct behaviour_options options = {0};
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        const struct event_row row = {0, JUNE_2024_S, .page = "/a"};
        struct event_table *table = table_fixture_new(&row, 1);
        table->visitors[0].traits = VISITOR_ATTACKED | VISITOR_READ_ROBOTS;
        table->agents[0].is_absent = true;
        table->agents[0].browser = browser_of(slice_of(CHROME("60.0.3112.113")));
        behaviour_classify(table, &options);
        ck_assert_rule(table->visitors[0].rule, order[i]);
        options.off |= 1u << order[i];
        event_table_free(table);
    }
}
END_TEST

/* ---- forged crawlers ---- */

struct forged_case {
    const char *user_agent, *address, *crawler, *range;
    bool is_forged;
};

static const struct forged_case forged_cases[] = {
    {"Googlebot/2.1", "66.249.66.1", "Googlebot", "66.249.64.0/19", false},
    {"Googlebot/2.1", "66.249.95.255", "Googlebot", "66.249.64.0/19", false},
    {"Googlebot/2.1", "66.249.96.0", "Googlebot", "66.249.64.0/19", true},
    {"Googlebot/2.1", "203.0.113.9", "googleBOT", "66.249.64.0/19", true},
    {"Googlebot/2.1", "203.0.113.9", "Googlebot/2.1", "66.249.64.0/19", true},
    {"Googlebot-Image/1.0", "203.0.113.9", "Googlebot", "66.249.64.0/19", true},
    {"Googlebot/2.1", "203.0.113.9", "Googlebot-Image", "66.249.64.0/19", false},
    {"Googlebot/2.1", "203.0.113.9", "bingbot", "66.249.64.0/19", false},
    {"Googlebot/2.1", "203.0.113.9", "", "66.249.64.0/19", false},
    {"Googlebot/2.1", "203.0.113.9", "/", "66.249.64.0/19", false},
    {"Googlebot/2.1", "crawl.example", "Googlebot", "66.249.64.0/19", false},
    {"Googlebot/2.1", "2001:4860:4801:10::", "Googlebot", "2001:4860:4801:10::/64", false},
    {"Googlebot/2.1", "2001:4860:4801:11::", "Googlebot", "2001:4860:4801:10::/64", true},
    {"Mozilla/5.0 (compatible; ClaudeBot/1.0)", "203.0.113.9", "ClaudeBot", "192.0.2.0/24", true},
    {"Mozilla/5.0 (compatible; AhrefsBot/7.0)", "203.0.113.9", "AhrefsBot", "192.0.2.0/24", true},
    {"Mozilla/5.0 (compatible; SemrushBot/7)", "203.0.113.9", "semrushbot", "192.0.2.0/24", true},
    {"Mozilla/5.0 (X11; Linux x86_64) Firefox/125.0", "203.0.113.9", "Mozilla", "192.0.2.0/24",
     false},
};

static struct networks *networks_of(const char *spec)
{
    struct networks *networks = networks_new();
    struct error error;
    ck_assert(networks_add(networks, spec, &error));
    return networks;
}

static struct event_table *table_of_crawler(const char *user_agent, const char *address)
{
    const struct event_row row = {0, JUNE_2024_S, .page = "/a"};
    struct event_table *table = table_fixture_new(&row, 1);
    struct error error;
    struct agent_rules *rules = agent_rules_new(&error);
    ck_assert_ptr_nonnull(rules);
    int crawler = agent_find_crawler(rules, slice_of(user_agent));
    agent_rules_free(rules);
    table->agents[0].crawler = crawler;
    table->visitors[0].class = (uint8_t)(crawler < 0 ? AGENT_PERSON : agent_crawler_class(crawler));
    address_parse(slice_of(address), &table->clients[0].address);
    return table;
}

START_TEST(test_forged)
{
    const struct forged_case *one = &forged_cases[_i];
    struct event_table *table = table_of_crawler(one->user_agent, one->address);
    struct networks *networks = networks_of(one->range);
    const struct crawler_ranges ranges = {one->crawler, networks};
    const struct behaviour_options options = {.ranges = &ranges, .range_count = 1};
    uint8_t class = table->visitors[0].class;
    behaviour_classify(table, &options);
    ck_assert_rule(table->visitors[0].rule,
                   one->is_forged ? BEHAVIOUR_FORGED_CRAWLER : BEHAVIOUR_NONE);
    ck_assert_uint_eq(table->visitors[0].class, one->is_forged ? AGENT_SUSPECTED : class);
    networks_free(networks);
    event_table_free(table);
}
END_TEST

enum { FORGED, TWO_HOMES, CUT_ADDRESS, INSIDE, SWITCHED_OFF, FORGED_WAYS };

START_TEST(test_forged_in_its_surroundings)
{
    struct event_table *table = table_of_crawler("Googlebot/2.1", "203.0.113.9");
    struct networks *google = networks_of("66.249.64.0/19"), *other = networks_of("203.0.113.0/24");
    const struct crawler_ranges ranges[] = {{"Googlebot", google}, {"Googlebot", other}};
    struct behaviour_options options = {.ranges = ranges, .range_count = 1};
    if (_i == TWO_HOMES)
        options.range_count = 2;
    if (_i == CUT_ADDRESS)
        table->visitor_rules.v4_prefix = 24;
    if (_i == INSIDE)
        table->visitors[0].class = AGENT_INTERNAL;
    if (_i == SWITCHED_OFF)
        options.off = 1u << BEHAVIOUR_FORGED_CRAWLER;
    behaviour_classify(table, &options);
    ck_assert_rule(table->visitors[0].rule,
                   _i == FORGED ? BEHAVIOUR_FORGED_CRAWLER : BEHAVIOUR_NONE);
    networks_free(google);
    networks_free(other);
    event_table_free(table);
}
END_TEST

/* ---- login floods ---- */

/* Tries `apart_s` apart; what each is answered, and where the visitor goes then. */
struct login_case {
    int tries, apart_s;
    unsigned status;
    const char *then; /* NULL: nowhere, tries again */
    bool is_flood;
};

static const struct login_case login_cases[] = {
    {10, 1, 200, NULL, true},
    {9, 1, 200, NULL, false},
    {10, 1, 401, NULL, true},
    {10, 1, 403, "/", true},
    {10, 1, 503, "/", true},
    {10, 66, 200, NULL, true},  /* 594 s from the first to the last */
    {11, 60, 200, NULL, true},  /* 600 s for eleven, 540 s for ten */
    {10, 67, 200, NULL, false}, /* 603 s */
    {40, 67, 200, NULL, false},
    {40, 66, 200, NULL, true},
    {20, 20, 302, "/account", false}, /* an office at nine */
    {20, 20, 200, "/account", false},
    {10, 1, 302, "/login", true}, /* back to the form */
    {10, 1, 302, NULL, false},    /* nothing comes after the last one */
    {11, 1, 302, NULL, true},
};

static struct made_rows *rows_of_logins(const struct login_case *one)
{
    struct made_rows *rows = calloc(1, sizeof *rows);
    for (int i = 0; i < one->tries; i++) {
        int64_t at_s = (int64_t)i * one->apart_s;
        add_row(rows,
                (struct event_row){0, at_s, "/login", one->status, EVENT_IS_POST, NULL, NULL});
        if (one->then)
            add_row(rows, (struct event_row){0, at_s, .page = one->then});
    }
    return rows;
}

START_TEST(test_login_flood)
{
    const struct login_case *one = &login_cases[_i];
    struct made_rows *rows = rows_of_logins(one);
    uint32_t off = 1u << BEHAVIOUR_RATE | 1u << BEHAVIOUR_REGULAR;
    ck_assert_rule(rule_of(rows, off), one->is_flood ? BEHAVIOUR_LOGIN_FLOOD : BEHAVIOUR_NONE);
    free(rows);
}
END_TEST

/* Neither looking at the form nor sending other ones logs in. */
START_TEST(test_no_login)
{
    struct made_rows *rows = calloc(1, sizeof *rows);
    for (int i = 0; i < 20; i++) {
        add_row(rows, (struct event_row){0, i, "/login", 403, 0, NULL, NULL});
        add_row(rows, (struct event_row){0, i, "/cart", 403, EVENT_IS_POST, NULL, NULL});
    }
    uint32_t off = 1u << BEHAVIOUR_RATE | 1u << BEHAVIOUR_REGULAR;
    ck_assert_rule(rule_of(rows, off), BEHAVIOUR_NONE);
    free(rows);
}
END_TEST

/* ---- rate ---- */

/* `views` page views in `span_s`, as even as whole seconds allow, after a slow start. */
struct rate_case {
    int views, span_s;
    unsigned status;
    const char *page;
    bool is_too_fast;
};

static const struct rate_case rate_cases[] = {
    {30, 30, 200, "/a", true},       {30, 31, 200, "/a", false},      {29, 0, 200, "/a", false},
    {30, 0, 200, "/a", true},        {30, 30, 404, "/a", true},       {30, 30, 304, "/a", true},
    {30, 30, 301, "/a", false},      {30, 30, 302, "/a", false},      {200, 30, 308, "/a", false},
    {200, 10, 200, "/api/a", false}, {200, 10, 200, "/a.png", false}, {100, 104, 200, "/a", true},
    {100, 110, 200, "/a", false},    {200, 10, 206, "/a.pdf", false},
};

START_TEST(test_rate)
{
    const struct rate_case *one = &rate_cases[_i];
    struct made_rows *rows = calloc(1, sizeof *rows);
    for (int i = 0; i < 10; i++)
        add_row(rows, (struct event_row){0, i * 100, .page = "/slow"});
    for (int i = 0; i < one->views; i++) {
        int64_t at_s = 1000 + (int64_t)i * one->span_s / (one->views - 1);
        add_row(rows, (struct event_row){0, at_s, one->page, one->status, 0, NULL, NULL});
    }
    ck_assert_rule(rule_of(rows, 1u << BEHAVIOUR_REGULAR),
                   one->is_too_fast ? BEHAVIOUR_RATE : BEHAVIOUR_NONE);
    free(rows);
}
END_TEST

/* ---- regular ---- */

/* Page views apart by the gaps, over and over. */
struct regular_case {
    int views;
    int gaps_s[12]; /* ends with 0 */
    bool is_regular;
};

static const struct regular_case regular_cases[] = {
    {12, {60}, true},
    {11, {60}, false},
    {40, {2}, true},
    {40, {1}, false},
    {20, {60, 63, 57}, true},  /* 5 % of 60 s */
    {20, {60, 64, 56}, false}, /* the median is 60, and a third is */
    {20, {10, 11, 9}, true},   /* 1 s */
    {20, {10, 12, 8}, false},
    {20, {4, 5, 3}, true},
    {20, {3, 4, 2}, false},         /* a quarter of 3 s is less than 1 s */
    {20, {3600, 3660, 3540}, true}, /* 60 s, though 5 % are 180 */
    {20, {3600, 3661, 3539}, false},
    {20, {86400, 87000, 85800}, false}, /* once a day, within ten minutes */
    {13, {400, 421}, false},            /* 5 % of 400 s are less than 21 s, of 421 s more */
    {31, {60, 60, 60, 60, 60, 60, 60, 60, 60, 600}, true}, /* 27 of 30 */
    {31, {60, 60, 60, 60, 60, 60, 60, 60, 300, 600}, false},
    {21, {60, 60, 60, 60, 600, 60, 60, 60, 60, 60}, true},  /* 18 of 20 */
    {20, {60, 600, 60, 60, 60, 60, 60, 60, 60, 60}, false}, /* 17 of 19 */
};

START_TEST(test_regular)
{
    const struct regular_case *one = &regular_cases[_i];
    struct made_rows *rows = calloc(1, sizeof *rows);
    int64_t at_s = 0;
    for (int i = 0, gap = 0; i < one->views; i++) {
        add_row(rows, (struct event_row){0, at_s, .page = "/a"});
        at_s += one->gaps_s[gap++];
        if (gap == 12 || one->gaps_s[gap] == 0)
            gap = 0;
    }
    ck_assert_rule(rule_of(rows, 1u << BEHAVIOUR_RATE),
                   one->is_regular ? BEHAVIOUR_REGULAR : BEHAVIOUR_NONE);
    free(rows);
}
END_TEST

/* Redirects and calls in between do not hide it. */
START_TEST(test_regular_among_others)
{
    struct made_rows *rows = calloc(1, sizeof *rows);
    for (int i = 0; i < 12; i++) {
        add_row(rows, (struct event_row){0, i * 60, .page = "/a"});
        add_row(rows, (struct event_row){0, i * 60 + 7 * (i % 3), .page = "/api/a"});
        add_row(rows, (struct event_row){0, i * 60 + 9 * (i % 5), "/b", 302, 0, NULL, NULL});
    }
    for (size_t i = 1; i < rows->count; i++)
        if (rows->items[i].at_s < rows->items[i - 1].at_s)
            rows->items[i].at_s = rows->items[i - 1].at_s;
    ck_assert_rule(rule_of(rows, 0), BEHAVIOUR_REGULAR);
    free(rows);
}
END_TEST

/* ---- forms alone ---- */

/* Several people: what they do by turns, as letters: p a page, f a form, a an asset. */
static const struct {
    const char *people[4];
    const char *suspected; /* a letter each: x or - */
} post_cases[] = {
    {{"p", "f"}, "-x"},
    {{"p", "ff"}, "-x"},
    {{"p", "fp"}, "--"},
    {{"p", "pf"}, "--"},
    {{"p", "fa"}, "--"},
    /* half of those with page views ask for pages; with less somebody else serves them */
    {{"pf", "f", "f"}, "---"},
    {{"p", "pf", "f", "f"}, "--xx"},
    {{"a", "f"}, "--"},
    {{"f"}, "-"},
};

START_TEST(test_post_only)
{
    struct made_rows *rows = calloc(1, sizeof *rows);
    unsigned visitors = 0;
    for (; visitors < 4 && post_cases[_i].people[visitors]; visitors++) {
        int at_s = 0;
        for (const char *c = post_cases[_i].people[visitors]; *c; c++, at_s += 7)
            add_row(rows, (struct event_row){visitors, at_s, .page = *c == 'a' ? "/a.png" : "/a",
                                             .flags = *c == 'f' ? EVENT_IS_POST : 0});
    }
    struct event_table *table = table_fixture_new(rows->items, rows->count);
    const struct behaviour_options options = {0};
    behaviour_classify(table, &options);
    for (unsigned i = 0; i < visitors; i++)
        ck_assert_rule(table->visitors[i].rule,
                       post_cases[_i].suspected[i] == 'x' ? BEHAVIOUR_POST_ONLY : BEHAVIOUR_NONE);
    event_table_free(table);
    free(rows);
}
END_TEST

/* ---- no assets ---- */

/* Visitors with page views at odd times, with an asset or without. */
struct asset_group {
    unsigned visitors, page_views;
    bool loads;
    bool is_suspected;
    bool links; /* its second page view comes from another page of the site */
};

struct asset_case {
    struct asset_group groups[4];
    uint64_t judged, with_assets;
    bool assets_tell;
    uint32_t off;
};

static const struct asset_case asset_cases[] = {
    /* Half of them load assets: that tells. */
    {{{2, 2, true, false, false}, {1, 5, false, true, false}, {1, 4, false, false, false}},
     4,
     2,
     true,
     0},
    /* One more does not. */
    {{{2, 2, true, false, false}, {1, 5, false, false, false}, {2, 4, false, false, false}},
     5,
     2,
     false,
     0},
    /* Who sees one page tells nothing. */
    {{{1, 2, true, false, false},
      {1, 6, false, true, false},
      {9, 1, false, false, false},
      {3, 1, true, false, false}},
     2,
     1,
     true,
     0},
    {{{9, 1, true, false, false}, {1, 6, false, false, false}}, 1, 0, false, 0},
    {{{9, 1, true, false, false}}, 0, 0, false, 0},
    /* Those who follow links do load assets; others may be anybody, and are not asked. */
    {{{2, 2, true, false, true}, {8, 5, false, true, false}, {8, 4, false, false, false}},
     2,
     2,
     true,
     0},
    /* Who follows links and has everything from an earlier visit is a person. */
    {{{1, 2, true, false, true}, {1, 9, false, false, true}, {3, 5, false, true, false}},
     2,
     1,
     true,
     0},
    /* Of those who follow links too few load assets: they come from elsewhere. */
    {{{1, 2, true, false, true},
      {2, 9, false, false, true},
      {3, 5, true, false, false},
      {3, 5, false, false, false}},
     3,
     1,
     false,
     0},
    /* One in twenty must follow links, or everybody is asked. */
    {{{1, 2, false, false, true}, {19, 2, true, false, false}, {1, 5, false, true, false}},
     21,
     19,
     true,
     0},
    {{{1, 2, false, false, true}, {18, 2, true, false, false}, {1, 5, false, false, false}},
     1,
     0,
     false,
     0},
    {{{2, 2, false, false, true}, {19, 2, true, false, false}, {1, 5, false, false, false}},
     2,
     0,
     false,
     0},
    /* Nobody. */
    {{{0, 0, false, false, false}}, 0, 0, false, 0},
    /* Switched off it is calibrated and not applied. */
    {{{2, 2, true, false, false}, {1, 5, false, false, false}},
     3,
     2,
     false,
     1u << BEHAVIOUR_NO_ASSETS},
};

static struct made_rows *rows_of_groups(const struct asset_group *groups)
{
    struct made_rows *rows = calloc(1, sizeof *rows);
    unsigned visitor = 0;
    for (size_t g = 0; g < 4; g++) {
        for (unsigned v = 0; v < groups[g].visitors; v++, visitor++) {
            for (int i = 0; i < (int)groups[g].page_views; i++)
                add_row(rows, (struct event_row){visitor, i * i * 10, .page = "/a",
                                                 .from = groups[g].links && i == 1 ? "/b" : NULL});
            if (groups[g].loads)
                add_row(rows, (struct event_row){visitor, 1000, .page = "/a.png"});
        }
    }
    return rows;
}

START_TEST(test_no_assets)
{
    const struct asset_case *one = &asset_cases[_i];
    struct made_rows *rows = rows_of_groups(one->groups);
    struct event_table *table = table_fixture_new(rows->items, rows->count);
    const struct behaviour_options options = {.off = one->off};
    table_fixture_add_sources(table);
    struct behaviour_finding finding = behaviour_classify(table, &options);
    ck_assert_uint_eq(finding.judged, one->judged);
    ck_assert_uint_eq(finding.with_assets, one->with_assets);
    ck_assert_int_eq(finding.assets_tell, one->assets_tell);
    size_t visitor = 0;
    for (size_t g = 0; g < 4; g++) {
        for (unsigned v = 0; v < one->groups[g].visitors; v++)
            ck_assert_rule(table->visitors[visitor++].rule,
                           one->groups[g].is_suspected ? BEHAVIOUR_NO_ASSETS : BEHAVIOUR_NONE);
    }
    event_table_free(table);
    free(rows);
}
END_TEST

/* Whom another rule decided on, and who says to be a machine, does not calibrate. */
START_TEST(test_machines_do_not_calibrate)
{
    const struct asset_group groups[4] = {
        {1, 5, false, true, false}, {1, 2, true, false, false}, {6, 9, false, false, false}};
    struct made_rows *rows = rows_of_groups(groups);
    struct event_table *table = table_fixture_new(rows->items, rows->count);
    const struct behaviour_options options = {0};
    for (size_t i = 2; i < 5; i++)
        table->visitors[i].traits |= VISITOR_READ_ROBOTS;
    for (size_t i = 5; i < 8; i++)
        table->visitors[i].class = AGENT_SEO;
    struct behaviour_finding finding = behaviour_classify(table, &options);
    ck_assert_uint_eq(finding.judged, 2);
    ck_assert_uint_eq(finding.with_assets, 1);
    ck_assert_rule(table->visitors[0].rule, BEHAVIOUR_NO_ASSETS);
    ck_assert_rule(table->visitors[2].rule, BEHAVIOUR_ROBOTS_TXT);
    ck_assert_rule(table->visitors[5].rule, BEHAVIOUR_NONE);
    event_table_free(table);
    free(rows);
}
END_TEST

#define LOOP(tests, test, cases) tcase_add_loop_test(tests, test, 0, sizeof cases / sizeof cases[0])

int main(void)
{
    Suite *suite = suite_create("behaviour");
    TCase *tests = tcase_create("behaviour");
    tcase_add_test(tests, test_names);
    tcase_add_test(tests, test_figures_in_sentences);
    LOOP(tests, test_looks, looks_cases);
    tcase_add_test(tests, test_browser_at_its_time);
    tcase_add_test(tests, test_switched_off);
    LOOP(tests, test_forged, forged_cases);
    tcase_add_loop_test(tests, test_forged_in_its_surroundings, 0, FORGED_WAYS);
    LOOP(tests, test_login_flood, login_cases);
    tcase_add_test(tests, test_no_login);
    LOOP(tests, test_post_only, post_cases);
    LOOP(tests, test_rate, rate_cases);
    LOOP(tests, test_regular, regular_cases);
    tcase_add_test(tests, test_regular_among_others);
    LOOP(tests, test_no_assets, asset_cases);
    tcase_add_test(tests, test_machines_do_not_calibrate);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
