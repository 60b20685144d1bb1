/*
 * A small event table made by hand, and what there is to count in it, counted by hand.
 *
 *     visitor 0, DE   visit 0: a@0 b@60        from FR, visit 1: a@10000 b@10010 in vain
 *     visitor 1, FR   visit 2: a@8999
 *     visitor 2, ZZ   visit 3: b@50
 *     visitor 3, bot  visit 4: a@7000
 *     visitor 4, DE   visit 5: a@500 b@520 c@600
 *     visitor 5, FR   visit 6: a@700 b@700
 *
 * The log ends at 10800; times are in seconds, and the visit timeout is 1800. The five hits of
 * people on a took 40, 10, an unknown time, 20 and 31 milliseconds, those on b that reached it 7,
 * unknown, 5 and 6; c's time is unknown.
 */
#include "funnel/tally.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

static const char journey_text[] =
    "journey: test\n"
    "touchpoints:\n"
    "  a: {match: {path: /a}}\n"
    "  b: {match: {path: /b}}\n"
    "  c: {match: {path: /c}}\n"
    "funnels:\n"
    "  by-visit: {per: visit, steps: [a, b]}\n"
    "  by-visitor: {per: visitor, window: 1h, steps: [a, {touchpoint: b, optional: true}, c]}\n"
    "  all-three: {per: visit, steps: [a, b, c]}\n";

enum { A = 1, B, C, B_FAILED, MARKS };
enum { REGION, AGENT, GROUPINGS };
enum { FRANCE, GERMANY, UNKNOWN_PLACE }; /* most visits first: 3 of FR, 2 of DE */
enum { PERSON, BOT };

static struct event events[] = {
    {.time_ms = 0, .visitor = 0, .mark = A, .duration_ms = 40, .kind = KIND_PAGE},
    {.time_ms = 60000, .visitor = 0, .mark = B, .duration_ms = 7, .kind = KIND_PAGE},
    {.time_ms = 10000000, .visitor = 0, .mark = A, .duration_ms = 10, .kind = KIND_PAGE},
    {.time_ms = 10010000, .visitor = 0, .mark = B_FAILED, .duration_ms = 99, .kind = KIND_PAGE},
    {.time_ms = 8999000,
     .visitor = 1,
     .mark = A,
     .duration_ms = EVENT_NO_DURATION,
     .kind = KIND_PAGE},
    {.time_ms = 50000,
     .visitor = 2,
     .mark = B,
     .duration_ms = EVENT_NO_DURATION,
     .kind = KIND_PAGE},
    {.time_ms = 7000000, .visitor = 3, .mark = A, .duration_ms = 77, .kind = KIND_PAGE},
    {.time_ms = 500000, .visitor = 4, .mark = A, .duration_ms = 20, .kind = KIND_PAGE},
    {.time_ms = 520000, .visitor = 4, .mark = B, .duration_ms = 5, .kind = KIND_PAGE},
    {.time_ms = 600000,
     .visitor = 4,
     .mark = C,
     .duration_ms = EVENT_NO_DURATION,
     .kind = KIND_PAGE},
    {.time_ms = 700000, .visitor = 5, .mark = A, .duration_ms = 31, .kind = KIND_PAGE},
    {.time_ms = 700000, .visitor = 5, .mark = B, .duration_ms = 6, .kind = KIND_PAGE},
};

static struct visit visits[] = {
    {.first_ms = 0,
     .last_ms = 60000,
     .visitor = 0,
     .client = 0,
     .first_event = 0,
     .event_count = 2},
    {.first_ms = 8990000, /* an asset: the visit began long ago, and is not over */
     .last_ms = 10010000,
     .visitor = 0,
     .client = 1,
     .first_event = 2,
     .event_count = 2},
    {.first_ms = 8999000,
     .last_ms = 8999000,
     .visitor = 1,
     .client = 1,
     .first_event = 4,
     .event_count = 1},
    {.first_ms = 50000,
     .last_ms = 50000,
     .visitor = 2,
     .client = 2,
     .first_event = 5,
     .event_count = 1},
    {.first_ms = 7000000,
     .last_ms = 10800000,
     .visitor = 3,
     .client = 3,
     .first_event = 6,
     .event_count = 1},
    {.first_ms = 500000,
     .last_ms = 600000,
     .visitor = 4,
     .client = 0,
     .first_event = 7,
     .event_count = 3},
    {.first_ms = 700000,
     .last_ms = 700000,
     .visitor = 5,
     .client = 1,
     .first_event = 10,
     .event_count = 2},
};

static struct visitor visitors[] = {
    {.first_visit = 0, .visit_count = 2, .first_event = 0, .event_count = 4},
    {.first_visit = 2, .visit_count = 1, .first_event = 4, .event_count = 1},
    {.first_visit = 3, .visit_count = 1, .first_event = 5, .event_count = 1},
    {.first_visit = 4, .visit_count = 1, .first_event = 6, .event_count = 1, .class = AGENT_SEARCH},
    {.first_visit = 5, .visit_count = 1, .first_event = 7, .event_count = 3},
    {.first_visit = 6, .visit_count = 1, .first_event = 10, .event_count = 2},
};
static const char *const addresses[] = {"10.0.0.1", "10.1.0.1", "192.0.2.1", "10.2.0.1"};

static struct client clients[4];
static struct touch_marks marks[MARKS];
static struct journey *journey;
static struct geo *geo;
static struct arena arena;
static struct grouping groupings[GROUPINGS];
static struct tally *tally;

static void set_up(void)
{
    char path[4096];
    struct error error = {0};
    const char *root = getenv("srcdir"), *paths[] = {path};
    snprintf(path, sizeof path, "%s/tests/data/geo/country-test.mmdb", root ? root : ".");
    geo = geo_open(paths, 1, &error);
    journey = journey_parse(slice_of(journey_text), "test", &error);
    ck_assert_msg(geo && journey, "%s", error.sentence);
    touch_set_add(&marks[A].reached, 0);
    touch_set_add(&marks[B].reached, 1);
    touch_set_add(&marks[C].reached, 2);
    touch_set_add(&marks[B_FAILED].failed, 1);
    for (size_t i = 0; i < 4; i++)
        address_parse(slice_of(addresses[i]), &clients[i].address);
    struct event_table table = {.counted_classes = 1u << AGENT_PERSON,
                                .kept_classes = 1u << AGENT_PERSON | 1u << AGENT_SEARCH,
                                .clients = clients,
                                .client_count = 4,
                                .visitors = visitors,
                                .visitor_count = 6,
                                .visits = visits,
                                .visit_count = 7,
                                .events = events,
                                .event_count = 12,
                                .marks = marks,
                                .mark_count = MARKS,
                                .kinds = {.timed_hits = 9},
                                .first_ms = 0,
                                .last_ms = 10800000};
    arena_init(&arena);
    struct visit_facts facts = visit_facts_new(&table, geo, 0);
    groupings[REGION] = grouping_new(dimension_find("region"), &facts, 1, &arena);
    groupings[AGENT] = grouping_new(dimension_find("agent"), &facts, 1, &arena);
    visit_facts_clear(&facts);
    tally = tally_new(&table, journey, NULL, groupings, GROUPINGS);
}

static void tear_down(void)
{
    tally_free(tally);
    grouping_clear(&groupings[REGION]);
    grouping_clear(&groupings[AGENT]);
    arena_clear(&arena);
    journey_free(journey);
    geo_close(geo);
}

static void check_steps(const struct step_counts *got, const struct step_counts *expected,
                        size_t count, const char *what)
{
    for (size_t i = 0; i < count; i++) {
        ck_assert_msg(got[i].entered == expected[i].entered &&
                          got[i].advanced == expected[i].advanced &&
                          got[i].dropped == expected[i].dropped && got[i].open == expected[i].open,
                      "%s, step %zu: %lu = %lu + %lu + %lu", what, i, (unsigned long)got[i].entered,
                      (unsigned long)got[i].advanced, (unsigned long)got[i].dropped,
                      (unsigned long)got[i].open);
        ck_assert_msg(got[i].attempted_failed == expected[i].attempted_failed, "%s, step %zu: %lu",
                      what, i, (unsigned long)got[i].attempted_failed);
    }
}

static void check_durations(const struct durations *got, size_t count, const int64_t *expected_s)
{
    ck_assert_uint_eq(got->count, count);
    for (size_t i = 0; i < count; i++)
        ck_assert_int_eq(got->items_ms[i], expected_s[i] * 1000);
}

/*
 * Visits 0, 5 and 6 convert (6 with a tie), visit 1 is open and has tried, visit 2 is dropped: it
 * was last active 1801 seconds before the end. The bot's is open, and in no total.
 */
START_TEST(a_funnel_per_visit)
{
    static const struct step_counts all[] = {{5, 3, 1, 1, 0}, {3, 0, 0, 0, 1}};
    static const struct step_counts germany[] = {{2, 2, 0, 0, 0}, {2, 0, 0, 0, 0}};
    static const struct step_counts france[] = {{3, 1, 1, 1, 0}, {1, 0, 0, 0, 1}};
    static const struct step_counts bot[] = {{1, 0, 0, 1, 0}, {0, 0, 0, 0, 0}};
    static const struct step_counts nobody[2];
    const struct funnel_tally *funnel = &tally->funnels[0];
    check_steps(funnel->total, all, 2, "all");
    check_steps(funnel->steps[REGION] + 2 * GERMANY, germany, 2, "DE");
    check_steps(funnel->steps[REGION] + 2 * FRANCE, france, 2, "FR");
    check_steps(funnel->steps[REGION] + 2 * UNKNOWN_PLACE, nobody, 2, "ZZ");
    check_steps(funnel->steps[AGENT] + 2 * PERSON, all, 2, "people");
    check_steps(funnel->steps[AGENT] + 2 * BOT, bot, 2, "bots");
    ck_assert_uint_eq(funnel->ties, 1);
    check_durations(&funnel->from_previous[0], 0, NULL);
    check_durations(&funnel->from_previous[1], 3, (const int64_t[]){0, 20, 60});
}
END_TEST

/*
 * Visitors 0 and 5 came to the optional b, and the hour from their a is over: dropped there, with
 * no conversion that could hang on a tie. Visitor 1 has 1799 seconds left: open. Visitor 4
 * converts; c comes 100 after a, for b is optional. Visitor 0 is DE's, where the first visit was
 * from. The bot's hour is over.
 */
START_TEST(a_funnel_per_visitor)
{
    static const struct step_counts all[] = {{4, 3, 0, 1, 0}, {3, 1, 2, 0, 0}, {1, 0, 0, 0, 0}};
    static const struct step_counts germany[] = {{2, 2, 0, 0, 0}, {2, 1, 1, 0, 0}, {1, 0, 0, 0, 0}};
    static const struct step_counts france[] = {{2, 1, 0, 1, 0}, {1, 0, 1, 0, 0}, {0, 0, 0, 0, 0}};
    static const struct step_counts bot[] = {{1, 0, 1, 0, 0}, {0, 0, 0, 0, 0}, {0, 0, 0, 0, 0}};
    const struct funnel_tally *funnel = &tally->funnels[1];
    check_steps(funnel->total, all, 3, "all");
    check_steps(funnel->steps[REGION] + 3 * GERMANY, germany, 3, "DE");
    check_steps(funnel->steps[REGION] + 3 * FRANCE, france, 3, "FR");
    check_steps(funnel->steps[AGENT] + 3 * PERSON, all, 3, "people");
    check_steps(funnel->steps[AGENT] + 3 * BOT, bot, 3, "bots");
    ck_assert_uint_eq(funnel->ties, 0);
    check_durations(&funnel->from_previous[1], 3, (const int64_t[]){0, 20, 60});
    check_durations(&funnel->from_previous[2], 1, (const int64_t[]){100});
}
END_TEST

START_TEST(durations_are_from_the_step_before)
{
    const struct funnel_tally *funnel = &tally->funnels[2];
    check_durations(&funnel->from_previous[1], 3, (const int64_t[]){0, 20, 60});
    check_durations(&funnel->from_previous[2], 1, (const int64_t[]){80});
}
END_TEST

static void check_touch(const struct touch_counts *got, uint64_t of_visits, uint64_t of_visitors,
                        const char *what)
{
    ck_assert_msg(got->visits == of_visits && got->visitors == of_visitors,
                  "%s: %lu visits, %lu visitors", what, (unsigned long)got->visits,
                  (unsigned long)got->visitors);
}

/* Visits and visitors of each touchpoint at one value: visitor 0 is one of a in DE and in FR. */
static const struct touched {
    int grouping; /* GROUPINGS: the total */
    size_t value;
    uint64_t a[2], b[2], c[2];
} touched[] = {
    {GROUPINGS, 0, {5, 4}, {4, 4}, {1, 1}},   {REGION, GERMANY, {2, 2}, {2, 2}, {1, 1}},
    {REGION, FRANCE, {3, 3}, {1, 1}, {0, 0}}, {REGION, UNKNOWN_PLACE, {0, 0}, {1, 1}, {0, 0}},
    {AGENT, PERSON, {5, 4}, {4, 4}, {1, 1}},  {AGENT, BOT, {1, 1}, {0, 0}, {0, 0}},
};

START_TEST(touchpoints)
{
    const struct touched *row = &touched[_i];
    const struct touch_counts *got = row->grouping == GROUPINGS
                                         ? tally->touches.total
                                         : tally->touches.counts[row->grouping] + row->value * 3;
    check_touch(&got[0], row->a[0], row->a[1], "a");
    check_touch(&got[1], row->b[0], row->b[1], "b");
    check_touch(&got[2], row->c[0], row->c[1], "c");
}
END_TEST

/* Of people. A vain attempt is a hit that failed, and nothing else. */
START_TEST(hits_of_touchpoints)
{
    static const uint64_t hits[] = {5, 4, 1}, failed[] = {0, 1, 0};
    for (size_t i = 0; i < 3; i++) {
        ck_assert_uint_eq(tally->touches.hits[i], hits[i]);
        ck_assert_uint_eq(tally->touches.failed[i], failed[i]);
    }
}
END_TEST

/* The vain attempt at b took 99, the bot's a 77: they do not count. */
START_TEST(answers_of_touchpoints)
{
    static const int64_t of_a[] = {10, 20, 31, 40}, of_b[] = {5, 6, 7};
    const struct durations *answers = tally->touches.answers;
    ck_assert_uint_eq(answers[0].count, 4);
    ck_assert_mem_eq(answers[0].items_ms, of_a, sizeof of_a);
    ck_assert_uint_eq(answers[1].count, 3);
    ck_assert_mem_eq(answers[1].items_ms, of_b, sizeof of_b);
    ck_assert_uint_eq(answers[2].count, 0);
}
END_TEST

/*
 * Two visits that a rule cut, 5 seconds before the end of the log: the first one is over, though
 * the visitor is still there. Of two people behind one address, whose visits overlap, both may go
 * on.
 */
static const struct cut_row {
    int64_t second_first_ms;
    uint64_t dropped, open;
} cut_rows[] = {{100000, 1, 1}, {99999, 0, 2}};

START_TEST(a_visit_that_was_cut_is_over)
{
    const struct cut_row *row = &cut_rows[_i];
    struct event cut_events[] = {{.time_ms = 90000, .mark = A}, {.time_ms = 110000, .mark = A}};
    struct visit cut_visits[] = {
        {.first_ms = 90000, .last_ms = 100000, .event_count = 1},
        {.first_ms = row->second_first_ms, .last_ms = 120000, .first_event = 1, .event_count = 1},
    };
    struct visitor one = {.visit_count = 2, .event_count = 2};
    struct event_table table = {.counted_classes = 1u << AGENT_PERSON,
                                .visitors = &one,
                                .visitor_count = 1,
                                .visits = cut_visits,
                                .visit_count = 2,
                                .events = cut_events,
                                .event_count = 2,
                                .marks = marks,
                                .mark_count = MARKS,
                                .last_ms = 125000};
    struct tally *cut = tally_new(&table, journey, NULL, NULL, 0);
    ck_assert_uint_eq(cut->funnels[0].total[0].entered, 2);
    ck_assert_uint_eq(cut->funnels[0].total[0].dropped, row->dropped);
    ck_assert_uint_eq(cut->funnels[0].total[0].open, row->open);
    tally_free(cut);
}
END_TEST

/*
 * The day of +01:00 ends at 23:00 UTC of 21 November 2026. A visit begins 20 minutes before and has
 * its only event 10 minutes before; the log ends with somebody else's hit.
 */
#define END_OF_DAY_MS (INT64_C(1795302000) * 1000)

static const struct over_row {
    const char *name, *zone;
    struct visit_rules rules;
    int64_t log_ends_ms;
    bool is_open;
} over_rows[] = {
    {"no rule", NULL, {0}, END_OF_DAY_MS, true},
    {"a millisecond is left", "+01:00", {.cut_at_midnight = true}, END_OF_DAY_MS - 1, true},
    {"the day is over", "+01:00", {.cut_at_midnight = true}, END_OF_DAY_MS, false},
    {"not in UTC", NULL, {.cut_at_midnight = true}, END_OF_DAY_MS, true},
    {"exactly the longest", NULL, {.max_length_ms = 1200000}, END_OF_DAY_MS, true},
    {"over the longest", NULL, {.max_length_ms = 1199999}, END_OF_DAY_MS, false},
    {"no timeout is left", NULL, {0}, END_OF_DAY_MS + 1200001, false},
};

START_TEST(what_may_go_on)
{
    const struct over_row *row = &over_rows[_i];
    struct time_zone *zone = row->zone ? time_zone_new(row->zone) : NULL;
    struct event event = {.time_ms = END_OF_DAY_MS - 600000, .mark = A};
    struct visit visit = {
        .first_ms = END_OF_DAY_MS - 1200000, .last_ms = END_OF_DAY_MS - 600000, .event_count = 1};
    struct visitor one = {.visit_count = 1, .event_count = 1};
    struct event_table table = {.counted_classes = 1u << AGENT_PERSON,
                                .visitors = &one,
                                .visitor_count = 1,
                                .visits = &visit,
                                .visit_count = 1,
                                .events = &event,
                                .event_count = 1,
                                .marks = marks,
                                .mark_count = MARKS,
                                .last_ms = row->log_ends_ms};
    int64_t timeout_ms = journey->visit.timeout_ms;
    journey->visit = row->rules;
    journey->visit.timeout_ms = timeout_ms;
    ck_assert(!row->zone || zone);
    struct tally *made = tally_new(&table, journey, zone, NULL, 0);
    const struct step_counts *first = &made->funnels[0].total[0];
    ck_assert_msg(first->open == row->is_open && first->dropped == !row->is_open, "%s", row->name);
    ck_assert_uint_eq(made->funnels[1].total[0].open, 1); /* per visitor: another visit will do */
    tally_free(made);
    time_zone_free(zone);
}
END_TEST

START_TEST(an_empty_table)
{
    static struct touch_marks none;
    struct event_table table = {.marks = &none, .mark_count = 1, .last_ms = INT64_MIN};
    struct visit_facts facts = visit_facts_new(&table, geo, 0);
    struct grouping grouping = grouping_new(dimension_find("landing"), &facts, 5, &arena);
    struct tally *empty = tally_new(&table, journey, NULL, &grouping, 1);
    ck_assert_uint_eq(grouping.count, 0);
    ck_assert_uint_eq(empty->funnel_count, 3);
    ck_assert_uint_eq(empty->funnels[0].total[0].entered, 0);
    ck_assert_uint_eq(empty->touches.total[0].visits, 0);
    ck_assert_ptr_null(empty->touches.answers);
    tally_free(empty);
    grouping_clear(&grouping);
    visit_facts_clear(&facts);
}
END_TEST

#define LENGTH(array) (int)(sizeof(array) / sizeof(array)[0])

int main(void)
{
    Suite *suite = suite_create("tally");
    TCase *tests = tcase_create("tally");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, a_funnel_per_visit);
    tcase_add_test(tests, a_funnel_per_visitor);
    tcase_add_test(tests, durations_are_from_the_step_before);
    tcase_add_loop_test(tests, touchpoints, 0, LENGTH(touched));
    tcase_add_test(tests, hits_of_touchpoints);
    tcase_add_test(tests, answers_of_touchpoints);
    tcase_add_loop_test(tests, a_visit_that_was_cut_is_over, 0, LENGTH(cut_rows));
    tcase_add_loop_test(tests, what_may_go_on, 0, LENGTH(over_rows));
    tcase_add_test(tests, an_empty_table);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
