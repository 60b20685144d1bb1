/*
 * A small event table made by hand, and what there is to count in it, counted by hand.
 *
 *     visitor 0, DE   visit 0: a@0 b@60        visit 1: a@10000 b@10010 in vain
 *     visitor 1, FR   visit 2: a@8999
 *     visitor 2, ZZ   visit 3: b@50
 *     visitor 3, bot  visit 4
 *     visitor 4, DE   visit 5: a@500 b@520 c@600
 *     visitor 5, FR   visit 6: a@700 b@700
 *
 * The log ends at 10800; times are in seconds, and the visit timeout is 1800. The five hits on a
 * took 40, 10, an unknown time, 20 and 31 milliseconds, those on b that reached it 7, unknown, 5
 * and 6; c's time is unknown.
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
enum { UNKNOWN_PLACE, GERMANY, FRANCE };

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
     .first_event = 0,
     .event_count = 2,
     .page_views = 2},
    {.first_ms = 8990000, /* an asset: the visit began long ago, and is not over */

     .last_ms = 10010000,
     .visitor = 0,
     .first_event = 2,
     .event_count = 2,
     .page_views = 2},
    {.first_ms = 8999000,
     .last_ms = 8999000,
     .visitor = 1,
     .first_event = 4,
     .event_count = 1,
     .page_views = 1},
    {.first_ms = 50000,
     .last_ms = 50000,
     .visitor = 2,
     .first_event = 5,
     .event_count = 1,
     .page_views = 1},
    {.first_ms = 7000, .last_ms = 10800000, .visitor = 3, .first_event = 6},
    {.first_ms = 500000,
     .last_ms = 600000,
     .visitor = 4,
     .first_event = 6,
     .event_count = 3,
     .page_views = 3},
    {.first_ms = 700000,
     .last_ms = 700000,
     .visitor = 5,
     .first_event = 9,
     .event_count = 2,
     .page_views = 2},
};

static struct visitor visitors[] = {
    {.first_visit = 0, .visit_count = 2, .first_event = 0, .event_count = 4},
    {.first_visit = 2, .visit_count = 1, .first_event = 4, .event_count = 1},
    {.first_visit = 3, .visit_count = 1, .first_event = 5, .event_count = 1},
    {.first_visit = 4, .visit_count = 1, .first_event = 6, .is_bot = true},
    {.first_visit = 5, .visit_count = 1, .first_event = 6, .event_count = 3},
    {.first_visit = 6, .visit_count = 1, .first_event = 9, .event_count = 2},
};
static const char *const addresses[] = {"10.0.0.1", "10.1.0.1", "192.0.2.1",
                                        "10.2.0.1", "10.0.0.2", "10.1.0.2"};

static struct touch_marks marks[MARKS];
static struct journey *journey;
static struct geo *geo;
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
    for (size_t i = 0; i < 6; i++)
        address_parse(slice_of(addresses[i]), &visitors[i].address);
    struct event_table table = {.visitors = visitors,
                                .visitor_count = 6,
                                .visits = visits,
                                .visit_count = 7,
                                .events = events,
                                .event_count = 11,
                                .marks = marks,
                                .mark_count = MARKS,
                                .kinds = {.timed_hits = 8},
                                .first_ms = 0,
                                .last_ms = 10800000};
    tally = tally_new(&table, journey, geo);
}

static void tear_down(void)
{
    tally_free(tally);
    journey_free(journey);
    geo_close(geo);
}

/* The bot's country was never looked up. */
START_TEST(people_by_place)
{
    static const struct place_counts expected[] = {{1, 1, 1}, {3, 2, 7}, {2, 2, 3}};
    ck_assert_uint_eq(tally->place_count, 3);
    for (size_t i = 0; i < 3; i++) {
        ck_assert_uint_eq(tally->people[i].visits, expected[i].visits);
        ck_assert_uint_eq(tally->people[i].visitors, expected[i].visitors);
        ck_assert_uint_eq(tally->people[i].page_views, expected[i].page_views);
    }
}
END_TEST

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
 * was last active 1801 seconds before the end.
 */
START_TEST(a_funnel_per_visit)
{
    static const struct step_counts all[] = {{5, 3, 1, 1, 0}, {3, 0, 0, 0, 1}};
    static const struct step_counts germany[] = {{3, 2, 0, 1, 0}, {2, 0, 0, 0, 1}};
    static const struct step_counts france[] = {{2, 1, 1, 0, 0}, {1, 0, 0, 0, 0}};
    static const struct step_counts nobody[2];
    const struct funnel_tally *funnel = &tally->funnels[0];
    check_steps(funnel->total, all, 2, "all");
    check_steps(funnel->steps + 2 * GERMANY, germany, 2, "DE");
    check_steps(funnel->steps + 2 * FRANCE, france, 2, "FR");
    check_steps(funnel->steps + 2 * UNKNOWN_PLACE, nobody, 2, "ZZ");
    ck_assert_uint_eq(funnel->ties, 1);
    check_durations(&funnel->from_previous[0], 0, NULL);
    check_durations(&funnel->from_previous[1], 3, (const int64_t[]){0, 20, 60});
}
END_TEST

/*
 * Visitors 0 and 5 came to the optional b, and the hour from their a is over: dropped there, with
 * no conversion that could hang on a tie. Visitor 1 has 1799 seconds left: open. Visitor 4
 * converts; c comes 100 after a, for b is optional.
 */
START_TEST(a_funnel_per_visitor)
{
    static const struct step_counts all[] = {{4, 3, 0, 1, 0}, {3, 1, 2, 0, 0}, {1, 0, 0, 0, 0}};
    static const struct step_counts germany[] = {{2, 2, 0, 0, 0}, {2, 1, 1, 0, 0}, {1, 0, 0, 0, 0}};
    static const struct step_counts france[] = {{2, 1, 0, 1, 0}, {1, 0, 1, 0, 0}, {0, 0, 0, 0, 0}};
    const struct funnel_tally *funnel = &tally->funnels[1];
    check_steps(funnel->total, all, 3, "all");
    check_steps(funnel->steps + 3 * GERMANY, germany, 3, "DE");
    check_steps(funnel->steps + 3 * FRANCE, france, 3, "FR");
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

static void check_touch(size_t touchpoint, size_t place, uint64_t of_visits, uint64_t of_visitors)
{
    const struct touch_counts *got = &tally->touches.counts[place * 3 + touchpoint];
    ck_assert_msg(got->visits == of_visits && got->visitors == of_visitors,
                  "touchpoint %zu, place %zu: %lu visits, %lu visitors", touchpoint, place,
                  (unsigned long)got->visits, (unsigned long)got->visitors);
}

/* A vain attempt is a hit that failed, and nothing else. */
START_TEST(touchpoints)
{
    static const uint64_t hits[] = {5, 4, 1}, failed[] = {0, 1, 0};
    for (size_t i = 0; i < 3; i++) {
        ck_assert_uint_eq(tally->touches.hits[i], hits[i]);
        ck_assert_uint_eq(tally->touches.failed[i], failed[i]);
    }
    check_touch(0, GERMANY, 3, 2);
    check_touch(0, FRANCE, 2, 2);
    check_touch(0, UNKNOWN_PLACE, 0, 0);
    check_touch(1, GERMANY, 2, 2);
    check_touch(1, FRANCE, 1, 1);
    check_touch(1, UNKNOWN_PLACE, 1, 1);
    check_touch(2, GERMANY, 1, 1);
    check_touch(2, UNKNOWN_PLACE, 0, 0);
}
END_TEST

/* The vain attempt at b took 99: it does not count. */
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

START_TEST(an_empty_table)
{
    struct touch_marks none = {{{0}}, {{0}}};
    struct event_table table = {.marks = &none, .mark_count = 1, .last_ms = INT64_MIN};
    struct tally *empty = tally_new(&table, journey, geo);
    ck_assert_uint_eq(empty->funnel_count, 3);
    ck_assert_uint_eq(empty->funnels[0].total[0].entered, 0);
    ck_assert_uint_eq(empty->people[0].visitors, 0);
    ck_assert_ptr_null(empty->touches.answers);
    tally_free(empty);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tally");
    TCase *tests = tcase_create("tally");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, people_by_place);
    tcase_add_test(tests, a_funnel_per_visit);
    tcase_add_test(tests, a_funnel_per_visitor);
    tcase_add_test(tests, durations_are_from_the_step_before);
    tcase_add_test(tests, touchpoints);
    tcase_add_test(tests, answers_of_touchpoints);
    tcase_add_test(tests, an_empty_table);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
