/*
 * A table from its bare state to settled people: own hosts, sources, and the order of the steps.
 * What is expected was worked out by hand from sources.h, visit_cuts.h and behaviour.h.
 */
#include "funnel/people.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "table_fixture.h"

enum { MAX_ROWS = 200, TEXT_MAX = 1024 };

static const struct people_options plain = {.visits = {.timeout_ms = FIXTURE_TIMEOUT_S * 1000}};

static void check_hosts(const struct event_table *table, const char *expected)
{
    char text[TEXT_MAX] = "";
    for (size_t i = 0; i < table->own_hosts.count; i++) {
        strcat(text, i ? " " : "");
        strcat(text, table->own_hosts.items[i].at);
    }
    ck_assert_str_eq(text, expected);
}

/* ---- sources ---- */

static const struct event_row source_rows[] = {
    {0, 0, .page = "/a", .origin = "www.google.com"},
    {0, 1, .page = "/a.png", .from = "/a"},
    {0, 2, .page = "/b.png", .from = "/a"},
    {0, 3, .page = "/c.png", .from = "/a"},
    {0, 4, .page = "/b", .from = "/a"},
    {1, 0, .page = "/a", .from = "/b"},
    {2, 0, .page = "/a", .origin = "blog.example"},
    {3, 0, .page = "/a", .origin = "?paper&spring"},
    {4, 0, .page = "/a.png"},
    {5, 0, .page = "/a", .origin = "(other)"},
    {6, 0, .page = "/a", .origin = "?paper&autumn"},
    {7, 0, .page = "/a"},
    {8, 0, .page = "/api/a", .origin = "blog.example"},
    {8, 9, .page = "/b", .origin = "www.google.com"},
};
enum { SOURCE_ROWS = sizeof source_rows / sizeof source_rows[0] };

static void write_source(const struct event_table *table, size_t number, char *out)
{
    const struct source *source = &table->sources[number];
    snprintf(out, TEXT_MAX, "%s/%.*s/%.*s", source_class_name(source->class),
             SLICE_ARG(source->name), SLICE_ARG(source->campaign));
}

START_TEST(test_sources)
{
    static const char *const expected[] = {
        "search/google.com/",    "direct//", "referral/blog.example/",
        "campaign/paper/spring", "none//",   "referral/(other)/",
        "campaign/paper/autumn", "direct//", "search/google.com/",
    };
    struct event_table *table = table_fixture_new(source_rows, SOURCE_ROWS);
    people_settle(table, &plain);
    check_hosts(table, "own.example");
    ck_assert_uint_eq(table->visit_count, 9);
    for (size_t i = 0; i < table->visit_count; i++) {
        char text[TEXT_MAX];
        write_source(table, table->visits[i].source, text);
        ck_assert_str_eq(text, expected[i]);
    }
    event_table_free(table);
}
END_TEST

/* Visitors in another order have origins of other numbers; sources keep theirs. */
START_TEST(test_source_numbers)
{
    static const char *const expected[] = {
        "none//",
        "direct//",
        "search/google.com/",
        "campaign/paper/autumn",
        "campaign/paper/spring",
        "referral/(other)/",
        "referral/blog.example/",
    };
    struct event_row rows[SOURCE_ROWS];
    for (size_t i = 0; i < SOURCE_ROWS; i++) {
        rows[i] = source_rows[i];
        rows[i].visitor = _i ? 8 - rows[i].visitor : rows[i].visitor;
    }
    struct event_table *table = table_fixture_new(rows, SOURCE_ROWS);
    people_settle(table, &plain);
    ck_assert_uint_eq(table->source_count, sizeof expected / sizeof expected[0]);
    for (size_t i = 0; i < table->source_count; i++) {
        char text[TEXT_MAX];
        write_source(table, i, text);
        ck_assert_str_eq(text, expected[i]);
    }
    event_table_free(table);
}
END_TEST

/* ---- own hosts ---- */

/* So many page views of hosts that were asked, from nowhere. */
struct asked {
    const char *origin;
    unsigned page_views;
};

struct asked_case {
    struct asked asked[3];
    const char *given; /* NULL: found */
    const char *expected;
};

static const struct asked_case asked_cases[] = {
    {{{"www.shop.example>", 3}, {"blog.example>", 1}}, NULL, "blog.example shop.example"},
    {{{"www.shop.example>", 3}, {"shop.example>", 3}}, NULL, "shop.example"},
    {{{"shop.example>", 99}, {"other.example>", 1}}, NULL, "other.example shop.example"},
    {{{"shop.example>", 100}, {"other.example>", 1}}, NULL, "shop.example"},
    {{{"shop.example>", 9}, {"www.google.com>", 9}}, NULL, "shop.example"},
    {{{"shop.example>", 9}, {"blog.example>", 9}}, "given.example", "given.example"},
    {{{"www.example>", 3}}, NULL, "www.example"},
    {{{NULL, 3}}, NULL, ""},
};

START_TEST(test_asked_hosts)
{
    const struct asked_case *one = &asked_cases[_i];
    struct event_row rows[MAX_ROWS];
    size_t count = 0;
    for (size_t i = 0; i < 3; i++) {
        for (unsigned k = 0; k < one->asked[i].page_views; k++, count++)
            rows[count] = (struct event_row){
                .at_s = (int64_t)count, .page = "/a", .origin = one->asked[i].origin};
    }
    struct event_table *table = table_fixture_new(rows, count);
    struct people_options options = plain;
    struct slice given = slice_of(one->given);
    if (one->given)
        options.own_hosts = (struct own_hosts){&given, 1};
    people_settle(table, &options);
    check_hosts(table, one->expected);
    event_table_free(table);
}
END_TEST

START_TEST(test_given_hosts_decide)
{
    const struct event_row rows[] = {{0, 0, .page = "/a", .origin = "shop.example"},
                                     {1, 0, .page = "/a", .origin = "blog.example"}};
    const struct slice given[] = {SLICE_LITERAL("shop.example"), SLICE_LITERAL("shop.example")};
    struct event_table *table = table_fixture_new(rows, 2);
    struct people_options options = plain;
    options.own_hosts = (struct own_hosts){given, 2};
    people_settle(table, &options);
    check_hosts(table, "shop.example");
    ck_assert_uint_eq(table->sources[table->visits[0].source].class, SOURCE_DIRECT);
    ck_assert_uint_eq(table->sources[table->visits[1].source].class, SOURCE_REFERRAL);
    event_table_free(table);
}
END_TEST

/* ---- the steps ---- */

/* Cuts know sources, and machines are judged when visits are cut. */
START_TEST(test_steps)
{
    struct event_row rows[40];
    size_t count = 0;
    for (int64_t i = 0; i < 30; i++)
        rows[count++] = (struct event_row){0, i, .page = "/a", .origin = "www.google.com"};
    rows[count++] = (struct event_row){0, 40, .page = "/b", .origin = "blog.example"};
    for (int64_t i = 0; i < 5; i++)
        rows[count++] = (struct event_row){1, i * i * 60, .page = "/a"};
    rows[count++] = (struct event_row){2, 0, .page = "/a"};
    rows[count++] = (struct event_row){2, 9, .page = "/b"};
    rows[count++] = (struct event_row){2, 10, .page = "/b.png"};
    struct event_table *table = table_fixture_new(rows, count);
    struct people_options options = plain;
    options.visits.cut_on_new_source = true;
    people_settle(table, &options);
    table_fixture_check(table);
    ck_assert_uint_eq(table->visit_count, 4);
    ck_assert_uint_eq(table->visitors[0].visit_count, 2);
    ck_assert_str_eq(table->sources[table->visits[1].source].name.at, "blog.example");
    ck_assert_uint_eq(table->visitors[0].rule, BEHAVIOUR_RATE);
    ck_assert_uint_eq(table->visitors[1].rule, BEHAVIOUR_NO_ASSETS);
    ck_assert_uint_eq(table->visitors[2].rule, BEHAVIOUR_NONE);
    ck_assert_uint_eq(table->behaviour.judged, 2);
    ck_assert_uint_eq(table->behaviour.with_assets, 1);
    ck_assert(table->behaviour.assets_tell);
    event_table_free(table);
}
END_TEST

/* Folded page views are those of people; of a crawler, and of calls, none. */
START_TEST(test_folded)
{
    static const struct event_row rows[] = {
        {0, 0, .page = "(other)", .origin = "(other)"}, {0, 1, .page = "/a", .origin = "(other)"},
        {0, 2, .page = "/api/a", .origin = "(other)"},  {1, 0, .page = "(other)"},
        {1, 1, .page = "(other)", .origin = "(other)"}, {1, 2, .page = "(other)"},
    };
    struct event_table *table = table_fixture_new(rows, sizeof rows / sizeof rows[0]);
    table->visitors[1].class = AGENT_SEARCH;
    table->folded = (struct folded_counts){.page_views = 4, .origin_page_views = 3};
    people_settle(table, &plain);
    ck_assert_uint_eq(table->folded.page_views, 1);
    ck_assert_uint_eq(table->folded.origin_page_views, 2);
    event_table_free(table);
}
END_TEST

START_TEST(test_nobody)
{
    struct event_table *table = table_fixture_new(NULL, 0);
    struct people_options options = plain;
    options.visits.split_by_referrer = options.visits.cut_on_new_source = true;
    people_settle(table, &options);
    ck_assert_uint_eq(table->own_hosts.count, 0);
    ck_assert_uint_eq(table->sources[SOURCE_NUMBER_NONE].class, SOURCE_NONE);
    ck_assert_uint_eq(table->sources[table->source_of[ORIGIN_NONE]].class, SOURCE_DIRECT);
    ck_assert(!table->behaviour.assets_tell);
    event_table_free(table);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("people");
    TCase *tests = tcase_create("people");
    tcase_add_test(tests, test_sources);
    tcase_add_loop_test(tests, test_source_numbers, 0, 2);
    tcase_add_loop_test(tests, test_asked_hosts, 0, sizeof asked_cases / sizeof asked_cases[0]);
    tcase_add_test(tests, test_given_hosts_decide);
    tcase_add_test(tests, test_steps);
    tcase_add_test(tests, test_folded);
    tcase_add_test(tests, test_nobody);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
